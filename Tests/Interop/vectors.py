#!/usr/bin/env python3
"""Runs `assay verify` over the OMS test vectors and compares each answer with the recommended one.

usage: vectors.py ASSAY FOLDER [PART-OF-AN-ID]
FOLDER holds manifest.jsonl with the models, signatures and keys beside it.
"""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLAGS = {
    "--allow_symlinks": "--allow-symlinks",
    "--ignore_unsigned_files": "--ignore-unsigned-files",
    "--identity_provider": "--identity-provider",
    "--trust_config": "--trust-config",
}


def arguments(case):
    flags = [FLAGS.get(flag, flag) for flag in case["args"]]
    if case["mode"] == "key":
        flags += ["--public-key", case["key"]]
    elif case["mode"] == "certificate" and case["key"]:
        flags += ["--certificate-chain", *case["key"]]
    if case.get("needs_option") == "allow_legacy":
        flags.append("--allow-legacy")
    return ["verify", case["dir"], "--signature", case["sig"], *flags]


def main():
    assay, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    cases = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    cases = [case for case in cases if wanted in case["id"]]

    def answer(case):
        run = subprocess.run(
            [assay, *arguments(case)], cwd=folder, capture_output=True, text=True, errors="replace", timeout=60)
        return case, run

    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for case, run in pool.map(answer, cases):
            # A refusal is "not verified" or "could not decide"; a crash or a usage error is neither.
            got = {0: "ok", 1: "fail", 3: "fail"}.get(run.returncode, f"status {run.returncode}")
            if got != case["recommended"]:
                failed += 1
                print(f"{case['id']}: {got} instead of {case['recommended']}: {case['why']}")
                print("    " + "\n    ".join((run.stdout + run.stderr).splitlines()[:4]))
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not cases else 0)


main()
