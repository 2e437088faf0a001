#!/usr/bin/env python3
"""Times Assay beside its peers on the same files, in one run.

    bench.py ASSAY DATA_FOLDER VENV_BIN [--runs N] [--peer-runs N] [--limit SECONDS]

For each item and program: CPU seconds (user and system, of the process and of its children, as the kernel accounts them)
and the peak resident memory of the largest process; the median of the runs. A program that takes longer than the limit
is ended and marked `>`. Programs run in turn, so that a change of the machine's pace meets them alike. Telemetry is off.
"""
import argparse
import json
import os
import signal
import statistics
import subprocess
import tempfile
import time

import startup

ITEMS = [
    ("2,000 small pickles", "smalls"),
    ("1 GiB torch zip", "model.pt"),
    ("1 GiB safetensors", "model.safetensors"),
    ("5-million-opcode pickle", "deep.pkl"),
    ("65 MB zip of 500 MB pickles", "pickles.zip"),
    ("1 GiB GGUF", "model.gguf"),
]

FOLDER = tempfile.TemporaryDirectory()

# What a peer does with an item: only those that really analyse it are compared with. The others print why.
NOT_ANALYSED = {
    ("picklescan", "model.safetensors"): "only probes", ("picklescan", "model.gguf"): "only probes",
    ("modelscan", "model.safetensors"): "not supported", ("modelscan", "model.gguf"): "not supported",
    ("fickling", "model.pt"): "cannot parse", ("fickling", "model.safetensors"): "cannot parse",
    ("fickling", "pickles.zip"): "cannot parse", ("fickling", "model.gguf"): "cannot parse",
}


def commands(bin_folder, path):
    at = lambda name: os.path.join(bin_folder, name)
    fickling = [at("fickling"), "-s", path]
    if os.path.isdir(path):
        # Its command line takes one file: the same work, one process a file, as a user has to do it.
        script = f'for f in "{path}"/*; do "{at("fickling")}" -s "$f"; done'
        fickling = ["sh", "-c", script]
    return {
        "picklescan": [at("picklescan"), "-p", path],
        "modelscan": [at("modelscan"), "-p", path],
        "fickling": fickling,
        "modelaudit": [at("modelaudit"), "scan", path],
    }


def measure(command, limit):
    """Returns (CPU seconds, peak MB, finished). Programs run in a folder of their own: some leave files there."""
    environment = dict(os.environ, PROMPTFOO_DISABLE_TELEMETRY="1", NO_ANALYTICS="1", CI="1", IS_TESTING="1",
                       DO_NOT_TRACK="1")
    null = open(os.devnull, "w")
    process = subprocess.Popen(command, stdout=null, stderr=null, stdin=subprocess.DEVNULL, env=environment,
                               start_new_session=True, cwd=FOLDER.name)
    end = time.monotonic() + limit
    finished = True
    while True:
        pid, _, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if finished and time.monotonic() > end:
            finished = False
            # What has been used up to here is read from the kernel before the process goes.
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.001 if end - time.monotonic() > limit - 1 else 0.02)
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, finished


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("assay")
    parser.add_argument("data")
    parser.add_argument("bin")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--peers", default="picklescan,modelscan,fickling,modelaudit")
    parser.add_argument("--json")
    options = parser.parse_args()
    for name in ("assay", "data", "bin"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    peers = [peer for peer in options.peers.split(",") if peer]
    rows = []
    print("load average before: " + ", ".join(f"{load:.1f}" for load in os.getloadavg()))
    print(f"CPU seconds and peak MB (median of {options.runs}; peers {min(options.peer_runs, options.runs)}), limit {options.limit:.0f} s\n")
    print(f"{'item':29}{'assay':>16}" + "".join(f"{peer:>18}" for peer in peers) + f"{'fastest peer / assay':>23}")
    for title, name in ITEMS:
        path = os.path.join(options.data, name)
        samples = {program: [] for program in ["assay"] + peers}
        for turn in range(options.runs):
            samples["assay"].append(measure([options.assay, "scan", "--quiet", path], options.limit))
            if turn >= options.peer_runs:
                continue
            for peer in peers:
                if (peer, name) not in NOT_ANALYSED:
                    samples[peer].append(measure(commands(options.bin, path)[peer], options.limit))
        cells, best = [], None
        for program in ["assay"] + peers:
            if not samples[program]:
                cells.append(NOT_ANALYSED[(program, name)])
                continue
            cpu = statistics.median(sample[0] for sample in samples[program])
            memory = max(sample[1] for sample in samples[program])
            done = all(sample[2] for sample in samples[program])
            cells.append(f"{'' if done else '>'}{cpu:.3f} / {memory:.0f} MB")
            if program == "assay":
                ours = cpu
            elif best is None or cpu < best[0]:
                best = (cpu, program)
        ratio = f"{best[0] / max(ours, 1e-4):.0f}x ({best[1]})" if best else "-"
        print(f"{title:29}{cells[0]:>16}" + "".join(f"{cell:>18}" for cell in cells[1:]) + f"{ratio:>23}", flush=True)
        rows.append({"item": title, "cells": cells, "ratio": ratio})
    print("\nload average after: " + ", ".join(f"{load:.1f}" for load in os.getloadavg()))
    startup.report(options.assay)
    if options.json:
        json.dump(rows, open(options.json, "w"), indent=1)


if __name__ == "__main__":
    main()
