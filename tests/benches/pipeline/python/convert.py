"""A run of `nianbao.convert` into a new folder; prints its seconds. Arguments: files, out, jobs."""

import sys
import time

import nianbao

files, out, jobs = sys.argv[1:]
began = time.perf_counter()
nianbao.convert(files, out, jobs=int(jobs), progress=False)
print(time.perf_counter() - began)
