"""The same reports as three programs print them."""

import re

import docx
from case import case
from pdf_programs import chromium, libreoffice
from pdf_reportlab import reportlab
from report import Report

# In twentieths of a point, so that each table is as wide as the page lets it.
TWENTIETHS = {4: [2600, 2380, 2380, 2380], 10: [600, 1300, 2700, *[734] * 7], 15: [649] * 15}
WIDTHS = {4: [150, 115, 115, 115], 10: [26, 70, 140, *[37] * 7], 15: [33] * 15}


def word(report, size=16, repeat=True):
    """The report as a DOCX whose tables keep to the page; the size of their type in half points."""
    blocks = report.blocks()
    for row in [row for block in blocks if hasattr(block, "rows") for row in block.rows]:
        row.header = row.header and repeat
    for block in blocks:
        if hasattr(block, "rows"):
            block.wrap = lambda xml, widths=TWENTIETHS[block.columns]: as_wide(xml, widths).replace("<w:r><w:t", f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t')
    return docx.document(blocks)


def as_wide(xml, widths):
    """The table with these widths of its columns in place of equal ones."""
    def row(match):
        at = 0

        def cell(match):
            nonlocal at
            span = int(match[2] or 1)
            at += span
            return f'<w:tcW w:w="{sum(widths[at - span:at])}" w:type="dxa"/>' + (match[1] or "")

        return re.sub(r'<w:tcW [^>]*/>(<w:gridSpan w:val="(\d+)"/>)?', cell, match[0])

    grid = "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    return re.sub(r"<w:tr>.*?</w:tr>", row, re.sub(r"<w:tblGrid>.*?</w:tblGrid>", grid, xml), flags=re.S)


@case("pdf/libreoffice-2021.pdf", "the 2021 form as LibreOffice prints it", "header rows marked as such: repeated on each page")
def libreoffice_2021():
    report = Report("pdf-libreoffice-2021")
    return libreoffice(word(report)), [report.truth()]


@case("pdf/libreoffice-2019.pdf", "the 2019 form as LibreOffice prints it", "198 figures, tables as wide as the page")
def libreoffice_2019():
    report = Report("pdf-libreoffice-2019", "2019")
    return libreoffice(word(report)), [report.truth()]


@case("pdf/libreoffice-wrapped.pdf", "figures that LibreOffice breaks inside narrow cells", "743 and below it 1, where no fourth digit finds room: one number")
def libreoffice_wrapped():
    report = Report("pdf-libreoffice-wrapped")
    return libreoffice(word(report, 24)), [report.truth()]


@case("pdf/libreoffice-mid-row-2019.pdf", "a row that LibreOffice cuts through a figure at the page", "158 above the break, 0 below: one number, for its cell is full")
def libreoffice_mid_row():
    report = Report("pdf-libreoffice-mid-row-2019", "2019")
    return libreoffice(word(report, 22, repeat=False)), [report.truth()]


@case("pdf/chromium-2021.pdf", "the 2021 form as Chromium prints it", "rules are thin rectangles, glyphs stand one by one")
def chromium_2021():
    report = Report("pdf-chromium-2021")
    return chromium(report.blocks()), [report.truth()]


@case("pdf/chromium-2019.pdf", "the 2019 form as Chromium prints it", "no header is repeated")
def chromium_2019():
    report = Report("pdf-chromium-2019", "2019")
    return chromium(report.blocks(), repeat=False), [report.truth()]


@case("pdf/reportlab-2021.pdf", "the 2021 form as reportlab prints it", "a font only named: STSong-Light in UniGB-UCS2-H")
def reportlab_2021():
    report = Report("pdf-reportlab-2021")
    return reportlab(report.blocks(), "STSong-Light", widths=WIDTHS), [report.truth()]


@case("pdf/reportlab-2019.pdf", "the 2019 form as reportlab prints it", "simple fonts of 256 glyphs each, made of one TrueType font")
def reportlab_2019():
    report = Report("pdf-reportlab-2019", "2019")
    return reportlab(report.blocks(), widths=WIDTHS, repeat=0), [report.truth()]
