"""What a case is, and the list of all of them."""

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
