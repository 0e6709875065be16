"""Reports in the format of Word 97: documents of ours as LibreOffice saves them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from case import CASES, Made, Missing, case

# Those whose constructs LibreOffice keeps, so that the report must be the same in every figure. It loses which list another goes on with,
# and works out fields anew: such cases are written by hand.
SAVED = {
    "plain-2021": "every cell its own figure; spans are edges of cells here",
    "plain-2019": "198 figures; the tables are wide",
    "plain-2021-sparse": "the usual small agency",
    "wrong-total-cell": "what is wrong in the report stays wrong",
    "one-table": "rows of different widths in one table",
    "two-reports": "a document of two reports",
    "no-tables": "words alone",
    "cut-in-two": "a table in two pieces",
    "leaf-header-two-rows": "merged headers in two rows",
    "group-label-every-row": "labels without merges",
    "merged-figures-down": "figures merged downwards",
    "merged-figures-table-3": "figures merged over the width",
    "vertical-cell-paragraphs": "cells of several paragraphs",
    "vertical-cell-breaks": "line breaks in cells",
    "nested-once": "a table in a cell: depth two",
    "nested-twice": "tables three deep",
    "whole-report-in-a-cell": "headings, text and tables in one cell",
    "tables-side-by-side": "two nested tables in neighbouring cells",
    "grid-before": "rows that begin at a later column",
    "header-repeated-in-table": "header rows that repeat",
    "title-in-text-box": "a story of its own, found by its anchor",
    "table-in-text-box": "a table in the story of text boxes",
    "title-line-breaks": "line breaks in the title",
    "numbered-headings": "numbers of a list and its levels",
    "numbered-by-style": "the style names the list",
    "numbered-all-labels": "three levels through the cells of a table",
    "changes-in-figures": "deleted characters are marked in their properties",
    "changes-within-figures": "a digit deleted, another inserted",
    "changes-deleted-text": "a deleted sentence",
    "changes-inserted-rows": "inserted text is text",
    "hidden-text": "hidden characters are marked in their properties",
    "hyperlinks": "links are fields here",
    "symbols": "a symbol is a code and a font",
    "notes-and-comments": "footnotes and comments are stories of their own",
    "digits-in-runs": "the digits of a figure in several runs",
    "traditional": "traditional characters",
    "unrelated-tables": "other tables beside those of the form",
}


def saved(name, why, ending="doc"):
    """Registers what LibreOffice makes of a DOCX of the corpus."""
    source = next(other for other in CASES if other.path == f"docx/{name}.docx")
    under = "" if ending == "doc" else " and under the name of WPS"

    @case(f"doc/{name}.{ending}", f"{source.title}, saved for Word 97{under}", why)
    def make():
        document, truth = source.make()
        return as_doc(document), truth


def as_doc(document):
    """The document as LibreOffice saves it for Word 97."""
    return Made("LibreOffice", document, lambda: by_libreoffice(document, "doc", "MS Word 97"))


def by_libreoffice(document, ending, filter):
    """What LibreOffice makes of a DOCX: a file of this ending, by this filter of its own."""
    if not shutil.which("soffice"):
        raise Missing("soffice is not installed")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(document)
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", f"{ending}:{filter}", "--outdir", folder, source],
                       check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return source.with_suffix("." + ending).read_bytes()


for name, why in SAVED.items():
    saved(name, why)
saved("plain-2021", "a WPS file is a DOC by its bytes", "wps")
