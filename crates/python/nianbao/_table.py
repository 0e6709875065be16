"""Tables: every one that a file holds, those of no form too, with spans and places."""

from __future__ import annotations

import json
import typing
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional, Union

from . import _engine, _html
from ._errors import NianbaoError, error
from ._read import Source as AnySource
from ._read import documents
from ._report import Warning
from ._settings import settings

if typing.TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Box = typing.Tuple[float, float, float, float]


@dataclass(frozen=True)
class Span:
    """The place of a merged cell, rows and columns from 0."""

    row: int
    col: int
    row_span: int
    col_span: int


@dataclass(frozen=True)
class Cell(Span):
    """A cell; a merged one is one cell."""

    text: str
    #: `column_header`, `row_header`, `body` …
    role: str
    #: From 1; `None` where the format has no pages.
    page: Optional[int]
    #: Left, top, right, bottom in points, from the top left of its page.
    bbox: Optional[Box]
    #: Where it stands in the source.
    at: str


class Table:
    """A table of a file.

    >>> table = nianbao.tables("corpus/docx/plain-2021.docx")[1]
    >>> table
    <Table 2 of corpus/docx/plain-2021.docx: 28 rows, 10 columns>
    >>> table.spans[0]
    Span(row=0, col=0, row_span=3, col_span=3)
    >>> table.origins[3][3]
    'table 2 R4C4'
    """

    def __init__(self, line: str, index: int) -> None:
        """From a line of `nianbao tables`, and the number of the table in it, from 0."""
        self._line = line
        self.index = index
        data = json.loads(line)
        self.path: str = data["source"]["path"]
        self._data: dict[str, Any] = data["tables"][index]

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns it has."""
        return self._data["rows"], self._data["columns"]

    @property
    def page(self) -> Optional[int]:
        """Its first page, from 1; `None` where the format has no pages."""
        return typing.cast(Optional[int], self._data["page"])

    @property
    def bbox(self) -> Optional[Box]:
        """Where it stands on that page: left, top, right, bottom in points."""
        return box(self._data["bbox"])

    @property
    def nested_in(self) -> Optional[dict[str, int]]:
        """Where a nested table stands: the index of the outer `table`, and its `row` and `col`, from 0."""
        return typing.cast("Optional[dict[str, int]]", self._data.get("nested_in"))

    @cached_property
    def cells(self) -> list[Cell]:
        """Its cells, row by row."""
        return [
            Cell(of["row"], of["col"], of["row_span"], of["col_span"], of["text"], of["role"], of["page"], box(of["bbox"]), of["at"])
            for of in self._data["cells"]
        ]

    @property
    def spans(self) -> list[Span]:
        """The places of its merged cells."""
        merged = (cell for cell in self.cells if cell.row_span > 1 or cell.col_span > 1)
        return [Span(cell.row, cell.col, cell.row_span, cell.col_span) for cell in merged]

    @property
    def rows(self) -> list[list[Optional[str]]]:
        """The texts, row by row. That of a merged cell stands where the cell begins; the other places it covers are `None`."""
        return self._grid(lambda cell: cell.text, fill=False)

    @property
    def origins(self) -> list[list[Optional[str]]]:
        """Where each place of the grid stands in the source; all places of a merged cell say where that cell stands."""
        return self._grid(lambda cell: cell.at, fill=True)

    def _grid(self, of: typing.Callable[[Cell], str], fill: bool) -> list[list[Optional[str]]]:
        height, width = self.shape
        grid: list[list[Optional[str]]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + (cell.row_span if fill else 1)):
                for col in range(cell.col, cell.col + (cell.col_span if fill else 1)):
                    grid[row][col] = of(cell)
        return grid

    def columns(self, fill: bool = False) -> dict[str, list[Optional[str]]]:
        """The texts below the header, column by column, under the names that the header gives them: the headers over a column, from the top
        down. `fill` repeats the text of a merged cell in every place that it covers."""
        height, width = self.shape
        head = self._head()
        over = self._grid(lambda cell: cell.text, fill=True)
        grid = self._grid(lambda cell: cell.text, fill)
        columns: dict[str, list[Optional[str]]] = {}
        for col in range(width):
            labels = [" ".join((over[row][col] or "").split()) for row in range(head)]
            name = " · ".join(dict.fromkeys(filter(None, labels))) or str(col)
            # Two columns of one name are two columns.
            while name in columns:
                name += f" ({col})"
            columns[name] = [grid[row][col] for row in range(head, height)]
        return columns

    def _head(self) -> int:
        """How many rows at the top hold nothing but headers of columns."""
        height, _ = self.shape
        below = (cell.row for cell in self.cells if cell.role != "column_header")
        return min(below, default=0 if not self.cells else height)

    def to_arrow(self, *, fill: bool = False, cells: bool = False) -> pyarrow.Table:
        """A pyarrow table: a row for each row below the header, as :meth:`columns` says. With `cells`, a row for each cell instead, with its
        span, role and place: the columns of `cells.parquet`.

        >>> nianbao.tables("corpus/docx/plain-2021.docx")[0].to_arrow(cells=True).slice(0, 1).select(["row", "col_span", "text"]).to_pylist()
        [{'row': 0, 'col_span': 4, 'text': '第二十条第（一）项'}]
        """
        import pyarrow

        if cells:
            return pyarrow.table(_engine.cells(self._line, self.index))
        text = pyarrow.string()
        columns = self.columns(fill)
        return pyarrow.table([pyarrow.array(column, text) for column in columns.values()], names=list(columns))

    def to_pandas(self, *, fill: bool = False, cells: bool = False) -> pandas.DataFrame:
        """The same as a pandas data frame."""
        return self.to_arrow(fill=fill, cells=cells).to_pandas()

    def to_polars(self, *, fill: bool = False, cells: bool = False) -> polars.DataFrame:
        """The same as a polars data frame."""
        import polars

        if cells:
            return polars.DataFrame(_engine.cells(self._line, self.index))
        columns = self.columns(fill)
        return polars.DataFrame(columns, schema={name: polars.String for name in columns})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and (self._line, self.index) == (other._line, other.index)

    def __hash__(self) -> int:
        return hash((self._line, self.index))

    def __reduce__(self) -> tuple[type[Table], tuple[str, int]]:
        return Table, (self._line, self.index)

    def __repr__(self) -> str:
        height, width = self.shape
        return f"<Table {self.index + 1} of {self.path or 'bytes'}: {height} rows, {width} columns>"

    def _repr_html_(self) -> str:
        """The table as it stands, for notebooks."""
        return _html.table(self)


class Tables(typing.List[Table]):
    """Tables; what had to be guessed or left out in reading, and why some documents hold none."""

    def __init__(self, tables: list[Table], warnings: list[Warning], errors: list[NianbaoError]) -> None:
        super().__init__(tables)
        self.warnings = warnings
        self.errors = errors


def box(edges: Optional[list[float]]) -> Optional[Box]:
    if edges is None:
        return None
    left, top, right, bottom = edges
    return left, top, right, bottom


def tables(
    source: AnySource,
    *,
    name: Optional[str] = None,
    isolation: str = "process",
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
) -> Tables:
    """Every table that a file, or the bytes of one, holds; of an archive those of all its members. See :func:`nianbao.extract`.

    A file that cannot be read is an exception; a member of an archive that cannot is one in `errors`. A file without tables is an empty list.

    >>> table = nianbao.tables("corpus/docx/plain-2021.docx")[2]
    >>> print(table.to_pandas().shape)
    (1, 15)
    """
    told = settings(isolation=isolation, memory=memory, timeout=timeout, stall=stall, tables=True)
    found = documents(source, name, told)
    read: list[Table] = []
    warnings: list[Warning] = []
    errors: list[NianbaoError] = []
    for document in found:
        data: dict[str, Any] = json.loads(document.tables) if document.tables else {}
        if document.tables is None or "error" in data:
            kind, message = document.failure or ("crashed", "nothing came of it")
            errors.append(error(kind, document.path, message))
            continue
        read += [Table(document.tables, index) for index in range(len(data["tables"]))]
        warnings += [Warning(of["kind"], of["message"], tuple(of["at"])) for of in data["warnings"]]
    if len(found) == len(errors) == 1 and "!" not in errors[0].path:
        raise errors[0]
    return Tables(read, warnings, errors)
