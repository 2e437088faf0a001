#!/usr/bin/env python3
"""Verifies the files of sigstore-conformance's cases with `assay verify`: bundles over a file's bytes.

usage: conformance.py ASSAY BUNDLE-VERIFY TRUSTED-ROOT
BUNDLE-VERIFY is `test/assets/bundle-verify` of a checkout; TRUSTED-ROOT is the public instance's. A case whose name ends in
`_fail` has to be refused. Bundles over statements are left to the unit tests, because most of those are about no model.
"""
import json
import subprocess
import sys
from pathlib import Path

ASSAY, FOLDER, ROOT = str(Path(sys.argv[1]).absolute()), Path(sys.argv[2]), sys.argv[3]
IDENTITY = ("https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/"
            "extremely-dangerous-oidc-beacon.yml@refs/heads/main")
PROVIDER = "https://token.actions.githubusercontent.com"


def first(folder, name, otherwise):
    return str(folder / name) if (folder / name).exists() else otherwise


def main():
    passed = failed = 0
    for bundle in sorted(FOLDER.glob("*/bundle.sigstore.json")):
        folder = bundle.parent
        try:
            if "messageSignature" not in json.loads(bundle.read_text()):
                continue
        except ValueError:
            pass
        words = lambda name, otherwise: (folder / name).read_text() if (folder / name).exists() else otherwise
        trust = ["--trust-config", first(folder, "trusted_root.json", ROOT), "--identity", words("identity", IDENTITY),
                 "--identity-provider", words("issuer", PROVIDER)]
        if (folder / "key.pub").exists():
            trust = ["--public-key", str(folder / "key.pub")]
        run = subprocess.run([ASSAY, "verify", first(folder, "artifact", str(FOLDER / "a.txt")), "--signature", str(bundle),
                              *trust], capture_output=True, text=True)
        if (run.returncode == 0) == (not folder.name.endswith("_fail")) and run.returncode in (0, 1, 3):
            passed += 1
        else:
            failed += 1
            print(f"{folder.name}: status {run.returncode}\n{run.stdout}{run.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
