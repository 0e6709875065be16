"""WordprocessingML written by hand, so that every construct under test is exactly the one named [ECMA-376 Part 1, 17]."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from table import Text

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
NAMESPACES = {
    "w": MAIN,
    "r": OFFICE,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in ["top", "left", "bottom", "right", "insideH", "insideV"])
LOOKS = {
    "title": '<w:jc w:val="center"/>',
    "sign": '<w:jc w:val="right"/>',
    "date": '<w:jc w:val="right"/>',
}


def run(text, properties="", tag="t"):
    """A run; line feeds become breaks. `tag` is `delText` for deleted text."""
    pieces = "<w:br/>".join(f'<w:{tag} xml:space="preserve">{escape(piece)}</w:{tag}>' for piece in text.split("\n"))
    return f"<w:r>{'<w:rPr>' + properties + '</w:rPr>' if properties else ''}{pieces}</w:r>"


def paragraph(content, properties=""):
    """A paragraph around runs."""
    return f"<w:p>{'<w:pPr>' + properties + '</w:pPr>' if properties else ''}{content}</w:p>"


def text_xml(text):
    return text.xml or paragraph(run(text.text), LOOKS.get(text.kind, ""))


def cell_xml(cell, begins):
    merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    span = "" if cell.columns == 1 else f'<w:gridSpan w:val="{cell.columns}"/>'
    content = (cell.xml or paragraph(run(cell.text) if cell.text else "")) if begins else "<w:p/>"
    xml = f'<w:tc><w:tcPr><w:tcW w:w="{900 * cell.columns}" w:type="dxa"/>{span}{merge}</w:tcPr>{content}</w:tc>'
    return cell.wrap(xml) if cell.wrap and begins else xml


def row_xml(row, slots):
    properties = ("<w:tblHeader/>" if row.header else "") + row.properties
    properties = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    xml = f"<w:tr>{properties}{''.join(cell_xml(cell, begins) for _, cell, begins in slots)}</w:tr>"
    return row.wrap(xml) if row.wrap else xml


def grid_xml(columns):
    return "<w:tblGrid>" + '<w:gridCol w:w="900"/>' * columns + "</w:tblGrid>"


def table_around(rows, columns):
    """A table of the given rows' XML."""
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>{grid_xml(columns)}{rows}</w:tbl>'


def table_xml(table):
    xml = table_around("".join(row_xml(row, slots) for row, slots in table.laid_out()), table.columns)
    return table.wrap(xml) if table.wrap else xml


def layout_table(content):
    """A table of one cell around `content`, which ends with a paragraph as the format asks."""
    return table_around(f'<w:tr><w:tc><w:tcPr><w:tcW w:w="9000" w:type="dxa"/></w:tcPr>{content}<w:p/></w:tc></w:tr>', 1)


def body_xml(blocks):
    """Blocks in order; two tables in a row stay two because a blank paragraph parts them."""
    xml, after_table = "", False
    for block in blocks:
        is_table = not isinstance(block, Text)
        if is_table and after_table:
            xml += "<w:p/>"
        xml += table_xml(block) if is_table else text_xml(block)
        after_table = is_table
    return xml


def content_control(xml):
    """A content control around a paragraph, row or cell (17.5.2)."""
    return f'<w:sdt><w:sdtPr><w:alias w:val="填报项"/></w:sdtPr><w:sdtContent>{xml}</w:sdtContent></w:sdt>'


def document_xml(body):
    names = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in NAMESPACES.items())
    section = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1080" w:bottom="1440" w:left="1080"/></w:sectPr>'
    return f"<w:document {names}><w:body>{body}{section}</w:body></w:document>"


def part(xml, encoding="UTF-8"):
    """A part with its XML declaration; UTF-16 begins with its byte order mark."""
    return f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\n{xml}'.encode("utf-16" if encoding == "UTF-16" else "utf-8")


CONTENT_TYPES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "word/numbering.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
    "word/styles.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
    "word/footnotes.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
    "word/comments.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
}


def package(body, **more):
    """A DOCX around the body."""
    return archive(package_files(body, **more))


def package_files(body, strict=False, encoding="UTF-8", **parts):
    """The files of a DOCX. `parts` are further parts of `word/` by name: numbering, styles, footnotes, comments."""
    names = ["word/document.xml", *[f"word/{name}.xml" for name in parts]]
    office = STRICT[OFFICE] if strict else OFFICE
    types = "".join(f'<Override PartName="/{name}" ContentType="{CONTENT_TYPES[name]}"/>' for name in names)
    relations = "".join(f'<Relationship Id="rId{n}" Type="{office}/{name}" Target="{name}.xml"/>' for n, name in enumerate(parts, 1))
    files = {
        "[Content_Types].xml": part(f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{types}</Types>'),
        "_rels/.rels": part(f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>'),
        "word/_rels/document.xml.rels": part(f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'),
        "word/document.xml": part(namespaced(document_xml(body), strict), encoding),
    }
    for name, xml in parts.items():
        files[f"word/{name}.xml"] = part(namespaced(xml, strict))
    return files


def namespaced(xml, strict):
    for transitional, uri in STRICT.items() if strict else ():
        xml = xml.replace(f'"{transitional}"', f'"{uri}"')
    return xml


def archive(files):
    """A ZIP of the given files, byte by byte the same on every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(entry(name), content, compresslevel=9)
    return buffer.getvalue()


def entry(name):
    """An entry without a clock or a machine in it."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    return info


def document(blocks, **more):
    """A whole DOCX of blocks."""
    return package(body_xml(blocks), **more)
