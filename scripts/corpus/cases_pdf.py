"""Sound reports as PDF, each page set by hand: what a page may look like while its tables are whole."""

from case import case
from pdf_layout import Style, file
from report import Report
from table import Text


@case("pdf/plain-2021.pdf", "a sound report of the 2021 form on three pages", "the base of the PDF cases: ruled tables, table 3 cut between two rows")
def plain_2021():
    report = Report("pdf-plain-2021")
    return file(report.blocks()), [report.truth(says={"overview": "结转下年度继续办理"})]


@case("pdf/plain-2019.pdf", "a sound report of the 2019 form as PDF", "198 figures, signed changes, procurement in yuan")
def plain_2019():
    report = Report("pdf-plain-2019", "2019")
    return file(report.blocks()), [report.truth()]


@case("pdf/plain-2021-sparse.pdf", "a report with most figures 0 as PDF", "the usual small agency: columns of single digits")
def sparse():
    report = Report("pdf-plain-2021-sparse", sparse=True)
    return file(report.blocks()), [report.truth()]


@case("pdf/four-tables.pdf", "table 2 as four tables a hand's breadth apart", "tables that stand close are still four")
def four_tables():
    report = Report("pdf-four-tables")
    return file(report.blocks(disclosure=report.disclosure_tables())), [report.truth()]


@case("pdf/title-in-two-lines.pdf", "the title over two lines", "the agency on the first line, the rest on the second")
def title_in_two():
    report = Report("pdf-title-in-two-lines")
    report.title = [report.agency, f"{report.year}年政府信息公开工作年度报告"]
    return file(report.blocks()), [report.truth()]


@case("pdf/title-wrapped.pdf", "a title wider than the page", "one title, broken by the margin in the middle of a word")
def title_wrapped():
    report = Report("pdf-title-wrapped", agency="澄碧市南屏区退役军人事务和应急物资储备保障服务管理中心")
    return file(report.blocks()), [report.truth()]


@case("pdf/date-under-title.pdf", "the date in brackets under the title, no sign-off", "a date centred on a line of its own")
def date_under_title():
    report = Report("pdf-date-under-title")
    report.head_line, report.sign, report.date = f"（{report.date}）", "", ""
    return file(report.blocks()), [report.truth()]


@case("pdf/sign-off-beside-date.pdf", "sign-off and date on one line at the right", "two facts on one line, a gap between them")
def sign_beside_date():
    report = Report("pdf-sign-off-beside-date")
    sign, date = report.sign, report.date
    report.sign, report.date = "", ""
    blocks = report.blocks() + [Text("sign", f"{sign}        {date}")]
    return file(blocks), [report.truth()]


@case("pdf/paragraphs-over-pages.pdf", "a paragraph that goes on after the page", "lines of one paragraph on two pages are one paragraph")
def paragraph_over_pages():
    report = Report("pdf-paragraphs-over-pages")
    sentence = "对栏目逐一登记责任人和更新时限，按月核对，发现逾期即时提醒，次月复查"
    long = [Text("p", f"本年度第{count}轮自查：" + "；".join([sentence] * 9) + "。") for count in "一二三四五"]
    marked = long[2].text
    return file(report.blocks(overview=report.overview() + long), Style(bottom=60)), [report.truth(says={"overview": marked})]


@case("pdf/large-print.pdf", "a report in large type", "cells of two and three lines, four pages of table 3")
def large_print():
    report = Report("pdf-large-print")
    return file(report.blocks(), Style(size=14, cell_size=13)), [report.truth()]


@case("pdf/small-print.pdf", "a report in type of 6 points", "a table of thirty rows in half a page")
def small_print():
    report = Report("pdf-small-print")
    return file(report.blocks(), Style(size=8, cell_size=6, padding=1.5)), [report.truth()]


@case("pdf/landscape.pdf", "a report on pages in landscape", "a wide page that is not turned")
def landscape():
    report = Report("pdf-landscape")
    return file(report.blocks(), Style(width=842, height=595)), [report.truth()]
