"""What a case is, and the list of all of them."""

import hashlib
from dataclasses import dataclass

CASES = []


@dataclass
class Case:
    path: str
    title: str
    why: str
    make: object


def case(path, title, why):
    """Registers a function that gives the file's bytes and the truth: a list of reports, or a dict for a file that holds none."""
    def register(make):
        assert all(path != other.path and title != other.title for other in CASES), path
        CASES.append(Case(path, title, why, make))
        return make
    return register


def no_report(*answers):
    """The truth of a file that holds no report: the error kinds (or `review`) that are right answers."""
    return {"answers": list(answers or ["no_report_found"])}


@dataclass
class Made:
    """A document that a program makes of a source of ours. Another version of the program writes other bytes: the file is made once and
    kept until its source changes, which the digest at its end tells."""

    tool: str
    source: bytes
    make: object  # function() -> bytes; raises Missing where the program is not there

    def mark(self):
        """A comment after the end of a PDF, where every reader passes over it."""
        return f"%made by {self.tool} from {hashlib.sha256(self.source).hexdigest()}\n".encode()


class Missing(Exception):
    """A program or a font that this machine does not have."""
