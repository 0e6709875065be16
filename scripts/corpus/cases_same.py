"""The same reports as `docx/plain-2021.docx` and `docx/plain-2019.docx` in the other formats: every figure must come out the same."""

import biff
import dumps
import pdf_layout
from case import case
from cases_html import plain as page
from cases_sheet import as_xls, one_sheet
from report import Report
from xlsx import workbook

FORMATS = {
    "html/same-as-{}.html": ("as a web page", lambda report: page(report)),
    "pdf/same-as-{}.pdf": ("on pages", lambda report: pdf_layout.file(report.blocks())),
    "sheet/same-as-{}.xls": ("in a workbook of Excel 97", lambda report: as_xls(workbook(one_sheet(report)))),
    "sheet/same-as-{}.xlsb": ("in a binary workbook", lambda report: biff.xlsb(one_sheet(report))),
    "sheet/same-as-{}.xlsx": ("in a workbook", lambda report: workbook(one_sheet(report))),
    "text/same-as-{}.txt": ("as a text dump", lambda report: dumps.dump(report.blocks(), dumps.padded_tabs).encode()),
}


def same(path, edition, how, write):
    @case(path, f"the report of docx/plain-{edition}.docx {how}", "its figures are those that the DOCX has")
    def make():
        report = Report(f"plain-{edition}", edition)
        return write(report), [report.truth()]


for edition in ["2021", "2019"]:
    for path, (how, write) in FORMATS.items():
        same(path.format(f"plain-{edition}"), edition, how, write)
