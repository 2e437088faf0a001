#!/usr/bin/env python3
"""Writes Sources/AssayData/python/analysed.txt: what the functions and classes of Python libraries can reach.

    generate.py --stdlib DIR --packages DIR [--output FILE] [--jobs N]

DIR holds sources (unpacked wheels); they are parsed, never imported or run. README.md tells how to get them and
docs/knowledge.md what the table means.
"""

import argparse
import gc
import multiprocessing
import os
import pickle
import sys

import module_facts
from curated import Curated
from reach import Reach

SKIPPED_PARTS = {"tests", "test", "site-packages", "__pycache__", "lib-dynload", "benchmarks", "examples"}


def sources(root):
    """(path, module name, whether a package) of every source below `root`, sorted."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_PARTS and f.isidentifier())
        relative = os.path.relpath(folder, root)
        parts = [] if relative == "." else relative.split(os.sep)
        for file in sorted(files):
            stem, extension = os.path.splitext(file)
            if extension != ".py" or not stem.isidentifier() or stem.startswith("test_") or stem.endswith("_test") or stem == "conftest":
                continue
            name = ".".join(parts if stem == "__init__" else parts + [stem])
            if name:
                found.append((os.path.join(folder, file), name, stem == "__init__"))
    return found


def read(job):
    return module_facts.read(*job)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    data = os.path.join(here, "..", "..", "Sources", "AssayData", "python")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stdlib", required=True)
    parser.add_argument("--packages", required=True)
    parser.add_argument("--output", default=os.path.join(data, "analysed.txt"))
    parser.add_argument("--facts", help="keeps what was read of the sources here, for the next run")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()

    if options.facts and os.path.exists(options.facts):
        gc.disable()
        with open(options.facts, "rb") as file:
            facts = pickle.load(file)  # Written by this program's own earlier run.
    else:
        jobs = sources(options.stdlib) + sources(options.packages)
        with multiprocessing.Pool(options.jobs) as pool:
            facts = [f for f in pool.imap(read, jobs, chunksize=64) if f is not None]
        if options.facts:
            with open(options.facts, "wb") as file:
                pickle.dump(facts, file, 5)
    modules = {}
    for fact in facts:
        if fact.name.endswith("_test"):
            continue
        modules.setdefault(fact.name, fact)
    print(f"{len(modules)} modules read", file=sys.stderr)

    gc.freeze()  # The facts live to the end: collecting among them is most of the time otherwise.
    gc.disable()
    reach = Reach(modules)
    reach.run()
    print(f"{len(reach.effects)} functions reach a primitive", file=sys.stderr)
    lines = reach.table(Curated(os.path.join(data, "curated.txt")))
    with open(options.output, "w", encoding="ascii", newline="\n") as file:
        file.write("# What Python callables can do, by analysis of sources. Written by Tools/knowledge/generate.py.\n")
        file.writelines(line + "\n" for line in sorted(lines))
    print(f"{len(lines)} lines, {os.path.getsize(options.output)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
