"""Many files to one dataset."""

from __future__ import annotations

import json
import os
import pathlib
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Callable, Optional, Union

from . import _engine
from ._settings import Path, settings

# How often a line is told where there is no bar, in seconds.
EVERY = 10


@dataclass(frozen=True)
class Tally:
    """How many came to what."""

    ok: int
    review: int
    failed: int
    quarantined: int

    @property
    def all(self) -> int:
        """How many there are together."""
        return self.ok + self.review + self.failed + self.quarantined


@dataclass(frozen=True)
class Reason:
    """Why documents failed: the kind, how many, and the path of the first."""

    kind: str
    count: int
    example: str


@dataclass(frozen=True)
class Summary:
    """What a run came to. Tallies and reasons are those of all that the dataset holds, not of this run alone."""

    #: The folder of the dataset.
    out: pathlib.Path
    documents: Tally
    reports: Tally
    reasons: tuple[Reason, ...]
    #: How many documents are in files that have gone since.
    gone: int
    #: How many documents were read in this run.
    read: int
    #: How many files there are.
    files: int
    #: How many of them were opened in this run.
    opened: int
    pending: int
    hidden: int
    excluded: int
    #: How many documents were read by another version, or with other forms; `redo=True` reads them again.
    other_edition: int
    #: `written`, or `unchanged` where it was there already.
    dataset: str
    #: The files that were written.
    written: tuple[str, ...]


def convert(
    inputs: Union[Path, Iterable[Path]],
    out: Path,
    *,
    jobs: Optional[int] = None,
    progress: bool = True,
    form: Optional[Path] = None,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    retry: bool = False,
    redo: bool = False,
    csv: bool = False,
    bom: bool = False,
    sqlite: bool = False,
    tables: bool = False,
    isolation: str = "process",
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
) -> Summary:
    """Reads files, folders and archives into a dataset: what `nianbao convert` does, with the same engine, workers and files.

    `jobs` files are read at a time, as many as there are processors unless told. `retry` reads again what failed, `redo` what another
    version or form has read. What is done is not done again: after Ctrl-C (the files that were begun come to their end; once more: at once),
    or after a crash, the same call goes on where it was. `progress` shows a bar where tqdm is installed, else a line now and then on stderr.

    >>> summary = nianbao.convert("corpus/bundle", dataset_folder, progress=False)
    >>> summary.documents.ok > 0, summary.dataset
    (True, 'written')
    >>> nianbao.convert("corpus/bundle", dataset_folder, progress=False).opened
    0
    """
    paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    told = settings(
        jobs=jobs, memory=memory, timeout=timeout, stall=stall, isolation=isolation, form=form, tables=tables
    )
    wishes = {
        "include": list(include), "exclude": list(exclude), "retry": retry, "redo": redo,
        "csv": csv, "bom": bom, "sqlite": sqlite,
    }  # fmt: skip
    watch = watcher() if progress else None
    try:
        summary = _engine.convert([os.fspath(path) for path in paths], os.fspath(out), told, wishes, watch)
    finally:
        if watch is not None:
            watch.close()
    return of_summary(pathlib.Path(out), json.loads(summary))


def of_summary(out: pathlib.Path, summary: dict[str, Any]) -> Summary:
    documents, reports = (Tally(**summary.pop(of)) for of in ("documents", "reports"))
    reasons = tuple(Reason(**reason) for reason in summary.pop("reasons"))
    written = tuple(summary.pop("written"))
    return Summary(out=out, documents=documents, reports=reports, reasons=reasons, written=written, **summary)


class Lines:
    """Tells on stderr how a run goes, a line now and then."""

    def __init__(self) -> None:
        self.told = time.monotonic()

    def __call__(self, state: dict[str, Any]) -> None:
        if time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            print(f"{state['files']} of {state['of_files']} files: {counts(state)}", file=sys.stderr)

    def close(self) -> None:
        pass


class Bar:
    """Draws a bar of tqdm, in notebooks as in terminals."""

    def __init__(self, tqdm: Callable[..., Any]) -> None:
        self.bar = tqdm(unit="files")
        self.state: dict[str, Any] = {}

    def __call__(self, state: dict[str, Any]) -> None:
        # Nothing is drawn twice.
        if state == self.state:
            return
        self.state = state
        if state["phase"] == "reading":
            self.bar.total = state["of_files"]
        self.bar.n = state["files"]
        self.bar.set_postfix_str(counts(state) if state["phase"] == "reading" else state["phase"], refresh=False)
        self.bar.refresh()

    def close(self) -> None:
        self.bar.close()


def counts(state: dict[str, Any]) -> str:
    told = f"{state['ok']} ok, {state['review']} to review, {state['failed'] + state['quarantined']} failed"
    return f"{told}, {state['copies']} copies" if state["copies"] else told


def watcher() -> Union[Lines, Bar]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Lines()
    return Bar(tqdm)
