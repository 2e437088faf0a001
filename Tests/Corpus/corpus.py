#!/usr/bin/env python3
"""Runs `assay scan` over labelled folders of model files and compares the verdicts with the labels.

    corpus.py ASSAY FOLDER...

Each folder holds a manifest.jsonl with one object a line: path, label (malicious, benign, malformed), technique, format,
expected_min_severity, and `ambiguous: true` where no verdict is asked. The files are only ever read.

A malicious file must get a finding at or above its expected severity; a benign one none at or above the default threshold;
a malformed one must end, and not as clean. Exit status 0 when all do, 1 otherwise, 2 when a folder has no manifest.
"""
import collections
import json
import os
import subprocess
import sys

SEVERITIES = ["none", "low", "medium", "high", "critical"]
THRESHOLD = SEVERITIES.index("medium")


def judge(row, entry):
    """Returns None when the verdict is right, else what is wrong with it."""
    if entry is None:
        return "no report"
    if row.get("ambiguous"):
        return None
    severity = SEVERITIES.index(entry["severity"])
    rules = ", ".join(sorted({finding["rule"] for finding in entry["findings"]}))
    got = f"{entry['severity']}, {entry['outcome']} ({rules})"
    if row["label"] == "benign":
        wrong = severity >= THRESHOLD or entry["outcome"] in ("incomplete", "error")
        return f"flagged: {got}" if wrong else None
    if row["label"] == "malformed":
        return f"reads as clean: {got}" if entry["outcome"] == "clean" else None
    wanted = row["expected_min_severity"]
    return f"wanted {wanted}, got {got}" if severity < SEVERITIES.index(wanted) else None


def main():
    assay, folders = sys.argv[1], sys.argv[2:]
    failed = False
    for folder in folders:
        manifest = os.path.join(folder, "manifest.jsonl")
        if not os.path.exists(manifest):
            print(f"{folder}: no manifest.jsonl")
            return 2
        rows = [json.loads(line) for line in open(manifest, encoding="utf-8")]
        run = subprocess.run([assay, "scan", "--format", "json", folder], stdout=subprocess.PIPE)
        report = json.loads(run.stdout)
        entries = {os.path.relpath(entry["path"], folder): entry for entry in report["files"]}
        totals, right = collections.Counter(), collections.Counter()
        for row in rows:
            problem = judge(row, entries.get(row["path"]))
            totals[row["label"]] += 1
            if problem is None:
                right[row["label"]] += 1
            else:
                failed = True
                print(f"  {row['label']:9} {row['path']}\n            {row['technique']}\n            {problem}")
        words = {"malicious": "found at or above the expected severity", "benign": "pass at the default threshold",
                 "malformed": "end, and not as clean"}
        print(f"{folder}: exit status {run.returncode}")
        for label, total in totals.items():
            print(f"  {label:9} {right[label]:4} of {total:4} {words[label]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
