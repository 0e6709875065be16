"""PDFs that reportlab makes of our blocks: its own table writer, with a font in the file or one that is only named."""

import io

from case import Made, Missing
from table import Text
from truetype import ZEN_HEI


def reportlab(blocks, font="WenQuanYi", repeat=0, size=9, widths=None):
    """`font` is a font of the file, or `STSong-Light`, which is only named."""
    return Made("reportlab", repr((blocks, font, repeat, size, widths)).encode(), lambda: build(blocks, font, repeat, size, widths))


def build(blocks, font, repeat, size, widths):
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        raise Missing("reportlab is not installed") from error
    if font == "WenQuanYi":
        if not ZEN_HEI.exists():
            raise Missing(f"{ZEN_HEI} is not there (fonts-wqy-zenhei)")
        pdfmetrics.registerFont(TTFont(font, str(ZEN_HEI), subfontIndex=0))
    else:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    out = io.BytesIO()
    page = SimpleDocTemplate(out, pagesize=A4, invariant=1, leftMargin=50, rightMargin=50, topMargin=60, bottomMargin=60)
    page.build([flowable for block in blocks for flowable in flowables(block, font, repeat, size, widths or {})])
    return out.getvalue()


def flowables(block, font, repeat, size, widths):
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer
    if not isinstance(block, Text):
        return [table(block, font, repeat, size, widths.get(block.columns)), Spacer(1, 8)]
    large = {"title": 16, "h1": 12}.get(block.kind, 10.5)
    align = {"title": TA_CENTER, "sign": TA_RIGHT, "date": TA_RIGHT}.get(block.kind, 0)
    indent = 21 if block.kind in ("p", "h1", "h2") else 0
    style = ParagraphStyle("text", fontName=font, fontSize=large, leading=large * 1.6, alignment=align, firstLineIndent=indent, wordWrap="CJK")
    return [Paragraph(block.text, style)]


def table(table, font, repeat, size, widths):
    from reportlab.lib.colors import black
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table
    rows = list(table.laid_out())
    grid, spans = [[""] * table.columns for _ in rows], []
    for index, (row, slots) in enumerate(rows):
        for column, cell, begins in slots:
            if begins:
                centre = 1 if row.header or cell.key else 0
                style = ParagraphStyle("cell", fontName=font, fontSize=size, leading=size * 1.25, alignment=centre, wordWrap="CJK")
                grid[index][column] = Paragraph(cell.text, style)
                if cell.columns > 1 or cell.rows > 1:
                    spans.append(("SPAN", (column, index), (column + cell.columns - 1, index + cell.rows - 1)))
    look = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2), ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    return Table(grid, colWidths=widths or [495 / table.columns] * table.columns, repeatRows=repeat, style=look + spans)
