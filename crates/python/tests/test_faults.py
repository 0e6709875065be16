"""Files that end their workers in every way cost themselves alone; this Python lives on, and hears Ctrl-C."""

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

import nianbao
from support import FAULTY, REPORT, InFolder, faulty_workers

TOLD = {"timeout": 6, "stall": 3, "memory": "384M"}


def children() -> set:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], stdout=subprocess.PIPE, text=True)
    return {int(pid) for pid in found.stdout.split() if os.path.exists(f"/proc/{pid}/exe")}


@unittest.skipUnless(FAULTY, "NIANBAO_FAULTY is not set: scripts/python-test builds the worker that fails and sets it")
class Faults(InFolder):
    def setUp(self):
        super().setUp()
        # Whoever is started in the background by a shell is deaf to Ctrl-C until it says otherwise.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        patch = faulty_workers()
        patch.start()
        self.addCleanup(patch.stop)

    def test_each_fault_is_an_exception_and_the_next_file_is_read(self):
        for fault, wanted in {
            "abort": nianbao.CrashedError,
            "stack": nianbao.CrashedError,
            "exit 7": nianbao.CrashedError,
            "garbage": nianbao.CrashedError,
            "panic": nianbao.CrashedError,
            "memory": nianbao.OutOfMemoryError,
            "hang": nianbao.TimedOutError,
        }.items():
            with self.subTest(fault):
                with self.assertRaises(wanted) as caught:
                    nianbao.extract(b"FAULT " + fault.encode(), name="bad.docx", **TOLD)
                self.assertEqual(caught.exception.path, "bad.docx")
                self.assertEqual(nianbao.extract(REPORT, **TOLD).year, 2023)

    def test_tables_are_read_so_too(self):
        with self.assertRaises(nianbao.CrashedError):
            nianbao.tables(b"FAULT abort", **TOLD)

    def test_a_member_costs_itself_alone(self):
        import zipfile

        path = self.folder / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in {"1.txt": REPORT, "2.txt": b"FAULT abort", "3.txt": REPORT + b"\n"}.items():
                archive.writestr(name, content)
        reports = nianbao.extract_all(path, **TOLD)
        self.assertEqual([report.source.path for report in reports], [f"{path}!1.txt", f"{path}!3.txt"])
        self.assertEqual([(error.kind, error.path) for error in reports.errors], [("crashed", f"{path}!2.txt")])

    def test_a_folder_with_bad_files_becomes_a_dataset_of_the_good_ones(self):
        for number in range(60):
            self.file(f"in/{number:03}.txt", REPORT + f"\n({number})\n".encode())
        for fault in ("abort", "hang", "memory"):
            self.file(f"in/030-{fault}.txt", f"FAULT {fault}".encode())
        summary = nianbao.convert(self.folder / "in", self.folder / "out", jobs=2, progress=False, **TOLD)
        self.assertEqual(summary.reports.all, 60)
        self.assertEqual(summary.documents.quarantined, 3)
        self.assertEqual({reason.kind for reason in summary.reasons}, {"crashed", "timeout", "out_of_memory"})

    def test_ctrl_c_ends_a_file_that_hangs(self):
        before = children()
        timer = threading.Timer(0.7, _thread.interrupt_main)
        timer.start()
        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            nianbao.extract(b"FAULT hang", timeout=60, stall=60)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(nianbao.extract(REPORT).year, 2023)
        self.assertLessEqual(len(children() - before), 1)

    def test_ctrl_c_stops_a_run_and_the_next_one_goes_on(self):
        for number in range(300):
            self.file(f"in/{number:03}.txt", REPORT + f"\n({number})\n".encode())
        self.file("in/000-slow.txt", b"FAULT slow")
        before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
        # A real Ctrl-C, twice: the first waits for the slow file.
        timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (1.5, 2.0)]
        for timer in timers:
            timer.start()
        with self.assertRaises(KeyboardInterrupt):
            nianbao.convert(self.folder / "in", self.folder / "out", jobs=1, progress=False, timeout=60)
        for timer in timers:
            timer.join()
        self.assertFalse((self.folder / "out/figures.parquet").exists())
        self.assertEqual((signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)), before)
        summary = nianbao.convert(self.folder / "in", self.folder / "out", jobs=2, progress=False, timeout=2)
        self.assertEqual(summary.reports.all, 300)

    def test_a_fault_in_who_is_told_ends_the_run(self):
        for number in range(20):
            self.file(f"in/{number:03}.txt", REPORT + f"\n({number})\n".encode())

        class Broken:
            def __call__(self, state):
                raise LookupError("no bar")

            def close(self):
                pass

        with mock.patch("nianbao._convert.watcher", Broken), self.assertRaises(LookupError):
            nianbao.convert(self.folder / "in", self.folder / "out")


class Workers(InFolder):
    def test_a_worker_is_kept_for_the_next_call(self):
        nianbao.extract(REPORT)
        before = children()
        for _ in range(20):
            nianbao.extract(REPORT)
        self.assertEqual(children(), before)

    def test_a_worker_that_was_killed_is_replaced(self):
        nianbao.extract(REPORT)
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(nianbao.extract(REPORT).year, 2023)

    def test_a_worker_that_does_not_start_is_told(self):
        with mock.patch("nianbao._worker.command", lambda: ["/nothing/at/all"]):
            with self.assertRaises(nianbao.NianbaoError) as caught:
                nianbao.extract(REPORT)
        self.assertEqual(caught.exception.kind, "no_worker")

    def test_a_fork_has_workers_of_its_own(self):
        nianbao.extract(REPORT)
        child = os.fork()
        if child == 0:
            os._exit(0 if nianbao.extract(REPORT).year == 2023 else 1)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            time.sleep(0.05)
        else:
            os.kill(child, signal.SIGKILL)
            self.fail("the fork hangs")
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertEqual(nianbao.extract(REPORT).year, 2023)

    def test_no_worker_outlives_its_python(self):
        code = (
            "import nianbao, subprocess, os; nianbao.extract(%r); "
            "print(subprocess.run(['ps', '-o', 'pid=', '--ppid', str(os.getpid())], capture_output=True, text=True).stdout)"
        )
        told = subprocess.run([sys.executable, "-c", code % REPORT], stdout=subprocess.PIPE, text=True, check=True)
        pids = told.stdout.split()
        self.assertTrue(pids)
        deadline = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertFalse([pid for pid in pids if os.path.exists(f"/proc/{pid}")])


if __name__ == "__main__":
    unittest.main()
