"""Millions of files on Spark: each task reads one shard of a manifest with the workers of this package, and the driver gathers the dataset.

    from nianbao import spark
    files = session.createDataFrame([(path,) for path in paths], "uri string")
    status = spark.convert(files, "/shared/dataset")

No bytes of files pass through Spark, only their names: the files and the folder of the dataset must be where every machine finds them under the
same path, and this package installed on each. What each shard leaves stands whole or not at all, under a name that says what is in it, so tasks that
are repeated, or run twice at once, change nothing. A file that crashes, hangs or eats memory is a row of the status, and costs its worker alone.

Up to some hundred thousand files `nianbao.convert` on one machine is faster than starting Spark: measure first.
"""

from __future__ import annotations

import json
import math
import os
import pathlib
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import Any, Optional, Union

try:
    import pyarrow
    from pyspark import TaskContext
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as F
except ImportError as missing:
    raise ImportError(f"nianbao.spark needs PySpark ({missing}): pip install pyspark pandas pyarrow, and Java 17") from missing

from . import _engine, _worker
from ._errors import error
from ._settings import Path, settings

__all__ = ["convert", "shards_for"]

#: A shard has so many rows at most, where nothing else is asked for: some ten seconds of work, beside which a task costs nothing and the files that
#: it leaves are few.
ROWS = 2000
#: And so many bytes, where the manifest tells sizes.
BYTES = 512 << 20
#: Below so many rows a shard is not worth a task of its own.
FEW = 50

# What a task tells of each of its shards.
_DONE = "shard int, part string, rows long, standing boolean, ok long, review long, failed long"
_STATUS = (
    "uri string, document string, path string, bytes long, sha256 string, outcome string, reports long, kind string, message string"
)

# The program of a worker and its arguments; each machine's own Python where there is none. For tests.
_PROGRAM: list[str] = []


def convert(
    df: DataFrame,
    out: Path,
    *,
    shards: Optional[int] = None,
    gather: bool = True,
    scratch: Optional[Path] = None,
    form: Optional[Path] = None,
    csv: bool = False,
    bom: bool = False,
    sqlite: bool = False,
    tables: bool = False,
    memory: Union[int, str] = "1G",
    timeout: float = 120,
    stall: float = 60,
) -> DataFrame:
    """Reads the files that the rows of `df` name, and writes the dataset that :func:`nianbao.convert` writes of them, byte for byte.

    `df` has a column `uri` (paths or `file:` URIs), and may have `sha256` (hexadecimal digits) and `size` (bytes): a file that is not as its row says is
    not read. Returns the status: a row for each document with its `uri`, its `outcome` (ok, review, failed), and the `kind` and `message` of what went wrong.

    The rows are parted into `shards`, as many as suit their number and the cluster unless told. A task reads `spark.task.cpus` files at a time, each
    worker with up to `memory` of its own, outside of what Spark plans with. The parts of each shard lie below `out`; with `gather` the driver
    writes the dataset beside them, which needs room in `scratch` (on each machine; the system's folder for such things unless told).
    """
    session = df.sparkSession
    folder = _folder(out)
    told = settings(memory=memory, timeout=timeout, stall=stall, form=form, tables=tables)
    told["worker"] = list(_PROGRAM)
    place = None if scratch is None else os.fspath(scratch)
    rows = _rows(df)
    of = shards_for(rows) if shards is None else shards
    if of < 1:
        raise error("usage", "", "shards: at least one is needed")
    parted = _parted(rows.withColumn("shard", _shard(of)), of)

    def task(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _read(batches, folder, place, told)

    done = sorted((row["shard"], row["part"]) for row in parted.mapInArrow(task, _DONE).collect())
    if gather:
        wishes = {"include": [], "exclude": [], "retry": False, "redo": False, "csv": csv, "bom": bom, "sqlite": sqlite}
        told["worker"] = []
        _engine.gather([(index, of, part) for index, part in done], folder, place, told, wishes)
    if not done:
        return session.createDataFrame([], _STATUS)
    status = pathlib.Path(folder).absolute() / "status"
    return session.read.schema(_STATUS).parquet(*[(status / f"part-{part}.parquet").as_uri() for _, part in done])


def shards_for(df: DataFrame) -> int:
    """Into how many shards the rows of a manifest are parted: some for each processor, none of them large, and none for a handful of files."""
    size = F.coalesce(F.col("size"), F.lit(0)) if "size" in df.columns else F.lit(0)
    found = df.agg(F.count("*").alias("rows"), F.sum(size).alias("bytes")).first()
    rows, size = (found["rows"], found["bytes"] or 0) if found else (0, 0)
    enough = max(math.ceil(rows / ROWS), math.ceil(size / BYTES))
    return max(1, enough, min(2 * _tasks(df.sparkSession), math.ceil(rows / FEW)))


def _tasks(session: SparkSession) -> int:
    """How many tasks run at a time."""
    try:
        context = session.sparkContext
        return max(1, int(context.defaultParallelism) // int(context.getConf().get("spark.task.cpus", "1") or 1))
    except Exception:  # Spark Connect tells only what was set.
        return int(session.conf.get("spark.default.parallelism", "16") or 16)


def _folder(out: Path) -> str:
    """A path that means the same to every machine."""
    text = os.fspath(out)
    parts = urllib.parse.urlsplit(text)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        text = urllib.parse.unquote(parts.path)
    elif "://" in text:
        raise error("usage", text, "the dataset goes to a folder that every machine has under this path")
    return os.path.abspath(text)


def _rows(df: DataFrame) -> DataFrame:
    """The columns of a manifest, each of one type whatever it was."""
    if "uri" not in df.columns:
        raise error("usage", "", "there is no column uri; a manifest has uri, and may have sha256 and size")
    types = dict(df.dtypes)
    none = F.lit(None)
    sha256 = F.col("sha256") if "sha256" in types else none
    sha256 = F.hex(sha256) if types.get("sha256") == "binary" else F.trim(sha256.cast("string"))
    sha256 = F.when(F.length(sha256) > 0, F.lower(sha256))
    size = F.col("size") if "size" in types else none
    return df.select(F.col("uri").cast("string").alias("uri"), sha256.alias("sha256"), size.cast("long").alias("size"))


def _shard(of: int) -> Any:
    """Which shard a row belongs to, by the rule of the engine (`shard_of`): the first eight bytes of its hash as a number, modulo `of`."""
    digest = F.coalesce(F.col("sha256"), F.sha2(F.col("uri"), 256))
    number = F.conv(F.substring(digest, 1, 16), 16, 10).cast("decimal(20,0)")
    # What makes no sense is told by the engine, in whatever shard.
    return F.coalesce(F.pmod(number, F.lit(of).cast("decimal(20,0)")).cast("int"), F.lit(0))


def _parted(df: DataFrame, of: int) -> DataFrame:
    """A partition for each shard; before Spark 4.1 some have several of them and some none."""
    if hasattr(df, "repartitionById"):
        return df.repartitionById(of, F.col("shard"))
    return df.repartition(of, "shard")


def _read(
    batches: Iterable[pyarrow.RecordBatch], out: str, scratch: Optional[str], told: dict[str, Any]
) -> Iterator[pyarrow.RecordBatch]:
    """What a task does: reads the shards whose rows it is given, one after another."""
    shards: dict[int, list[tuple[str, Optional[str], Optional[int]]]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            if not row["uri"]:
                raise error("usage", "", "a row of the manifest has no uri; name the file")
            shards.setdefault(row["shard"], []).append((row["uri"], row["sha256"], row["size"]))
    task = TaskContext.get()
    own = {**told, "jobs": task.cpus() if task else 1, "worker": told["worker"] or _worker.command()}
    for index, rows in sorted(shards.items()):
        done = {"shard": index, **json.loads(_engine.shard(rows, out, scratch, own))}
        columns = {name: [done[name]] for name in ("shard", "part", "rows", "standing", "ok", "review", "failed")}
        kinds = [pyarrow.int32(), pyarrow.string(), pyarrow.int64(), pyarrow.bool_()] + 3 * [pyarrow.int64()]
        arrays = [pyarrow.array(column, kind) for column, kind in zip(columns.values(), kinds)]
        yield pyarrow.RecordBatch.from_arrays(arrays, names=list(columns))
