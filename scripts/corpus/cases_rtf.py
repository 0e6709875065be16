"""Reports as RTF: documents of ours as LibreOffice saves them."""

from dataclasses import dataclass

from case import CASES, Made, case
from cases_doc import SAVED, by_libreoffice


@dataclass
class MadeRtf(Made):
    """Behind the last brace nothing may stand: what the file was made of is said in a group that every reader skips, and the brace after it."""

    def mark(self):
        return b"{\\*\\" + super().mark().strip(b"%\n").replace(b" by", b"by", 1) + b"}}\n"


def as_rtf(document):
    """The document as LibreOffice saves it; the last brace stands in the mark."""
    def make():
        return by_libreoffice(document, "rtf", "Rich Text Format").rstrip().removesuffix(b"}")
    return MadeRtf("LibreOffice", document, make)


def saved(name, why):
    """Registers what LibreOffice makes of a DOCX of the corpus."""
    source = next(other for other in CASES if other.path == f"docx/{name}.docx")

    @case(f"rtf/{name}.rtf", f"{source.title}, saved as RTF", why)
    def make():
        document, truth = source.make()
        return as_rtf(document), truth


# What differs from DOC: how the same thing is said here.
SAID = {
    "plain-2021": "every cell its own figure; the edges of cells are counted in twips",
    "nested-once": "a nested table describes its rows behind them",
    "nested-twice": "tables three deep, each row described apart",
    "grid-before": "rows that begin at another left edge",
    "title-in-text-box": "a text box stands where it is anchored",
    "table-in-text-box": "a table in a text box, in the middle of a paragraph",
    "numbered-headings": "numbers as shown; in the list LibreOffice has a question mark for 、",
    "numbered-by-style": "numbers as shown; the style is not asked",
    "numbered-all-labels": "numbers as shown, through the cells of a table",
    "changes-in-figures": "deleted characters stand in groups that say so",
    "hidden-text": "hidden characters stand in groups that say so",
    "hyperlinks": "a field is a group, and so is its result",
    "symbols": "a symbol is a code in a font of symbols",
    "notes-and-comments": "footnotes and comments stand in the text, in groups of their own",
    "traditional": "characters in Unicode, with one for older programs behind each",
}

for name, why in SAVED.items():
    saved(name, SAID.get(name, why))
