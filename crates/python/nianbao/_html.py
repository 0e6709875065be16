"""Reports and tables for notebooks. Every text comes from a foreign file, and is escaped."""

from __future__ import annotations

import typing
from html import escape
from typing import Optional

from ._forms import Block, Form, known

if typing.TYPE_CHECKING:
    from ._report import Figure, Finding, Report
    from ._table import Table

# The weightiest last. `nianbao show` marks the same figures with the same signs.
DISPUTED, BROKEN, SUSPECT = "!", "≠", "✗"
WEIGHT = {DISPUTED: 0, BROKEN: 1, SUSPECT: 2}
MEANING = {
    SUSPECT: "probably wrong: broken sums meet here",
    BROKEN: "not the sum of its parts",
    DISPUTED: "disagrees with another part of the report",
}
COLOUR = {SUSPECT: "#f8b4b4", BROKEN: "#fbd5d5", DISPUTED: "#fdf2c0"}
LOST = "background:#e5e7eb"


def report(report: Report) -> str:
    """Title, the tables of the form, findings and warnings."""
    form = next((form for form in known(report._form) if form.name == report.form), None)
    marks = {} if form is None else marked(report, form)
    facts = " · ".join(escape(str(fact)) for fact in (report.agency, report.year, report.published) if fact is not None)
    parts = [f"<h4>{escape(report.title or report.source.path)}</h4>", f"<p>{facts} · <b>{escape(report.status)}</b></p>"]
    if form is not None:
        parts += [block(of, report, marks) for of in form.blocks]
    used = sorted(set(marks.values()), key=lambda mark: -WEIGHT[mark])
    parts.append("<p>" + " &nbsp; ".join(f"{mark} {MEANING[mark]}" for mark in used) + "</p>" if used else "")
    parts.append(notes("findings", [(f"{of.severity} {of.rule}", of.message) for of in report.findings]))
    parts.append(notes("warnings", [(of.kind, of.message) for of in report.warnings]))
    return "<div class='nianbao-report'>" + "".join(parts) + "</div>"


def notes(what: str, notes: list[tuple[str, str]]) -> str:
    if not notes:
        return ""
    items = "".join(f"<li><code>{escape(name)}</code> {escape(message)}</li>" for name, message in notes)
    return f"<p><b>{len(notes)} {what}</b></p><ul>{items}</ul>"


def block(block: Block, report: Report, marks: dict[str, str]) -> str:
    """A table of the form; rows that this report does not print are left out."""
    rows = [row for row in block.rows if not row.figures or any(key in report for key in row.figures)]
    head = "".join(f"<th>{escape(column)}</th>" for column in ("", *block.columns))
    body = []
    for row in rows:
        cells = "".join(cell(report.get(key), marks.get(key)) for key in row.figures)
        cells = cells or f"<td colspan='{len(block.columns)}'></td>"
        body.append(f"<tr><th style='text-align:left;padding-left:{row.depth + 0.5}em'>{escape(row.label)}</th>{cells}</tr>")
    title = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def cell(figure: Optional[Figure], mark: Optional[str]) -> str:
    if figure is None:
        return "<td></td>"
    style = f"background:{COLOUR[mark]}" if mark else LOST if figure.state == "lost" else ""
    text = "?" if figure.state == "lost" else figure.raw if figure.value is None else str(figure.value)
    about = escape(" · ".join([figure.key, *figure.at, *([MEANING[mark]] if mark else [])]))
    return f"<td style='{style}' title='{about}'>{escape(text)}{' ' + mark if mark else ''}</td>"


def marked(report: Report, form: Form) -> dict[str, str]:
    """Which figures the findings mark, and how; notes mark nothing."""
    marks: dict[str, str] = {}

    def raise_to(key: str, mark: str) -> None:
        if key not in marks or WEIGHT[marks[key]] < WEIGHT[mark]:
            marks[key] = mark

    for finding in report.findings:
        if finding.severity == "info":
            continue
        whole = total(finding, report, form)
        if whole is not None:
            raise_to(whole, BROKEN)
        else:
            for key in finding.figures:
                if key in report and report[key].state != "lost":
                    raise_to(key, DISPUTED)
        for key in finding.suspects:
            raise_to(key, SUSPECT)
    return marks


def total(finding: Finding, report: Report, form: Form) -> Optional[str]:
    """The figure that a finding about a sum calls the total: the one that stands alone on its side, else its last."""
    for equation in form.equations:
        printed = tuple(key for _, key in equation.terms if key in report)
        if equation.rule == finding.rule and printed == finding.figures:
            sides = ([key for sign, key in equation.terms if (sign < 0) == below] for below in (True, False))
            alone = next((side[0] for side in sides if len(side) == 1), None)
            return alone if alone in finding.figures else finding.figures[-1]
    return None


def table(table: Table) -> str:
    """A table as it stands, merged cells merged."""
    rows: list[list[str]] = [[] for _ in range(table.shape[0])]
    for cell in table.cells:
        kind = "th" if cell.role.endswith("header") else "td"
        spans = f" rowspan='{cell.row_span}'" if cell.row_span > 1 else ""
        spans += f" colspan='{cell.col_span}'" if cell.col_span > 1 else ""
        text = escape(cell.text).replace("\n", "<br>")
        rows[cell.row].append(f"<{kind}{spans} title='{escape(cell.at)}'>{text}</{kind}>")
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"
