"""Chinese government annual reports on information disclosure, read out of the files they were published in.

>>> import nianbao
>>> report = nianbao.extract("corpus/docx/wrong-outcome-cell.docx")
>>> report.agency, report.year, report.status
('澄碧市南屏区交通运输局', 2023, 'review')
>>> report["requests.received.total"].value
39249
>>> report["requests.received.total"].at
('table 2 R4C10',)
>>> print(report.findings[0].message)
7.属于行政执法案卷 · 总计: 2119 on the one side, 2099 on the other; the broken sums meet in \
7.属于行政执法案卷 · 法人或其他组织 · 科研机构 (648, would fit as 628)

A report that needs review is a value like any other. A file of which no report can be made is an exception, chosen by its kind:

>>> nianbao.extract("corpus/pdf/encrypted-password.pdf")
Traceback (most recent call last):
    ...
nianbao.EncryptedError: corpus/pdf/encrypted-password.pdf: encrypted; remove the password first

Files are read by workers of their own, which can read and nothing else: one that crashes, hangs or eats memory costs its worker, never
this Python.
"""

from ._convert import Reason, Summary, Tally, convert
from ._errors import (
    BusyError,
    ChangedError,
    CorruptError,
    CrashedError,
    EmptyError,
    EncryptedError,
    FolderError,
    NeedsOcrError,
    NianbaoError,
    NoReportError,
    NotFoundError,
    OutOfMemoryError,
    SeveralError,
    TimedOutError,
    TooLargeError,
    UnknownFormatError,
    UnreadableError,
    UnsupportedError,
    UsageError,
)
from ._forms import Field, Form, forms, schema
from ._report import Figure, Finding, Report, Reports, Section, Source, Warning, extract, extract_all
from ._table import Cell, Span, Table, Tables, tables

__all__ = [
    "BusyError",
    "Cell",
    "ChangedError",
    "CorruptError",
    "CrashedError",
    "EmptyError",
    "EncryptedError",
    "Field",
    "Figure",
    "Finding",
    "FolderError",
    "Form",
    "NeedsOcrError",
    "NianbaoError",
    "NoReportError",
    "NotFoundError",
    "OutOfMemoryError",
    "Reason",
    "Report",
    "Reports",
    "Section",
    "SeveralError",
    "Source",
    "Span",
    "Summary",
    "Table",
    "Tables",
    "Tally",
    "TimedOutError",
    "TooLargeError",
    "UnknownFormatError",
    "UnreadableError",
    "UnsupportedError",
    "UsageError",
    "convert",
    "extract",
    "extract_all",
    "forms",
    "schema",
    "tables",
]
