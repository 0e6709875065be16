"""Reports: every figure, the columns, the pages for notebooks, and an exception for each kind of error."""

import datetime
import decimal
import json
import os
import pickle
import subprocess
import threading
import unittest

import nianbao
import pyarrow
from support import CORPUS, PROGRAM, REPORT, ROOT, InFolder


class Reports(InFolder):
    def test_a_report_says_what_its_line_says(self):
        report = nianbao.extract(CORPUS / "docx/wrong-outcome-cell.docx")
        line = json.loads(report.to_json())
        self.assertEqual(report.to_dict(), line)
        for name in ("status", "form", "agency", "year", "title"):
            self.assertEqual(getattr(report, name), line[name])
        self.assertEqual(report.published, datetime.date.fromisoformat(line["published"]))
        self.assertEqual(report.source.sha256, line["source"]["sha256"])
        self.assertEqual([finding.rule for finding in report.findings], [of["rule"] for of in line["findings"]])
        self.assertEqual([section.heading for section in report.sections], [of["heading"] for of in line["sections"]])

    def test_figures_are_found_by_their_keys(self):
        report = nianbao.extract(CORPUS / "docx/wrong-outcome-cell.docx")
        self.assertEqual(len(report), 200)
        self.assertEqual(len(list(report)), 200)
        self.assertEqual(report["disclosure.rules.issued"].value, 383)
        self.assertIn("requests.received.total", report)
        for no_figure in ("title", "requests", "requests.received", "nothing", ""):
            self.assertNotIn(no_figure, report)
            self.assertIsNone(report.get(no_figure))

    def test_blank_dash_lost_and_nought_are_four_things(self):
        states = {}
        for path in sorted((CORPUS / "docx").glob("*.docx")):
            try:
                for figure in nianbao.extract(path).values():
                    states.setdefault((figure.state, figure.value is None), figure)
            except nianbao.NianbaoError:
                pass
        self.assertEqual(set(states), {("read", False), ("blank", True), ("dash", True), ("lost", True)})

    def test_decimals_stay_as_they_are_printed(self):
        fees = nianbao.extract(REPORT + "规章\n".encode())
        self.assertIsInstance(fees["disclosure.rules.issued"].value, int)
        amounts = set()
        for path in sorted((CORPUS / "docx").glob("*.docx")):
            try:
                amounts.add(type(nianbao.extract(path)["disclosure.fees.amount"].value))
            except (nianbao.NianbaoError, KeyError):
                pass
        self.assertIn(decimal.Decimal, amounts)
        self.assertNotIn(float, amounts)

    def test_columns_are_those_of_the_dataset(self):
        path = CORPUS / "docx/wrong-outcome-cell.docx"
        nianbao.convert(path, self.folder / "out", progress=False)
        import pyarrow.parquet

        written = pyarrow.parquet.read_table(self.folder / "out/figures.parquet")
        self.assertTrue(nianbao.extract(path).figures.equals(written))

    def test_whoever_knows_arrow_takes_the_figures(self):
        import polars

        figures = nianbao.extract(CORPUS / "docx/plain-2021.docx").figures
        self.assertIsInstance(figures, pyarrow.Table)
        self.assertEqual(polars.from_arrow(figures)["figure"].to_list(), figures.to_pandas()["figure"].to_list())

    def test_columns_outlive_their_report(self):
        report = nianbao.extract(CORPUS / "docx/plain-2021.docx")
        figures = report.figures
        del report
        figures.validate(full=True)

    def test_bytes_are_read_like_the_file(self):
        path = CORPUS / "docx/plain-2021.docx"
        content = path.read_bytes()
        named = nianbao.extract(content, name=str(path))
        self.assertEqual(named, nianbao.extract(path))
        self.assertEqual(nianbao.extract(memoryview(content)).source.path, "")
        self.assertEqual(pickle.loads(pickle.dumps(named)), named)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_reading_in_this_process_says_the_same(self):
        path = CORPUS / "docx/plain-2021.docx"
        self.assertEqual(nianbao.extract(path, isolation="none"), nianbao.extract(path))

    def test_a_report_of_several_threads(self):
        paths = sorted((CORPUS / "docx").glob("plain-*.docx")) * 3
        found = {}

        def read(index):
            found[index] = nianbao.extract(paths[index])

        threads = [threading.Thread(target=read, args=(index,)) for index in range(len(paths))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for index, path in enumerate(paths):
            self.assertEqual(found[index], nianbao.extract(path))

    def test_a_page_marks_broken_equations_and_escapes(self):
        page = nianbao.extract(CORPUS / "docx/wrong-outcome-cell.docx")._repr_html_()
        self.assertEqual(page.count("648 ✗"), 1)
        self.assertIn("2119", page)
        self.assertEqual(page.count(" ≠</td>"), 2)
        self.assertEqual(page.count("<table>"), page.count("</table>"))

    def test_a_page_escapes_what_the_file_says(self):
        title, *rows = REPORT.decode().replace("规章", "规章&lt;script&gt;").replace("\t9", "\t见&lt;img src=x&gt;").splitlines()
        cells = ["".join(f"<td>{text}</td>" for text in row.split("\t")) for row in rows[1:]]
        table = "".join(f"<tr>{row}</tr>" for row in cells)
        source = f"<html><body><p>{title}</p><p>{rows[0]}</p><table>{table}</table></body></html>"
        report = nianbao.extract(source.encode(), name="<i>.html")
        self.assertIn("<img", report["disclosure.normative_documents.in_force"].raw)
        page = report._repr_html_()
        for tag in ("<script", "<img", "<i>"):
            self.assertNotIn(tag, page)
        self.assertIn("&lt;img", page)

    def test_a_form_of_ones_own(self):
        form = self.file("f.toml", (
            'name = "own"\ntitle = "甲表"\n[[table]]\nkey = "t"\nlabel = "甲表"\n'
            'columns = [{ key = "a", label = "本年制发件数" }, { key = "b", label = "本年废止件数" }, { key = "c", label = "现行有效件数" }]\n'
            'rows = [{ key = "rules", label = "规章" }, { key = "documents", label = "行政规范性文件" }]\n'
        ).encode())
        [own] = nianbao.forms(form)
        self.assertEqual([field.key for field in own.fields][:2], ["t.rules.a", "t.rules.b"])
        report = nianbao.extract(REPORT, form=form)
        self.assertEqual((report.form, report["t.documents.c"].value), ("own", 9))
        self.assertEqual(report.figures.column("figure").to_pylist()[0], "t.rules.a")
        self.assertIn("行政规范性文件", report._repr_html_())
        self.assertEqual(list(nianbao.schema(form)["else"]["properties"]["t"]["properties"]), ["documents", "rules"])
        with self.assertRaises(nianbao.UsageError):
            nianbao.extract(REPORT, form=self.file("g.toml", b"name = 7"))


class Failures(InFolder):
    def kind(self, call, *arguments, **named):
        with self.assertRaises(nianbao.NianbaoError) as caught:
            call(*arguments, **named)
        self.assertIs(type(caught.exception).__module__, "nianbao")
        self.assertTrue(caught.exception.message)
        return type(caught.exception), caught.exception.kind

    def test_each_kind_of_error_has_its_exception(self):
        for path, wanted in {
            "pdf/encrypted-password.pdf": nianbao.EncryptedError,
            "pdf/font-no-unicode.pdf": nianbao.NeedsOcrError,
            "docx/explanatory-page.docx": nianbao.NoReportError,
            "html/excel-2003.xml": nianbao.UnsupportedError,
        }.items():
            self.assertIs(self.kind(nianbao.extract, CORPUS / path)[0], wanted, path)
        self.assertEqual(self.kind(nianbao.extract, b""), (nianbao.EmptyError, "empty"))
        self.assertEqual(self.kind(nianbao.extract, b"%PDF-1.7 nothing")[0], nianbao.CorruptError)

    def test_files_that_are_not_there_are_those_of_python_too(self):
        with self.assertRaises(FileNotFoundError) as caught:
            nianbao.extract(self.folder / "nothing.docx")
        self.assertEqual(caught.exception.path, str(self.folder / "nothing.docx"))
        with self.assertRaises(IsADirectoryError):
            nianbao.tables(self.folder)
        with self.assertRaises(nianbao.UnreadableError):
            nianbao.extract("/dev/null")

    def test_a_path_that_is_no_text_is_read(self):
        path = os.fsencode(self.folder) + b"/\xd6\xd0\xb9\xfa.txt"
        with open(path, "wb") as file:
            file.write(REPORT)
        report = nianbao.extract(os.fsdecode(path))
        self.assertEqual((report.year, report.source.path.count("\ufffd")), (2023, 2))

    def test_several_reports_are_asked_for_as_several(self):
        path = CORPUS / "bundle/nested.zip"
        with self.assertRaises(nianbao.SeveralError) as caught:
            nianbao.extract(path)
        self.assertIn("extract_all", str(caught.exception))
        self.assertGreater(len(nianbao.extract_all(path)), 1)
        self.assertEqual(len(nianbao.extract_all(CORPUS / "docx/plain-2021.docx")), 1)
        with self.assertRaises(nianbao.EncryptedError):
            nianbao.extract_all(CORPUS / "pdf/encrypted-password.pdf")

    def test_wrong_usage_is_a_value_error(self):
        for wrong in ({"memory": "1T"}, {"memory": 5}, {"timeout": 0}, {"timeout": -1}, {"timeout": float("nan")},
                      {"stall": float("inf")}, {"isolation": "no"}, {"form": "nothing.toml"}):
            with self.assertRaises(ValueError, msg=wrong):
                nianbao.extract(REPORT, **wrong)
        with self.assertRaises(TypeError):
            nianbao.extract(7)


@unittest.skipUnless(PROGRAM, "NIANBAO_PROGRAM is not set: scripts/python-test builds the program and sets it")
class LikeTheProgram(unittest.TestCase):
    def test_every_document_of_the_corpus_gives_the_lines_of_the_program(self):
        folders = ("docx", "doc", "pdf", "sheet", "html", "text", "bundle", "broken")
        paths = sorted(str(path) for folder in folders for path in (CORPUS / folder).iterdir() if path.is_file())
        program = subprocess.run([PROGRAM, "extract", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = {}
        for line in program.stdout.decode().splitlines():
            lines.setdefault(json.loads(line)["source"]["path"].split("!")[0], []).append(line)
        self.assertEqual(len(lines), len(paths))
        for path in paths:
            good = [line for line in lines[path] if json.loads(line)["status"] != "failed"]
            bad = [json.loads(line) for line in lines[path] if json.loads(line)["status"] == "failed"]
            try:
                reports = nianbao.extract_all(path)
                errors = reports.errors
            except nianbao.NianbaoError as error:
                reports, errors = [], [error]
            self.assertEqual([report.to_json() for report in reports], good)
            told = [(error.path, error.kind, error.message) for error in errors]
            self.assertEqual(told, [(of["source"]["path"], of["error"]["kind"], of["error"]["message"]) for of in bad])
        self.assertGreater(len(paths), 300, ROOT)


if __name__ == "__main__":
    unittest.main()
