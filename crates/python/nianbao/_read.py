"""A file, or bytes, handed to the engine."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Optional, Union

from . import _engine
from ._settings import Path

Source = Union[Path, bytes, bytearray, memoryview]


def documents(source: Source, name: Optional[str], settings: dict[str, Any]) -> list[_engine.Document]:
    """The documents that a file holds: itself, or where it is an archive its members."""
    if not isinstance(source, (bytes, bytearray, memoryview)):
        path = os.fspath(source)
        # A path need not be text; what is said of it is.
        shown = os.fsencode(path).decode("utf-8", "replace") if name is None else name
        return _engine.read(path, shown, settings)
    # Workers open files and are sent none: what is in memory becomes a file that only this user can read, for as long as the call.
    with tempfile.NamedTemporaryFile(prefix="nianbao-") as file:
        file.write(source)
        file.flush()
        return _engine.read(file.name, name or "", settings)
