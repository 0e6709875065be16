"""A table and a paragraph as every writer here takes them: cells with spans, placed as HTML places them."""

from dataclasses import dataclass, field


@dataclass
class Cell:
    text: str = ""
    columns: int = 1
    rows: int = 1
    key: str = ""  # the figure that stands here
    xml: str = ""  # Word only: the content of the cell, in place of `text`
    wrap: object = None  # Word only: a function from the cell's XML to what stands in its place


@dataclass
class Row:
    cells: list
    header: bool = False
    properties: str = ""  # Word only: the content of w:trPr
    wrap: object = None  # Word only: a function from the row's XML to what stands in its place


@dataclass
class Table:
    columns: int
    rows: list = field(default_factory=list)
    wrap: object = None  # Word only: a function from the table's XML to what stands in its place

    def add(self, *cells, header=False):
        self.rows.append(Row(list(cells), header))

    def cell(self, key):
        return next(cell for row in self.rows for cell in row.cells if cell.key == key)

    def labelled(self, text):
        return next(cell for row in self.rows for cell in row.cells if cell.text == text)

    def row_of(self, key):
        """The row in which the figure stands."""
        return next(row for row in self.rows if any(cell.key == key for cell in row.cells))

    def row_starting(self, prefix):
        return next(index for index, row in enumerate(self.rows) if row.cells[0].text.startswith(prefix))

    def laid_out(self):
        """Rows of slots, left to right: (cell, True) where a cell begins, (cell, False) where one goes on from above."""
        going_on = {}  # column -> (cell, rows left)
        for row in self.rows:
            slots, column, waiting = [], 0, list(row.cells)
            while column < self.columns:
                if column in going_on:
                    cell, left = going_on.pop(column)
                    slots.append((column, cell, False))
                    if left > 1:
                        going_on[column] = (cell, left - 1)
                elif waiting:
                    cell = waiting.pop(0)
                    slots.append((column, cell, True))
                    if cell.rows > 1:
                        going_on[column] = (cell, cell.rows - 1)
                else:
                    break
                column += cell.columns
            assert not waiting, f"row is wider than the table: {[cell.text for cell in waiting]}"
            yield row, slots


@dataclass
class Text:
    kind: str  # title, p, h1, h2, sign, date
    text: str
    xml: str = ""  # Word only: the whole paragraph, in place of `text`


def cut(table, at, header_rows=0):
    """Two tables in place of one, cut above row `at`; cells that reach over the cut go on empty below. The header is repeated on demand."""
    top, bottom = Table(table.columns), Table(table.columns)
    bottom.rows = [copy_of_row(row) for row in table.rows[:header_rows]]
    reaching = {}  # id of a cell -> how many of its rows stand below the cut
    for index, (row, slots) in enumerate(list(table.laid_out())):
        cells = []
        for _, cell, begins in slots:
            if begins:
                cells.append(cell)
                if index < at < index + cell.rows:
                    reaching[id(cell)] = index + cell.rows - at
                    cell.rows = at - index
            elif index == at:
                cells.append(Cell("", cell.columns, reaching[id(cell)]))
        (top if index < at else bottom).rows.append(Row(cells, row.header, row.properties, row.wrap))
    return top, bottom


def copy_of_row(row):
    return Row([Cell(cell.text, cell.columns, cell.rows) for cell in row.cells], row.header)


def stack(*tables):
    """One table of several, one under the other; the narrower ones are widened at their last cells."""
    width = max(table.columns for table in tables)
    stacked = Table(width)
    for table in tables:
        for row, slots in table.laid_out():
            _, last, begins = slots[-1]
            if begins:
                last.columns += width - table.columns
            stacked.rows.append(row)
    return stacked
