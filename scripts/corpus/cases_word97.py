"""Reports in the format of Word 97 with what LibreOffice never writes, and files of that format that are broken."""

import random
import struct

import biff
import word97
from case import case, no_report
from report import Report
from table import Text
from word97 import CELL, Document, Paragraph, define_table, of_blocks, plain_row, sprm

ANY = ("corrupt", "no_report_found", "too_large", "review")


def made(name, row=plain_row, **look):
    report = Report(name)
    return report, Document(of_blocks(report.blocks(), row), **look)


@case("doc/fast-saved.doc", "a file that was saved fast: its text in eighty pieces in no order", "only the piece table knows the order; a deleted number is marked by its piece alone")
def fast_saved():
    report, document = made("fast-saved", pieces=80, shuffled=True)
    key = "requests.received.natural_person"
    index = figure(report, document, key)
    start = sum(len(paragraph.text) + 1 for paragraph in document.paragraphs[:index])
    document.paragraphs[index].text = "99" + document.paragraphs[index].text
    document.changes = {start: 0x41 << 1 | 1 << 8, start + 2: 0}
    return word97.document(document), [report.truth()]


def figure(report, document, key):
    """The paragraph of a figure of table 3: its row is known by its label, the others stand to its right."""
    index = next(n for n, paragraph in enumerate(document.paragraphs) if paragraph.text.startswith("一、本年新收"))
    assert document.paragraphs[index + 1].text == str(report.figures[key])
    return index + 1


@case("doc/bytes-and-unicode.doc", "figures in pieces of one byte a character, words in pieces of two", "as Word 97 writes a text of both")
def bytes_and_unicode():
    report, document = made("bytes-and-unicode", digits_as_bytes=True)
    return word97.document(document), [report.truth()]


@case("doc/gbk.doc", "a whole text in bytes of GBK", "as old Chinese programs wrote it: two bytes and two places for one character")
def gbk():
    report, document = made("doc-gbk", page="gbk")
    return word97.document(document), [report.truth()]


@case("doc/merged-by-properties.doc", "every cell of the grid, merged by properties of its row", "sprmTMerge and sprmTVertMerge in place of flags; covered cells are there and empty")
def merged_by_properties():
    report, document = made("merged-by-properties", merged_row)
    return word97.document(document), [report.truth()]


def merged_row(slots, columns, header):
    width = slots[-1][0] + slots[-1][1].columns
    texts, properties = [], define_table([-108 + 600 * column for column in range(width + 1)], [])
    for column, cell, begins in slots:
        texts += [cell.text if begins else "", *[""] * (cell.columns - 1)]
        if cell.columns > 1:
            properties += sprm(0x5624, column, column + cell.columns, form="BB")
        if cell.rows > 1:
            properties += sprm(0xD62B, bytes([column, 3 if begins else 1]))
    return texts, properties + (word97.HEADER if header else b"")


@case("doc/merged-by-flags.doc", "every cell of the grid, merged across by flags", "horzMerge: the first of a merged set has the text")
def merged_by_flags():
    report, document = made("merged-by-flags", flagged_row)
    return word97.document(document), [report.truth()]


def flagged_row(slots, columns, header):
    width = slots[-1][0] + slots[-1][1].columns
    texts, flags = [], []
    for _, cell, begins in slots:
        down = 0 if cell.rows == 1 else word97.RESTART_DOWN if begins else word97.GO_ON_DOWN
        texts += [cell.text if begins else "", *[""] * (cell.columns - 1)]
        flags += [down | (word97.FIRST_ACROSS if cell.columns > 1 else 0), *[down | word97.GO_ON_ACROSS] * (cell.columns - 1)]
    return texts, define_table([-108 + 600 * column for column in range(width + 1)], flags) + (word97.HEADER if header else b"")


@case("doc/inserted-cells.doc", "rows made of inserted cells alone", "sprmTInsert, sprmTDelete, sprmTDxaCol and sprmTDxaLeft in place of a definition")
def inserted_cells():
    report, document = made("inserted-cells", inserted_row)
    return word97.document(document), [report.truth()]


def inserted_row(slots, columns, header):
    texts, properties = [], b""
    for index, (_, cell, begins) in enumerate(slots):
        texts.append(cell.text if begins else "")
        properties += sprm(0x7621, index, 1, 600 * cell.columns, form="BBh")
        if cell.rows > 1:
            properties += sprm(0xD62B, bytes([index, 3 if begins else 1]))
    # A cell too many, and one of another width, put right at once.
    properties += sprm(0x7621, 0, 1, 77, form="BBh") + sprm(0x5622, 0, 1, form="BB")
    properties += sprm(0x7623, 0, 1, 600 * slots[0][1].columns, form="BBh") + sprm(0x9601, 0, form="h")
    return texts, properties + (word97.HEADER if header else b"")


@case("doc/edges-apart.doc", "the edges of cells stand up to two millimetres of a point apart from row to row", "rounded by programs, dragged by people: they are one column all the same")
def edges_apart():
    rng = random.Random("edges")
    def row(slots, columns, header):
        texts, _ = plain_row(slots, columns, header)
        edges = [-108 + rng.randrange(-20, 20), *[-108 + 600 * (column + cell.columns) + rng.randrange(-20, 20) for column, cell, _ in slots]]
        flags = [0 if cell.rows == 1 else word97.RESTART_DOWN if begins else word97.GO_ON_DOWN for _, cell, begins in slots]
        return texts, define_table(edges, flags) + (word97.HEADER if header else b"")
    report, document = made("edges-apart", row)
    return word97.document(document), [report.truth()]


@case("doc/properties-elsewhere.doc", "the properties of rows and cells in the stream Data", "wide tables have more properties than a page can hold")
def properties_elsewhere():
    data = bytearray()
    def kept(properties):
        at = len(data)
        data.extend(struct.pack("<H", len(properties)) + properties)
        return at
    def row(slots, columns, header):
        texts, properties = plain_row(slots, columns, header)
        return texts, sprm(0x646B, kept(properties), form="I")
    report, document = made("properties-elsewhere", row)
    for paragraph in document.paragraphs[::3]:
        if paragraph.properties == word97.IN_TABLE:
            paragraph.properties = sprm(0x6646, kept(word97.IN_TABLE), form="I")
    document.data = bytes(data)
    return word97.document(document), [report.truth()]


@case("doc/deleted-rows.doc", "deleted rows with other figures", "the mark that ends the row is deleted, and all text before it")
def deleted_rows():
    report, document = made("deleted-rows")
    paragraphs = document.paragraphs
    index = figure(report, document, "requests.received.natural_person") - 1
    count = next(n for n in range(index, len(paragraphs)) if paragraphs[n].properties.startswith(word97.ROW_END)) + 1 - index
    spoilt = [Paragraph(one.text.replace("1", "7") if one.text.isdigit() else one.text, one.mark, one.properties, True) for one in paragraphs[index:index + count]]
    paragraphs[index:index] = spoilt
    return word97.document(document), [report.truth()]


@case("doc/nested-by-depth.doc", "table 4 in a cell of a table that Word 97 did not know", "sprmPItap, and paragraph marks that end cells and rows")
def nested_by_depth():
    report = Report("nested-by-depth")
    inside = [inner(one) for one in of_blocks([report.remedies_table()])]
    blocks = report.blocks(remedies=[])
    at = next(n for n, block in enumerate(blocks) if isinstance(block, Text) and block.text == report.headings["problems"])
    outer = [Paragraph("", CELL, word97.IN_TABLE), Paragraph("", CELL, word97.ROW_END + define_table([-108, 9000], [0]))]
    before, after = of_blocks(blocks[:at]), of_blocks(blocks[at:])
    return word97.document(Document(before + inside + outer + after)), [report.truth()]


def inner(paragraph):
    """The same paragraph one table deeper."""
    is_row = paragraph.properties.startswith(word97.ROW_END)
    depth = word97.IN_TABLE + sprm(0x6649, 2, form="i") + sprm(0x244B, 1, form="B")
    if is_row:
        return Paragraph("", word97.END, depth + sprm(0x244C, 1, form="B") + paragraph.properties[len(word97.ROW_END):])
    return Paragraph(paragraph.text, word97.END, depth)


CHINESE, CHINESE_THOUSANDS, ARABIC = 37, 39, 0
OFFICIAL = [(CHINESE, "\0、"), (CHINESE_THOUSANDS, "（\1）"), (ARABIC, "\2.")]


@case("doc/numbered.doc", "headings numbered by two numberings of one list", "一、 typed, the rest counted from a start of their own; 一、 and （一） stand in no text")
def numbered():
    report = Report("doc-numbered")
    blocks = report.blocks()
    document = Document([], lists=[OFFICIAL], numberings=[(1, {}), (1, {0: 2})])
    headings = [block for block in blocks if isinstance(block, Text) and block.kind == "h1"]
    for block in blocks:
        made = of_blocks([block])
        if isinstance(block, Text) and block.kind in ("h1", "h2") and block is not headings[0]:
            for mark in ("、", "）"):
                made[0].text = made[0].text.split(mark, 1)[-1]
            made[0].properties = word97.numbered(1, 1) if block.kind == "h2" else word97.numbered(2 if block is headings[1] else 1)
        document.paragraphs += made
        if not isinstance(block, Text):
            document.paragraphs.append(Paragraph(""))
    return word97.document(document), [report.truth()]


@case("doc/numbered-cells.doc", "the row labels of table 3 numbered by one list", "numbers in cells; each group begins again by a numbering of its own")
def numbered_labels():
    document = Document([], lists=[[(ARABIC, "\0.")]])
    report = Report("doc-numbered-cells")
    for paragraph in of_blocks(report.blocks()):
        number, dot, words = paragraph.text.partition(".")
        if paragraph.properties == word97.IN_TABLE and number.isdigit() and dot and not words[:1].isdigit():
            if number == "1":
                document.numberings.append((1, {0: 1}))
            paragraph.text = words
            paragraph.properties += word97.numbered(len(document.numberings))
        document.paragraphs.append(paragraph)
    return word97.document(document), [report.truth()]


@case("doc/fields-in-fields.doc", "totals as formula fields, the year as a field in a field", "the result is text, the instruction is not")
def fields():
    report, document = made("doc-fields")
    year = str(report.year)
    title = document.paragraphs[0]
    title.text = title.text.replace(year, f"\x13 IF \x13 DATE \x142031\x15 = 1 \x14{year}\x15", 1)
    for paragraph in document.paragraphs:
        if paragraph.properties == word97.IN_TABLE and paragraph.text.isdigit():
            paragraph.text = f"\x13 =SUM(LEFT) 88\x14{paragraph.text}\x15"
    return word97.document(document), [report.truth()]


# Broken ones.

def broken(name, **look):
    return made(name, **look)[1]


@case("broken/word-6.doc", "a file of Word 6", "the shared format of Word 6 and 95: told by name, not read")
def word_6():
    def spoil(stream, tables, places):
        stream[:4] = struct.pack("<HH", 0xA5DC, 101)
    return word97.document(broken("word-6", spoil=spoil)), no_report("unsupported")


@case("broken/word-95.doc", "a file of Word 95", "told by name, not read")
def word_95():
    return word97.document(broken("word-95", version=104)), no_report("unsupported")


@case("broken/password.doc", "a DOC with a password", "fEncrypted: the text is not in the file")
def password():
    return word97.document(broken("password-doc", flags=0x0100)), no_report("encrypted")


@case("broken/obfuscated.doc", "a DOC obfuscated with a password", "fEncrypted and fObfuscated: the old way")
def obfuscated():
    return word97.document(broken("obfuscated", flags=0x8100)), no_report("encrypted")


@case("broken/truncated.doc", "a DOC cut in half", "the directory of the compound file is gone")
def truncated():
    content = word97.document(broken("truncated-doc"))
    return content[: len(content) // 2], no_report("corrupt")


@case("broken/no-tables.doc", "a DOC without its stream of tables", "the piece table is nowhere")
def no_tables():
    stream, _ = word97.streams_of(broken("no-tables-doc"))
    return biff.compound({"WordDocument": bytes(stream)}), no_report("corrupt")


@case("broken/pieces-outside.doc", "a piece table that points past the end of the file", "none of the text is there")
def pieces_outside():
    def spoil(stream, tables, places):
        at = places[33][0]
        struct.pack_into("<I", tables, at + 5 + 8 + 2, 0x3FFFFFF0)
    return word97.document(broken("pieces-outside", spoil=spoil)), no_report("corrupt")


@case("broken/pieces-overlap.doc", "two thousand pieces that are all the same text", "a small file of thirty-six million characters")
def pieces_overlap():
    def spoil(stream, tables, places):
        length = struct.unpack_from("<I", stream, 0x4C)[0]
        count = 36_000_000 // length
        plc = struct.pack(f"<{count + 1}I", *[length * n for n in range(count + 1)]) + struct.pack("<HIH", 0, word97.TEXT_AT, 0) * count
        data = struct.pack("<BI", 2, len(plc)) + plc
        struct.pack_into("<II", stream, 0x9A + 8 * 33, len(tables), len(data))
        struct.pack_into("<I", stream, 0x4C, length * count)
        tables.extend(data)
    document = broken("pieces-overlap", spoil=spoil)
    document.paragraphs.append(Paragraph("一" * 14_000))
    return word97.document(document), no_report("too_large")


@case("broken/pages-outside.doc", "the pages with the properties of paragraphs stand past the end of the file", "no table can be told")
def pages_outside():
    def spoil(stream, tables, places):
        at, length = places[13]
        count = (length - 4) // 8
        struct.pack_into(f"<{count}I", tables, at + 4 * (count + 1), *[0x3FFFFF] * count)
    return word97.document(broken("pages-outside", spoil=spoil)), no_report("no_report_found", "review")


@case("broken/depth-endless.doc", "paragraphs two thousand million tables deep", "no recursion follows them")
def depth_endless():
    document = broken("depth-endless")
    for paragraph in document.paragraphs:
        paragraph.properties += sprm(0x6649, 0x7FFFFFFF, form="i")
    return word97.document(document), no_report(*ANY)


@case("broken/edges-odd.doc", "edges of cells that fall, stand still and number more than there are cells", "the columns of a row stay apart")
def edges_odd():
    def row(slots, columns, header):
        texts, _ = plain_row(slots, columns, header)
        return texts, define_table([900 - 500 * (n % 3) for n in range(64)], [0xFFFF] * 5)
    return word97.document(broken("edges-odd", row=row)), no_report(*ANY)
