"""On Spark the dataset is that of one machine, byte for byte, whatever happens to tasks and files."""

import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import sys
import unittest
from unittest import mock

import nianbao
from nianbao import _engine
from support import CORPUS, FAULTY, REPORT, InFolder

try:
    from nianbao import spark
except ImportError as missing:
    spark, WHY = None, str(missing)
else:
    WHY = "" if shutil.which("java") or os.environ.get("JAVA_HOME") else "there is no Java: install Java 17 for PySpark"
if WHY:
    print(f"Spark is left out: {WHY}", file=sys.stderr)

RUN = {"session": None}


def setUpModule():
    if WHY:
        return
    from pyspark.sql import SparkSession

    # The workers of Spark are this Python, and know this file: a task that is made here runs there.
    os.environ.update(PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(pathlib.Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    builder = SparkSession.builder.master("local[2,3]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.driver.memory", "1g")
    RUN["session"] = builder.config("spark.sql.shuffle.partitions", "4").config("spark.log.level", "OFF").getOrCreate()


def tearDownModule():
    if RUN["session"]:
        RUN["session"].stop()


def datasets_differ(one: pathlib.Path, other: pathlib.Path) -> list:
    """The names of files that are not the same; folders of parts and what belongs to runs do not count."""

    def files(folder):
        found = {path.name: path for path in folder.iterdir() if path.is_file() and not path.name.startswith("ledger")}
        assert "datapackage.json" in found, found
        return found

    ones, others = files(one), files(other)
    return sorted(ones.keys() ^ others.keys()) + [name for name in ones if name in others and ones[name].read_bytes() != others[name].read_bytes()]


def read_after_a_failure(batches, *told):
    """A task whose first attempt does all its work, and then is lost."""
    from pyspark import TaskContext

    done = list(spark._read(batches, *told))
    if TaskContext.get().attemptNumber() == 0:
        raise RuntimeError("the machine is lost")
    return iter(done)


@unittest.skipIf(WHY, WHY)
class Spark(InFolder):
    def files(self, paths, **more):
        columns = {"uri": [str(path) for path in paths], **more}
        kinds = {"uri": "string", "sha256": "string", "size": "long"}
        schema = ", ".join(f"{name} {kinds[name]}" for name in columns)
        return RUN["session"].createDataFrame(list(zip(*columns.values())), schema)

    def test_the_dataset_is_that_of_one_machine_and_the_status_names_every_row(self):
        paths = sorted(path for name in ("docx", "text", "bundle") for path in (CORPUS / name).iterdir() if path.is_file())
        # The same bytes under two paths, in two shards: there is no hash to bring them together.
        paths.append(self.file("copy.docx", (CORPUS / "docx/plain-2021.docx").read_bytes()))
        nianbao.convert(paths, self.folder / "one", progress=False, csv=True, tables=True)
        status = spark.convert(self.files(path.as_uri() for path in paths), self.folder / "out", shards=5, csv=True, tables=True)
        self.assertEqual(datasets_differ(self.folder / "one", self.folder / "out"), [])
        rows = status.collect()
        self.assertEqual({row["uri"] for row in rows}, {path.as_uri() for path in paths})
        again = spark.convert(self.files(path.as_uri() for path in paths), self.folder / "out", shards=5, tables=True, gather=False)
        self.assertEqual(again.count(), len(rows))

    def test_shards_are_those_of_the_engine(self):
        digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(40)]
        rows = self.files([f"甲/{number}.doc" for number in range(40)], sha256=[None if number % 3 else digest for number, digest in enumerate(digests)])
        for of in (1, 7, 1000):
            for row in spark._rows(rows).withColumn("shard", spark._shard(of)).collect():
                self.assertEqual(row["shard"], _engine.shard_of(row["uri"], row["sha256"], of))

    def test_tasks_that_fail_after_their_work_change_nothing(self):
        paths = [self.file(f"in/{number}.txt", REPORT + f"({number})\n".encode()) for number in range(40)]
        nianbao.convert(self.folder / "in", self.folder / "one", progress=False)
        with mock.patch("nianbao.spark._read", read_after_a_failure):
            status = spark.convert(self.files(paths), self.folder / "out", shards=3)
        self.assertEqual(status.count(), 40)
        self.assertEqual(datasets_differ(self.folder / "one", self.folder / "out"), [])
        self.assertEqual(len(list((self.folder / "out/figures").glob("*"))), 3)

    def test_a_shard_that_is_read_twice_at_once_leaves_the_same_parts(self):
        rows = [(str(self.file(f"in/{number}.txt", REPORT + f"({number})\n".encode())), None, None) for number in range(60)]
        told = {**spark.settings(), "jobs": 1}
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            outs = [self.folder / "a", self.folder / "a", self.folder / "a", self.folder / "b"]
            done = list(pool.map(lambda out: _engine.shard(rows, str(out), str(self.folder), told), outs))
        self.assertEqual(len({part.replace("true", "false") for part in done}), 1)

        def parts(out):
            return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}

        self.assertEqual(parts(self.folder / "a"), parts(self.folder / "b"))

    def test_what_is_not_as_listed_is_a_row_of_the_status(self):
        paths = [self.file("a.txt", REPORT), self.file("b.txt", REPORT + b"b"), self.folder / "nothing.txt"]
        rows = self.files(paths, sha256=[hashlib.sha256(REPORT).hexdigest().upper(), "0" * 64, ""], size=[len(REPORT), None, 3])
        found = {pathlib.Path(row["uri"]).name: row["kind"] for row in spark.convert(rows, self.folder / "out").collect()}
        self.assertEqual(found, {"a.txt": None, "b.txt": "not_as_listed", "nothing.txt": "not_found"})

    def test_what_cannot_be_is_told(self):
        with self.assertRaises(nianbao.UsageError):
            spark.convert(RUN["session"].createDataFrame([("a",)], "path string"), self.folder / "out")
        with self.assertRaises(nianbao.UsageError):
            spark.convert(self.files(["a"]), "s3://bucket/out")
        with self.assertRaises(nianbao.UsageError):
            spark.convert(self.files(["a"]), self.folder / "out", shards=0)
        nothing = spark.convert(self.files(["a"]).limit(0), self.folder / "out")
        self.assertEqual((nothing.count(), (self.folder / "out/figures.parquet").exists()), (0, True))

    @unittest.skipUnless(FAULTY, "NIANBAO_FAULTY is not set: scripts/python-test builds the worker that fails and sets it")
    def test_three_bad_files_among_a_thousand_good_ones_are_three_rows(self):
        paths = [self.file(f"in/{number:04}.txt", REPORT + f"({number})\n".encode()) for number in range(1000)]
        for fault in ("abort", "hang", "memory"):
            paths.append(self.file(f"in/0500-{fault}.txt", f"FAULT {fault}".encode()))
        with mock.patch("nianbao.spark._PROGRAM", [FAULTY]):
            status = spark.convert(self.files(paths), self.folder / "out", timeout=6, stall=3, memory="384M")
        rows = status.collect()
        self.assertEqual(sum(row["reports"] for row in rows if row["outcome"] != "failed"), 1000)
        bad = {pathlib.Path(row["uri"]).name: row["kind"] for row in rows if row["outcome"] == "failed"}
        wanted = {"0500-abort.txt": "crashed", "0500-hang.txt": "timeout", "0500-memory.txt": "out_of_memory"}
        self.assertEqual(bad, wanted)
        import pyarrow.parquet

        self.assertEqual(pyarrow.parquet.read_metadata(self.folder / "out/reports.parquet").num_rows, 1000)


if __name__ == "__main__":
    unittest.main()
