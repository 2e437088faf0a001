#!/usr/bin/env python3
"""Ten models signed by Assay and verified by the unmodified `model_signing` program, and ten the other way round.

usage: peer.py ASSAY MODEL_SIGNING
MODEL_SIGNING is the program from PyPI: pip install model-signing==1.1.1 pyOpenSSL certifi
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ASSAY, PEER = (str(Path(name).absolute()) for name in sys.argv[1:3])


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def models(folder):
    """Ten models: the shapes that names, sizes and folders take."""
    contents = [
        {"model.bin": b"weights"},
        {"a": b"1", "b": b"2", "c/d": b"3", "c/e/f": b"4"},
        {"a/b": b"1", "a b": b"2", "a.b": b"3", "a-b": b"4", "A": b"5"},
        {"empty": b"", "full": b"x"},
        {"\u00e9.txt": b"composed", "e\u0301.txt": b"decomposed", "模型/权重.bin": b"w", "😀": b"s"},
        {"new\nline": b"1", 'quote"back\\slash': b"2", "tab\tname": b"3", "colon:name": b"4"},
        {"big.bin": bytes(range(256)) * 20000},
        {".hidden": b"h", ".git/config": b"g", ".gitignore": b"i", "sub/.gitignore": b"s"},
        {f"layer{n}/w.bin": bytes([n]) * 100 for n in range(50)},
        {"config.json": b"{}", "tokenizer.json": b"[]", "model.safetensors": b"\x02\0\0\0\0\0\0\0{}"},
    ]
    for number, files in enumerate(contents):
        model = Path(folder) / f"model{number}"
        for name, data in files.items():
            path = model / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield model


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        keys = []
        for curve in ("prime256v1", "secp384r1", "secp521r1"):
            openssl("ecparam", "-name", curve, "-genkey", "-noout", "-out", f"{curve}.key")
            openssl("ec", "-in", f"{curve}.key", "-pubout", "-out", f"{curve}.pub")
            keys.append(curve)
        for number, model in enumerate(models(folder)):
            key = keys[number % 3]
            steps = [
                ("assay signs", ASSAY, "sign", model, "--private-key", f"{key}.key", "--signature", "a.sig"),
                ("model_signing verifies", PEER, "verify", "key", model, "--public_key", f"{key}.pub",
                 "--signature", "a.sig"),
                ("model_signing signs", PEER, "sign", "key", model, "--private_key", f"{key}.key",
                 "--signature", "p.sig"),
                ("assay verifies", ASSAY, "verify", model, "--public-key", f"{key}.pub", "--signature", "p.sig"),
            ]
            for what, *command in steps:
                result = run(*map(str, command))
                if result.returncode == 0:
                    passed += 1
                else:
                    failed += 1
                    print(f"{model.name}: {what}: {result.stdout}{result.stderr}")
            # Both must see a change.
            first = min(path for path in model.rglob("*") if path.is_file() and ".git" not in str(path))
            first.write_bytes(first.read_bytes() + b"!")
            for what, *command in (steps[1], steps[3]):
                if run(*map(str, command)).returncode == 1:
                    passed += 1
                else:
                    failed += 1
                    print(f"{model.name}: {what} a changed model")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
