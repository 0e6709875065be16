"""Tables that belong to no report, and pages that hold none: what is true of them are the tables themselves."""

import pdf_rules
from case import case, no_report
from pdf_layout import Style, draw, file, lines_of, set_table
from table import Cell, Table, Text

STREETS = ["东桥街", "西塔巷", "南苑路", "北坞里", "石门大道", "柳溪滨河路", "望山新村"]
PROSE = "本次普查由街道统计员逐户登记，数据经两级复核后汇总。普查期间得到各社区居民的支持，登记表回收齐全，个别空置房屋以物业记录为准。"


def words(*rows, header=1, columns=None):
    """A table of plain cells; a cell may be a `Cell` with spans."""
    table = Table(columns or len(rows[0]))
    for index, row in enumerate(rows):
        table.add(*[cell if isinstance(cell, Cell) else figure(str(cell)) for cell in row], header=index < header)
    return table


def figure(text):
    return Cell(text, key="figure" if text[:1].isdigit() else "")


def grid(table):
    """What is true of a table: its slots row by row, a cell of several slots in its first, the others empty."""
    rows = []
    for _, slots in table.laid_out():
        row = []
        for _, cell, begins in slots:
            row += [cell.text.replace("\n", "") if begins else "", *[""] * (cell.columns - 1)]
        rows.append(row)
    return rows


def known(*tables):
    return no_report("no_report_found", "review") | {"tables": [grid(table) for table in tables]}


def streets(count=7, header=("街道", "户数", "人口", "空置")):
    return words(header, *[(name, 120 + 37 * n, 411 + 95 * n, 3 * n + 2) for n, name in enumerate(STREETS[:count])])


def page(*blocks, **style):
    return file([Text("title", "房屋普查简报"), Text("p", PROSE), *blocks, Text("p", PROSE)], Style(**style))


@case("pdf/table-unruled.pdf", "a table of four columns without rules between two paragraphs", "columns by gaps; the prose around it is none of it")
def unruled():
    table = streets()
    return page(table, rules=pdf_rules.none), known(table)


@case("pdf/table-unruled-header.pdf", "an unruled table whose header has two levels", "a word over two columns is one cell over both")
def unruled_header():
    rows = [(name, 120 + 37 * n, 64 + n, 411 + 95 * n, 208 + 40 * n) for n, name in enumerate(STREETS)]
    table = words((Cell("街道", 1, 2), Cell("户数", 2), Cell("人口", 2)), ("全部", "其中租住", "全部", "其中女性"), *rows, header=2, columns=5)
    return page(table, rules=pdf_rules.none), known(table)


@case("pdf/table-unruled-wrapped.pdf", "an unruled table with labels of two lines", "a line without figures belongs to the row above it")
def unruled_wrapped():
    long = ["住宅（含商住两用房屋，按产权证所载用途登记）", "商铺", "仓库和车库（独立产权，不随住宅登记）", "学校、医院等公共建筑", "空置及在建"]
    table = words(("用途", "本年", "上年"), *[(name, 312 + 57 * n, 298 + 41 * n) for n, name in enumerate(long)])
    return page(table, rules=pdf_rules.none, widths={3: [120, 150, 150]}, fixed=True, cell_leading=1.15, padding=5), known(table)


@case("pdf/table-rows-in-one-box.pdf", "a ruled header and one ruled row that holds seven rows of text", "lines at one height are one row, though no rule parts them")
def rows_in_one_box():
    table = streets()
    return page(table, rules=pdf_rules.upright_only), known(table)


@case("pdf/table-three-rules.pdf", "a table with three level rules", "nothing between the columns and nothing between the rows")
def three_rules():
    table = streets()
    return page(table, rules=pdf_rules.three_lines), known(table)


@case("pdf/table-names.pdf", "a ruled table of words alone", "a table need not hold figures")
def names():
    table = words(("姓名", "岗位", "联系方式"), ("林一舟", "登记员", "东桥街办公室"), ("苏晴", "复核员", "档案室"), ("何望", "统计员", "西塔巷服务站"))
    return page(table), known(table)


@case("pdf/tables-side-by-side.pdf", "two ruled tables side by side", "two tables on one level, each with its own rows")
def side_by_side():
    one, other = streets(5), words(("年份", "普查次数"), ("2019年", 3), ("2020年", 5), ("2021年", 2))

    def both(flow):
        top, bottom = flow.y, flow.y
        for table, frame in ((one, (60, 300)), (other, (330, 535))):
            flow.style.frames, flow.y = [frame], top
            set_table(flow, table)
            bottom = max(bottom, flow.y)
        flow.style.frames, flow.y = None, bottom + 12

    return page(both), known(one, other)


@case("pdf/table-in-column.pdf", "an unruled table in the left of two columns of prose", "the prose beside it is none of it")
def in_column():
    table = streets(5)
    prose = [Text("p", PROSE) for _ in range(12)]
    return file([*prose[:3], table, *prose[3:]], Style(rules=pdf_rules.none, frames=[(50, 285), (310, 545)], height=520)), known(table)


@case("pdf/table-over-three-pages.pdf", "a ruled list over three pages, its header repeated", "one table; the repeated headers are gone")
def over_pages():
    rows = [(f"{n}", f"{STREETS[n % 7]}{n}号", 2 + n * 7 % 90, 30 + n * 13 % 400) for n in range(1, 90)]
    table = words(("序号", "地址", "户数", "面积"), *rows)
    return page(table, repeat=1, furniture=numbered), known(table)


def numbered(style, page, index, count):
    page.text(290, style.height - 40, 9, str(index + 1), style.font)


@case("pdf/no-table-contents.pdf", "a table of contents with dotted leaders", "lines of words and page numbers are a list, and what they are is not said")
def contents():
    def leaders(flow):
        for n, name in enumerate(["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "存在的主要问题"], 1):
            flow.y += 20
            text = f"{'一二三四'[n - 1]}、{name}"
            wide = flow.style.font.advance(text) * 10.5
            draw(flow.style, flow.at, 60, flow.y, 10.5, text + "." * int((440 - wide) / 5.25) + f" {n * 3}")
    return file([Text("title", "目　录"), leaders, Text("p", PROSE)]), no_report("no_report_found", "review") | {"tables": []}


@case("pdf/no-table-letter.pdf", "a letter: addresses at both sides, short lines, a signature", "gaps at one place in a few lines are no columns")
def letter():
    blocks = [Text("p", "各社区居民委员会："), Text("p", PROSE), Text("p", "一是按时报送；"), Text("p", "二是逐户核对；"), Text("p", "三是妥善保管。"),
              Text("p", PROSE), Text("sign", "青枫市统计局"), Text("date", "2024年3月5日")]
    return file(blocks), no_report("no_report_found", "review") | {"tables": []}


@case("pdf/no-table-frame.pdf", "a paragraph in a drawn frame", "one box with prose in it is no table")
def frame():
    def framed(flow):
        top = flow.y
        for line in lines_of(PROSE, 440, 10.5, flow.style.font):
            flow.y += 17
            draw(flow.style, flow.at, 72, flow.y, 10.5, line)
        flow.y += 10
        flow.at.op(f"0.8 w 60 {flow.style.height - flow.y:.2f} 475 {flow.y - top:.2f} re S")
        flow.y += 12
    return page(framed), no_report("no_report_found", "review") | {"tables": []}
