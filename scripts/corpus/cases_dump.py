"""Sound text dumps: each grammar, each encoding."""

import dumps
from case import case, no_report
from report import Report
from table import Text


def plain(name, table, form="2021", gap="\n", **more):
    report = Report(name, form, **more)
    return dumps.dump(report.blocks(), table, gap).encode(), [report.truth()]


@case("text/cell-a-line-2021.txt", "a cell a line, 2021 form", "as Tika writes a Word table")
def cell_a_line_2021():
    return plain("cell-a-line-2021", dumps.cell_a_line)


@case("text/cell-a-line-2019.txt", "a cell a line, 2019 form", "as Tika writes a Word table")
def cell_a_line_2019():
    return plain("cell-a-line-2019", dumps.cell_a_line, "2019")


@case("text/cell-a-line-sparse.txt", "a cell a line, most figures 0", "the usual small agency")
def cell_a_line_sparse():
    return plain("cell-a-line-sparse", dumps.cell_a_line, sparse=True)


@case("text/padded-tabs-2021.txt", "padded tabs, 2021 form", "every slot of the grid parted by tabs")
def padded_tabs_2021():
    return plain("padded-tabs-2021", dumps.padded_tabs)


@case("text/padded-tabs-2019.txt", "padded tabs, 2019 form", "every slot of the grid parted by tabs")
def padded_tabs_2019():
    return plain("padded-tabs-2019", dumps.padded_tabs, "2019")


@case("text/pipes-2021.txt", "pipes with dropped continuation cells, 2021 form", "as a main-text extractor writes a web table")
def pipes_2021():
    return plain("pipes-2021", dumps.pipes, gap="")


@case("text/pipes-2019.txt", "pipes with dropped continuation cells, 2019 form", "as a main-text extractor writes a web table")
def pipes_2019():
    return plain("pipes-2019", dumps.pipes, "2019", gap="")


@case("text/pipes-sparse.txt", "pipes, most figures 0", "the usual small agency")
def pipes_sparse():
    return plain("pipes-sparse", dumps.pipes, sparse=True)


@case("text/blanks-2021.txt", "cells parted by blanks, 2021 form", "as a PDF printed to text")
def blanks_2021():
    return plain("blanks-2021", dumps.blanks)


@case("text/blanks-2019.txt", "cells parted by blanks, 2019 form", "as a PDF printed to text")
def blanks_2019():
    return plain("blanks-2019", dumps.blanks, "2019")


@case("text/blanks-single.txt", "cells parted by one blank", "label and figures with a single blank between them")
def blanks_single():
    return plain("blanks-single", lambda table: dumps.blanks(table).replace("  ", " "))


@case("text/columns-aligned.txt", "cells aligned in columns by blanks", "as pdftotext -layout writes it")
def aligned():
    return plain("columns-aligned", aligned_table)


def aligned_table(table):
    rows = dumps.grid(table)
    width = lambda text: sum(2 if ord(c) > 0x2000 else 1 for c in text)
    widths = [max(width(row[column]) for row in rows) + 2 for column in range(table.columns)]
    return "".join("".join(text + " " * (widths[i] - width(text)) for i, text in enumerate(row)).rstrip() + "\n" for row in rows)


@case("text/bare-cells-2021.txt", "a cell a line and no mark, 2021 form", "only the order of labels and figures tells the rows; blank lines are merged cells")
def bare_cells_2021():
    return plain("bare-cells-2021", dumps.bare, gap="")


@case("text/bare-cells-2019.txt", "a cell a line and no mark, 2019 form", "only the order of labels and figures tells the rows; blank lines are merged cells")
def bare_cells_2019():
    return plain("bare-cells-2019", dumps.bare, "2019", gap="")


@case("text/bare-cells-sparse.txt", "a cell a line and no mark, most figures 0", "the usual small agency")
def bare_cells_sparse():
    return plain("bare-cells-sparse", dumps.bare, sparse=True, gap="")


@case("text/bare-cells-spaced.txt", "a cell a line and no mark, a blank line after each", "merged cells have gone without a trace")
def bare_cells_spaced():
    text, truth = plain("bare-cells-spaced", lambda table: "\n\n".join(cell for row in dumps.present(table) for cell in row) + "\n")
    return text, truth


@case("text/bare-cells-missing.txt", "a cell a line and no mark, one figure gone", "the sum of its row tells which")
def bare_cells_missing():
    report = Report("bare-cells-missing")
    key = "requests.outcome.granted.research"
    report.may_be_lost = [key]
    blocks = report.blocks()
    gone = report.printed(key)
    text = dumps.dump(blocks, dumps.bare, "")
    label = "（一）予以公开\n"
    head, tail = text.split(label)
    return (head + label + tail.replace(gone + "\n", "", 1)).encode(), [report.truth(None)]


@case("text/repeated-tabs.txt", "merged cells printed in each of their slots", "as a program writes that asks for every slot of a Word table")
def repeated_tabs():
    return plain("repeated-tabs", lambda table: dumps.tabs(dumps.filled(table)))


@case("text/repeated-markdown.txt", "a Markdown table with merged cells printed in each slot", "the grid is whole, also where figures are merged")
def repeated_markdown():
    return plain("repeated-markdown", lambda table: dumps.pipe_rows(dumps.filled(table), table.columns))


@case("text/ruled-rows.txt", "a drawn grid with cells of several lines", "the lines between two rules are one row")
def ruled_rows():
    return plain("ruled-rows", dumps.ruled)


@case("text/narrow-columns.txt", "labels broken by narrow columns", "the figures stand on the first line of their label, the rest of it below")
def narrow_columns():
    return plain("narrow-columns", dumps.narrow, gap="")


@case("text/escapes.txt", "Markdown escapes before points", "1\\. and 26\\.55: the backslash is the tool's")
def escapes():
    text, truth = plain("escapes", dumps.bare, gap="")
    return text.decode().replace(".", "\\.").encode(), truth


@case("text/glued.txt", "table 2 glued: 规章123 for three figures", "one digit a figure: the only even split")
def glued():
    report = Report("glued")
    for key, value in zip([k for k in report.figures if k.startswith("disclosure.")], [3, 1, 5, 2, 4, 8, 6, 9, 7, 0]):
        report.figures[key] = value
    report.may_be_lost = [k for k in report.figures if k.startswith("disclosure.")]
    table = lambda t: glue(t) if t.columns == 4 else dumps.blanks(t)
    return dumps.dump(report.blocks(), table).encode(), [report.truth(None)]


@case("text/glued-zeros.txt", "table 2 glued: 规章000", "as seen: three zeros without a separator")
def glued_zeros():
    report = Report("glued-zeros", sparse=True)
    for key in report.figures:
        if key.startswith("disclosure."):
            report.figures[key] = 0
    table = lambda t: glue(t) if t.columns == 4 else dumps.cell_a_line(t)
    return dumps.dump(report.blocks(), table).encode(), [report.truth()]


@case("text/glued-undecided.txt", "table 2 glued: 规章12122", "five digits for three figures: lost")
def glued_undecided():
    report = Report("glued-undecided")
    keys = [f"disclosure.{row}.{name}" for row in ("rules", "normative_documents") for name in ("issued", "repealed", "in_force")]
    for key, value in zip(keys, [12, 1, 22, 1, 30, 131]):
        report.figures[key] = value
    table = report.disclosure_table()
    report.lose(*keys)
    made = lambda t: glue(t) if t is table else dumps.blanks(t)
    blocks = report.blocks(disclosure=[table])
    return dumps.dump(blocks, made).encode(), [report.truth("review")]


def glue(table):
    """Label and figures of a row without anything between them; header rows by blanks."""
    return "".join(("" if any(cell.key for cell in row.cells) else "  ").join(cell.text for cell in row.cells) + "\n" for row in table.rows)


@case("text/markdown.txt", "a Markdown table", "the grid is whole, the delimiter row is no row")
def markdown():
    return plain("markdown", dumps.markdown)


@case("text/markdown-headings.txt", "a Markdown page with # headings and ** marks", "the marks are no part of a heading")
def markdown_headings():
    report = Report("markdown-headings")
    blocks = report.blocks()
    for block in blocks:
        if isinstance(block, Text):
            block.text = {"title": "# ", "h1": "## ", "h2": "### "}.get(block.kind, "") + block.text + "\n"
    truth = report.truth()
    del truth["title"], truth["headings"]
    return dumps.dump(blocks, dumps.markdown).encode(), [truth]


@case("text/two-reports.txt", "two reports in one dump", "a government and its office, one after the other")
def two_reports():
    first = Report("text-two-reports-1", agency="鹤岭市人民政府")
    second = Report("text-two-reports-2", agency="鹤岭市人民政府办公室", sparse=True)
    text = dumps.dump(first.blocks(), dumps.cell_a_line) + "\n\n" + dumps.dump(second.blocks(), dumps.cell_a_line)
    return text.encode(), [first.truth(), second.truth()]


@case("text/single-other-row.txt", "one row （六）其他处理 in a 2021 form, pipes", "fills outcome.other.total")
def single_other():
    return plain("text-single-other", dumps.pipes, single_other=True)


# Encodings.

@case("text/gb18030.txt", "a dump in GB18030", "known by its content")
def gb18030():
    content, truth = plain("gb18030", dumps.cell_a_line)
    return content.decode().encode("gb18030"), truth


@case("text/utf-16-le-bom.txt", "a dump in UTF-16, little endian, with its mark", "saved by Notepad as Unicode")
def utf_16_le():
    content, truth = plain("utf-16-le-bom", dumps.padded_tabs)
    return b"\xff\xfe" + content.decode().encode("utf-16-le"), truth


@case("text/utf-16-be-bom.txt", "a dump in UTF-16, big endian, with its mark", "the other byte order")
def utf_16_be():
    content, truth = plain("utf-16-be-bom", dumps.pipes)
    return b"\xfe\xff" + content.decode().encode("utf-16-be"), truth


@case("text/utf-8-bom.txt", "a dump in UTF-8 with its mark", "the mark is no part of the title")
def utf_8_bom():
    content, truth = plain("utf-8-bom", dumps.cell_a_line)
    return b"\xef\xbb\xbf" + content, truth


@case("text/crlf.txt", "a dump with CR LF", "a cell a line: a row still ends at a blank line")
def crlf():
    content, truth = plain("crlf", dumps.cell_a_line)
    return content.replace(b"\n", b"\r\n"), truth


@case("text/crlf-tabs.txt", "padded tabs with CR LF", "the last cell of a row holds no CR")
def crlf_tabs():
    content, truth = plain("crlf-tabs", dumps.padded_tabs)
    return content.replace(b"\n", b"\r\n"), truth


# No report.

@case("text/explanatory-page.txt", "a text that explains the report", "no headings and no tables of it")
def explanatory():
    lines = ["石榴溪市统计局2023年政府信息公开工作年度报告解读", "一、为什么要编制年度报告", "法规要求每年一月底前公布。", "二、报告讲了什么", "去年共收到申请8件。"]
    return "\n".join(lines).encode(), no_report()


@case("text/ordinary-table.txt", "a table of another kind", "figures between tabs, but no form")
def ordinary():
    return "防汛物资清点表\n品名\t数量\t仓库\n编织袋\t1200\t一号\n铁锹\t85\t二号\n总计\t1285\t\n".encode(), no_report()
