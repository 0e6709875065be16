"""`nianbao.extract` in a loop over the paths on standard input; prints the seconds, and how many reports were read."""

import sys
import time

import nianbao

paths = sys.stdin.read().splitlines()
done = 0
began = time.perf_counter()
for path in paths:
    try:
        report = nianbao.extract(path, isolation=sys.argv[1])
        done += report["requests.received.total"].value is not None
    except (nianbao.NianbaoError, KeyError):
        pass
print(time.perf_counter() - began, done)
