"""The same tables, laid out otherwise."""

import docx
import dumps
from case import case
from docx import layout_table, paragraph, run
from forms import REMEDIES, RESULT_LABELS, WHO_LABELS
from report import Report
from table import Cell, Row, Table, Text, cut, stack


@case("docx/four-tables.docx", "table 2 as four separate tables", "as the official template has it")
def four_tables():
    report = Report("four-tables")
    return docx.document(report.blocks(disclosure=report.disclosure_tables())), [report.truth()]


@case("docx/five-tables-2019.docx", "table 2 of the 2019 form as five separate tables", "a block of two figures has three columns elsewhere")
def five_tables():
    report = Report("five-tables-2019", "2019")
    return docx.document(report.blocks(disclosure=report.disclosure_tables())), [report.truth()]


@case("docx/one-table.docx", "the three tables in one physical table, headings in it", "section headings stand in cells")
def one_table():
    report = Report("one-table")
    heading = lambda kind: Table(1, [Row([Cell(report.headings[kind])])])
    everything = stack(report.disclosure_table(), heading("requests"), report.requests_table(), heading("remedies"), report.remedies_table())
    blocks = report.blocks(disclosure=[everything], requests=[], remedies=[])
    blocks = [block for block in blocks if not (isinstance(block, Text) and block.text in (report.headings["requests"], report.headings["remedies"]))]
    return docx.document(blocks), [report.truth()]


@case("docx/one-table-no-headings.docx", "the three tables in one physical table, headings above it", "three forms meet without a word between them")
def one_table_plain():
    report = Report("one-table-no-headings")
    everything = stack(report.disclosure_table(), report.requests_table(), report.remedies_table())
    return docx.document(report.blocks(disclosure=[], requests=[], remedies=[everything])), [report.truth()]


@case("docx/cut-in-two.docx", "table 3 cut in two tables, without a repeated header", "the second part has no header of its own")
def cut_in_two():
    report = Report("cut-in-two")
    table = report.requests_table()
    return docx.document(report.blocks(requests=list(cut(table, table.row_starting("（四）"))))), [report.truth()]


@case("docx/cut-in-two-header.docx", "table 3 cut in two tables, the header repeated", "the repeated header is no row of figures")
def cut_with_header():
    report = Report("cut-in-two-header")
    table = report.requests_table()
    return docx.document(report.blocks(requests=list(cut(table, table.row_starting("（五）"), 3)))), [report.truth()]


@case("docx/cut-inside-group.docx", "table 3 cut inside a group", "the numbers 4. and 5. go on in the group of the table above")
def cut_in_group():
    report = Report("cut-inside-group")
    table = report.requests_table()
    return docx.document(report.blocks(requests=list(cut(table, table.row_starting("（五）") + 3)))), [report.truth()]


@case("docx/header-repeated-in-table.docx", "the header of table 3 stands a second time inside the table", "left there when a page break was taken out")
def header_repeated():
    report = Report("header-repeated-in-table")
    table = report.requests_table()
    first, second = cut(table, table.row_starting("（五）"), 3)
    return docx.document(report.blocks(requests=[stack(first, second)])), [report.truth()]


@case("docx/nested-once.docx", "each table inside a layout table of one cell", "the figures stand one level down")
def nested_once():
    report = Report("nested-once")
    return docx.document(nested(report, 1)), [report.truth()]


@case("docx/nested-twice.docx", "each table inside two layout tables", "the figures stand two levels down")
def nested_twice():
    report = Report("nested-twice")
    return docx.document(nested(report, 2)), [report.truth()]


def nested(report, levels):
    blocks = report.blocks()
    for block in blocks:
        if isinstance(block, Table):
            block.wrap = lambda xml: wrapped(xml, levels)
    return blocks


def wrapped(xml, levels):
    for _ in range(levels):
        xml = layout_table(xml)
    return xml


@case("docx/whole-report-in-a-cell.docx", "the whole report inside a layout table of one cell", "headings, text and tables all stand in a cell")
def whole_report_in_cell():
    report = Report("whole-report-in-a-cell")
    return docx.package(layout_table(docx.body_xml(report.blocks()))), [report.truth()]


@case("docx/tables-side-by-side.docx", "table 2 in the left cell of a layout table, a notice in the right one", "the cell beside belongs to no row")
def side_by_side():
    report = Report("tables-side-by-side")
    table = report.disclosure_table()
    notice = paragraph(run("填报说明：数据由各科室汇总。"))
    cell = lambda content: f'<w:tc><w:tcPr><w:tcW w:w="4500" w:type="dxa"/></w:tcPr>{content}</w:tc>'
    table.wrap = lambda xml: docx.table_around(f"<w:tr>{cell(xml + '<w:p/>')}{cell(notice)}</w:tr>", 2)
    return docx.document(report.blocks(disclosure=[table])), [report.truth()]


@case("docx/leaf-header-two-rows.docx", "the leaf header 商业企业 split over two table rows", "商业 above 企业, likewise 科研 above 机构")
def split_leaves():
    report = Report("leaf-header-two-rows")
    table = report.requests_table()
    halves = [("商业", "企业"), ("科研", "机构"), ("社会公益", "组织"), ("法律服务", "机构"), ("其他", "")]
    table.rows[0].cells[0].rows = 4
    for cell in (table.rows[1].cells[0], table.rows[1].cells[-1]):
        cell.rows = 3
    table.rows[2] = Row([Cell(upper) for upper, _ in halves], header=True)
    table.rows.insert(3, Row([Cell(lower) for _, lower in halves], header=True))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/extra-column-subtotal.docx", "an extra column 法人或其他组织小计", "a subtotal is none of the seven figures")
def extra_column():
    report = Report("extra-column-subtotal")
    table = report.requests_table()
    table.columns = 11
    table.rows[0].cells[1].columns = 8
    table.rows[1].cells[1].columns = 6
    table.rows[2].cells.append(Cell("法人或其他组织小计"))
    for row in table.rows[3:]:
        parts = [report.figures[cell.key] for cell in row.cells[-6:-1]]
        row.cells.insert(-1, Cell(str(sum(parts))))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/extra-empty-row.docx", "an empty row inside table 3", "it belongs to no row of the form")
def extra_row():
    report = Report("extra-empty-row")
    table = report.requests_table()
    at = table.row_starting("（四）")
    table.rows[5].cells[0].rows += 1
    table.rows.insert(at, Row([Cell("", 2), *[Cell("") for _ in range(7)]]))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/page-number-row.docx", "a row with a page number inside table 3", "left there by a converter")
def page_number_row():
    report = Report("page-number-row")
    table = report.requests_table()
    at = table.row_starting("（四）")
    table.rows[5].cells[0].rows += 1
    table.rows.insert(at, Row([Cell("— 5 —", 9)]))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/grid-before.docx", "rows of table 3 that begin further right with gridBefore", "the group cells are left out and skipped over, not merged")
def grid_before():
    report = Report("grid-before")
    table = report.requests_table()
    rows = list(table.laid_out())
    xml = "".join(row_with_grid_before(row, slots) for row, slots in rows)
    marker = Text("p", "", docx.table_around(xml, table.columns))
    return docx.document(report.blocks(requests=[marker])), [report.truth()]


def row_with_grid_before(row, slots):
    """The row without the cells that go on from above at its left."""
    before = 0
    while slots and not slots[0][2]:
        before += slots.pop(0)[1].columns
    for _, cell, begins in slots:
        cell.rows = cell.rows if row.header else 1
    row.properties = f'<w:gridBefore w:val="{before}"/>' if before else ""
    return docx.row_xml(row, slots)


@case("docx/table-4-tall.docx", "table 4 turned: one result a row", "rows and columns exchanged: lost or read, and its 总计 is not that of table 3")
def table_4_tall():
    report = Report("table-4-tall")
    table = Table(4)
    table.add(Cell("", 1, 2), Cell("行政复议", 1, 2), Cell("行政诉讼", 2), header=True)
    table.add(Cell("未经复议直接起诉"), Cell("复议后起诉"), header=True)
    for label, result in zip(RESULT_LABELS, ["upheld", "corrected", "other", "pending", "total"]):
        table.add(Cell(label), *[report.figure(f"remedies.{block}.{result}") for block in REMEDIES])
    report.may_be_lost = [key for key in report.figures if key.startswith("remedies.")] + report.row("outcome.total")
    return docx.document(report.blocks(remedies=[table])), [report.truth(None)]


@case("docx/table-4-split.docx", "table 4 as two tables, 行政复议 and 行政诉讼", "each brings its own header")
def table_4_split():
    report = Report("table-4-split")
    results = lambda: [Cell(label) for label in RESULT_LABELS]
    review, suits = Table(5), Table(10)
    review.add(Cell("行政复议", 5), header=True)
    review.add(*results(), header=True)
    review.add(*[report.figure(f"remedies.reconsideration.{r}") for r in ("upheld", "corrected", "other", "pending", "total")])
    suits.add(Cell("行政诉讼", 10), header=True)
    suits.add(Cell("未经复议直接起诉", 5), Cell("复议后起诉", 5), header=True)
    suits.add(*results(), *results(), header=True)
    suits.add(*[report.figure(f"remedies.{b}.{r}") for b in REMEDIES[1:] for r in ("upheld", "corrected", "other", "pending", "total")])
    return docx.document(report.blocks(remedies=[review, suits])), [report.truth()]


@case("docx/columns-swapped.docx", "自然人 stands to the right of the organisations", "a stated header says what a column is, not its place")
def columns_swapped():
    report = Report("columns-swapped")
    table = report.requests_table()
    for row in table.rows[3:]:
        row.cells.insert(-1, row.cells.pop(-7))
    table.rows[1].cells.insert(1, table.rows[1].cells.pop(0))
    assert table.rows[1].cells[0].text == "法人或其他组织" and WHO_LABELS[0] == table.rows[1].cells[1].text
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/vertical-cell-paragraphs.docx", "三、本年度办理结果 one character a paragraph", "a narrow column written downwards")
def vertical_paragraphs():
    report = Report("vertical-cell-paragraphs")
    table = report.requests_table()
    cell = table.labelled("三、本年度办理结果")
    cell.xml = "".join(paragraph(run(character)) for character in cell.text)
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/vertical-cell-breaks.docx", "group labels broken by line breaks inside the cell", "（三）/不予/公开 in one paragraph")
def vertical_breaks():
    report = Report("vertical-cell-breaks")
    report.labels = {
        "三、本年度办理结果": "三\n、\n本\n年\n度\n办\n理\n结\n果",
        "（三）不予公开": "（三）\n不予\n公开",
        "（五）不予处理": "（五\n）不\n予处\n理",
        "商业企业": "商业\n企业",
        "结果维持": "结果\n维持",
        "结果纠正": "结\n果\n纠\n正",
    }
    return docx.document(report.blocks()), [report.truth()]


@case("docx/vertical-text-direction.docx", "group cells with vertical text direction", "textDirection changes nothing in the text")
def text_direction():
    report = Report("vertical-text-direction")
    table = report.requests_table()
    for text in ("三、本年度办理结果", "（三）不予公开", "（五）不予处理"):
        table.labelled(text).wrap = lambda xml: xml.replace("</w:tcPr>", '<w:textDirection w:val="tbRlV"/></w:tcPr>', 1)
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/group-label-every-row.docx", "the group label is printed in every row", "unmerged cells in place of a vertical merge")
def unmerged_groups():
    report = Report("group-label-every-row")
    table = report.requests_table()
    flat = Table(table.columns)
    for index, (row, slots) in enumerate(table.laid_out()):
        if index < 3:
            flat.rows.append(row)
            continue
        flat.rows.append(Row([Cell(cell.text, cell.columns, 1, cell.key) for _, cell, _ in slots]))
    return docx.document(report.blocks(requests=[flat])), [report.truth()]


@case("docx/prose-before-tables.docx", "sentences and a caption between heading and table", "text of the section, no part of the table")
def prose_before_tables():
    report = Report("prose-before-tables")
    blocks = []
    for block in report.blocks():
        if isinstance(block, Table):
            blocks += [Text("p", "有关数据见下表。"), Text("p", "（单位：件）")]
        blocks.append(block)
    return docx.document(blocks), [report.truth()]


@case("docx/unrelated-tables.docx", "other tables among the forms", "a contact table and a table of trainings hold figures that belong to no form")
def unrelated_tables():
    report = Report("unrelated-tables")
    trainings = Table(3, [
        Row([Cell("序号"), Cell("培训内容"), Cell("人数")]),
        Row([Cell("1"), Cell("保密审查"), Cell("48")]),
        Row([Cell("2"), Cell("申请答复文书"), Cell("37")]),
        Row([Cell("总计", 2), Cell("85")]),
    ])
    contact = Table(2, [Row([Cell("联系电话"), Cell("5550123")]), Row([Cell("邮政编码"), Cell("100999")])])
    blocks = report.blocks(overview=[*report.overview(), trainings], other=[*report.other(), contact])
    return docx.document(blocks), [report.truth()]


@case("docx/sections-after-tables.docx", "the three tables stand at the end as an annex", "headings 二 to 四 refer to the annex")
def annex():
    report = Report("sections-after-tables")
    see = lambda n: [Text("p", f"详见附表{n}。")]
    blocks = report.blocks(disclosure=see("一"), requests=see("二"), remedies=see("三"))
    annex = [report.disclosure_table(), report.requests_table(), report.remedies_table()]
    for n, table in zip("一二三", annex):
        blocks += [Text("p", f"附表{n}"), table]
    return docx.document(blocks), [report.truth()]


@case("docx/no-tables.docx", "headings of all sections and no table", "the tables were pictures: nothing to read, nothing invented")
def no_tables():
    report = Report("no-tables")
    blocks = report.blocks(disclosure=[], requests=[], remedies=[])
    report.lose(*report.figures)
    truth = report.truth("review")
    del truth["form"]
    return docx.document(blocks), [truth]


@case("docx/table-3-missing.docx", "tables 2 and 4 without table 3", "the figures of table 3 are lost, the others exact")
def table_3_missing():
    report = Report("table-3-missing")
    blocks = report.blocks(requests=[])
    report.lose(*[key for key in report.figures if key.startswith("requests.")])
    return docx.document(blocks), [report.truth("review")]


# What the columns are, and whose the rows.


def with_columns_exchanged(report):
    """Table 3 with 商业企业 and 科研机构 in each other's place, headers and figures."""
    table = report.requests_table()
    for row in table.rows[2:]:
        at = [index for index, cell in enumerate(row.cells) if cell.key.endswith((".enterprise", ".research")) or cell.text in WHO_LABELS[1:3]]
        row.cells[at[0]], row.cells[at[1]] = row.cells[at[1]], row.cells[at[0]]
    return table


@case("docx/columns-exchanged.docx", "two columns of table 3 in each other's place", "a figure belongs to the header over it, wherever that stands")
def columns_exchanged():
    report = Report("columns-exchanged")
    return docx.document(report.blocks(requests=[with_columns_exchanged(report)])), [report.truth()]


@case("text/columns-exchanged.txt", "two columns of table 3 in each other's place, as text", "their sums hold in either order: without a grid nobody knows")
def columns_exchanged_text():
    report = Report("text-columns-exchanged")
    report.may_be_lost = [key for key in report.figures if key.startswith("requests.")]
    return dumps.dump(report.blocks(requests=[with_columns_exchanged(report)]), dumps.padded_tabs).encode(), [report.truth("review", findings=["figures.*"])]


@case("docx/row-torn-by-hand.docx", "a row of table 2 cut in two by hand, its figures in the lower part", "the upper part is no row of blanks")
def row_torn():
    report = Report("row-torn-by-hand")
    table = report.disclosure_table()
    whole = table.row_of("disclosure.normative_documents.issued")
    whole.cells[0].text = "规范性文件"
    at = table.rows.index(whole)
    table.rows.insert(at, Row([Cell("行政规范性"), Cell(), Cell(), Cell()]))
    whole.cells[0].text = "文件"
    report.may_be_lost = [f"disclosure.normative_documents.{column}" for column in ("issued", "repealed", "in_force")]
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review", findings=["figures.*"])]


@case("docx/table-of-another-kind.docx", "a table of a department's cases between the tables of the form", "行政许可 and 行政处罚 have rows there too, under headers that are not the form's")
def another_kind():
    report = Report("table-of-another-kind")
    other = Table(3)
    other.add(Cell("事项名称"), Cell("受理窗口"), Cell("同比增长"), header=True)
    for label, number in (("行政许可", 4401), ("行政处罚", 4402), ("行政强制", 4403), ("其他", 4404)):
        other.add(Cell(label), Cell(str(number)), Cell("7"))
    short = Table(2)
    short.add(Cell("事项"), Cell("数量"), header=True)
    for label, number in (("行政许可", 5501), ("行政处罚", 5502)):
        short.add(Cell(label), Cell(str(number)))
    blocks = report.blocks(disclosure=[report.disclosure_table(), Text("p", "各类事项另见下表。"), other, Text("p", "窗口情况如下。"), short])
    return docx.document(blocks), [report.truth()]


@case("docx/column-between.docx", "a column of another kind before the only figure of a block", "the header over the figure tells, and 占比 is none of the form's")
def column_between():
    report = Report("column-between")
    tables = report.disclosure_tables()
    for row in tables[1].rows:
        if row.cells[0].text in ("信息内容", "行政许可"):
            row.cells[-1].columns = 2
            row.cells.insert(1, Cell("占比" if row.cells[0].text == "信息内容" else "88"))
    return docx.document(report.blocks(disclosure=tables)), [report.truth()]
