"""Why there is no report: an exception for each kind of error."""

from __future__ import annotations


class NianbaoError(Exception):
    """Something could not be done; `kind` is a name to filter by, `path` the file (empty where there is none), `message` what to do next."""

    def __init__(self, kind: str, path: str, message: str) -> None:
        super().__init__(kind, path, message)
        self.kind = kind
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


# Python names an exception in a traceback by its module; people know the package.
NianbaoError.__module__ = "nianbao"


class EncryptedError(NianbaoError):
    """It wants a password."""


class CorruptError(NianbaoError):
    """Its bytes are damaged."""


class EmptyError(NianbaoError):
    """It has no bytes."""


class UnknownFormatError(NianbaoError):
    """Its bytes are nothing that we know."""


class UnsupportedError(NianbaoError):
    """The format is known, and not read."""


class NeedsOcrError(NianbaoError):
    """It is a picture of a report."""


class NoReportError(NianbaoError):
    """It was read, and holds no annual report."""


class SeveralError(NianbaoError, ValueError):
    """It holds more than one report: :func:`nianbao.extract_all` gives them all."""


class TooLargeError(NianbaoError):
    """It, or what is in it, is larger than any report."""


class CrashedError(NianbaoError):
    """A fault of this package, not of the file."""


class TimedOutError(NianbaoError, TimeoutError):
    """Reading it took too long."""


class OutOfMemoryError(NianbaoError, MemoryError):
    """Reading it took more memory than its worker may have."""


class NotFoundError(NianbaoError, FileNotFoundError):
    """There is no such file."""


class FolderError(NianbaoError, IsADirectoryError):
    """It is a folder: :func:`nianbao.convert` reads folders."""


class UnreadableError(NianbaoError, OSError):
    """The system does not let it be read, or it is no file."""


class ChangedError(NianbaoError):
    """It changed while it was read."""


class UsageError(NianbaoError, ValueError):
    """What was asked for cannot be."""


class BusyError(NianbaoError):
    """Another run is writing to the folder."""


CLASSES: dict[str, type[NianbaoError]] = {
    "encrypted": EncryptedError,
    "corrupt": CorruptError,
    "empty": EmptyError,
    "unknown_format": UnknownFormatError,
    "unsupported": UnsupportedError,
    "needs_ocr": NeedsOcrError,
    "no_report_found": NoReportError,
    "several": SeveralError,
    "too_large": TooLargeError,
    "crashed": CrashedError,
    "timeout": TimedOutError,
    "out_of_memory": OutOfMemoryError,
    "not_found": NotFoundError,
    "is_a_folder": FolderError,
    "not_a_file": UnreadableError,
    "unreadable": UnreadableError,
    "changed": ChangedError,
    "usage": UsageError,
    "busy": BusyError,
}

for _class in CLASSES.values():
    _class.__module__ = "nianbao"


def error(kind: str, path: str, message: str) -> NianbaoError:
    """The exception for an error of this kind; of a kind without a class of its own, the one that all others are."""
    return CLASSES.get(kind, NianbaoError)(kind, path, message)
