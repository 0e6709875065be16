"""Blocks set on pages: lines of text, tables with their rules, and where the page breaks. Points, y down."""

import re
from dataclasses import dataclass, field

import pdf_rules
from pdf import Page, Pdf, Song
from table import Cell, Text

SIZES = {"title": 16, "h1": 12, "h2": 10.5, "p": 10.5, "sign": 10.5, "date": 10.5, "centre": 10.5}


@dataclass
class Style:
    """How a document looks. What a case is about is one field that differs."""

    width: float = 595
    height: float = 842
    left: float = 60
    right: float = 60
    top: float = 72
    bottom: float = 72
    frames: list = None  # left and right of the columns of a page; None is one column between the margins
    font: object = field(default_factory=Song)
    size: float = 10.5  # of paragraphs
    cell_size: float = 9
    padding: float = 3
    leading: float = 1.6
    cell_leading: float = 1.25
    rules: object = pdf_rules.strokes  # function(page, boxes): draws the lines of a table
    text: object = None  # function(page, x, y, size, text, font): draws one line; None is the plain way
    cell_text: object = None  # function(style, page, box, lines) -> bool: draws the text of a cell itself when it says so
    middle: bool = True  # text in the middle of its cell; else at its top
    hang: bool = False  # whether a closing mark may hang over the edge of its cell
    repeat: int = 0  # header rows that stand again on each page
    breaks: dict = field(default_factory=dict)  # the first label of a row, or `columns:row` -> lines of the row that stay above a page break put there
    cuts: list = field(default_factory=list)  # where on its page each break of `breaks` fell
    furniture: object = None  # function(style, page, index, count): header, footer, page number
    page: object = Page  # function(width, height) -> Page
    widths: dict = field(default_factory=lambda: {4: [150, 108, 108, 109], 10: [26, 66, 131, *[36] * 7], 15: [31] * 14 + [41]})

    fixed: bool = False  # whether `widths` are points, and not shares of the room

    def columns(self, count):
        room = self.frame(0)[1] - self.frame(0)[0]
        widths = self.widths.get(count) or [room / count] * count
        if self.fixed:
            return widths
        return [width * room / sum(widths) for width in widths]

    def frame(self, index):
        return (self.frames or [(self.left, self.width - self.right)])[index]


@dataclass
class Box:
    """A cell, or the part of one that stands on one page."""

    left: float
    top: float
    right: float
    bottom: float
    cell: Cell
    header: bool = False
    lines: list = None  # the lines of its text that stand in this part


class Flow:
    """The pages so far, and how far the current one is filled."""

    def __init__(self, style):
        self.style, self.pages, self.frame = style, [], 0
        self.new_page()

    def new_page(self):
        self.pages.append(self.style.page(self.style.width, self.style.height))
        self.frame, self.y = 0, self.style.top

    def next_frame(self):
        if self.style.frames and self.frame + 1 < len(self.style.frames):
            self.frame, self.y = self.frame + 1, self.style.top
        else:
            self.new_page()

    @property
    def at(self):
        return self.pages[-1]

    @property
    def room(self):
        return self.style.height - self.style.bottom - self.y

    def ends(self):
        return self.style.frame(self.frame)

    def write(self, x, y, size, text):
        draw(self.style, self.at, x, y, size, text)


def draw(style, page, x, y, size, text):
    if style.text:
        style.text(page, x, y, size, text, style.font)
    else:
        page.text(x, y, size, text, style.font)


def file(blocks, style=None, encrypt=None):
    """A PDF of the blocks."""
    pdf = Pdf()
    for page in pages_of(blocks, style or Style()):
        pdf.add_page(page)
    return pdf.file(encrypt)


def pages_of(blocks, style):
    """The pages of a document."""
    flow = Flow(style)
    for block in blocks:
        if isinstance(block, Text):
            set_text(flow, block)
        elif callable(block):
            block(flow)
        else:
            set_table(flow, block)
            flow.y += 10
    assert len(style.cuts) == len(style.breaks), style.breaks
    if style.furniture:
        for index, page in enumerate(flow.pages):
            style.furniture(style, page, index, len(flow.pages))
    return flow.pages


# Paragraphs.

def set_text(flow, block):
    style = flow.style
    size = SIZES.get(block.kind, style.size) * style.size / 10.5
    step = size * style.leading
    left, right = flow.ends()
    indent = 2 * size if block.kind in ("p", "h1", "h2") else 0
    if block.kind in ("title", "h1"):
        flow.y += 4
    for index, line in enumerate(lines_of(block.text, right - left, size, style.font, indent)):
        if flow.room < step:
            flow.next_frame()
            left, right = flow.ends()
        wide = style.font.advance(line) * size
        x = {"title": (left + right - wide) / 2, "centre": (left + right - wide) / 2, "sign": right - wide - 20, "date": right - wide - 20}.get(block.kind, left)
        flow.write(x + (indent if index == 0 else 0), flow.y + size, size, line)
        flow.y += step


def lines_of(text, room, size, font, indent=0, hang=False):
    """Lines as a program breaks them: anywhere between two Chinese characters, never inside a number or a Latin word, and never before a
    mark that closes something: the character before it goes along, or, with `hang`, the mark hangs over the edge."""
    lines = []
    for paragraph in text.split("\n"):
        line, left = "", room - indent
        for word in re.findall(r"[!-~]+|.", paragraph):
            wide = font.advance(word) * size
            closing = word in "，。、；：）”"
            if wide > left + 0.01 and line and not (closing and hang):
                along = line[-1] if closing and len(line) > 1 else ""
                lines.append(line[:-1] if along else line)
                line, left = along, room - font.advance(along) * size
            line, left = line + word, left - wide
        lines.append(line)
        indent = 0
    return lines


# Tables.

def set_table(flow, table):
    style = flow.style
    left, _ = flow.ends()
    xs = [left]
    for width in style.columns(table.columns):
        xs.append(xs[-1] + width)
    rows = list(table.laid_out())
    cell_lines = {}
    for _, slots in rows:
        for column, cell, begins in slots:
            if begins:
                room = xs[column + cell.columns] - xs[column] - 2 * style.padding
                cell_lines[id(cell)] = lines_of(cell.text, room, style.cell_size, style.font, hang=style.hang) if cell.text else []
    heights = row_heights(style, rows, cell_lines)
    Setter(flow, xs, rows, heights, cell_lines).set()


def row_heights(style, rows, cell_lines):
    step = style.cell_size * style.cell_leading
    need = lambda cell: max(1, len(cell_lines[id(cell)])) * step + 2 * style.padding
    heights = [max((need(cell) for _, cell, begins in slots if begins and cell.rows == 1), default=step) for _, slots in rows]
    for index, (_, slots) in enumerate(rows):
        for _, cell, begins in slots:
            if begins and cell.rows > 1:
                span = range(index, min(index + cell.rows, len(rows)))
                missing = need(cell) - sum(heights[at] for at in span)
                for at in span if missing > 0 else ():
                    heights[at] += missing / len(span)
    return heights


class Setter:
    """One table, row after row; a strip of it ends where the page does."""

    def __init__(self, flow, xs, rows, heights, cell_lines):
        self.flow, self.style, self.xs, self.rows, self.heights, self.lines = flow, flow.style, xs, rows, heights, cell_lines
        self.boxes, self.open = [], {}  # open: id of a cell -> its box on this page
        self.waiting = {}  # id of a cell that reaches over the page -> lines that found no room in its upper part

    def set(self):
        for index in range(len(self.rows)):
            cut = self.style.breaks.get(self.label(index), self.style.breaks.get(f"{len(self.xs) - 1}:{index}"))
            if cut == 0:
                self.style.cuts.append(self.flow.y)
            if cut == 0 or (cut is None and self.heights[index] > self.flow.room + 0.01):
                self.turn(index)
            if cut:
                self.cut_row(index, cut)
            else:
                self.strip(index, self.heights[index])
        self.finish()

    def label(self, index):
        """What names a row in `breaks`: the label that it begins with."""
        return next((cell.text for _, cell, begins in self.rows[index][1] if begins and cell.text), "")

    def strip(self, index, height, part=(0, None)):
        top = self.flow.y
        row, slots = self.rows[index]
        for column, cell, begins in slots:
            last = cell.rows == 1 or self.ends_here(index, cell)
            if id(cell) not in self.open:
                box = Box(self.xs[column], top, self.xs[column + cell.columns], top + height, cell, row.header)
                box.lines = self.text_of(cell, begins, part)
                self.open[id(cell)] = box
                self.boxes.append(box)
            self.open[id(cell)].bottom = top + height
            if last:
                del self.open[id(cell)]
        self.flow.y += height

    def text_of(self, cell, begins, part):
        """A cell of one row is cut with its row; one of several rows says what finds room where it begins, the rest on the next page."""
        lines = self.lines[id(cell)]
        if cell.rows == 1:
            return lines[part[0]:part[1]]
        return lines if begins and part[0] == 0 else self.waiting.pop(id(cell), [])

    def ends_here(self, index, cell):
        return index + 1 >= len(self.rows) or all(other is not cell for _, other, _ in self.rows[index + 1][1])

    def cut_row(self, index, lines):
        """A row whose first lines stay on this page, the rest on the next."""
        step = self.style.cell_size * self.style.cell_leading
        above = lines * step + 2 * self.style.padding
        rest = max(self.heights[index] - lines * step, step + 2 * self.style.padding)
        self.strip(index, above, (0, lines))
        self.style.cuts.append(self.flow.y)
        self.turn(index, repeat=not self.rows[index][0].header)
        self.strip(index, rest, (lines, None))

    def turn(self, index, repeat=True):
        self.finish()
        self.flow.next_frame()
        shift = self.flow.ends()[0] - self.xs[0]
        self.xs = [x + shift for x in self.xs]
        if repeat and index >= self.style.repeat:
            for header in range(self.style.repeat):
                self.strip(header, self.heights[header])

    def finish(self):
        step = self.style.cell_size * self.style.cell_leading
        for key, box in self.open.items():
            fitting = max(1, int((box.bottom - box.top - self.style.padding) / step))
            box.lines, self.waiting[key] = box.lines[:fitting], box.lines[fitting:]
        for box in self.boxes:
            set_cell(self.style, self.flow.at, box)
        self.style.rules(self.flow.at, self.boxes)
        self.boxes, self.open = [], {}


def set_cell(style, page, box):
    if style.cell_text and style.cell_text(style, page, box, box.lines):
        return
    size = style.cell_size
    step = size * style.cell_leading
    high = len(box.lines) * step
    y = (box.top + box.bottom - high) / 2 if style.middle else box.top + style.padding
    for line in box.lines:
        wide = style.font.advance(line) * size
        x = box.left + style.padding if left_aligned(box) else (box.left + box.right - wide) / 2
        draw(style, page, x, y + size * 0.95, size, line)
        y += step


def left_aligned(box):
    return not box.header and not box.cell.key and box.right - box.left > 60
