"""What an analyst writes: the tables of python-docx and pdfplumber, rows known by their labels, the last number taken for the total.

Reads the paths on standard input; prints the seconds, and in how many of them the total of requests received was found.
"""

import re
import sys
import time

import docx
import pdfplumber

LABELS = {
    "received": "本年新收政府信息公开申请数量",
    "carried_in": "上年结转政府信息公开申请数量",
    "granted": "予以公开",
    "partially": "部分公开",
    "secret": "属于国家秘密",
    "prohibited": "其他法律行政法规禁止公开",
    "not_held": "本机关不掌握相关政府信息",
    "petition": "信访举报投诉类申请",
    "total": "总计",
    "carried_out": "结转下年度继续办理",
}


def rows(path):
    if path.endswith(".docx"):
        for table in docx.Document(path).tables:
            for row in table.rows:
                yield [cell.text for cell in row.cells]
        return
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                yield from table


def report(path):
    figures = {}
    for row in rows(path):
        cells = [re.sub(r"\s", "", cell or "") for cell in row]
        label = "".join(cells)
        numbers = [int(cell) for cell in cells if cell.isdigit()]
        for key, words in LABELS.items():
            if words in label and numbers:
                figures[key] = numbers[-1]
    return figures


paths = sys.stdin.read().splitlines()
done = 0
began = time.perf_counter()
for path in paths:
    try:
        done += "received" in report(path)
    except Exception:  # Whatever stops them is one file less.
        pass
print(time.perf_counter() - began, done)
