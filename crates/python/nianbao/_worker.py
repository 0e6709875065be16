"""How a worker is started: this Python once more, with nothing in it but the engine.

A second program in the package would double its size. A Python that reads no site packages, no environment and no settings is up in some
15 ms, stays for many files, and runs the very library that its supervisor runs.
"""

from __future__ import annotations

import os
import sys

from . import _engine
from ._errors import error

CODE = "import sys; sys.path[:] = sys.argv[1:]; import _engine; sys.exit(not _engine.serve())"


def command() -> list[str]:
    """The program of a worker, and its arguments."""
    if not sys.executable:
        raise error("no_worker", "", "this Python does not say where it lies (sys.executable), so no worker can be started; pass isolation='none'")
    return [sys.executable, "-I", "-S", "-c", CODE, os.path.dirname(os.path.abspath(_engine.__file__))]
