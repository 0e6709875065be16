"""Reports whose own arithmetic does not hold, or whose words and tables disagree."""

import docx
from case import case
from report import Report
from table import Cell, Row


def wrong_by(name, key, difference, findings, title_form="2021"):
    """A sound report with one wrong cell; everything is exact as printed, and the rules it breaks are raised."""
    report = Report(name, title_form)
    report.figures[key] += difference
    return docx.document(report.blocks()), [report.truth("review", findings, blames=key)]


@case("docx/wrong-total-cell.docx", "one wrong cell in the row （七）总计", "breaks its row, its column and the balance at once: they meet in that cell")
def wrong_total_cell():
    return wrong_by("wrong-total-cell", "requests.outcome.total.enterprise", 9, ["requests.row", "requests.outcome", "requests.balance"])


@case("docx/wrong-outcome-cell.docx", "one wrong cell among the outcomes", "breaks its row and its column, and no balance")
def wrong_outcome_cell():
    return wrong_by("wrong-outcome-cell", "requests.outcome.denied.enforcement_files.research", 20, ["requests.row", "requests.outcome"])


@case("docx/wrong-received-cell.docx", "one wrong cell among the new requests", "breaks its row and its balance")
def wrong_received_cell():
    return wrong_by("wrong-received-cell", "requests.received.other", 1, ["requests.row", "requests.balance"])


@case("docx/wrong-carried-out-2019.docx", "one wrong cell in 四、结转下年度 of the 2019 form", "breaks its row and its balance")
def wrong_carried_out():
    return wrong_by("wrong-carried-out-2019", "requests.carried_out.natural_person", 100, ["requests.row", "requests.balance"], "2019")


@case("docx/balance-off-by-one.docx", "a balance that is off by one, all rows sound", "60 + 0 against 61 + 0: only the balance breaks")
def balance_off():
    report = Report("balance-off-by-one")
    for who in ("natural_person", "total"):
        report.figures[f"requests.received.{who}"] -= 1
    return docx.document(report.blocks()), [report.truth("review", ["requests.balance"])]


@case("docx/remedies-broken.docx", "two totals of table 4 that do not add up", "复议 and 复议后起诉, each by its own")
def remedies_broken():
    report = Report("remedies-broken")
    report.figures["remedies.reconsideration.total"] += 2
    report.figures["remedies.litigation.after_reconsideration.pending"] += 5
    return docx.document(report.blocks()), [report.truth("review", ["remedies.total"])]


@case("docx/figures-swapped.docx", "two figures of a column exchanged by the publisher", "rows break while the column holds")
def swapped():
    report = Report("figures-swapped")
    one, other = "requests.outcome.granted.natural_person", "requests.outcome.partially_granted.natural_person"
    report.figures[one], report.figures[other] = report.figures[other], report.figures[one]
    return docx.document(report.blocks()), [report.truth("review", ["requests.row"])]


# Words against the table.

@case("docx/words-disagree.docx", "the text names another number of requests than the table", "told, but no error: the figures are exact")
def words_disagree():
    report = Report("words-disagree")
    report.told = {"requests.received.total": report.figures["requests.received.total"] + 12}
    return docx.document(report.blocks()), [report.truth("ok", ["narrative.*"])]


@case("docx/words-disagree-remedies.docx", "the text names other numbers of reviews and suits than table 4", "told, but no error")
def words_disagree_remedies():
    report = Report("words-disagree-remedies")
    report.told = {"remedies.reconsideration.total": 2, "remedies.litigation.direct.total": 0}
    return docx.document(report.blocks()), [report.truth("ok", ["narrative.*"])]


def accepted(name, number):
    """受理 with a number, and nothing else about requests in the text."""
    report = Report(name)
    overview = report.overview()
    overview[3].text = f"全年共受理政府信息公开申请{number(report)}件，均按期答复。"
    return docx.document(report.blocks(overview=overview)), [report.truth(no_findings=["narrative.*"])]


@case("docx/accepted-means-new.docx", "受理 in the sense of row 1", "one of its two meanings: nothing to say")
def accepted_new():
    return accepted("accepted-means-new", lambda report: report.figures["requests.received.total"])


@case("docx/accepted-means-all.docx", "受理 in the sense of row 1 and row 2 together", "the other of its two meanings: nothing to say")
def accepted_all():
    return accepted("accepted-means-all", lambda report: report.figures["requests.received.total"] + report.figures["requests.carried_in.total"])


@case("docx/year-against-period.docx", "the period states another year than the title", "a copy error of the publisher")
def year_against_period():
    report = Report("year-against-period", year=2022)
    report.period = "2021年1月1日起至2021年12月31日止"
    return docx.document(report.blocks()), [report.truth(None, ["*year*"], may_be_null=["year"])]


# Rows twice, cells merged.

@case("docx/row-twice-same.docx", "a row printed twice with the same figures", "left there by a page break: read once")
def row_twice_same():
    report = Report("row-twice-same")
    table = report.requests_table()
    at = table.row_starting("二、")
    table.rows.insert(at, Row([Cell(cell.text, cell.columns) for cell in table.rows[at].cells]))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/row-twice-different.docx", "a row of table 2 printed twice with different figures", "no equation can choose: lost")
def row_twice_different():
    report = Report("row-twice-different")
    table = report.disclosure_table()
    table.rows.insert(3, Row([Cell("规章"), Cell("901"), Cell("902"), Cell("903")]))
    report.lose("disclosure.rules.issued", "disclosure.rules.repealed", "disclosure.rules.in_force")
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


@case("docx/row-twice-different-table-3.docx", "a row of table 3 printed twice with different figures", "the equations may choose, or the row is lost; never the wrong one")
def row_twice_table_3():
    report = Report("row-twice-different-table-3")
    table = report.requests_table()
    at = table.row_starting("二、")
    label, *cells = table.rows[at].cells
    table.rows.insert(at, Row([Cell(label.text, 3), *[Cell(str(int(cell.text) + 11)) for cell in cells]]))
    report.may_be_lost = report.row("carried_in")
    return docx.document(report.blocks(requests=[table])), [report.truth("review")]


@case("docx/merged-figures-table-2.docx", "two figure cells of table 2 merged, one number in them", "no equation can choose: both lost")
def merged_table_2():
    report = Report("merged-figures-table-2")
    table = report.disclosure_table()
    row = table.row_of("disclosure.rules.issued")
    row.cells[1:3] = [Cell("7", 2)]
    report.lose("disclosure.rules.issued", "disclosure.rules.repealed")
    report.may_be_lost = ["disclosure.rules.in_force"]
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


@case("docx/merged-figures-table-3.docx", "two figure cells of table 3 merged, one number in them", "the number may be either figure")
def merged_table_3():
    report = Report("merged-figures-table-3")
    keys = ["requests.carried_in.enterprise", "requests.carried_in.research"]
    table = report.requests_table()
    row = table.row_of(keys[0])
    at = next(index for index, cell in enumerate(row.cells) if cell.key == keys[0])
    row.cells[at:at + 2] = [Cell(report.printed(keys[0]), 2)]
    report.lose(keys[1])
    report.may_be_lost = report.row("carried_in")
    return docx.document(report.blocks(requests=[table])), [report.truth("review")]


@case("docx/merged-figures-down.docx", "one figure cell over two rows of table 3", "the number may belong to either row")
def merged_down():
    report = Report("merged-figures-down")
    table = report.requests_table()
    upper, lower = "requests.received.other", "requests.carried_in.other"
    table.cell(upper).rows = 2
    row = table.row_of(lower)
    row.cells = [cell for cell in row.cells if cell.key != lower]
    report.lose(lower)
    report.may_be_lost = [*report.row("received"), *report.row("carried_in")]
    return docx.document(report.blocks(requests=[table])), [report.truth("review")]


@case("docx/cell-missing-decided.docx", "a row of table 3 with one cell too few", "six figures: the equations of row and columns say which is missing")
def cell_missing():
    report = Report("cell-missing-decided")
    key = "requests.outcome.unavailable.not_held.public_welfare"
    table = report.requests_table()
    row = table.row_of(key)
    row.cells = [cell for cell in row.cells if cell.key != key]
    report.lose(key)
    report.may_be_lost = [k for k in report.row("outcome.unavailable.not_held") if k != key]
    return docx.document(report.blocks(requests=[table])), [report.truth("review")]


@case("docx/cell-missing-undecided.docx", "a row of table 2 with one cell too few", "two figures for three columns and no equation: a stated grid still says the first two, or all are lost")
def cell_missing_undecided():
    report = Report("cell-missing-undecided")
    keys = [f"disclosure.rules.{name}" for name in ("issued", "repealed", "in_force")]
    table = report.disclosure_table()
    table.row_of(keys[0]).cells.pop()
    report.lose(keys[2])
    report.may_be_lost = keys[:2]
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


@case("docx/cell-too-many.docx", "a row of table 3 with an empty cell too many", "seven figures behind a blank: the figures are the same")
def cell_too_many():
    report = Report("cell-too-many")
    table = report.requests_table()
    table.columns = 11
    table.row_of("requests.carried_in.total").cells.insert(1, Cell(""))
    report.may_be_lost = report.row("carried_in")
    return docx.document(report.blocks(requests=[table])), [report.truth(None)]


@case("docx/rows-exchanged.docx", "rows of a group in another order", "a row is known by its words, not by its place")
def rows_exchanged():
    report = Report("rows-exchanged")
    table = report.requests_table()
    first, second = table.row_of("requests.outcome.denied.prohibited_by_law.total"), table.row_of("requests.outcome.denied.enforcement_files.total")
    i, j = table.rows.index(first), table.rows.index(second)
    table.rows[i], table.rows[j] = second, first
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/figure-too-many-table-2.docx", "a row of table 2 with one figure too many", "four figures under three headers, and no equation: the row is lost, never shifted in silence")
def figure_too_many_table_2():
    report = Report("figure-too-many-table-2")
    keys = [f"disclosure.rules.{name}" for name in ("issued", "repealed", "in_force")]
    table = report.disclosure_table()
    table.columns = 5
    table.row_of(keys[0]).cells.insert(1, Cell("7"))
    report.lose(*keys)
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


@case("docx/figure-too-many-2019.docx", "a row of table 2 of the 2019 form with its change printed twice", "four figures under three headers: the row is lost, never shifted in silence")
def figure_too_many_2019():
    report = Report("figure-too-many-2019", "2019")
    keys = [f"disclosure.coercion.{name}" for name in ("items_last_year", "change", "decisions")]
    table = report.disclosure_table()
    table.columns = 5
    table.row_of(keys[0]).cells.insert(2, Cell(report.printed(keys[1])))
    report.lose(*keys)
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]
