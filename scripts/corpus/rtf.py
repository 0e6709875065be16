"""RTF written by hand, so that every construct under test is exactly the one named (RTF 1.9.1)."""

from table import Text

FONTS = r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f13\fnil\fcharset134 \'cb\'ce\'cc\'e5{\*\falt SimSun};}{\f14\fnil\fcharset136 MingLiU;}}"
HEAD = r"{\rtf1\ansi\ansicpg936\deff13" + FONTS + "\n"


def escaped(text):
    """Text without its own control characters, line breaks as words."""
    return text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}").replace("\n", r"\line ")


def in_bytes(page, half=r"\'{:02x}".format):
    """Text in the bytes of a code page. `half` writes each byte."""
    def write(text):
        return "".join(c if c.isascii() else "".join(map(half, c.encode(page))) for c in escaped(text))
    return write


gbk = in_bytes("gbk")
cut_gbk = in_bytes("gbk", r"{{\b\'{:02x}}}".format)


def unicode(text, fallback=lambda c: "?", negative=False):
    def one(c):
        units = c.encode("utf-16-le")
        codes = [int.from_bytes(units[at:at + 2], "little") for at in range(0, len(units), 2)]
        return "".join(rf"\u{code - 65536 if negative and code > 32767 else code}" + fallback(c) for code in codes)
    return "".join(c if c.isascii() else one(c) for c in escaped(text))


def plain_row(slots, columns, header, write, depth=1):
    """The cells of a row, which have the width that they span, and what describes it."""
    looks, cells = [], []
    for column, cell, begins in slots:
        merge = "" if cell.rows == 1 else r"\clvmgf" if begins else r"\clvmrg"
        looks.append(rf"{merge}\cellx{-108 + 600 * (column + cell.columns)}")
        cells.append(write(cell.text) if begins else "")
    return cells, r"\trowd\trgaph108\trleft-108" + (r"\trhdr" if header else "") + "".join(looks)


def before(cells, look):
    """A row as Word 95 writes it: described before its cells."""
    return look + "".join(rf"\pard\intbl {cell}\cell" + "\n" for cell in cells) + "\\row\n"


def behind(cells, look):
    """A row that is described behind its cells alone."""
    return "".join(rf"\pard\intbl {cell}\cell" + "\n" for cell in cells) + rf"\pard\intbl{{{look}\row}}" + "\n"


def bare(cells, look):
    """A row whose paragraphs do not say that they stand in a table."""
    return look + " " + "".join(rf"{cell}\cell " for cell in cells) + "\\row\n"


def nested(cells, look):
    """A row of a nested table, as Word 2000 and later write it."""
    text = "".join(rf"\pard\intbl\itap2 {cell}\nestcell{{\nonesttables\par}}" + "\n" for cell in cells)
    return text + rf"\pard\intbl\itap2{{\*\nesttableprops{look}\nestrow}}{{\nonesttables\par}}" + "\n"


def paragraph(text, block):
    return rf"\pard {text}\par" + "\n"


def of_blocks(blocks, write=gbk, row=plain_row, lay=before, paragraph=paragraph):
    """The text of blocks. `row` gives the cells of a row and its looks, `lay` puts them together."""
    text, after_table = "", False
    for block in blocks:
        if isinstance(block, Text):
            text += paragraph(write(block.text), block)
            after_table = False
            continue
        if after_table:
            text += "\\pard\\par\n"
        for source, slots in block.laid_out():
            text += lay(*row(slots, block.columns, source.header, write))
        after_table = True
    return text


def document(text, head=HEAD, tail="}\n"):
    return (head + text + tail).encode()
