"""OpenDocument written by hand, so that every construct under test is exactly the one named [ODF 1.3], and packed again as others saved it."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from case import Made, Missing
from table import Text

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = {
    "office": OASIS + "office:1.0", "style": OASIS + "style:1.0", "text": OASIS + "text:1.0", "table": OASIS + "table:1.0",
    "draw": OASIS + "drawing:1.0", "number": OASIS + "datastyle:1.0", "svg": OASIS + "svg-compatible:1.0", "fo": OASIS + "xsl-fo-compatible:1.0",
}
TYPE = "application/vnd.oasis.opendocument."
BOXED = '<style:style style:name="boxed" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>'


def root(name, content, attributes=""):
    names = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in NAMESPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<office:{name} {names} office:version="1.3"{attributes}>{content}</office:{name}>'


def body(content, styles="", kind="text"):
    return f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{content}</office:{kind}></office:body>"


def flat(content, styles="", kind="text", named=""):
    """One XML file."""
    named = f"<office:styles>{named}</office:styles>" if named else ""
    return root("document", named + body(content, styles, kind), f' office:mimetype="{TYPE}{kind}"').encode()


def files(content, styles="", kind="text", named=""):
    """The files of a package."""
    listed = "".join(f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
                     for path, media in [("/", TYPE + kind), ("content.xml", "text/xml"), ("styles.xml", "text/xml")])
    manifest = f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{OASIS}manifest:1.0" manifest:version="1.3">{listed}</manifest:manifest>'
    page = "<style:header><text:p>内部资料 注意保存</text:p></style:header><style:footer><text:p>第1页</text:p></style:footer>"
    named = f"<office:styles>{named}</office:styles>" + f'<office:master-styles><style:master-page style:name="Standard">{page}</style:master-page></office:master-styles>'
    return {
        "mimetype": (TYPE + kind).encode(),
        "content.xml": root("document-content", body(content, styles, kind)).encode(),
        "styles.xml": root("document-styles", named).encode(),
        "META-INF/manifest.xml": manifest.encode(),
    }


def package(content, styles="", kind="text", named=""):
    return archive(files(content, styles, kind, named))


def archive(parts, comment=b""):
    """A ZIP that is the same on every run: the media type first and not packed, as the format asks, and no clock in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.create_system = 3
            file.writestr(info, content, compresslevel=9)
        file.comment = comment
    return buffer.getvalue()


# Texts.

def paragraph(text, attributes=""):
    lines = escape(text).replace("\n", "<text:line-break/>")
    return f"<text:p{attributes}>{lines}</text:p>"


def text_xml(text):
    if text.kind in ("h1", "h2"):
        return f'<text:h text:outline-level="{text.kind[1]}">{escape(text.text)}</text:h>'
    return paragraph(text.text)


def cell_xml(cell, content=None):
    spans = "".join(f' table:number-{name}-spanned="{count}"' for name, count in [("columns", cell.columns), ("rows", cell.rows)] if count > 1)
    return f'<table:table-cell{spans} office:value-type="string">{paragraph(cell.text) if content is None else content}</table:table-cell>'


def table_xml(table, covered=True):
    """A table; without the elements for covered cells, as some programs forget them."""
    rows = ""
    for row, slots in table.laid_out():
        cells = ""
        for _, cell, begins in slots:
            hidden = cell.columns - 1 if begins else cell.columns
            cells += cell_xml(cell) if begins else ""
            cells += f'<table:covered-table-cell table:number-columns-repeated="{hidden}"/>' if hidden and covered else ""
        rows += f"<table:table-row>{cells}</table:table-row>"
    return table_around(rows, table.columns)


def table_around(rows, columns):
    return f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>{rows}</table:table>'


def with_sub_tables(table):
    """A table in which each cell that goes over several rows has a table beside it: as Writer wrote split cells before it knew spans."""
    def rows_of(rows):
        xml = ""
        while rows:
            (first, begins), *rest = rows[0]
            assert begins
            beside = rows[:first.rows]
            rows = rows[first.rows:]
            if first.rows == 1 or not rest:
                cells = [cell_xml(cell) + covered(cell) if begins else "<table:covered-table-cell/>" * cell.columns for cell, begins in [(first, True), *rest]]
                xml += f"<table:table-row>{''.join(cells)}</table:table-row>"
                continue
            inner = rows_of([[slot for slot in row if slot[0] is not first] for row in beside])
            width = sum(cell.columns for cell, _ in rest)
            sub = f'<table:table table:is-sub-table="true"><table:table-column table:number-columns-repeated="{width}"/>{inner}</table:table>'
            whole = type(first)(first.text, first.columns, 1)
            spans = f' table:number-columns-spanned="{width}"' if width > 1 else ""
            around = f'<table:table-cell{spans}>{sub}</table:table-cell>' + "<table:covered-table-cell/>" * (width - 1)
            xml += f"<table:table-row>{cell_xml(whole)}{covered(whole)}{around}</table:table-row>"
        return xml

    def covered(cell):
        return "<table:covered-table-cell/>" * (cell.columns - 1)

    return table_around(rows_of([[(cell, begins) for _, cell, begins in slots] for _, slots in table.laid_out()]), table.columns)


def text(blocks, table=table_xml):
    return "".join(text_xml(block) if isinstance(block, Text) else table(block) for block in blocks)


# Sheets.

def sheet(slots, merges, name="年度报告", attributes="", columns="", row_attributes=None, cell=None):
    """A sheet of slots by row and column. `cell` makes the element of a slot."""
    last = max(row for row, _ in slots)
    spans = {(row, column): (rows, columns) for row, column, rows, columns in merges}
    xml = columns
    for row in range(last + 1):
        held = sorted((column, slot) for (at, column), slot in slots.items() if at == row)
        cells, reached = "", 0
        for column, slot in held:
            if column > reached:
                cells += f'<table:table-cell table:number-columns-repeated="{column - reached}"/>'
            rows, width = spans.get((row, column), (1, 1))
            span = f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{width}"' if rows > 1 or width > 1 else ""
            cells += (cell or value_cell)(slot, span)
            reached = column + 1
        more = (row_attributes or {}).get(row, "")
        xml += f'<table:table-row{more}>{cells}<table:table-cell table:number-columns-repeated="{16384 - reached}"/></table:table-row>'
    rest = f'<table:table-row table:number-rows-repeated="{1048576 - last - 1}"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    return f'<table:table table:name="{name}"{attributes}>{xml}{rest}</table:table>'


def value_cell(slot, span, shown=True):
    """A cell with its value, and what it shows."""
    style = ' table:style-name="boxed"' if slot.border else ""
    if slot.value is None:
        return f"<table:table-cell{style}{span}/>"
    if isinstance(slot.value, str):
        return f'<table:table-cell{style}{span} office:value-type="string">{paragraph(slot.value)}</table:table-cell>'
    content = paragraph(str(slot.value)) if shown else ""
    return f'<table:table-cell{style}{span} office:value-type="float" office:value="{slot.value}">{content}</table:table-cell>'


# As others save them.

def saved(document, source, ending):
    """A document as LibreOffice saves it with another ending: without dates, pictures of pages and settings."""
    def make():
        if not shutil.which("soffice"):
            raise Missing("soffice is not installed")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"document.{source}"
            path.write_bytes(document)
            subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ending, "--outdir", folder, path],
                           check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            content = path.with_suffix("." + ending).read_bytes()
        if content.startswith(b"PK"):
            return repacked(content, made.mark())
        return re.sub(rb"\s*<office:(meta|settings)>.*?</office:\1>", b"", content, flags=re.S)

    made = Made("LibreOffice", document, make)
    if ending.startswith("f"):
        made = Commented("LibreOffice", document, make)
    return made


class Commented(Made):
    """One XML file: what it was made of is said in a comment behind its root."""

    def mark(self):
        return b"<!-- " + super().mark().strip() + b" -->\n"


def repacked(content, mark):
    """The parts that say anything. Behind the package comes the mark, which is its comment."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in ["mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml"]}
    return archive(parts, mark).removesuffix(mark)
