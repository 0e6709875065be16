"""`convert` is the program's own run: the same dataset, byte for byte."""

import contextlib
import io
import subprocess
import sys
import unittest
from unittest import mock

import nianbao
from support import CORPUS, PROGRAM, REPORT, InFolder


class Convert(InFolder):
    def test_what_is_done_is_not_done_again(self):
        for number in range(5):
            self.file(f"in/{number}.txt", REPORT + f"({number})\n".encode())
        self.file("in/x.txt", "没有报告".encode())
        first = nianbao.convert([self.folder / "in"], self.folder / "out", progress=False)
        self.assertEqual((first.read, first.documents.all, first.documents.failed), (6, 6, 1))
        self.assertEqual(first.reasons[0].kind, "no_report_found")
        self.assertIn("figures.parquet", first.written)
        again = nianbao.convert([self.folder / "in"], self.folder / "out", progress=False, isolation="none")
        self.assertEqual((again.read, again.opened, again.dataset), (0, 0, "unchanged"))
        self.assertEqual(nianbao.convert(self.folder / "in", self.folder / "out", progress=False, retry=True).read, 1)

    def test_wishes_are_passed_on(self):
        self.file("in/a.txt", REPORT)
        self.file("in/b.html", REPORT)
        summary = nianbao.convert(self.folder / "in", self.folder / "out", progress=False, include=["*.txt"], csv=True, sqlite=True, tables=True)
        self.assertEqual(summary.documents.all, 1)
        for name in ("figures.csv", "nianbao.sqlite", "cells.parquet"):
            self.assertTrue((self.folder / "out" / name).exists(), name)

    def test_what_cannot_be_is_told(self):
        with self.assertRaises(nianbao.UsageError):
            nianbao.convert(self.folder / "nothing", self.folder / "out", progress=False)
        with self.assertRaises(nianbao.UsageError):
            nianbao.convert(CORPUS / "text", self.folder / "out", jobs=0)

    def test_progress_is_a_bar_or_lines(self):
        self.file("in/a.txt", REPORT)
        with contextlib.redirect_stderr(io.StringIO()), mock.patch.dict(sys.modules, {"tqdm": None, "tqdm.auto": None}):
            nianbao.convert(self.folder / "in", self.folder / "plain")
        try:
            import tqdm  # noqa: F401
        except ImportError:
            self.skipTest("tqdm is not installed: no bar")
        with contextlib.redirect_stderr(io.StringIO()) as told:
            nianbao.convert(self.folder / "in", self.folder / "bar")
        self.assertIn("1/1", told.getvalue())

    @unittest.skipUnless(PROGRAM, "NIANBAO_PROGRAM is not set: scripts/python-test builds the program and sets it")
    def test_the_dataset_is_that_of_the_program(self):
        ours, theirs = self.folder / "ours", self.folder / "theirs"
        folders = [CORPUS / name for name in ("docx", "sheet", "text", "bundle")]
        nianbao.convert(folders, ours, progress=False)
        subprocess.run([PROGRAM, "convert", *folders, "--out", theirs], stderr=subprocess.DEVNULL)
        names = sorted(path.name for path in theirs.iterdir() if not path.name.startswith("ledger"))
        self.assertIn("datapackage.json", names)
        for name in names:
            self.assertEqual((ours / name).read_bytes(), (theirs / name).read_bytes(), name)


if __name__ == "__main__":
    unittest.main()
