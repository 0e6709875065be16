"""Sound reports as the form prints them."""

import docx
from case import case
from report import Report


@case("docx/plain-2021.docx", "a sound report of the 2021 form", "the base of all other cases: every cell its own figure")
def plain_2021():
    report = Report("plain-2021")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/plain-2019.docx", "a sound report of the 2019 form", "198 figures, signed changes, procurement in yuan")
def plain_2019():
    report = Report("plain-2019", "2019")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/plain-2021-sparse.docx", "a sound report with most figures 0", "the usual small agency")
def plain_sparse():
    report = Report("plain-2021-sparse", sparse=True)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/single-other-row-2021.docx", "one row （六）其他处理 in a report of the 2021 form", "fills outcome.other.total; the three parts are absent")
def single_other():
    report = Report("single-other-row-2021", single_other=True)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/form-2019-in-2023.docx", "a 2019 form in a report for 2023", "the edition is known by the labels, never by the year")
def old_form():
    report = Report("form-2019-in-2023", "2019", year=2023)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/notice-2019-form-2021.docx", "the text cites the 2019 notice, the tables are of the 2021 form", "the labels count, not the notice")
def other_notice():
    report = Report("notice-2019-form-2021")
    report.notice = "国办公开办函〔2019〕60号"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/notice-2021-form-2019.docx", "the text cites the 2021 notice, the tables are of the 2019 form", "the labels count, not the notice")
def other_notice_2019():
    report = Report("notice-2021-form-2019", "2019", year=2022)
    report.notice = "国办公开办函〔2021〕30号"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/two-reports.docx", "a government and its bureau in one document", "two reports, each with its own figures")
def two_reports():
    government = Report("two-reports-government", agency="云汀县人民政府")
    bureau = Report("two-reports-bureau", agency="云汀县人民政府办公室", sparse=True)
    return docx.document(government.blocks() + bureau.blocks()), [government.truth(), bureau.truth()]


@case("docx/two-editions.docx", "a 2021 form and a 2019 form in one document", "each report has its own edition")
def two_editions():
    new = Report("two-editions-new", agency="松雪县水务局", year=2022)
    old = Report("two-editions-old", "2019", agency="松雪县粮食和物资储备局", year=2022)
    return docx.document(new.blocks() + old.blocks()), [new.truth(), old.truth()]
