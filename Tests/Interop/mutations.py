#!/usr/bin/env python3
"""Changes every value of signed bundles, one at a time, and demands that `assay verify` refuses each changed bundle.

usage: mutations.py ASSAY FOLDER
Some values decide nothing by design (the DSSE key id, the checkpoint's place in the log); they are named below.
"""
import base64
import copy
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

IDENTITY = ["--identity", "stefanb@us.ibm.com", "--identity-provider", "https://sigstore.verify.ibm.com/oauth2"]
CASES = {
    "peer/v1.1.0-sigstore": [
        "--trust-config", "peer/trust_config.public-good.json", *IDENTITY,
        "--ignore-paths", "peer/v1.1.0-sigstore/ignore-me", "peer/v1.1.0-sigstore/model.sig"],
    "models/nested": ["--certificate-chain", "keys/root.pem"],
}
SIGNATURES = {"peer/v1.1.0-sigstore": "peer/v1.1.0-sigstore/model.sig", "models/nested": "sigs/cert-p256.sig"}


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, path + (index,))
    else:
        yield path


def changed(value):
    if isinstance(value, int):
        yield value + 1
        return
    yield ""
    if value.isdigit():
        yield str(int(value) + 1)
        return
    try:
        raw = bytearray(base64.b64decode(value, validate=True))
        for place in {0, len(raw) // 3, len(raw) // 2, len(raw) - 1}:
            copy_of = bytearray(raw)
            copy_of[place] ^= 1
            yield base64.b64encode(bytes(copy_of)).decode()
    except ValueError:
        for place in {0, len(value) // 2, len(value) - 2}:
            yield value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1:]


def main():
    assay, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    jobs = []
    for model, flags in CASES.items():
        bundle = json.loads((folder / SIGNATURES[model]).read_text())
        for path in leaves(bundle):
            if path[-1] == "keyid":
                continue
            holder, original = bundle, None
            for step in path[:-1]:
                holder = holder[step]
            original = holder[path[-1]]
            for value in changed(original):
                mutant = copy.deepcopy(bundle)
                target = mutant
                for step in path[:-1]:
                    target = target[step]
                target[path[-1]] = value
                jobs.append((model, flags, path, mutant))

    def accepted(job):
        model, flags, path, mutant = job
        with tempfile.NamedTemporaryFile("w", suffix=".sig") as file:
            json.dump(mutant, file)
            file.flush()
            run = subprocess.run(
                [assay, "verify", model, "--signature", file.name, *flags], cwd=folder, capture_output=True, text=True)
        # A changed certificate that nothing rests on is reported, not refused.
        return 1 if "does without" in run.stdout else run.returncode

    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for (model, _, path, _), status in zip(jobs, pool.map(accepted, jobs)):
            if status not in (1, 3):
                failed += 1
                print(f"{model}: a changed {'.'.join(map(str, path))} ends with status {status}")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not jobs else 0)


main()
