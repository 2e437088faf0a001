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


# How signing ends for the models and keys of `sign-errors.jsonl`: as there, but that links to folders and out of the model are
# refused (docs/provenance.md), and that what is not there is an error of input.
SIGNING = [
    (1, ["models/nested", "--private-key", "keys/ec-k256.key"]), (1, ["models/nested", "--private-key", "keys/ed25519.key"]),
    (1, ["models/nested", "--private-key", "keys/rsa2048.key"]), (1, ["models/symlink-file", "--private-key", "keys/ec-p256.key"]),
    (0, ["models/symlink-file", "--private-key", "keys/ec-p256.key", "--allow_symlinks"]),
    (1, ["models/symlink-dir", "--private-key", "keys/ec-p256.key"]),
    (1, ["models/symlink-dir", "--private-key", "keys/ec-p256.key", "--allow_symlinks"]),
    (1, ["models/symlink-escape", "--private-key", "keys/ec-p256.key"]),
    (1, ["models/symlink-escape", "--private-key", "keys/ec-p256.key", "--allow_symlinks"]),
    (0, ["models/symlink-escape", "--private-key", "keys/ec-p256.key", "--allow_symlinks", "--allow-outside-symlinks"]),
    (1, ["models/symlink-dir-escape", "--private-key", "keys/ec-p256.key", "--allow_symlinks"]),
    (1, ["models/symlink-broken", "--private-key", "keys/ec-p256.key"]),
    (1, ["models/symlink-broken", "--private-key", "keys/ec-p256.key", "--allow_symlinks"]),
    (1, ["models/nested", "--private-key", "keys/leaf-p256.key", "--signing_certificate", "keys/leaf-p256.key",
         "--certificate_chain", "keys/int.pem"]),
    (1, ["models/nested", "--private-key", "keys/leaf-p384.key", "--signing_certificate", "keys/leaf-p256.pem",
         "--certificate_chain", "keys/int.pem"]),
    (0, ["models/nested", "--private-key", "keys/leaf-p256.key", "--signing_certificate", "keys/leaf-p256.pem",
         "--certificate_chain", "keys/int.pem"]),
    (2, ["models/does-not-exist", "--private-key", "keys/ec-p256.key"]), (2, ["models/nested", "--private-key", "keys/nope.key"]),
    (1, ["models/nested", "--private-key", "keys/ec-p256-encrypted.key"]), (1, ["models/empty-model", "--private-key", "keys/ec-p256.key"]),
    (1, ["models/nested~fifo", "--private-key", "keys/ec-p256.key"]), (1, ["models/non-utf8", "--private-key", "keys/ec-p256.key"]),
]


def sign(assay, folder):
    """How many of the signing commands end otherwise."""
    failed = 0
    for expected, words in SIGNING:
        run = subprocess.run([assay, "sign", *words, "--signature", "signed.sig"], cwd=folder, capture_output=True, text=True,
                             errors="replace", timeout=60)
        if run.returncode != expected or (run.returncode == 0) != (folder / "signed.sig").exists():
            failed += 1
            print(f"sign {' '.join(words)}: status {run.returncode} instead of {expected}\n    {run.stderr[:300]}")
        (folder / "signed.sig").unlink(missing_ok=True)
    return failed


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
    unsigned = 0 if wanted else sign(assay, folder)
    print(f"{len(SIGNING) - unsigned} of {len(SIGNING)} commands sign or refuse as they should")
    sys.exit(1 if failed or unsigned or not cases else 0)


main()
