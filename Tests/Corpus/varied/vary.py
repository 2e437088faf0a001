#!/usr/bin/env python3
"""Writes other forms of labelled samples, which mean the same: vary.py CORPUS... --into FOLDER [--seed N] [--largest BYTES]

A verdict has to follow what a file does, so it must not change when the same pickle is spelled with other opcodes, when the
same text stands in another encoding, or when the same file lies in an archive. Each variant gets a line in the manifest with
the label of the sample that it was made from; `corpus.py` compares. Files are only read and rewritten, never loaded.
"""
import argparse
import json
import os
import random
import shutil

import containers
import pickles
import texts

# A local file is `medium` in its own repository, and some rules ask for the name that a loader looks for.
NAMED = {"hf-config", "secrets", "network", "text", "jinja", "python", "yaml"}


def variants(data, name, row, rng):
    """Pairs of a variant's name and its (file name, bytes)."""
    yield from containers.around(data, name)
    if row["format"] not in NAMED and row["expected_min_severity"] != "none":
        yield "without an extension", (name.replace(".", "_"), data)
    if row["format"] == "pickle":
        for way, stream in pickles.spellings(data, rng):
            yield way, (name, stream)
        yield from pickles.within(data)
    for way, text in texts.spellings(data, row["format"]):
        yield way, (name, text)


def is_left_out(row, way, data, name):
    """Variants that are no longer what the sample was: the verdict rests on the name, or on what the way takes away."""
    if row.get("ambiguous") or row["label"] == "malformed":
        return True
    # A program is graded by what it pretends to be; a pickle that breaks off early is told by its name alone.
    told_by_name = row["format"] == "executable" or name.endswith(".pkl") and pickles.opcodes(data) is None
    return way == "without an extension" and told_by_name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("--into", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=400_000)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    shutil.rmtree(options.into, ignore_errors=True)
    os.makedirs(options.into)
    count = 0
    with open(os.path.join(options.into, "manifest.jsonl"), "w", encoding="utf-8") as manifest:
        for corpus in options.corpus:
            for line in open(os.path.join(corpus, "manifest.jsonl"), encoding="utf-8"):
                row = json.loads(line)
                path = os.path.join(corpus, row["path"])
                if not os.path.isfile(path) or os.path.getsize(path) > options.largest:
                    continue
                data = open(path, "rb").read()
                for way, (name, content) in variants(data, os.path.basename(path), row, rng):
                    if content == data and name == os.path.basename(path) or is_left_out(row, way, data, os.path.basename(path)):
                        continue
                    count += 1
                    place = os.path.join(row["label"], f"{count:06}", name)
                    os.makedirs(os.path.dirname(os.path.join(options.into, place)))
                    with open(os.path.join(options.into, place), "wb") as file:
                        file.write(content)
                    manifest.write(json.dumps(dict(row, path=place, technique=f"{row['technique']}: {way}")) + "\n")
    print(f"{options.into}: {count} variants")


if __name__ == "__main__":
    main()
