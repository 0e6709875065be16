"""Reports: what a file says, figure by figure, with the place of each."""

from __future__ import annotations

import datetime
import decimal
import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional, Union

from . import _engine, _html
from ._errors import NianbaoError, error
from ._read import Source as AnySource
from ._read import documents
from ._settings import Path, settings

if typing.TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Figure:
    """A figure of a report."""

    key: str
    #: The number, exactly as it is printed; `None` where there is none. Blank, dash, lost and nought are four different things.
    value: Optional[Union[int, decimal.Decimal]]
    #: The whole text of the cell.
    raw: str
    #: `read`, `blank`, `dash` or `lost`.
    state: str
    #: Where it stands in the source: `table 2 R4C10`, `p3 72,140..310,155`.
    at: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """A rule that the report breaks."""

    rule: str
    #: `info`, `warning` or `error`.
    severity: str
    figures: tuple[str, ...]
    #: Those among them in which broken sums meet.
    suspects: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Warning:
    """Something that had to be guessed or left out in reading."""

    kind: str
    message: str
    at: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section of the text."""

    #: `overview`, `disclosure`, `requests`, `remedies`, `problems` or `other`.
    kind: str
    heading: str
    text: str
    at: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What a report was read from."""

    path: str
    format: Optional[str]
    bytes: Optional[int]
    sha256: Optional[str]
    #: Which report of the document it is, from 1, where that holds several.
    part: Optional[int] = None


class Report(Mapping[str, Figure]):
    """An annual report. As a mapping it holds its figures by their keys, in the order of the form.

    >>> report = nianbao.extract("corpus/docx/plain-2021.docx")
    >>> report
    <Report 2023 云汀县统计局: ok>
    >>> report["disclosure.rules.issued"]
    Figure(key='disclosure.rules.issued', value=669, raw='669', state='read', at=('table 1 R3C2',))
    >>> len(report)
    200
    """

    def __init__(self, line: str, form: Optional[str] = None) -> None:
        """From a line of `nianbao extract`; `form` is the text of the form file, where it was not a built-in form."""
        self._line = line
        self._form = form

    @cached_property
    def _data(self) -> dict[str, Any]:
        # Decimals stay as they are printed.
        data: dict[str, Any] = json.loads(self._line, parse_float=decimal.Decimal)
        return data

    @property
    def status(self) -> str:
        """`ok` or `review`."""
        return str(self._data["status"])

    @property
    def form(self) -> str:
        """The edition of the form: `2021`, `2019`."""
        return str(self._data["form"])

    @property
    def title(self) -> Optional[str]:
        """The title, as printed; `None` where there is none."""
        return typing.cast(Optional[str], self._data["title"])

    @property
    def agency(self) -> Optional[str]:
        """The agency, as printed; `None` where it is not named."""
        return typing.cast(Optional[str], self._data["agency"])

    @property
    def year(self) -> Optional[int]:
        """The year reported on; `None` where it is not named."""
        return typing.cast(Optional[int], self._data["year"])

    @property
    def published(self) -> Optional[datetime.date]:
        """The date that the document itself states."""
        date = self._data["published"]
        return None if date is None else datetime.date.fromisoformat(date)

    @cached_property
    def source(self) -> Source:
        """What it was read from."""
        return Source(**self._data["source"])

    @cached_property
    def findings(self) -> list[Finding]:
        """The rules that it breaks."""
        return [
            Finding(of["rule"], of["severity"], tuple(of["figures"]), tuple(of.get("suspects", ())), of["message"])
            for of in self._data["findings"]
        ]

    @cached_property
    def warnings(self) -> list[Warning]:
        """What had to be guessed or left out in reading."""
        return [Warning(of["kind"], of["message"], tuple(of["at"])) for of in self._data["warnings"]]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections of the text."""
        return [Section(of["kind"], of["heading"], of["text"], tuple(of["at"])) for of in self._data["sections"]]

    @property
    def figures(self) -> pyarrow.Table:
        """The figures as a long table, a row each, with the columns of `figures.parquet`.

        >>> table = nianbao.extract("corpus/docx/plain-2021.docx").figures
        >>> table.num_rows
        200
        >>> table.select(["figure", "value", "state", "place"]).slice(0, 1).to_pylist()
        [{'figure': 'disclosure.rules.issued', 'value': 669.0, 'state': 'read', 'place': 'table 1 R3C2'}]
        """
        import pyarrow

        return pyarrow.table(_engine.figures(self._line, self._form))

    def to_json(self) -> str:
        """The line that `nianbao extract` prints."""
        return self._line

    def to_dict(self) -> dict[str, Any]:
        """That line as a dictionary, of the shape that :func:`nianbao.schema` describes."""
        data: dict[str, Any] = json.loads(self._line)
        return data

    def __getitem__(self, key: str) -> Figure:
        if "." not in key:
            raise KeyError(key)
        evidence = self._data["evidence"][key]
        value: Any = self._data
        for part in key.split("."):
            value = value[part]
        return Figure(key, value, evidence["raw"], evidence["state"], tuple(evidence["at"]))

    def __iter__(self) -> Iterator[str]:
        # Behind the figures stand title, agency, year and date: their keys have one part.
        return (key for key in self._data["evidence"] if "." in key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and (self._line, self._form) == (other._line, other._form)

    def __hash__(self) -> int:
        return hash(self._line)

    def __reduce__(self) -> tuple[type[Report], tuple[str, Optional[str]]]:
        return Report, (self._line, self._form)

    def __repr__(self) -> str:
        return f"<Report {self.year or 'of no year'} {self.agency or self.source.path}: {self.status}>"

    def _repr_html_(self) -> str:
        """The three tables, for notebooks; broken equations are marked."""
        return _html.report(self)


class Reports(typing.List[Report]):
    """Reports, and in `errors` why there is none of some documents."""

    def __init__(self, reports: list[Report], errors: list[NianbaoError]) -> None:
        super().__init__(reports)
        self.errors = errors


def extract(
    source: AnySource,
    *,
    name: Optional[str] = None,
    form: Optional[Path] = None,
    isolation: str = "process",
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
) -> Report:
    """The report that a file, or the bytes of one, holds.

    A report that needs review is a value: look at its `status`. Where there is no report, an exception says why: see
    :class:`NianbaoError`. A file that holds several (an archive, a government and its departments) is a :class:`SeveralError`:
    :func:`extract_all` gives them all.

    `name` is what the file is called in the output; `form` a form file of your own in place of the built-in editions. The file is read by a
    worker process with at most so much `memory`, for at most `timeout` seconds, with a sign of progress every `stall` seconds; it is kept
    for the next call. `isolation="none"` reads it in this process: a file that aborts or hangs then takes this Python with it.

    >>> nianbao.extract("corpus/docx/plain-2021.docx").published
    datetime.date(2024, 1, 15)
    >>> with open("corpus/docx/plain-2021.docx", "rb") as file:
    ...     nianbao.extract(file.read()).year
    2023
    >>> nianbao.extract("corpus/bundle/nested.zip")
    Traceback (most recent call last):
        ...
    nianbao.SeveralError: corpus/bundle/nested.zip: it holds 2 documents and 2 reports; extract_all gives them all
    """
    told = settings(form=form, isolation=isolation, memory=memory, timeout=timeout, stall=stall)
    found = documents(source, name, told)
    if len(found) != 1 or len(found[0].lines) > 1:
        path = found[0].path.split("!")[0] if found else ""
        count = sum(len(document.lines) for document in found if document.failure is None)
        raise error("several", path, f"it holds {len(found)} documents and {count} reports; extract_all gives them all")
    [document] = found
    if document.failure is not None:
        raise error(document.failure[0], document.path, document.failure[1])
    return Report(document.lines[0], told["form"])


def extract_all(
    source: AnySource,
    *,
    name: Optional[str] = None,
    form: Optional[Path] = None,
    isolation: str = "process",
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
) -> Reports:
    """Every report that a file holds, in their order: those of a document with several parts, those of each member of an archive.

    A member of which no report can be made is an exception in `errors`. Where the file is no archive, it is raised. See :func:`extract`.

    >>> reports = nianbao.extract_all("corpus/bundle/rubbish.zip")
    >>> [report.source.path for report in reports]
    ['corpus/bundle/rubbish.zip!附件/年报.docx']
    """
    told = settings(form=form, isolation=isolation, memory=memory, timeout=timeout, stall=stall)
    found = documents(source, name, told)
    errors = [error(kind, document.path, message) for document in found if document.failure for kind, message in [document.failure]]
    if len(found) == len(errors) == 1 and "!" not in errors[0].path:
        raise errors[0]
    lines = (line for document in found if document.failure is None for line in document.lines)
    return Reports([Report(line, told["form"]) for line in lines], errors)
