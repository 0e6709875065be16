"""FOLDER OUT: seconds until a session on two cores has done its first task, of a first conversion, and of the best of two more when all is warm."""
import os
import pathlib
import sys
import time

began = time.perf_counter()
os.environ.update(PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
from pyspark.sql import SparkSession

from nianbao import spark

folder, out = map(pathlib.Path, sys.argv[1:])
session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.log.level", "OFF").getOrCreate()
session.range(1).count()
seconds = [time.perf_counter() - began]
paths = session.createDataFrame([(str(path),) for path in sorted(folder.rglob("*")) if path.is_file()], "uri string")
for turn in range(3):
    began = time.perf_counter()
    spark.convert(paths, out / str(turn)).count()
    seconds.append(time.perf_counter() - began)
print(seconds[0], seconds[1], min(seconds[2:]))
session.stop()
