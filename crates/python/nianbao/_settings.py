"""What a call may be told, checked and in the units of the engine."""

from __future__ import annotations

import os
from typing import Any, Optional, Union

from . import _worker
from ._errors import error

Path = Union[str, "os.PathLike[str]"]

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}

# With less address space than this no worker can even start.
LEAST_MEMORY = 64 << 20


def settings(
    *,
    jobs: Optional[int] = None,
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
    isolation: str = "process",
    form: Optional[Path] = None,
    tables: bool = False,
) -> dict[str, Any]:
    """The settings as the engine takes them."""
    if isolation not in ("process", "none"):
        raise error("usage", "", f"isolation: 'process' or 'none', not {isolation!r}")
    if jobs is not None and jobs < 1:
        raise error("usage", "", "jobs: at least one file is read at a time")
    isolated = isolation == "process"
    return {
        "jobs": jobs,
        "memory": size(memory),
        "timeout": float(timeout),
        "stall": float(stall),
        "isolated": isolated,
        "worker": _worker.command() if isolated else [],
        "form": form_text(form),
        "tables": tables,
    }


def size(memory: Union[int, str]) -> int:
    """`"512M"` or a number: so many bytes."""
    text = str(memory).strip().upper()
    for ending in ("IB", "B"):
        text = text[: -len(ending)] if text.endswith(ending) else text
    unit = text[-1:] if text[-1:] in UNITS else ""
    number = text[: len(text) - len(unit)]
    if not (number.isascii() and number.isdigit()):
        raise error("usage", "", f"memory: {memory!r} is not a size such as '512M' or '2G'")
    count = int(number) * UNITS[unit]
    if not LEAST_MEMORY <= count < 1 << 62:
        raise error("usage", "", "memory: a worker needs at least 64M, and there is no memory without end")
    return count


def form_text(form: Optional[Path]) -> Optional[str]:
    """The text of a form file."""
    if form is None:
        return None
    try:
        with open(form, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as wrong:
        raise error("usage", os.fspath(form), f"not a form file: {wrong}") from wrong
