"""What stands in the cells of a table, and how it lies in them."""

from case import Made, case
from pdf import Song
from pdf_fonts import Vertical
from pdf_layout import Style, draw, file, set_cell
from report import Report
from table import Text

NARROW = {10: [15, 66, 142, *[36] * 7]}
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
UPRIGHT = Song("UniGB-UCS2-V", name="FV")
UPRIGHT_GBK = Song("GBK-EUC-V", name="FV", base="SimSun")


def shown(name, form="2021", **style):
    report = Report("pdf-" + name, form)
    return file(report.blocks(), Style(**style)), [report.truth()]


@case("pdf/vertical-one-a-line.pdf", "三、本年度办理结果 one character a line", "a column as wide as one character: the lines of a cell are one word")
def one_a_line():
    return shown("vertical-one-a-line", widths={**Style().widths, **NARROW})


@case("pdf/vertical-groups.pdf", "the group labels one character a line too", "（三）不予公开 with its brackets down a narrow column")
def vertical_groups():
    return shown("vertical-groups", "2019", widths={**Style().widths, 10: [15, 15, 190, *[36] * 7]})


@case("pdf/vertical-headers.pdf", "the headers of table 4 one character a line", "fifteen narrow columns, 结 果 维 持 down each")
def vertical_headers():
    return shown("vertical-headers", widths={**Style().widths, 15: [16] * 15}, fixed=True, cell_size=8)


def upright(font):
    """Long labels of narrow cells in a font that runs down: the place given is the middle of the column, at the top of the first glyph."""
    def cell_text(style, page, box, lines):
        word = "".join(lines)
        if box.right - box.left > 32 or len(word) < 5 or word.isdigit():
            return False
        size = style.cell_size
        top = (box.top + box.bottom - len(word) * size) / 2
        page.text((box.left + box.right) / 2, top, size, word, font)
        return True
    return cell_text


@case("pdf/vertical-font.pdf", "三、本年度办理结果 in a vertical font: UniGB-UCS2-V", "one run that goes down")
def vertical_font():
    return shown("vertical-font", cell_text=upright(UPRIGHT))


@case("pdf/vertical-font-gbk.pdf", "the label of the outcome in GBK-EUC-V", "a vertical font by its bytes")
def vertical_font_gbk():
    return shown("vertical-font-gbk", "2019", cell_text=upright(UPRIGHT_GBK))


@case("pdf/vertical-font-identity.pdf", "the label of the outcome in Identity-V", "glyph numbers written downwards; ToUnicode says what they are")
def vertical_font_identity():
    report = Report("pdf-vertical-font-identity")
    font = Vertical(name="FV", base="AAAAAB+WenQuanYiZenHei")
    return Made("WenQuanYi Zen Hei", repr(report.blocks()).encode(), lambda: file(report.blocks(), Style(cell_text=upright(font)))), [report.truth()]


def turned(matrix, down):
    """The same labels in the horizontal font, turned by a quarter."""
    def cell_text(style, page, box, lines):
        word = "".join(lines)
        if box.right - box.left > 32 or len(word) < 5 or word.isdigit():
            return False
        size = style.cell_size
        long = style.font.advance(word) * size
        middle, centre = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        x = middle - 0.38 * size if down else middle + 0.38 * size
        page.text(x, centre - long / 2 if down else centre + long / 2, size, word, style.font, matrix=matrix)
        return True
    return cell_text


@case("pdf/turned-up.pdf", "三、本年度办理结果 turned to run up", "text rotated by 90 degrees, its first character at the foot")
def turned_up():
    return shown("turned-up", cell_text=turned((0, 1, -1, 0), False))


@case("pdf/turned-down.pdf", "三、本年度办理结果 turned to run down", "text rotated by 270 degrees, its first character at the head")
def turned_down():
    return shown("turned-down", "2019", cell_text=turned((0, -1, 1, 0), True))


@case("pdf/full-width-digits.pdf", "all figures in full-width digits", "１２３ is 123")
def full_width():
    report = Report("pdf-full-width-digits")
    for key, value in report.figures.items():
        report.show(key, str(value).translate(WIDE_DIGITS))
    return file(report.blocks(), Style(cell_size=6.5, widths={**Style().widths, 10: [26, 66, 125, *[36] * 6, 42]})), [report.truth()]


def with_marks(name, text, state, **style):
    report = Report("pdf-" + name, sparse=True)
    for key in [key for key, value in report.figures.items() if value == 0]:
        report.show(key, text, state)
    return file(report.blocks(), Style(**style)), [report.truth()]


@case("pdf/blank-for-zero.pdf", "blank ruled cells for 0", "a cell without text is blank, not missing")
def blank_zero():
    return with_marks("blank-for-zero", "", "blank")


@case("pdf/dash-for-zero.pdf", "a dash for 0 in ruled cells", "a dash of text is no rule, a rule is no dash")
def dash_zero():
    return with_marks("dash-for-zero", "—", "dash")


@case("pdf/slash-for-zero.pdf", "a slash for 0 in ruled cells", "a dash counts as read where its sums hold")
def slash_zero():
    return with_marks("slash-for-zero", "/", "dash")


@case("pdf/zero-and-blank.pdf", "0, blank and dash in turn", "three different things side by side")
def zero_and_blank():
    report = Report("pdf-zero-and-blank", sparse=True)
    for index, key in enumerate(key for key, value in list(report.figures.items()) if value == 0):
        if index % 3:
            report.show(key, *(("", "blank") if index % 3 == 1 else ("-", "dash")))
    return file(report.blocks()), [report.truth()]


@case("pdf/figures-wrapped.pdf", "figures of four and five digits broken over two lines", "a narrow cell breaks 12345 after 123: the figure whole, or lost; never 123")
def figures_wrapped():
    report = Report("pdf-figures-wrapped")

    def cell_text(style, page, box, lines):
        if not box.cell.key.startswith("requests") or len(lines) != 1 or len(lines[0]) < 4:
            return False
        box.lines = [lines[0][:3], lines[0][3:]]
        set_cell(Style(font=style.font, cell_size=style.cell_size), page, box)
        return True

    long = [key for key in report.figures if key.startswith("requests") and len(report.printed(key)) > 3]
    truth = report.truth(None, may_be_lost=long)
    return file(report.blocks(), Style(cell_text=cell_text, padding=5)), [truth]


@case("pdf/figures-wider-than-cells.pdf", "figures that reach over the rules of their cells", "a figure belongs to the cell that holds most of it")
def figures_wider():
    def cell_text(style, page, box, lines):
        if not box.cell.key.startswith("requests") or len(lines) != 1 or len(lines[0]) < 4:
            return False
        size = (box.right - box.left + 4) / style.font.advance(lines[0])
        draw(style, page, box.left - 2, (box.top + box.bottom) / 2 + 0.36 * size, size, lines[0])
        return True
    return shown("figures-wider-than-cells", cell_text=cell_text, widths={**Style().widths, 10: [26, 66, 173, *[30] * 7]})


@case("pdf/several-paragraphs.pdf", "labels of two paragraphs in one cell", "a new line in a cell begins no row")
def several_paragraphs():
    report = Report("pdf-several-paragraphs")
    report.labels["（二）部分公开（区分处理的，只计这一情形，不计其他情形）"] = "（二）部分公开\n（区分处理的，只计这一情形，不计其他情形）"
    report.labels["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"] = "（本列数据的勾稽关系为：\n第一项加第二项之和，\n等于第三项加第四项之和）"
    return file(report.blocks()), [report.truth()]


@case("pdf/notes-in-cells.pdf", "figures with a note on the next line of the cell", "22 and below it （其中修订16件）: the number is 22")
def notes():
    report = Report("pdf-notes-in-cells")
    for key, note in [("disclosure.normative_documents.issued", "（其中修订16件）"), ("requests.received.total", "（含转办3件）")]:
        report.show(key, f"{report.figures[key]}\n{note}")
    return file(report.blocks(), Style(cell_size=7)), [report.truth()]


@case("pdf/note-under-table.pdf", "a note with figures right below table 3", "注：… is no row of the table")
def note_under():
    report = Report("pdf-note-under-table")
    note = Text("p", "注：表中数据截至2023年12月31日，含网上申请12件、信函申请7件。")
    return file(report.blocks(requests=[report.requests_table(), note])), [report.truth()]


@case("pdf/unit-above-table.pdf", "a unit at the right above each table", "（单位：件） is no header")
def unit_above():
    report = Report("pdf-unit-above-table")
    unit = Text("sign", "单位：件")
    blocks = report.blocks(requests=[unit, report.requests_table()], remedies=[unit, report.remedies_table()])
    return file(blocks), [report.truth()]


@case("pdf/rows-as-one-string.pdf", "each row of table 3 written as one string with blanks", "the string crosses the rules; the blanks tell where the cells are")
def rows_as_strings():
    rows = {}

    def cell_text(style, page, box, lines):
        if not box.cell.key:
            return False
        rows.setdefault((id(page), round(box.top)), []).append(box)
        if box.cell.key.endswith("total") or "." not in box.cell.key or not box.cell.key.startswith("requests"):
            write(style, page, rows.pop((id(page), round(box.top))))
        return True

    def write(style, page, boxes):
        size, text, at = style.cell_size, "", boxes[0].left
        for box in boxes:
            word = "".join(box.lines)
            start = (box.left + box.right - style.font.advance(word) * size) / 2
            blanks = max(1 if text else 0, round((start - at - style.font.advance(text) * size) / (size / 2)))
            text += " " * blanks + word
        draw(style, page, at, (boxes[0].top + boxes[0].bottom) / 2 + 0.36 * size, size, text)

    return shown("rows-as-one-string", cell_text=cell_text)


@case("pdf/text-against-rules.pdf", "labels and figures right against the rules", "no padding: glyphs touch the lines")
def against_rules():
    return shown("text-against-rules", "2019", padding=0.3)


@case("pdf/water-mark.pdf", "a slanted water mark across every page", "large grey words under the table belong to no cell")
def water_mark():
    report = Report("pdf-water-mark")

    def furniture(style, page, index, count):
        page.use(style.font)
        mark = f"q 0.85 g BT /{style.font.name} 60 Tf 0.7071 0.7071 -0.7071 0.7071 150 250 Tm {style.font.show('政府信息公开')} Tj ET Q"
        page.ops.insert(0, mark)

    return file(report.blocks(), Style(furniture=furniture)), [report.truth()]


@case("pdf/superscript-notes.pdf", "small raised numbers beside figures", "5 with a raised 1 is 5 and a note, not 51")
def superscripts():
    report = Report("pdf-superscript-notes")
    marked = ["requests.received.total", "requests.outcome.granted.natural_person", "disclosure.licensing.decisions"]

    def cell_text(style, page, box, lines):
        set_cell(Style(font=style.font, cell_size=style.cell_size), page, box)
        if box.cell.key in marked:
            size = style.cell_size
            x = (box.left + box.right + style.font.advance(lines[0]) * size) / 2
            page.text(x + 0.3, (box.top + box.bottom) / 2 - 1, size * 0.55, str(marked.index(box.cell.key) + 1), style.font)
        return True

    return file(report.blocks(), Style(cell_text=cell_text)), [report.truth(None, may_be_lost=marked)]


@case("pdf/long-labels-middle.pdf", "labels of four lines, figures at half their height", "a figure stands between two lines of its label")
def long_labels():
    return shown("long-labels-middle", widths={**Style().widths, 10: [26, 50, 70, *[47] * 7]})


@case("pdf/long-labels-top.pdf", "labels of four lines, figures at the height of the first", "the rest of the label stands alone")
def long_labels_top():
    return shown("long-labels-top", widths={**Style().widths, 10: [26, 50, 70, *[47] * 7]}, middle=False)


@case("pdf/hanging-marks.pdf", "closing marks that hang over the right rule of their cells", "the 、 at the end of a line stands in the next cell, and belongs to its own")
def hanging_marks():
    return shown("hanging-marks", widths={**Style().widths, 10: [26, 50, 70, *[47] * 7]}, hang=True)
