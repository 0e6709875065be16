"""SpreadsheetML written by hand, so that every construct under test is exactly the one named [ECMA-376 Part 1, 18]."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import docx
from table import Text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main", OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships"}
SIGNED = "+0;-0;0"
WIDTH = 15  # columns that a text of the report is merged over


@dataclass
class Slot:
    value: object = None  # a number, a text, or None for a blank cell
    format: str = "General"
    border: bool = False
    xml: str = ""  # what stands inside the cell, in place of the value
    kind: str = ""  # the cell's type beside that
    key: str = ""  # the figure that stands here


@dataclass
class Sheet:
    name: str
    slots: dict = field(default_factory=dict)  # (row, column) from 0 -> Slot
    merges: list = field(default_factory=list)  # (row, column, rows, columns)
    hidden_rows: set = field(default_factory=set)
    hidden_columns: set = field(default_factory=set)
    state: str = "visible"
    after: str = ""  # XML after the merged cells
    dimension: str = ""
    row: int = 0  # where the next block goes

    def put(self, row, column, value, rows=1, columns=1, **look):
        self.slots[row, column] = Slot(value, **look)
        if rows > 1 or columns > 1:
            self.merges.append((row, column, rows, columns))

    def text(self, text, columns=WIDTH):
        self.put(self.row, 0, text, 1, columns)
        self.row += 1

    def table(self, table, border=True, value=None, gap=0):
        """A table from the first column on. `value` makes a slot's value and format of a cell."""
        for row, slots in table.laid_out():
            for column, cell, begins in slots:
                if begins:
                    shown, code = (value or number)(cell)
                    self.put(self.row, column, shown, cell.rows, cell.columns, format=code, border=border, key=cell.key)
                if border:
                    for covered in range(column, column + cell.columns):
                        self.slots.setdefault((self.row, covered), Slot(border=True))
            self.row += 1
        self.row += gap

    def blocks(self, blocks, gap=0, columns=WIDTH, **look):
        """Texts merged over the width, and tables, from top to bottom; `gap` blank rows after each."""
        for block in blocks:
            if isinstance(block, Text):
                self.text(block.text, columns)
                self.row += gap
            else:
                self.table(block, gap=max(gap, 0), **look)
        return self

    def slot(self, key):
        return next(slot for slot in self.slots.values() if slot.key == key)

    def place(self, key):
        return next(reference(*place) for place, slot in self.slots.items() if slot.key == key)


def number(cell):
    """Figures as numbers, everything else as text."""
    if cell.key and re.fullmatch(r"[+-]?\d+(\.\d+)?", cell.text):
        value = Decimal(cell.text)
        return value, SIGNED if cell.key.endswith(".change") else "General"
    return cell.text or None, "General"


def reference(row, column):
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


class Strings:
    """The table of shared strings."""

    def __init__(self):
        self.items = {}

    def index(self, xml):
        return self.items.setdefault(xml, len(self.items))

    def xml(self):
        items = "".join(f"<si>{item}</si>" for item in self.items)
        return f'<sst xmlns="{MAIN}" count="{len(self.items)}" uniqueCount="{len(self.items)}">{items}</sst>'


class Styles:
    def __init__(self):
        self.looks = {("General", False): 0}

    def index(self, slot):
        return self.looks.setdefault((slot.format, slot.border), len(self.looks))

    def xml(self):
        codes = {code: 164 + n for n, code in enumerate(sorted({code for code, _ in self.looks} - {"General"}))}
        formats = "".join(f"<numFmt numFmtId=\"{id}\" formatCode={quoteattr(code)}/>" for code, id in codes.items())
        formats = f'<numFmts count="{len(codes)}">{formats}</numFmts>' if codes else ""
        line = "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ["left", "right", "top", "bottom"])
        xfs = "".join(
            f'<xf numFmtId="{codes.get(code, 0)}" fontId="0" fillId="0" borderId="{int(border)}" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
            for code, border in self.looks)
        return (f'<styleSheet xmlns="{MAIN}">{formats}<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
                '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
                f'<borders count="2"><border/><border>{line}<diagonal/></border></borders>'
                '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
                f'<cellXfs count="{len(self.looks)}">{xfs}</cellXfs></styleSheet>')


def text_xml(text):
    return f'<t xml:space="preserve">{escape(text)}</t>'


def cell_xml(row, column, slot, styles, strings, inline):
    head = f'<c r="{reference(row, column)}" s="{styles.index(slot)}"'
    if slot.xml:
        return head + (f' t="{slot.kind}"' if slot.kind else "") + f">{slot.xml}</c>"
    if slot.value is None:
        return head + "/>"
    if isinstance(slot.value, str):
        if inline:
            return f'{head} t="inlineStr"><is>{text_xml(slot.value)}</is></c>'
        return f'{head} t="s"><v>{strings.index(text_xml(slot.value))}</v></c>'
    return f"{head}><v>{slot.value}</v></c>"


def sheet_xml(sheet, styles, strings, inline=False):
    rows = {}
    for (row, column), slot in sorted(sheet.slots.items(), key=lambda item: item[0]):
        rows.setdefault(row, []).append(cell_xml(row, column, slot, styles, strings, inline))
    hidden = lambda row: ' hidden="1"' if row in sheet.hidden_rows else ""
    data = "".join(f'<row r="{row + 1}"{hidden(row)}>{"".join(cells)}</row>' for row, cells in rows.items())
    columns = "".join(f'<col min="{n + 1}" max="{n + 1}" width="9" hidden="1"/>' for n in sorted(sheet.hidden_columns))
    areas = [f"{reference(row, column)}:{reference(row + rows - 1, column + columns - 1)}" for row, column, rows, columns in sheet.merges]
    merges = f'<mergeCells count="{len(areas)}">{"".join(f"<mergeCell ref={quoteattr(area)}/>" for area in areas)}</mergeCells>' if areas else ""
    return (f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheet.dimension}{columns and f"<cols>{columns}</cols>"}'
            f"<sheetData>{data}</sheetData>{merges}{sheet.after}</worksheet>")


def files(sheets, strict=False, inline=False, from_1904=False, calculate=False, macros=False, strings=None):
    """The files of an XLSX."""
    styles, strings = Styles(), strings or Strings()
    office = STRICT[OFFICE] if strict else OFFICE
    parts = {f"xl/worksheets/sheet{n}.xml": sheet_xml(sheet, styles, strings, inline) for n, sheet in enumerate(sheets, 1)}
    state = lambda sheet: "" if sheet.state == "visible" else f' state="{sheet.state}"'
    listed = "".join(f'<sheet name={quoteattr(sheet.name)} sheetId="{n}"{state(sheet)} r:id="rId{n}"/>' for n, sheet in enumerate(sheets, 1))
    properties, calculation = '<workbookPr date1904="1"/>' * from_1904, '<calcPr fullCalcOnLoad="1"/>' * calculate
    parts["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets>{calculation}</workbook>'
    parts["xl/styles.xml"], parts["xl/sharedStrings.xml"] = styles.xml(), strings.xml()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    main = "application/vnd.ms-excel.sheet.macroEnabled.main+xml" if macros else kind + "sheet.main+xml"
    types = {"xl/workbook.xml": main, "xl/styles.xml": kind + "styles+xml", "xl/sharedStrings.xml": kind + "sharedStrings+xml"}
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{types.get(name, kind + "worksheet+xml")}"/>' for name in parts)
    relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in enumerate(sheets, 1)]
    relations += [("rIdStyles", "styles", "styles.xml"), ("rIdStrings", "sharedStrings", "sharedStrings.xml")]
    relations = "".join(f'<Relationship Id="{id}" Type="{office}/{kind}" Target="{target}"/>' for id, kind, target in relations)
    found = {
        "[Content_Types].xml": docx.part(f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'),
        "_rels/.rels": docx.part(f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        "xl/_rels/workbook.xml.rels": docx.part(f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'),
    }
    for name, xml in parts.items():
        for transitional, uri in STRICT.items() if strict else ():
            xml = xml.replace(f'"{transitional}"', f'"{uri}"')
        found[name] = docx.part(xml)
    return found


def workbook(*sheets, **more):
    """A whole XLSX."""
    return docx.archive(files(sheets, **more))
