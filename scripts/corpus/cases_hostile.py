"""Broken, hostile and odd files: each must end with an answer."""

import io
import random
import zipfile

import docx
import dumps
from case import case, no_report
from docx import paragraph, run
from report import Report

ANY = ("corrupt", "no_report_found", "unknown_format", "unsupported", "too_large", "encrypted", "review")


def sound():
    """The files of a sound report, to be broken."""
    return docx.package_files(docx.body_xml(Report("hostile").blocks()))


def with_body(body):
    return docx.package(body)


@case("broken/empty.docx", "a file of no bytes", "a download that failed")
def empty():
    return b"", no_report(*ANY, "empty")


@case("broken/only-a-mark.txt", "a byte order mark and nothing else", "a text without text")
def only_mark():
    return b"\xef\xbb\xbf", no_report(*ANY, "empty")


@case("broken/blank-lines.txt", "blank lines and tabs", "a text without words")
def blank_lines():
    return b"\n\t\n \n\t\t\n" * 20, no_report(*ANY, "empty")


@case("broken/truncated.docx", "a DOCX cut in half", "the directory of the ZIP is gone")
def truncated():
    content = docx.archive(sound())
    return content[: len(content) // 2], no_report("corrupt")


@case("broken/truncated-directory.docx", "a DOCX that lacks its last ten bytes", "the end of the directory is cut")
def truncated_end():
    return docx.archive(sound())[:-10], no_report("corrupt", "review")


@case("broken/bytes-changed.docx", "a DOCX with changed bytes in its main part", "the checksum does not fit")
def changed():
    content = bytearray(docx.archive(sound()))
    at = content.index(b"word/document.xml") + 400
    content[at:at + 40] = bytes(255 - byte for byte in content[at:at + 40])
    return bytes(content), no_report("corrupt", "review")


@case("broken/no-main-part.docx", "a package without its main part", "the relationship leads nowhere")
def no_main():
    files = sound()
    del files["word/document.xml"]
    return docx.archive(files), no_report("corrupt", "unknown_format", "unsupported", "no_report_found")


@case("broken/no-relationships.docx", "a package without relationships", "only the usual name tells the main part")
def no_relationships():
    files = {name: content for name, content in sound().items() if not name.endswith(".rels")}
    return docx.archive(files), {"answers": [*ANY, "ok"]}


@case("broken/empty-archive.docx", "a ZIP without entries", "nothing in it")
def empty_archive():
    return docx.archive({}), no_report("corrupt", "unknown_format", "unsupported", "no_report_found", "empty")


@case("broken/other-archive.docx", "a ZIP of other things", "a picture and a note")
def other_archive():
    return docx.archive({"a.png": b"\x89PNG\r\n\x1a\n", "readme.txt": b"hello"}), no_report("corrupt", "unknown_format", "unsupported", "no_report_found")


@case("broken/unclosed.docx", "XML that breaks off", "the main part ends inside a row")
def unclosed():
    files = sound()
    files["word/document.xml"] = files["word/document.xml"][:20000]
    return docx.archive(files), no_report("corrupt", "review", "no_report_found")


@case("broken/wrong-nesting.docx", "end tags that do not fit", "a row closed by a cell")
def wrong_nesting():
    files = sound()
    files["word/document.xml"] = files["word/document.xml"].replace(b"</w:tc></w:tr>", b"</w:tr></w:tc>", 3)
    return docx.archive(files), no_report("corrupt", "review", "no_report_found")


@case("broken/entity-bomb.docx", "entities that grow without end", "a billion laughs: custom entities stay unexpanded")
def entity_bomb():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY e0 "哈">{entities}]>' + docx.document_xml(paragraph("<w:r><w:t>&e11;</w:t></w:r>"))
    files = sound()
    files["word/document.xml"] = xml.encode()
    return docx.archive(files), no_report(*ANY)


@case("broken/zip-bomb.docx", "a main part that unpacks to 300 MB", "the limits on sizes and ratio end it")
def zip_bomb():
    buffer = io.BytesIO()
    files = sound()
    del files["word/document.xml"]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(docx.entry(name), content)
        with package.open(docx.entry("word/document.xml"), "w") as part:
            for _ in range(300):
                part.write(b" " * 1_000_000)
    return buffer.getvalue(), no_report("too_large", "corrupt")


@case("broken/many-entries.docx", "a package of 2,500 empty entries", "more parts than any document has")
def many_entries():
    return docx.archive({**sound(), **{f"word/media/{n}": b"" for n in range(2500)}}), {"answers": [*ANY, "ok"]}


@case("broken/entry-outside.docx", "an entry named ../../outside", "nothing is ever unpacked to disk")
def entry_outside():
    return docx.archive({**sound(), "../../outside.txt": b"x", "/etc/outside": b"x"}), {"answers": [*ANY, "ok"]}


@case("broken/encrypted-entry.docx", "an entry marked encrypted", "a ZIP with a password")
def encrypted_entry():
    content = bytearray(docx.archive(sound()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content), no_report("encrypted", "corrupt")


@case("broken/unknown-method.docx", "an entry packed by an unknown method", "no reader knows method 99")
def unknown_method():
    content = bytearray(docx.archive(sound()))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset:at + offset + 2] = b"\x63\x00"
            at = content.find(mark, at + 4)
    return bytes(content), no_report("corrupt", "encrypted")


@case("broken/deep-tables.docx", "tables nested 3,000 deep", "depth is limited before the stack is")
def deep_tables():
    depth = 3000
    body = "<w:tbl><w:tr><w:tc>" * depth + paragraph(run("底")) + "</w:tc></w:tr></w:tbl>" * depth
    return with_body(body), no_report(*ANY)


@case("broken/deep-controls.docx", "content controls nested 20,000 deep", "depth is limited before the stack is")
def deep_controls():
    depth = 20000
    return with_body("<w:sdt><w:sdtContent>" * depth + paragraph(run("底")) + "</w:sdtContent></w:sdt>" * depth), no_report(*ANY)


@case("broken/span-huge.docx", "gridSpan of two thousand million", "a span is cut to the table, or the table refused")
def span_huge():
    return with_body(table_with('<w:gridSpan w:val="2147483647"/>')), no_report(*ANY)


@case("broken/span-nonsense.docx", "gridSpan of 0, -3, abc and nothing", "a span that says nothing is one column")
def span_nonsense():
    body = "".join(table_with(f'<w:gridSpan w:val="{value}"/>') for value in ("0", "-3", "abc", "", "99999999999999999999"))
    return with_body(body), no_report(*ANY)


@case("broken/grid-before-huge.docx", "gridBefore of two thousand million", "a row that begins beyond every column")
def grid_before_huge():
    row = '<w:tr><w:trPr><w:gridBefore w:val="2000000000"/><w:gridAfter w:val="2000000000"/></w:trPr><w:tc><w:p/></w:tc></w:tr>'
    return with_body(f"<w:tbl>{row * 3}</w:tbl>"), no_report(*ANY)


@case("broken/wide-and-long.docx", "rows of 60 columns, each spanning 1,000, in 300 rows", "more slots than cells: the table is refused or cut")
def wide_and_long():
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="1000"/></w:tcPr><w:p/></w:tc>'
    return with_body(f"<w:tbl>{('<w:tr>' + cell * 60 + '</w:tr>') * 300}</w:tbl>"), no_report(*ANY)


@case("broken/merge-without-start.docx", "vMerge that goes on from nothing", "the first row already continues")
def merge_without_start():
    return with_body(table_with("<w:vMerge/>")), no_report(*ANY)


@case("broken/empty-structures.docx", "tables without rows, rows without cells, cells without paragraphs", "all of them are allowed to be met")
def empty_structures():
    return with_body("<w:tbl/><w:tbl><w:tr/></w:tbl><w:tbl><w:tr><w:tc/></w:tr></w:tbl><w:sdt/><w:p/>"), no_report(*ANY)


@case("broken/style-cycle.docx", "styles that are based on each other", "inheritance that never ends")
def style_cycle():
    styles = f'<w:styles xmlns:w="{docx.MAIN}">' + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:basedOn w:val="{base}"/></w:style>' for name, base in (("A", "B"), ("B", "A"), ("C", "C"))) + "</w:styles>"
    body = "".join(paragraph(run("文"), f'<w:pStyle w:val="{name}"/>') for name in "ABC")
    return docx.package(body, styles=styles), no_report(*ANY)


@case("broken/numbering-extremes.docx", "lists that start at the largest number, at -5 and at nothing", "an automatic number that cannot be counted on")
def numbering_extremes():
    level = lambda start: f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、%9"/></w:lvl>'
    starts = ("2147483647", "4294967295", "-5", "", "x")
    lists = "".join(f'<w:abstractNum w:abstractNumId="{n}">{level(start)}</w:abstractNum>' for n, start in enumerate(starts))
    lists += "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(len(starts)))
    item = lambda n: paragraph(run("总体情况"), f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{n}"/></w:numPr>')
    body = "".join(item(n) * 2 for n in (1, 2, 3, 4, 5, 6, 77))
    return docx.package(body, numbering=f'<w:numbering xmlns:w="{docx.MAIN}">{lists}</w:numbering>'), no_report(*ANY)


@case("broken/level-out-of-range.docx", "list levels 9 and 4,000,000,000", "there are nine levels")
def level_out_of_range():
    lists = f'<w:numbering xmlns:w="{docx.MAIN}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="12"><w:lvlText w:val="%13"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    body = "".join(paragraph(run("文"), f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr>') for n in (9, 12, 4000000000))
    return docx.package(body, numbering=lists), no_report(*ANY)


@case("broken/broken-numbering.docx", "a numbering part that is no XML", "the document is read without it")
def broken_numbering():
    files = docx.package_files(docx.body_xml(Report("broken-numbering").blocks()), numbering="<w:numbering")
    return docx.archive(files), {"answers": [*ANY, "ok"]}


@case("broken/utf-16-cut.txt", "UTF-16 with half a character at its end", "an odd number of bytes")
def utf_16_cut():
    report = Report("utf-16-cut")
    return b"\xff\xfe" + dumps.dump(report.blocks(), dumps.cell_a_line).encode("utf-16-le") + b"\x4e", {"answers": ["ok", "review"]}


@case("broken/surrogates.txt", "UTF-16 with lone surrogates", "halves of characters")
def surrogates():
    return b"\xff\xfe" + b"\x00\xd8\x41\x00" * 400, no_report(*ANY)


@case("broken/mixed-encodings.txt", "UTF-8 with a paragraph of GB18030 inside", "two files put together")
def mixed():
    report = Report("mixed-encodings")
    text = dumps.dump(report.blocks(), dumps.cell_a_line).encode()
    return text + "附：本页由另一系统拼接。\n".encode("gb18030"), {"answers": ["ok", "review"]}


@case("broken/control-characters.txt", "control characters and NUL in the text", "what a bad converter leaves")
def control():
    report = Report("control-characters")
    text = dumps.dump(report.blocks(), dumps.cell_a_line).replace("。", "。\x00\x07\x0c", 5)
    return text.encode(), {"answers": [*ANY, "ok"]}


@case("broken/noise.bin", "bytes without meaning", "every value of a byte, mixed")
def noise():
    return random.Random("noise").randbytes(20000), no_report(*ANY)


@case("broken/picture.docx", "a picture named .docx", "known by its bytes")
def picture():
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00" + bytes(60), no_report("unknown_format", "unsupported", "no_report_found")


@case("broken/ole.docx", "the first bytes of an OLE file and then nothing", "an old Word file, or an encrypted DOCX, cut off")
def ole():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), no_report("unknown_format", "unsupported", "corrupt", "encrypted")


@case("broken/long-line.txt", "one line of 60,000 tabs and figures", "a row wider than any table")
def long_line():
    return ("规章" + "\t0" * 60_000 + "\n").encode(), no_report(*ANY)


@case("broken/many-readings.txt", "rows of many figures with blanks in all places", "the readings of a row must not be counted one by one")
def many_readings():
    report = Report("many-readings")
    text = dumps.dump(report.blocks(), lambda table: "".join("\t".join(row + ["1", "", "0"] * 12) + "\n" for row in dumps.grid(table)))
    return text.encode(), no_report("review", "no_report_found")


@case("broken/digits-endless.txt", "figures of 4,000 digits", "larger than any number type")
def endless():
    report = Report("digits-endless")
    for key in ("disclosure.licensing.decisions", "requests.received.total"):
        report.show(key, "9" * 4000)
    return dumps.dump(report.blocks(), dumps.cell_a_line).encode(), no_report("review")


@case("broken/many-blank-reports.txt", "a title six hundred times", "reports that are none")
def many_titles():
    return ("松雪县水务局2023年政府信息公开工作年度报告\n一、总体情况\n" * 600).encode(), no_report(*ANY)


def table_with(properties):
    """Three rows of two cells, the first of each with these properties."""
    row = f"<w:tr><w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run('甲'))}</w:tc><w:tc>{paragraph(run('1'))}</w:tc></w:tr>"
    return f"<w:tbl>{row * 3}</w:tbl><w:p/>"
