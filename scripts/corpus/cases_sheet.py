"""Reports in workbooks."""

import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import biff
import xlsx
from case import Made, Missing, case, no_report
from report import Report
from table import Text, cut
from xlsx import Sheet, workbook


def one_sheet(report, name="年度报告", **look):
    return Sheet(name).blocks(report.blocks(), **look)


def as_xls(document):
    """The workbook as LibreOffice saves it for Excel 97."""
    def make():
        if not shutil.which("soffice"):
            raise Missing("soffice is not installed")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "document.xlsx"
            source.write_bytes(document)
            subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xls", "--outdir", folder, source],
                           check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return source.with_suffix(".xls").read_bytes()
    return Made("LibreOffice", document, make)


@case("sheet/plain-2021.xlsx", "the 2021 form on one sheet", "texts merged over the width, tables with borders, no blank row between them")
def plain_2021():
    report = Report("sheet-plain-2021")
    return workbook(one_sheet(report)), [report.truth()]


@case("sheet/plain-2019.xlsx", "the 2019 form on one sheet", "198 figures; changes with a sign that only the format shows")
def plain_2019():
    report = Report("sheet-plain-2019", "2019")
    return workbook(one_sheet(report)), [report.truth()]


@case("sheet/plain-2021.xls", "the 2021 form as LibreOffice saves it for Excel 97", "BIFF8 in a compound file")
def xls_2021():
    report = Report("sheet-xls-2021")
    return as_xls(workbook(one_sheet(report))), [report.truth()]


@case("sheet/plain-2019.xls", "the 2019 form as LibreOffice saves it for Excel 97", "number formats, merged cells and decimals in BIFF8")
def xls_2019():
    report = Report("sheet-xls-2019", "2019")
    return as_xls(workbook(one_sheet(report))), [report.truth()]


@case("sheet/plain-2021.et", "the 2021 form under the name of WPS", "an ET file is BIFF8 by its bytes")
def et_2021():
    report = Report("sheet-et-2021")
    return as_xls(workbook(one_sheet(report))), [report.truth()]


@case("sheet/plain-2019.et", "the 2019 form under the name of WPS", "an ET file is BIFF8 by its bytes, whatever the form")
def et_2019():
    report = Report("sheet-et-2019", "2019")
    return as_xls(workbook(one_sheet(report))), [report.truth()]


@case("sheet/plain-2021.xlsb", "the 2021 form in the binary form of a package", "XLSB: records in place of XML")
def xlsb_2021():
    report = Report("sheet-xlsb-2021")
    return biff.xlsb(one_sheet(report)), [report.truth()]


@case("sheet/plain-2019.xlsb", "the 2019 form in the binary form of a package", "XLSB: formats and decimals")
def xlsb_2019():
    report = Report("sheet-xlsb-2019", "2019")
    return biff.xlsb(one_sheet(report)), [report.truth()]


@case("sheet/gbk-2021.xls", "a workbook of Excel 95 in GBK", "BIFF5: text in the code page 936, no table of strings")
def gbk_2021():
    report = Report("sheet-gbk-2021")
    return biff.compound({"Book": biff.biff5(one_sheet(report))}), [report.truth()]


@case("sheet/gbk-undeclared.xls", "a workbook of Excel 95 in GBK that says it is Western", "code page 1252 stated where GBK is meant; the stream alone, without a file around it")
def gbk_undeclared():
    report = Report("sheet-gbk-undeclared", "2019")
    return biff.biff5(one_sheet(report), number=1252), [report.truth()]


@case("sheet/macros.xlsm", "a workbook with macros allowed", "XLSM by its content type only")
def macros():
    report = Report("sheet-macros")
    return workbook(one_sheet(report), macros=True), [report.truth()]


@case("sheet/strict.xlsx", "a workbook in the strict form", "other namespaces, and a date written as one")
def strict():
    report = Report("sheet-strict")
    sheet = one_sheet(report)
    date = sheet.slots[sheet.row - 1, 0]
    date.xml, date.kind, date.format = f"<v>{report.published}T00:00:00</v>", "d", 'yyyy"年"m"月"d"日"'
    return workbook(sheet, strict=True), [report.truth()]


@case("sheet/inline.xlsx", "texts inside the cells", "inlineStr in place of the table of strings")
def inline():
    report = Report("sheet-inline")
    return workbook(one_sheet(report), inline=True), [report.truth()]


@case("sheet/prefixed.xlsx", "every element with a prefix", "x:row and x:c, as some libraries write them")
def prefixed():
    import re
    report = Report("sheet-prefixed")
    files = xlsx.files([one_sheet(report)])
    name = "xl/worksheets/sheet1.xml"
    files[name] = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", files[name]).replace(b" xmlns=", b" xmlns:x=")
    return xlsx.docx.archive(files), [report.truth()]


@case("sheet/no-borders.xlsx", "no borders, a blank row after each block", "blank rows alone part what stands together")
def no_borders():
    report = Report("sheet-no-borders")
    return workbook(one_sheet(report, border=False, gap=1)), [report.truth()]


@case("sheet/no-borders-close.xlsx", "no borders and no blank rows", "only merged cells and words tell texts from tables")
def no_borders_close():
    report = Report("sheet-no-borders-close")
    return workbook(one_sheet(report, border=False)), [report.truth()]


@case("sheet/not-merged.xlsx", "texts in the first column, not merged", "they spill over the cells beside them")
def not_merged():
    report = Report("sheet-not-merged")
    return workbook(one_sheet(report, columns=1)), [report.truth()]


@case("sheet/whole-rows.xlsx", "texts merged over whole rows", "A1:XFD1: as wide as the sheet can be")
def whole_rows():
    report = Report("sheet-whole-rows")
    return workbook(one_sheet(report, columns=16384)), [report.truth()]


@case("sheet/sheets.xlsx", "the text on one sheet, each table on its own", "headings stand with their tables")
def sheets():
    report = Report("sheet-sheets")
    sheets, blocks = [Sheet("概述")], report.blocks()
    for index, block in enumerate(blocks):
        if isinstance(block, Text) and index + 1 < len(blocks) and not isinstance(blocks[index + 1], Text):
            sheets.append(Sheet(f"表{len(sheets)}"))
        elif isinstance(block, Text) and index and not isinstance(blocks[index - 1], Text):
            sheets.append(Sheet(f"文{len(sheets)}"))
        sheets[-1].blocks([block])
    return workbook(*sheets), [report.truth()]


@case("sheet/table-over-sheets.xlsx", "table 3 goes on on the next sheet", "the rest has no header; figures stand in the same columns")
def over_sheets():
    report = Report("sheet-over-sheets")
    top, bottom = cut(report.requests_table(), 12)
    blocks = report.blocks(requests=[top, bottom])
    at = blocks.index(bottom)
    return workbook(Sheet("报告（1）").blocks(blocks[:at]), Sheet("报告（2）").blocks(blocks[at:])), [report.truth()]


@case("sheet/two-reports.xlsx", "two reports on two sheets", "each has its own figures")
def two_reports():
    one = Report("sheet-two-one", agency="云汀县水务局")
    two = Report("sheet-two-two", agency="云汀县统计局", sparse=True)
    return workbook(one_sheet(one, "水务局"), one_sheet(two, "统计局")), [one.truth(), two.truth()]


@case("sheet/hidden.xlsx", "hidden rows and columns, and a hidden sheet of notes", "read, and said to be hidden")
def hidden():
    report = Report("sheet-hidden")
    sheet = one_sheet(report)
    place = next(place for place, slot in sheet.slots.items() if slot.key == "requests.outcome.denied.state_secret.total")
    sheet.hidden_rows, sheet.hidden_columns = {place[0], place[0] + 1}, {5}
    notes = Sheet("填报说明", state="hidden").blocks([Text("p", "填报前请核对上年结转数。")])
    return workbook(notes, sheet), [report.truth()]


@case("sheet/hidden.xlsb", "hidden rows and columns in the binary form", "flags of rows and columns")
def hidden_xlsb():
    report = Report("sheet-hidden-xlsb")
    sheet = one_sheet(report)
    sheet.hidden_rows, sheet.hidden_columns = {sheet.row - 12}, {4}
    return biff.xlsb(sheet), [report.truth()]


@case("sheet/hidden.xls", "hidden rows, columns and a very hidden sheet in BIFF8", "as LibreOffice saves them")
def hidden_xls():
    report = Report("sheet-hidden-xls")
    sheet = one_sheet(report)
    sheet.hidden_rows, sheet.hidden_columns = {sheet.row - 12}, {4}
    return as_xls(workbook(sheet, Sheet("底稿", state="hidden").blocks([Text("p", "底稿不公开。")]))), [report.truth()]


def formatted(report, codes):
    """The report on one sheet, with these formats on the figures of their tables."""
    sheet = one_sheet(report)
    for slot in sheet.slots.values():
        code = next((code for start, code in codes.items() if slot.key.startswith(start)), None)
        if code and not isinstance(slot.value, str):
            slot.format = code
    return sheet


FORMATS = {"disclosure.rules": '0"件"', "disclosure.normative_documents": "#,##0", "disclosure.fees": '#,##0.0000"万元"',
           "requests.received": "000", "requests.outcome": "#,##0_ ", "remedies": "0.0"}


@case("sheet/formats.xlsx", "figures in formats", "thousands, units, leading noughts, decimals: read as people see them")
def formats():
    report = Report("sheet-formats")
    return workbook(formatted(report, FORMATS)), [report.truth()]


@case("sheet/formats.xls", "figures in formats in BIFF8", "FORMAT and XF records")
def formats_xls():
    report = Report("sheet-formats-xls")
    return as_xls(workbook(formatted(report, FORMATS))), [report.truth()]


@case("sheet/formats.xlsb", "figures in formats in the binary form", "BrtFmt and BrtXF")
def formats_xlsb():
    report = Report("sheet-formats-xlsb")
    return biff.xlsb(formatted(report, FORMATS)), [report.truth()]


@case("sheet/rounded.xlsx", "an amount that is shown rounded", "the file holds 12.3456, people see 12.35: read as seen, with a warning")
def rounded():
    report = Report("sheet-rounded")
    report.figures["disclosure.fees.amount"] = Decimal("12.35")
    sheet = one_sheet(report)
    slot = sheet.slot("disclosure.fees.amount")
    slot.value, slot.format = Decimal("12.3456"), "0.00"
    return workbook(sheet), [report.truth()]


@case("sheet/dashes.xlsx", "noughts that the format shows as dashes", "the accounting format: people see - and the file holds 0")
def dashes():
    report = Report("sheet-dashes", sparse=True)
    sheet = one_sheet(report)
    for slot in sheet.slots.values():
        if slot.key.startswith("requests.") and not isinstance(slot.value, str):
            slot.format = '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ '
            if slot.value == 0:
                report.show(slot.key, "-", "dash")
    return workbook(sheet), [report.truth()]


@case("sheet/text-numbers.xlsx", "figures stored as text", "with blanks around them, and some in full-width digits")
def text_numbers():
    report = Report("sheet-text-numbers")
    sheet = one_sheet(report)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for index, slot in enumerate(slot for slot in sheet.slots.values() if slot.key):
        if not isinstance(slot.value, str):
            text = str(slot.value)
            slot.value = text.translate(wide) if index % 5 == 0 else f" {text}" if index % 3 == 0 else text
    return workbook(sheet), [report.truth()]


def with_formulas(report, cached):
    """The report with a formula in every total of table 3."""
    sheet = one_sheet(report)
    for slot in sheet.slots.values():
        if slot.key.startswith("requests.") and slot.key.endswith(".total"):
            row = next(place[0] for place, other in sheet.slots.items() if other is slot)
            slot.xml = f"<f>SUM(D{row + 1}:I{row + 1})</f>" + cached(slot.value)
    return sheet


@case("sheet/formulas.xlsx", "totals as formulas with their results", "the results count")
def formulas():
    report = Report("sheet-formulas")
    return workbook(with_formulas(report, lambda value: f"<v>{value}</v>")), [report.truth()]


@case("sheet/formulas.xls", "totals as formulas in BIFF8", "the results that FORMULA records hold")
def formulas_xls():
    report = Report("sheet-formulas-xls")
    return as_xls(workbook(with_formulas(report, lambda value: f"<v>{value}</v>"))), [report.truth()]


def totals_lost(report):
    report.lose(*[key for key in report.figures if key.startswith("requests.") and key.endswith(".total")])


@case("sheet/formulas-uncached.xlsx", "totals as formulas without results", "as libraries write them that cannot compute: lost, never 0")
def uncached():
    report = Report("sheet-formulas-uncached")
    sheet = with_formulas(report, lambda value: "<v></v>")
    totals_lost(report)
    return workbook(sheet), [report.truth("review")]


@case("sheet/formulas-nought.xlsx", "totals as formulas with 0 in place of a result", "to be worked out on opening: the noughts are none")
def nought():
    report = Report("sheet-formulas-nought")
    sheet = with_formulas(report, lambda value: "<v>0</v>")
    totals_lost(report)
    return workbook(sheet, calculate=True), [report.truth("review")]


@case("sheet/error-value.xlsx", "a total that is an error", "#REF! is no figure: lost")
def error_value():
    report = Report("sheet-error-value")
    sheet = one_sheet(report)
    slot = sheet.slot("requests.received.total")
    slot.xml, slot.kind = "<f>#REF!+1</f><v>#REF!</v>", "e"
    report.lose("requests.received.total")
    return workbook(sheet), [report.truth("review")]


@case("sheet/rich-text.xlsx", "labels in several runs, with their pronunciation", "runs are joined, pronunciation is no text")
def rich_text():
    report = Report("sheet-rich-text")
    sheet = one_sheet(report)
    strings = xlsx.Strings()
    for slot in sheet.slots.values():
        if isinstance(slot.value, str) and len(slot.value) > 3:
            half = len(slot.value) // 2
            runs = "".join(f"<r><rPr><b/></rPr>{xlsx.text_xml(part)}</r>" for part in (slot.value[:half], slot.value[half:]))
            spoken = '<rPh sb="0" eb="1"><t>pin yin</t></rPh><phoneticPr fontId="1"/>'
            slot.xml, slot.kind = f"<v>{strings.index(runs + spoken)}</v>", "s"
    return workbook(sheet, strings=strings), [report.truth()]


def with_date(report, serial):
    sheet = one_sheet(report)
    slot = sheet.slots[sheet.row - 1, 0]
    slot.value, slot.format = serial, 'yyyy"年"m"月"d"日"'
    return sheet


@case("sheet/date.xlsx", "the date of the report as a number", "days since 1900 in a format")
def date():
    report = Report("sheet-date")
    return workbook(with_date(report, 45306)), [report.truth()]


@case("sheet/date-1904.xlsx", "the date of the report counted from 1904", "the other count of days")
def date_1904():
    report = Report("sheet-date-1904")
    return workbook(with_date(report, 45306 - 1462), from_1904=True), [report.truth()]


@case("sheet/date.xls", "the date of the report as a number in BIFF8", "days since 1900 in a format of LibreOffice")
def date_xls():
    report = Report("sheet-date-xls")
    return as_xls(workbook(with_date(report, 45306))), [report.truth()]


@case("sheet/lines-in-a-cell.xlsx", "all paragraphs of a section in one cell", "lines of a cell are paragraphs")
def lines():
    report = Report("sheet-lines")
    blocks = []
    for block in report.blocks():
        if isinstance(block, Text) and block.kind == "p" and blocks and isinstance(blocks[-1], Text) and blocks[-1].kind == "p":
            blocks[-1] = Text("p", f"{blocks[-1].text}\n{block.text}")
        else:
            blocks.append(block)
    return workbook(Sheet("年度报告").blocks(blocks)), [report.truth()]


@case("sheet/borders-beyond.xlsx", "borders drawn far beyond the tables", "200 rows and 10 columns of blank cells with borders")
def borders_beyond():
    report = Report("sheet-borders-beyond")
    sheet = one_sheet(report, gap=1)
    for row in range(sheet.row + 1, sheet.row + 200):
        for column in range(10):
            sheet.slots[row, column] = xlsx.Slot(border=True)
    return workbook(sheet), [report.truth()]


@case("sheet/far-cells.xlsx", "a stray blank in the last cell of the sheet", "a used range of 17 thousand million cells")
def far_cells():
    report = Report("sheet-far-cells")
    sheet = one_sheet(report)
    sheet.slots[1048575, 16383] = xlsx.Slot("备用")
    sheet.dimension = '<dimension ref="A1:XFD1048576"/>'
    return workbook(sheet), [report.truth()]


@case("sheet/beneath-merged.xlsx", "figures left beneath merged cells", "nobody sees them: left out, with a warning")
def beneath():
    report = Report("sheet-beneath")
    sheet = one_sheet(report)
    row, column, rows, columns = next(merge for merge in sheet.merges if merge[2] > 3)
    sheet.slots[row + 1, column].value = Decimal(777)
    return workbook(sheet), [report.truth()]


@case("sheet/wrong-dimension.xlsx", "a stated range that is too small", "the cells count, not what is said of them")
def wrong_dimension():
    report = Report("sheet-wrong-dimension")
    sheet = one_sheet(report)
    sheet.dimension = '<dimension ref="A1:B2"/>'
    return workbook(sheet), [report.truth()]


# Broken and hostile ones.

ANY = ("corrupt", "no_report_found", "unsupported", "too_large", "encrypted", "review")


def sound():
    return one_sheet(Report("sheet-hostile"))


@case("broken/truncated.xlsx", "an XLSX cut in half", "the directory of the workbook is gone")
def truncated():
    document = workbook(sound())
    return document[:len(document) // 2], no_report(*ANY)


@case("broken/truncated.xls", "a BIFF stream cut in half", "the sheet breaks off")
def truncated_xls():
    stream = biff.biff5(sound())
    return biff.compound({"Book": stream})[:len(stream) // 2], no_report(*ANY)


@case("broken/cut-stream.xls", "a sound compound file around half a workbook", "records break off: what stands before is read")
def cut_stream():
    stream = biff.biff5(sound())
    return biff.compound({"Book": stream[:len(stream) * 2 // 3]}), no_report(*ANY)


@case("broken/password.xls", "a workbook of Excel 95 with a password", "a FILEPASS record")
def password():
    return biff.compound({"Book": biff.biff5(sound(), before=biff.record(0x002F, bytes(6)))}), no_report("encrypted")


@case("broken/password.xlsx", "a workbook with a password", "an EncryptedPackage in a compound file")
def password_xlsx():
    return biff.compound({"EncryptedPackage": bytes(range(256)) * 20, "EncryptionInfo": bytes(200)}), no_report("encrypted")


@case("broken/strings-endless.xlsx", "a table of strings that states a billion", "a stated count takes no memory: the strings count")
def strings_endless():
    files = xlsx.files([sound()])
    import re
    name = "xl/sharedStrings.xml"
    files[name] = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="999999999999"', files[name])
    return xlsx.docx.archive(files), no_report("ok")


@case("broken/strings-missing.xlsx", "cells that ask for strings that are not there", "an index past the table of strings")
def strings_missing():
    files = xlsx.files([sound()])
    files["xl/sharedStrings.xml"] = xlsx.docx.part(f'<sst xmlns="{xlsx.MAIN}"><si><t>一</t></si></sst>')
    return xlsx.docx.archive(files), no_report(*ANY)


@case("broken/strings-bomb.xlsx", "a table of strings of 86 MB", "limits on size and ratio end it")
def strings_bomb():
    files = xlsx.files([sound()])
    files["xl/sharedStrings.xml"] = xlsx.docx.part(f'<sst xmlns="{xlsx.MAIN}">' + "<si><t>年年年年年年年年</t></si>" * 2_000_000 + "</sst>")
    return xlsx.docx.archive(files), no_report("too_large")


@case("broken/merges-everywhere.xlsx", "merged cells over each other and over everything", "each slot belongs to one cell")
def merges():
    sheet = sound()
    sheet.merges += [(row, column, 4, 4) for row in range(40) for column in range(16)] + [(0, 0, 1048576, 16384)]
    return workbook(sheet), no_report(*ANY)


@case("broken/references.xlsx", "texts in cells that stand nowhere", "r=\"\", r=\"7\", r=\"ZZZZ99999999999\": left out, with a warning")
def references():
    files = xlsx.files([sound()])
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].replace(b'r="A3"', b'r="ZZZZ99999999999"').replace(b'r="A4"', b'r="7"').replace(b'r="A5"', b'r=""')
    return xlsx.docx.archive(files), no_report("ok", "review")


@case("broken/no-sheet.xlsx", "a workbook whose sheet is missing", "a relationship to nothing")
def no_sheet():
    files = xlsx.files([sound()])
    del files["xl/worksheets/sheet1.xml"]
    return xlsx.docx.archive(files), no_report(*ANY)


@case("broken/short-records.xlsb", "an XLSB whose records are too short", "every record cut to three bytes")
def short_records():
    document = biff.xlsb(Sheet("空"))
    import io
    import zipfile
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    records = [(kind, bytes(3)) for kind in range(200)]
    for name in ["xl/worksheets/sheet1.bin", "xl/styles.bin", "xl/sharedStrings.bin"]:
        files[name] = biff.part(records)
    return xlsx.docx.archive(files), no_report(*ANY)
