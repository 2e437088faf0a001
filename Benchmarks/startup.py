#!/usr/bin/env python3
"""How long Assay takes to start: startup.py ASSAY. CPU (user and system, with its children's) and wall clock."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 50


def measure(command):
    """Returns milliseconds of (CPU, wall clock) of one run."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * 1000, wall * 1000


def report(assay):
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(b"a few words\n")
        file.flush()
        for title, command in [("--version", [assay, "--version"]),
                               ("scan of one small file, with its worker", [assay, "scan", "--quiet", file.name])]:
            samples = [measure(command) for _ in range(RUNS)]
            cpu, wall = zip(*samples)
            print(f"{title}: {statistics.median(cpu):.1f} ms CPU, {statistics.median(wall):.1f} ms wall clock "
                  f"(medians of {RUNS}; at best {min(cpu):.1f} and {min(wall):.1f} ms)")


if __name__ == "__main__":
    report(sys.argv[1])
