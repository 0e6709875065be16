"""What stands in a cell in place of a bare number."""

from decimal import Decimal

import docx
from case import case
from forms import WHO, request_rows
from report import Report
from table import Cell


def request_parts(report):
    """The keys of table 3 without the totals."""
    return [f"requests.{row}.{who}" for row in request_rows(report.groups) for who in WHO[:-1]]


def zeros(report, prefix=""):
    return [key for key, value in report.figures.items() if value == 0 and key.startswith(prefix)]


def with_zero_marks(name, text, state):
    """A sparse report that prints `text` for every 0."""
    report = Report(name, sparse=True)
    for key in zeros(report):
        report.show(key, text, state)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/blank-for-zero.docx", "blank cells for 0", "blank counts as read where its sums hold")
def blank_zero():
    return with_zero_marks("blank-for-zero", "", "blank")


@case("docx/slash-for-zero.docx", "/ for 0", "a dash counts as read where its sums hold")
def slash_zero():
    return with_zero_marks("slash-for-zero", "/", "dash")


@case("docx/em-dash-for-zero.docx", "— for 0", "a dash counts as read where its sums hold")
def em_dash_zero():
    return with_zero_marks("em-dash-for-zero", "—", "dash")


@case("docx/hyphen-for-zero.docx", "- for 0", "a dash alone is no sign")
def hyphen_zero():
    return with_zero_marks("hyphen-for-zero", "-", "dash")


@case("docx/underscore-for-zero.docx", "_ for 0", "a line to write on, left unwritten")
def underscore_zero():
    return with_zero_marks("underscore-for-zero", "_", "dash")


@case("docx/none-for-zero.docx", "无 for 0", "the word for nothing")
def none_zero():
    return with_zero_marks("none-for-zero", "无", "dash")


@case("docx/double-dash-for-zero.docx", "—— and -- for 0", "a dash of two signs")
def double_dash_zero():
    report = Report("double-dash-for-zero", sparse=True)
    for index, key in enumerate(zeros(report)):
        report.show(key, "——" if index % 2 else "--", "dash")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/slash-but-one.docx", "/ in all cells but one", "a whole form of dashes with a single number")
def slash_but_one():
    report = Report("slash-but-one", sparse=True)
    for key in report.figures:
        report.figures[key] = 0
    report.figures["disclosure.normative_documents.in_force"] = 6
    for key in zeros(report):
        report.show(key, "/", "dash")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/one-value-per-row.docx", "one value in each row of table 3, the other six blank", "only the total is filled in: sums of blanks are not that total")
def one_value():
    report = Report("one-value-per-row")
    for key in request_parts(report):
        report.show(key, "", "blank")
    return docx.document(report.blocks()), [report.truth("review")]


@case("docx/blank-totals.docx", "filled parts and blank totals", "a blank total does not hold as 0, and is never computed")
def blank_totals():
    report = Report("blank-totals")
    for row in request_rows(report.groups):
        report.show(f"requests.{row}.total", "", "blank")
    return docx.document(report.blocks()), [report.truth("review")]


@case("docx/all-blank.docx", "a form with labels and no figures at all", "nothing was filled in: nothing is 0")
def all_blank():
    report = Report("all-blank")
    for key in report.figures:
        report.show(key, "", "blank")
    overview = [text for text in report.overview() if "0件" not in text.text]
    return docx.document(report.blocks(overview=overview)), [report.truth(None)]


@case("docx/notes-beside-figures.docx", "notes in figure cells: 22（其中修订16件）", "the number is the first one, the note stays in raw")
def notes_beside():
    report = Report("notes-beside-figures")
    table = report.figures
    report.show("disclosure.normative_documents.issued", f"{table['disclosure.normative_documents.issued']}（其中修订16件）")
    report.show("disclosure.normative_documents.repealed", f"{table['disclosure.normative_documents.repealed']}（含自然失效29件）")
    report.show("requests.received.total", f"{table['requests.received.total']}（含转办3件）")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/units-in-cells.docx", "units in figure cells: 251000元, 12件", "the number is taken without its unit")
def units():
    report = Report("units-in-cells", "2019")
    report.show("disclosure.procurement.amount", f"{report.figures['disclosure.procurement.amount']}元")
    report.show("disclosure.procurement.projects", f"{report.figures['disclosure.procurement.projects']}个")
    for who in WHO:
        report.show(f"requests.received.{who}", f"{report.figures[f'requests.received.{who}']}件")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/fee-four-decimals.docx", "a fee with four decimals: 72701.2578", "decimals are kept exactly")
def four_decimals():
    report = Report("fee-four-decimals")
    report.figures["disclosure.fees.amount"] = Decimal("72701.2578")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/changes-signed.docx", "本年增/减 with signs of every kind", "+81, -1, －2, ＋3, 0")
def signed():
    report = Report("changes-signed", "2019")
    shown = {"licensing": (81, "+81"), "other_services": (-1, "-1"), "penalties": (-2, "－2"), "coercion": (3, "＋3"), "fees": (0, "0")}
    for block, (value, text) in shown.items():
        report.figures[f"disclosure.{block}.change"] = value
        report.show(f"disclosure.{block}.change", text)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/full-width-digits.docx", "full-width digits", "１２３ is 123")
def full_width():
    report = Report("full-width-digits")
    for key in report.figures:
        report.show(key, report.printed(key).translate({ord("0") + n: ord("０") + n for n in range(10)} | {ord("."): "．"}))
    return docx.document(report.blocks()), [report.truth()]


@case("docx/thousands-separators.docx", "thousands separators, half and full width", "12,345 and 12，345")
def thousands():
    report = Report("thousands-separators")
    for index, key in enumerate(["licensing.decisions", "penalties.decisions", "coercion.decisions"]):
        key = "disclosure." + key
        report.figures[key] = 1234567 + 98765 * index
        report.show(key, f"{report.figures[key]:,}".replace(",", "，" if index == 1 else ","))
    for who in WHO:
        key = f"requests.outcome.total.{who}"
        report.show(key, f"{report.figures[key]:,}")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/padded-figures.docx", "blanks and no-break spaces round the digits", "padding is no part of a number")
def padded():
    report = Report("padded-figures")
    for index, key in enumerate(report.figures):
        pad = [" ", "\u00a0", "\u3000", "  \u00a0"][index % 4]
        report.show(key, pad + report.printed(key) + pad)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/large-figures.docx", "figures of a large city, ten million and more", "no cell is too large")
def large():
    report = Report("large-figures")
    for index, key in enumerate(["licensing", "penalties", "coercion"]):
        report.figures[f"disclosure.{key}.decisions"] = 12_345_678 + 1_111_111 * index
    return docx.document(report.blocks()), [report.truth()]


@case("docx/text-in-procurement.docx", "several 政府集中采购 rows with words in the count cell", "公务用车10辆 is not a number of projects: nothing is invented")
def procurement_rows():
    report = Report("text-in-procurement", "2019")
    table = report.disclosure_table()
    last = table.rows.pop()
    goods = [("公务用车10辆", "1530000元"), ("办公电脑42台", "251000元"), ("保洁服务1项", "86000元")]
    for count, amount in goods:
        table.add(Cell(last.cells[0].text), Cell(count), Cell(amount, 2))
    report.lose("disclosure.procurement.projects", "disclosure.procurement.amount")
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


@case("docx/words-for-figure.docx", "a word where a figure should stand", "见附件 is no amount: lost")
def words_for_figure():
    report = Report("words-for-figure")
    report.show("disclosure.penalties.decisions", "见附件", "lost")
    return docx.document(report.blocks()), [report.truth("review")]


@case("docx/two-numbers-in-cell.docx", "two numbers in one cell", "12、15 is not one figure: lost")
def two_numbers():
    report = Report("two-numbers-in-cell")
    report.show("disclosure.licensing.decisions", "12、15", "lost")
    return docx.document(report.blocks()), [report.truth("review")]


@case("docx/negative-figure.docx", "a negative number of requests", "no figure but 本年增/减 has a sign")
def negative():
    report = Report("negative-figure", sparse=True)
    keys = {who: f"requests.carried_in.{who}" for who in WHO}
    difference = 3 + report.figures[keys["other"]]
    for row in ("carried_in", "carried_out"):
        for who in ("other", "total"):
            report.figures[f"requests.{row}.{who}"] -= difference
    report.may_be_lost = [key for row in ("carried_in", "carried_out") for key in report.row(row)]
    return docx.document(report.blocks()), [report.truth("review")]
