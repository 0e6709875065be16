"""What the tests share: where things are, and files made for one test."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[3]
CORPUS = ROOT / "corpus"

#: The program `nianbao` of the same build, and the worker that fails on demand (tests/src/bin/faulty.rs); `scripts/python-test` builds both.
PROGRAM = os.environ.get("NIANBAO_PROGRAM")
FAULTY = os.environ.get("NIANBAO_FAULTY")

REPORT = (
    "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
    "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n"
).encode()


class InFolder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="nianbao-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name: str, content: bytes) -> pathlib.Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


def faulty_workers():
    """In it, workers are those that fail on demand: a document that begins with FAULT says how."""
    return mock.patch("nianbao._worker.command", lambda: [FAULTY])
