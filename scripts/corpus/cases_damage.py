"""Text dumps damaged as real ones are."""

import dumps
from case import case
from forms import CARRIED_OUT, RECEIVED, WHO, outcome_rows
from report import Report
from table import Text, cut


def tabbed(name, change, status="ok", form="2021", sparse=False, findings=()):
    """A report in padded tabs; `change(report, rows)` alters the rows of table 3 before they are written."""
    report = Report(name, form, sparse=sparse)
    blocks = report.blocks()
    made = lambda table: dumps.tabs(change(report, dumps.grid(table)) if table.columns == 10 else dumps.grid(table))
    text = dumps.dump(blocks, made)
    return text.encode(), [report.truth(status, findings)]


def index_of(rows, word):
    return next(index for index, row in enumerate(rows) if any(word in cell for cell in row))


# Where the figures begin.

@case("text/start-moves.txt", "the start of the figures moves between cells 1, 2 and 3", "the width of the label part changes from row to row")
def start_moves():
    def change(_, rows):
        for index in range(3, len(rows)):
            labels, figures = rows[index][:3], rows[index][3:]
            filled = [text for text in labels if text] or [""]
            lead = [""] * (index % 2) if index % 3 else []
            row = lead + filled + [""] * (index % 2) + figures
            rows[index] = row + [""] * (10 - len(row))
        return rows
    return tabbed("start-moves", change)


@case("text/groups-dropped.txt", "the group cells are dropped after a page break", "from 5. on the columns to the left are gone; 5. still belongs to （五）")
def groups_dropped():
    def change(_, rows):
        at = index_of(rows, "5.要求")
        for index in range(at, len(rows)):
            filled = [text for text in rows[index][:3] if text]
            rows[index] = filled + ["", ""][: 1 + index % 2] + rows[index][3:] + [""]
        return rows
    return tabbed("groups-dropped", change)


@case("text/group-label-lost.txt", "the label of a group is lost at a page break", "1. to 3. behind （六）: the next group begins again at 1.")
def group_label_lost():
    def change(report, rows):
        at = index_of(rows, "（六）其他处理")
        rows[at][1] = ""
        report.may_be_lost = [key for row in ("not_corrected", "fee_unpaid", "other") for key in report.row("outcome.other." + row)]
        return rows
    return tabbed("group-label-lost", change, None)


@case("text/ends-trimmed.txt", "padded tabs without the padding at the ends of rows", "rows of different length")
def ends_trimmed():
    report = Report("ends-trimmed")
    return dumps.dump(report.blocks(), lambda table: "".join("\t".join(row).rstrip("\t") + "\n" for row in dumps.grid(table))).encode(), [report.truth()]


@case("text/header-misplaced.txt", "总计 of the header stands two rows above the other leaves", "headers and figures do not line up")
def header_misplaced():
    def change(_, rows):
        rows[0] = [rows[0][0], "", "申请人情况", "", "", "", "", "", "总计", ""]
        rows[1] = ["", "", "自然人", "法人或其他组织", "", "", "", "", "", ""]
        rows[2] = ["", "", "", *[text for text in rows[2] if text], "", ""]
        for index in (3, 4, len(rows) - 1):
            rows[index] = [rows[index][0], "", *rows[index][3:], ""]
        return rows
    return tabbed("header-misplaced", change)


# Page breaks.

@case("text/header-repeated.txt", "the header of table 3 repeated at a page break", "with a page number between")
def header_repeated():
    def change(_, rows):
        at = index_of(rows, "（四）无法提供")
        return rows[:at] + [[""], ["— 6 —"], [""]] + [list(row) for row in rows[:3]] + rows[at:]
    return tabbed("header-repeated", change)


@case("text/header-repeated-tika.txt", "two Word tables with the same header, a cell a line", "table 3 goes on in the next table")
def header_repeated_tika():
    report = Report("header-repeated-tika")
    table = report.requests_table()
    blocks = report.blocks(requests=list(cut(table, table.row_starting("（五）"), 3)))
    return dumps.dump(blocks, dumps.cell_a_line, "\n\n").encode(), [report.truth()]


@case("text/table-2-cut.txt", "table 2 cut by a page, the second part narrower", "the last rows have another number of columns")
def table_2_cut():
    report = Report("table-2-cut")

    def made(table):
        rows = dumps.grid(table)
        if table.columns == 4:
            at = index_of(rows, "行政强制")
            return dumps.tabs(rows[:at]) + "\n" + dumps.tabs([row[:2] for row in rows[at:]])
        return dumps.tabs(rows)

    return dumps.dump(report.blocks(), made).encode(), [report.truth()]


@case("text/row-cut-in-label.txt", "a row cut by a page in the middle of its label", "the second half of the label stands alone, one character twice")
def row_cut():
    def change(_, rows):
        at = index_of(rows, "2.申请人逾期")
        label, rest = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信", "信息公开申请"
        rows[at][2] = label
        return rows[: at + 1] + [[""], ["", rest, *[""] * 8]] + rows[at + 1:]
    return tabbed("row-cut-in-label", change)


@case("text/row-cut-figures-below.txt", "a row cut by a page, its figures beside the second half of the label", "the first half has no figures")
def row_cut_below():
    def change(_, rows):
        at = index_of(rows, "1.申请人无正当理由逾期")
        group, figures = rows[at][:2], rows[at][3:]
        first = [*group, "1.申请人无正当理由逾期不补正、行政机关", *[""] * 7]
        second = ["", "", "不再处理其政府信息公开申请", *figures]
        return rows[:at] + [first, [""], second] + rows[at + 1:]
    return tabbed("row-cut-figures-below", change)


@case("text/cut-in-section-text.txt", "a paragraph that breaks off at a page", "the words are lost, the figures are not")
def cut_paragraph():
    report = Report("cut-in-section-text")
    overview = report.overview()
    overview[-1].text = overview[-1].text[:14]
    return dumps.dump(report.blocks(overview=overview), dumps.padded_tabs).encode(), [report.truth()]


# Too few, too many.

@case("text/figure-missing-decided.txt", "one row with six figures", "the columns' equations say which is missing, or the row is lost; it is never shifted")
def figure_missing():
    def change(report, rows):
        at = index_of(rows, "1.本机关不掌握")
        del rows[at][3 + WHO.index("public_welfare")]
        keys = report.row("outcome.unavailable.not_held")
        report.lose(keys[3])
        report.may_be_lost = keys[:3] + keys[4:]
        return rows
    return tabbed("figure-missing-decided", change, "review")


@case("text/figure-missing-undecided.txt", "a row of table 2 with two figures for three columns", "no equation: all three lost")
def figure_missing_undecided():
    report = Report("figure-missing-undecided")

    def made(table):
        rows = dumps.grid(table)
        if table.columns == 4:
            at = index_of(rows, "规章")
            del rows[at][2]
        return dumps.tabs(rows)

    text = dumps.dump(report.blocks(), made)
    report.lose("disclosure.rules.issued", "disclosure.rules.repealed", "disclosure.rules.in_force")
    return text.encode(), [report.truth("review")]


def without_totals(report, rows):
    """Takes the last figure off every outcome row but 3.其他."""
    first, last = index_of(rows, "（一）予以公开"), index_of(rows, "2.申请人逾期")
    for index in range(first, last + 1):
        rows[index] = rows[index][:-1]
    for row in outcome_rows(report.groups)[:-1]:
        *parts, total = report.row(row)
        report.lose(total)
        report.may_be_lost += parts
    return rows


@case("text/figure-too-many-table-2.txt", "a row of table 2 with one figure too many, as text", "no equation can choose among four: lost")
def figure_too_many_table_2():
    report = Report("text-figure-too-many-table-2")

    def made(table):
        rows = dumps.grid(table)
        if table.columns == 4:
            rows[index_of(rows, "规章")].insert(1, "7")
        return dumps.tabs(rows)

    text = dumps.dump(report.blocks(), made)
    report.lose("disclosure.rules.issued", "disclosure.rules.repealed", "disclosure.rules.in_force")
    return text.encode(), [report.truth("review")]


@case("text/totals-missing.txt", "the outcome rows without their totals", "the seven columns are six where three label columns are needed")
def totals_missing():
    return tabbed("totals-missing", without_totals, "review")


@case("text/totals-missing-sparse.txt", "the outcome rows without their totals, most figures 0", "many readings are possible; none may be wrong")
def totals_missing_sparse():
    return tabbed("totals-missing-sparse", without_totals, "review", sparse=True)


@case("text/figure-too-many.txt", "rows with eight figures, the last one twice", "the equations say which seven are meant")
def figure_too_many():
    def change(report, rows):
        for word, row in (("3.其他", "outcome.other.other"), ("（七）总计", "outcome.total"), (CARRIED_OUT, "carried_out")):
            at = index_of(rows, word)
            rows[at].append(rows[at][-1])
            report.may_be_lost += report.row(row)
        return rows
    return tabbed("figure-too-many", change, None)


@case("text/page-number-in-row.txt", "a page number glued to a row as an eighth figure", "7 behind the total of a row whose sum tells it")
def page_number_in_row():
    def change(report, rows):
        at = index_of(rows, RECEIVED)
        rows[at].append("7")
        report.may_be_lost = report.row("received")
        return rows
    return tabbed("page-number-in-row", change, None)


@case("text/rows-glued.txt", "two rows on one line", "the label of the second stands behind the figures of the first")
def rows_glued():
    def change(report, rows):
        at = index_of(rows, "3.要求提供公开出版物")
        rows[at] += [text for text in rows.pop(at + 1) if text]
        report.may_be_lost = report.row("outcome.not_processed.publication") + report.row("outcome.not_processed.excessive")
        return rows
    return tabbed("rows-glued", change, None)


@case("text/row-missing.txt", "a row of table 3 is gone", "its figures are lost, all others exact")
def row_missing():
    def change(report, rows):
        del rows[index_of(rows, "2.重复申请")]
        report.lose(*report.row("outcome.not_processed.duplicate"))
        return rows
    return tabbed("row-missing", change, "review")


@case("text/figures-on-next-line.txt", "the figures stand on the line below their label", "label and figures of long rows on two lines")
def figures_below():
    def change(report, rows):
        made = []
        for row in rows:
            if any(len(text) > 20 for text in row[:3]) and row[3].isdigit():
                made += [row[:3] + [""] * 7, ["", "", "", *row[3:]]]
                word = next(text for text in row[:3] if len(text) > 20)
                key = "outcome.partially_granted" if word.startswith("（二）") else "outcome.other.not_corrected" if word.startswith("1.") else "outcome.other.fee_unpaid"
                report.may_be_lost += report.row(key)
            else:
                made.append(row)
        return made
    return tabbed("figures-on-next-line", change, None)


@case("text/blank-for-zero.txt", "padded tabs with blank cells for 0", "a blank between figures keeps its place only where the grid is whole")
def blank_zero():
    report = Report("text-blank-for-zero", sparse=True)
    for key in [key for key, value in report.figures.items() if value == 0]:
        report.show(key, "", "blank")
    report.may_be_lost = [key for key in report.figures if key.startswith("requests.")]
    return dumps.dump(report.blocks(), dumps.padded_tabs).encode(), [report.truth(None)]


@case("text/slash-for-zero.txt", "a cell a line with / for 0", "a dash is a figure of its own, not a label")
def slash_zero():
    report = Report("text-slash-for-zero", sparse=True)
    for key in [key for key, value in report.figures.items() if value == 0]:
        report.show(key, "/", "dash")
    return dumps.dump(report.blocks(), dumps.cell_a_line).encode(), [report.truth()]


@case("text/blank-cells-tika.txt", "a cell a line with empty cells for 0", "an empty figure looks like the continuation of a merged label")
def blank_tika():
    report = Report("blank-cells-tika", sparse=True)
    for key in [key for key, value in report.figures.items() if value == 0]:
        report.show(key, "", "blank")
    report.may_be_lost = list(report.figures)
    return dumps.dump(report.blocks(), dumps.cell_a_line).encode(), [report.truth(None)]


@case("text/wrong-total-cell.txt", "one wrong cell in a dump", "exact as printed, in review, with the equations that break")
def wrong_cell():
    report = Report("text-wrong-total-cell")
    key = "requests.outcome.total.research"
    report.figures[key] += 6
    findings = ["requests.row", "requests.outcome", "requests.balance"]
    return dumps.dump(report.blocks(), dumps.padded_tabs).encode(), [report.truth("review", findings, blames=key)]


# Words and marks.

@case("text/bookmark-residue.txt", "[bookmark: _GoBack] in the preamble", "a converter's mark is dropped with a warning")
def bookmark():
    report = Report("bookmark-residue")
    text = dumps.dump(report.blocks(), dumps.cell_a_line).replace("本报告按照", "[bookmark: _GoBack]本报告按照", 1)
    return text.encode(), [report.truth(says_not={"overview": "bookmark"})]


@case("text/nbsp.txt", "no-break spaces inside labels, headings and figures", "as web pages have them")
def nbsp():
    report = Report("nbsp")
    report.labels = {"第二十条第（一）项": "第二十条\u00a0\u00a0第（一）项", "结果维持": "结果维\u00a0持", "尚未审结": "尚未审\u00a0结"}
    for who in WHO:
        report.show(f"requests.received.{who}", f"\u00a0{report.figures[f'requests.received.{who}']}\u00a0")
    report.headings["problems"] = "\u00a0" + report.headings["problems"]
    return dumps.dump(report.blocks(), dumps.pipes).encode(), [report.truth()]


@case("text/half-width.txt", "half-width punctuation throughout", "(一) and , and : as some extractors map them")
def half_width():
    report = Report("half-width")
    text = dumps.dump(report.blocks(), dumps.pipes).translate(str.maketrans("（），：；", "(),:;"))
    return text.encode(), [report.truth()]


@case("text/words-broken.txt", "header words broken over lines, a cell a line", "商业 / 企业 and 结果 / 纠正: the second line has no tab")
def words_broken():
    report = Report("words-broken")
    report.labels = {"商业企业": "商业\n企业", "科研机构": "科研\n机构", "结果纠正": "结果\n纠正", "其他结果": "其他\n结果", "未经复议直接起诉": "未经复议\n直接起诉"}
    return dumps.dump(report.blocks(), dumps.cell_a_line).encode(), [report.truth()]


@case("text/headings-padded.txt", "blanks before headings and round the year", "and blank lines between all paragraphs")
def headings_padded():
    report = Report("headings-padded")
    report.title = [f"{report.agency} 2023 年政府信息公开工作年度报告"]
    for kind in report.headings:
        report.headings[kind] = "  " + report.headings[kind]
    blocks = report.blocks()
    for block in blocks:
        if isinstance(block, Text):
            block.text += "\n"
            if block.kind in ("sign", "date"):
                block.text = " " * 24 + block.text
    return dumps.dump(blocks, dumps.cell_a_line).encode(), [report.truth()]


@case("text/title-only-year.txt", "the title reduced to the year", "2023 alone on the first line; agency and date from the sign-off")
def title_only_year():
    report = Report("title-only-year")
    report.title = ["2023"]
    blocks = report.blocks()
    blocks[1].text = blocks[1].text.replace(f"，由{report.agency}编制", "")
    truth = report.truth()
    truth["title"] = None
    return dumps.dump(blocks, dumps.padded_tabs).encode(), [truth]


@case("text/title-agency-date-missing.txt", "no title, no agency, no date", "the text begins with its first heading; the year stands in it")
def nothing_named():
    report = Report("title-agency-date-missing")
    report.title, report.sign, report.date, report.published = [], "", "", None
    blocks = report.blocks()
    del blocks[0]
    truth = report.truth()
    truth["agency"] = None
    return dumps.dump(blocks, dumps.pipes).encode(), [truth]


@case("text/foreign-word.txt", "a foreign word in a sentence", "as a generative reader of scans leaves it: and for 和")
def foreign_word():
    report = Report("foreign-word")
    overview = report.overview()
    overview[7].text = "网站专栏按主题 and 部门重排，旧链接逐一核对。"
    return dumps.dump(report.blocks(overview=overview), dumps.padded_tabs).encode(), [report.truth()]


@case("text/date-words-lost.txt", "dates without 年 and 月", "20231月1日 in the period, no other date")
def date_words_lost():
    report = Report("date-words-lost")
    report.period = "20231月1日至20231231日"
    report.date, report.published = "", None
    return dumps.dump(report.blocks(), dumps.cell_a_line).encode(), [report.truth()]


@case("text/heading-marks-lost.txt", "headings of the tables numbered again from 一", "an extractor restarts a list")
def heading_marks():
    report = Report("heading-marks-lost")
    for number, kind in zip("一一二三四五", list(report.headings)):
        report.headings[kind] = number + report.headings[kind][1:]
    return dumps.dump(report.blocks(), dumps.padded_tabs).encode(), [report.truth()]


@case("text/no-tables.txt", "headings of all sections and no table, as text", "nothing read, nothing invented")
def no_tables():
    report = Report("text-no-tables")
    blocks = report.blocks(disclosure=[], requests=[], remedies=[])
    report.lose(*report.figures)
    truth = report.truth("review")
    del truth["form"]
    return dumps.dump(blocks, dumps.cell_a_line).encode(), [truth]


@case("text/numbers-in-prose.txt", "numbers and labels of the form inside sentences", "行政许可 12 件 in a sentence is no row")
def numbers_in_prose():
    report = Report("numbers-in-prose")
    overview = [*report.overview(), Text("p", "全年办结行政许可99999件，行政处罚88888件。"), Text("p", "规章 0 件，行政规范性文件 77777 件，均已公开。")]
    return dumps.dump(report.blocks(overview=overview), dumps.blanks).encode(), [report.truth()]


@case("text/first-cell-lost-and-a-slip.txt", "a row that begins with a blank, and a slip of the publisher in it", "the reading that lets its total be the lost figure keeps all sums: none may be chosen by that")
def first_cell_and_slip():
    report = Report("first-cell-and-slip")
    row = "outcome.denied.state_secret"
    keys = report.row(row)
    report.show(keys[0], "", "blank")
    report.figures[keys[1]] += 1
    report.may_be_lost = [key for key in report.figures if key.startswith("requests.")]
    truth = report.truth("review", findings=["figures.*"])
    truth["states"] = {}
    truth["figures"]["requests." + row]["natural_person"] = None
    return dumps.dump(report.blocks(), dumps.pipes).encode(), [truth]
