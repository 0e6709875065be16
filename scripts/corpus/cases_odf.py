"""Reports as OpenDocument: documents and workbooks of ours as LibreOffice saves them, and some written by hand for what it does not write."""

import random
import re

import cases_doc
import odf
from case import CASES, case, no_report
from odf import flat, package, paragraph, sheet, table_xml, text, value_cell
from report import Report
from table import Text
from xlsx import Sheet, Slot

# LibreOffice fills the rows that begin at a later column with blank cells: the figures stay, the tables do not.
TEXTS = [name for name in cases_doc.SAVED if name != "grid-before"]

# What differs from DOC: how the same thing is said here.
SAID = {
    "plain-2021": "every cell its own figure; covered slots are elements",
    "numbered-headings": "a list is an element around its paragraphs",
    "numbered-by-style": "lists that go on with one another",
    "changes-in-figures": "deleted characters stand in the text between two marks",
    "changes-within-figures": "deleted and inserted digits between marks",
    "hidden-text": "an automatic style hides its characters",
    "title-in-text-box": "a shape with text in it",
    "notes-and-comments": "footnotes and comments stand in the text, in elements of their own",
    "symbols": "symbols are characters of a font",
}

# Workbooks whose constructs LibreOffice keeps, so that the report must be the same in every figure and table.
SHEETS = {
    "plain-2021": "texts merged over the width, tables with borders",
    "plain-2019": "198 figures; changes with a sign that only the format shows",
    "no-borders": "blank rows alone part what stands together",
    "no-borders-close": "only merged cells and words tell texts from tables",
    "not-merged": "texts spill over the cells beside them",
    "whole-rows": "merged over every column that a sheet has",
    "sheets": "the text on one sheet, each table on its own",
    "table-over-sheets": "a table that goes on on the next sheet",
    "two-reports": "two reports on two sheets",
    "formats": "what a cell shows stands beside its value",
    "rounded": "less is shown than the value says, with a warning",
    "dashes": "noughts shown as dashes",
    "text-numbers": "figures stored as text",
    "formulas": "formulas in a language of their own, with results",
    "error-value": "an error is a text here",
    "rich-text": "labels in several spans",
    "date": "a date as a value and as it is shown",
    "lines-in-a-cell": "each line of a cell is a paragraph",
    "borders-beyond": "rows of blank cells with borders, repeated",
    "beneath-merged": "covered cells that hold figures",
}


def of(path):
    return next(other for other in CASES if other.path == path)


def saved_text(name, ending="odt"):
    source = of(f"docx/{name}.docx")
    how = "saved as an OpenDocument text" if ending == "odt" else "saved as one XML file of OpenDocument"

    @case(f"odt/{name}.{ending}", f"{source.title}, {how}", SAID.get(name, cases_doc.SAVED[name]))
    def make():
        document, truth = source.make()
        return odf.saved(document, "docx", ending), truth


def saved_sheet(name, why, ending="ods"):
    source = of(f"sheet/{name}.xlsx")
    how = "saved as an OpenDocument workbook" if ending == "ods" else "saved as one XML file of OpenDocument"

    @case(f"ods/{name}.{ending}", f"{source.title}, {how}", why)
    def make():
        document, truth = source.make()
        return odf.saved(document, "xlsx", ending), truth


for name in TEXTS:
    saved_text(name)
saved_text("plain-2021", "fodt")
for name, why in SHEETS.items():
    saved_sheet(name, why)
saved_sheet("formats", "one XML file, its styles in front", "fods")


# Texts by hand.

def report_with(replace, name, **look):
    """A report whose tables are written by another function."""
    report = Report(name, **look)
    return package(text(report.blocks(), replace)), [report.truth()]


@case("odt/by-hand.odt", "a text with no styles at all", "spans and covered slots; a header and a footer beside the text")
def by_hand():
    return report_with(table_xml, "odt-by-hand")


@case("odt/template.ott", "a template of OpenDocument", "the media type alone says so")
def template():
    report = Report("odt-template", "2019")
    files = odf.files(text(report.blocks()), kind="text")
    files["mimetype"] += b"-template"
    return odf.archive(files), [report.truth()]


@case("odt/flat.fodt", "a text as one XML file, by hand", "the root names what it is; no package")
def flat_text():
    report = Report("odt-flat")
    return flat(text(report.blocks())), [report.truth()]


@case("odt/misnamed.doc", "an OpenDocument text under the name of Word", "the bytes count, and the name is warned of")
def misnamed():
    report = Report("odt-misnamed")
    return package(text(report.blocks())), [report.truth(warns=["name_disagrees"])]


@case("odt/no-media-type.odt", "a package without media type and list of parts", "only the content says what it is")
def no_media_type():
    report = Report("odt-no-media-type")
    files = odf.files(text(report.blocks()))
    return odf.archive({"content.xml": files["content.xml"]}), [report.truth()]


@case("odt/other-prefixes.odt", "namespaces bound to other prefixes", "names are known by their namespace")
def other_prefixes():
    report = Report("odt-other-prefixes")
    files = odf.files(text(report.blocks()))
    content = files["content.xml"].decode()
    for old, new in [("office", "o"), ("text", "x"), ("table", "tb")]:
        content = content.replace(f"xmlns:{old}=", f"xmlns:{new}=").replace(f"<{old}:", f"<{new}:").replace(f"</{old}:", f"</{new}:").replace(f" {old}:", f" {new}:")
    files["content.xml"] = content.encode()
    return odf.archive(files), [report.truth()]


@case("odt/covered-forgotten.odt", "spans without elements for what they cover", "cells follow behind the spans, as Writer has it")
def covered_forgotten():
    return report_with(lambda table: table_xml(table, covered=False), "odt-covered-forgotten")


@case("odt/sub-tables.odt", "groups of rows as tables within cells", "table:is-sub-table, as Writer wrote split cells before it knew spans: one table to the eye")
def sub_tables():
    return report_with(odf.with_sub_tables, "odt-sub-tables")


def repeated(table):
    """Cells that look alike are written once, and so are rows."""
    xml, rows = "", []
    for _, slots in table.laid_out():
        cells = []
        for _, cell, begins in slots:
            cells += [odf.cell_xml(cell)] if begins else []
            cells += ["<table:covered-table-cell/>"] * (cell.columns - 1 if begins else cell.columns)
        rows.append("".join(times(cells, "columns")))
    return odf.table_around("".join(times([f"<table:table-row>{row}</table:table-row>" for row in rows], "rows")), table.columns)


def times(elements, what):
    """Elements of which each that stands several times in a row is written once."""
    runs = []
    for element in elements:
        if runs and runs[-1][0] == element:
            runs[-1][1] += 1
        else:
            runs.append([element, 1])
    return [element if count == 1 else re.sub(r"^<[\w:-]+", lambda name: f'{name[0]} table:number-{what}-repeated="{count}"', element) for element, count in runs]


@case("odt/repeats.odt", "equal cells and rows written once", "number-columns-repeated and number-rows-repeated in a text")
def repeats():
    report = Report("odt-repeats", sparse=True)
    return package(text(report.blocks(), repeated)), [report.truth()]


NUMBERS = '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:outline-style>'


@case("odt/numbered-outline.odt", "headings numbered by the outline", "the numbers stand in the named styles alone")
def numbered_outline():
    report = Report("odt-numbered-outline")
    blocks = [Text(block.kind, block.text.split("、", 1)[1]) if isinstance(block, Text) and block.kind == "h1" else block for block in report.blocks()]
    return package(text(blocks), named=NUMBERS), [report.truth()]


LEVELS = ('<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
          '<text:list-level-style-number text:level="2" style:num-prefix="（" style:num-suffix="）" style:num-format="一, 二, 三, ..."/></text:list-style>')


@case("odt/numbered-lists.odt", "headings in lists that go on by name", "continue-list over other lists in between; a start of its own")
def numbered_lists():
    report = Report("odt-numbered-lists")
    xml, count = "", 0
    for block in report.blocks():
        if not isinstance(block, Text) or block.kind != "h1":
            xml += text([block])
            continue
        count += 1
        heading = f'<text:h text:outline-level="1">{block.text.split("、", 1)[1]}</text:h>'
        item = f'<text:list-item text:start-value="4">{heading}</text:list-item>' if count == 4 else f"<text:list-item>{heading}</text:list-item>"
        on = ' xml:id="headings"' if count == 1 else ' text:continue-list="headings"'
        xml += f'<text:list text:style-name="L"{on}>{item}</text:list>'
        xml += '<text:list text:style-name="M"><text:list-item><text:p>本节数据已经核对。</text:p></text:list-item></text:list>' if count < 4 else ""
    return package(xml, LEVELS), [report.truth()]


@case("odt/changes-listed.odt", "deleted figures in the list of changes", "only a mark is left in the text, as older programs write it")
def changes_listed():
    report = Report("odt-changes-listed")
    region = '<text:changed-region xml:id="c"><text:deletion><text:p>99</text:p></text:deletion></text:changed-region>'

    def changed(table):
        return table_xml(table).replace("</text:p>", '<text:change text:change-id="c"/></text:p>')
    return package(f"<text:tracked-changes>{region}</text:tracked-changes>" + text(report.blocks(), changed)), [report.truth(warns=["changes_accepted"])]


@case("odt/hidden.odt", "hidden sections, paragraphs and words", "none of them is seen, none is read")
def hidden():
    report = Report("odt-hidden")
    styles = ('<style:style style:name="no" style:family="text"><style:text-properties text:display="none"/></style:style>'
              '<style:style style:name="gone" style:family="paragraph"><style:text-properties text:display="none"/></style:style>')
    extra = ('<text:section text:name="旧" text:display="none"><text:h text:outline-level="1">一、旧稿</text:h></text:section>' + paragraph("草稿", ' text:style-name="gone"')
             + '<text:p>草稿<text:hidden-paragraph text:condition="1" text:is-hidden="true"/></text:p>')

    def spoilt(table):
        return table_xml(table).replace("</text:p>", '<text:span text:style-name="no">0</text:span></text:p>')
    return package(extra + text(report.blocks(), spoilt), styles), [report.truth(warns=["hidden_text_left_out"])]


@case("odt/frames.odt", "the title in a frame bound to the page", "frames of a page stand in front of the text; notes and comments beside figures are not read")
def frames():
    report = Report("odt-frames")
    title, *rest = report.blocks()
    frame = f'<draw:frame text:anchor-type="page"><draw:text-box>{text([title])}</draw:text-box><svg:title>标题</svg:title></draw:frame>'
    note = '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>7</text:p></text:note-body></text:note>'
    comment = "<office:annotation><text:p>8</text:p></office:annotation>"

    def noted(table):
        return table_xml(table).replace("</text:p>", f"{note}{comment}</text:p>")
    return package(frame + text(rest, noted)), [report.truth()]


# Workbooks by hand.

def laid(report, **look):
    return Sheet("年度报告").blocks(report.blocks(), **look)


def workbook(*sheets, styles=""):
    return package("".join(sheets), odf.BOXED + styles, "spreadsheet")


@case("ods/by-hand.ods", "a workbook by hand", "rows and columns repeated to the ends of the sheet")
def sheet_by_hand():
    report = Report("ods-by-hand")
    made = laid(report)
    return workbook(sheet(made.slots, made.merges)), [report.truth()]


@case("ods/flat.fods", "a workbook as one XML file, by hand", "the root names what it is")
def flat_sheet():
    report = Report("ods-flat", "2019")
    made = laid(report)
    return flat(sheet(made.slots, made.merges), odf.BOXED, "spreadsheet"), [report.truth()]


@case("ods/template.ots", "a template of a workbook", "the media type alone says so")
def sheet_template():
    report = Report("ods-template")
    made = laid(report)
    files = odf.files(sheet(made.slots, made.merges), odf.BOXED, "spreadsheet")
    files["mimetype"] += b"-template"
    return odf.archive(files), [report.truth()]


@case("ods/misnamed.xls", "an OpenDocument workbook under the name of Excel", "the bytes count, and the name is warned of")
def sheet_misnamed():
    report = Report("ods-misnamed")
    made = laid(report)
    return workbook(sheet(made.slots, made.merges)), [report.truth(warns=["name_disagrees"])]


@case("ods/values-alone.ods", "values without what they show", "as libraries write them that know no formats")
def values_alone():
    report = Report("ods-values-alone")
    made = laid(report)
    return workbook(sheet(made.slots, made.merges, cell=lambda slot, span: value_cell(slot, span, shown=False))), [report.truth()]


@case("ods/repeats.ods", "equal cells of a row written once", "a sparse report: most figures are 0 and stand beside each other")
def sheet_repeats():
    report = Report("ods-repeats", sparse=True)
    made = laid(report)
    xml = sheet(made.slots, made.merges)
    zero = value_cell(Slot(0, border=True), "")
    for count in range(9, 1, -1):
        xml = xml.replace(zero * count, zero.replace(" office", f' table:number-columns-repeated="{count}" office', 1))
    return workbook(xml), [report.truth()]


@case("ods/hidden-rows.ods", "hidden rows, filtered rows, hidden columns and a hidden sheet", "read, and said to be hidden")
def sheet_hidden():
    report = Report("ods-hidden")
    made = laid(report)
    place = next(place for place, slot in made.slots.items() if slot.key == "requests.outcome.denied.state_secret.total")
    rows = {place[0]: ' table:visibility="collapse"', place[0] + 1: ' table:visibility="filter"'}
    columns = '<table:table-column table:number-columns-repeated="5"/><table:table-column table:visibility="collapse"/>'
    styles = '<style:style style:name="away" style:family="table"><style:table-properties table:display="false"/></style:style>'
    notes = sheet({(0, 0): Slot("填报前请核对上年结转数。")}, [], "填报说明", ' table:style-name="away"')
    warns = ["hidden_rows_read", "hidden_columns_read", "hidden_sheet_read"]
    return workbook(notes, sheet(made.slots, made.merges, columns=columns, row_attributes=rows), styles=styles), [report.truth(warns=warns)]


@case("ods/shown-otherwise.ods", "a figure that is not what its cell shows", "people saw 12.35, the file holds 12.3456: read as seen, with a warning")
def shown_otherwise():
    from decimal import Decimal
    report = Report("ods-shown-otherwise")
    report.figures["disclosure.fees.amount"] = Decimal("12.35")
    made = laid(report)
    made.slot("disclosure.fees.amount").value = Decimal("12.35")
    xml = sheet(made.slots, made.merges).replace('office:value="12.35"', 'office:value="12.3456"')
    return workbook(xml), [report.truth(warns=["shown_rounded"])]


@case("ods/formulas-alone.ods", "totals of OpenDocument as formulas without results", "as libraries write them that cannot compute: lost, never 0")
def sheet_uncached():
    report = Report("ods-formulas-uncached")
    made = laid(report)
    totals = [slot.key for slot in made.slots.values() if slot.key.startswith("requests.") and slot.key.endswith(".total")]

    def formula(slot, span):
        if slot.key in totals:
            return f'<table:table-cell table:style-name="boxed"{span} table:formula="of:=SUM([.D1:.I1])"/>'
        return value_cell(slot, span)
    report.lose(*totals)
    return workbook(sheet(made.slots, made.merges, cell=formula)), [report.truth(status="review")]


# Broken ones.

def sound():
    return odf.files(text(Report("odf-broken").blocks()))


@case("broken/truncated.odt", "an OpenDocument text cut in half", "the directory of the ZIP is gone")
def truncated():
    content = odf.archive(sound())
    return content[:len(content) // 2], no_report("corrupt")


@case("broken/truncated.fodt", "one XML file of OpenDocument cut in half", "what stands before the cut is read")
def truncated_flat():
    content = flat(text(Report("odf-truncated").blocks()))
    return content[:len(content) // 2], no_report("corrupt", "review", "no_report_found")


@case("broken/truncated.fods", "a workbook of one XML file cut in half", "what stands before the cut is read")
def truncated_sheet():
    made = laid(Report("ods-truncated"))
    content = flat(sheet(made.slots, made.merges), odf.BOXED, "spreadsheet")
    return content[:len(content) // 2], no_report("corrupt", "review", "no_report_found")


@case("broken/password.odt", "an OpenDocument text with a password", "encryption-data in the list of parts, and bytes that are no XML")
def password():
    files = sound()
    files["content.xml"] = b"\x8f" + random.Random("password").randbytes(5000)
    files["META-INF/manifest.xml"] = files["META-INF/manifest.xml"].replace(b'"content.xml" manifest:media-type="text/xml"/>',
        b'"content.xml" manifest:media-type="text/xml"><manifest:encryption-data manifest:checksum-type="SHA256/1K" manifest:checksum=""/></manifest:file-entry>')
    return odf.archive(files), no_report("encrypted")


@case("broken/password-whole.ods", "a workbook with a password as it is packed since 2024", "encrypted-package in place of all parts")
def password_whole():
    files = {"mimetype": (odf.TYPE + "spreadsheet").encode(), "encrypted-package": random.Random("whole").randbytes(5000), "META-INF/manifest.xml": sound()["META-INF/manifest.xml"]}
    return odf.archive(files), no_report("encrypted")


@case("broken/no-content.odt", "an OpenDocument package without its content", "mimetype and styles alone")
def no_content():
    files = sound()
    del files["content.xml"]
    return odf.archive(files), no_report("corrupt", "unsupported")


ENDLESS = 'table:number-rows-repeated="2147483647"'


@case("broken/repeats-endless.odt", "a row that stands there two thousand million times", "a text: read a thousand times, with a warning")
def repeats_endless():
    row = f'<table:table-row {ENDLESS}><table:table-cell table:number-columns-repeated="99999999999"><text:p>7</text:p></table:table-cell></table:table-row>'
    return package(odf.table_around(row, 4)), no_report("no_report_found")


@case("broken/repeats-endless.ods", "figures repeated over the whole sheet", "a cell and a row that stand there two thousand million times")
def repeats_endless_sheet():
    row = f'<table:table-row {ENDLESS}><table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="2147483647"/></table:table-row>'
    spans = '<table:table-row><table:table-cell table:number-columns-spanned="99999" table:number-rows-spanned="4294967295"><text:p>甲</text:p></table:table-cell></table:table-row>'
    return workbook(f'<table:table table:name="甲">{spans}{row}</table:table><table:table table:name="乙">{row}{row}</table:table>'), no_report("no_report_found")


@case("broken/blanks-endless.fodt", "blanks that an element counts in thousand millions", "text:s: a few bytes that claim gigabytes")
def blanks_endless():
    return flat('<text:p>甲<text:s text:c="2147483647"/>乙</text:p>' * 200), no_report("no_report_found")


@case("broken/entity-bomb.fodt", "entities that multiply in OpenDocument", "never expanded")
def entity_bomb():
    entities = '<!ENTITY a "七七七七七七七七七七">' + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    content = flat("<text:p>&j;</text:p>").decode()
    return content.replace("?>\n", f"?>\n<!DOCTYPE office:document [{entities}]>\n", 1).encode(), no_report("no_report_found", "unsupported")


@case("broken/deep-tables.odt", "two thousand tables in one another, in OpenDocument", "real ones and sub-tables by turns")
def deep_tables():
    begin, end = "", ""
    for level in range(2000):
        sub = ' table:is-sub-table="true"' if level % 3 else ""
        begin += f"<table:table{sub}><table:table-row><table:table-cell>"
        end += "</table:table-cell></table:table-row></table:table>"
    return package(begin + "<text:p>底</text:p>" + end), no_report("no_report_found")


@case("broken/lists-deep.odt", "ten thousand lists in one another", "levels past the tenth have no number")
def lists_deep():
    return package("<text:list><text:list-item>" * 10000 + "<text:p>底</text:p>" + "</text:list-item></text:list>" * 10000), no_report("no_report_found")


@case("broken/style-cycle.odt", "styles of OpenDocument based on each other", "inheritance has an end")
def style_cycle():
    styles = "".join(f'<style:style style:name="P{n}" style:family="paragraph" style:parent-style-name="P{(n + 1) % 3}"/>' for n in range(3))
    return package('<text:p text:style-name="P0">甲</text:p>', styles), no_report("no_report_found")


@case("broken/spans-huge.odt", "spans of a million columns and rows in OpenDocument", "a table has no more columns than can be")
def spans_huge():
    row = '<table:table-row><table:table-cell table:number-columns-spanned="1000000" table:number-rows-spanned="1000000"><text:p>甲</text:p></table:table-cell></table:table-row>'
    return package(odf.table_around(row * 50, 4)), no_report("no_report_found")
