"""PDFs that other programs make of documents of ours. Their dates and numbers are taken out; see `case.Made` for what --check compares."""

import hashlib
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from case import Made, Missing
from table import Text

LOOK = """
@page { size: A4; margin: 20mm 16mm }
body { font: 10.5pt "WenQuanYi Zen Hei"; line-height: 1.6 }
h1 { font-size: 16pt; text-align: center } h2 { font-size: 12pt } h3 { font-size: 10.5pt }
h2, h3, p { margin: 0.3em 0; text-indent: 2em } .end { text-align: right; text-indent: 0 }
table { border-collapse: collapse; width: 100%; font-size: 9pt; line-height: 1.25 }
td, th { border: 1px solid black; padding: 3px; font-weight: normal; text-align: center } .label { text-align: left }
"""
TAGS = {"title": "h1", "h1": "h2", "h2": "h3"}


def chromium(blocks, look="", repeat=True):
    """Printed by Chromium from a page of HTML."""
    page = html(blocks, LOOK + look, repeat)
    return Made("Chromium", page.encode(), lambda: run("chromium", page.encode(), "page.html", [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-pdf-tagging", "--print-to-pdf={out}", "file://{source}"]))


def libreoffice(document):
    """Written by LibreOffice Writer from a DOCX."""
    return Made("LibreOffice", document, lambda: run("soffice", document, "document.docx", [
        "-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", "{folder}", "{source}"]))


def run(program, source, name, arguments):
    if not shutil.which(program):
        raise Missing(f"{program} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / name, (Path(folder) / name).with_suffix(".pdf")
        path.write_bytes(source)
        arguments = [argument.format(out=out, source=path, folder=folder) for argument in arguments]
        subprocess.run([program, *arguments], check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return timeless(out.read_bytes(), source)


def timeless(pdf, source):
    """The same length, so that no offset moves: dates become the first of 2024, the file's numbers the digest of its source."""
    pdf = re.sub(rb"D:\d{14}", b"D:20240101000000", pdf)
    number = hashlib.sha256(source).hexdigest()[:32].upper().encode()
    pdf = re.sub(rb"/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>\s*\]", lambda match: re.sub(rb"[0-9A-Fa-f]{32}", number, match[0]), pdf)
    return re.sub(rb"/DocChecksum /[0-9A-F]{32}", b"/DocChecksum /" + number, pdf)


def html(blocks, look, repeat=True):
    body = "\n".join(paragraph(block) if isinstance(block, Text) else table(block, repeat) for block in blocks)
    return f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>年度报告</title><style>{look}</style></head>\n<body>\n{body}\n</body></html>\n'


def paragraph(text):
    tag = TAGS.get(text.kind, "p")
    end = ' class="end"' if text.kind in ("sign", "date") else ""
    return f"<{tag}{end}>{escape(text.text)}</{tag}>"


def table(table, repeat):
    """Header rows at the top are a `thead`, which a browser repeats on every page."""
    rows = [(row.header, "<tr>" + "".join(cell(slot[1], row.header) for slot in slots if slot[2]) + "</tr>") for row, slots in table.laid_out()]
    head = next((index for index, (header, _) in enumerate(rows) if not header), len(rows)) if repeat else 0
    top, bottom = ("\n".join(row for _, row in part) for part in (rows[:head], rows[head:]))
    return f"<table>{'<thead>' + top + '</thead>' if head else ''}<tbody>\n{bottom}\n</tbody></table>"


def cell(cell, header):
    spans = "".join(f' {name}="{value}"' for name, value in [("colspan", cell.columns), ("rowspan", cell.rows)] if value > 1)
    tag = "th" if header else "td"
    label = ' class="label"' if not header and not cell.key else ""
    return f"<{tag}{spans}{label}>{escape(cell.text)}</{tag}>"
