#!/usr/bin/env python3
"""Signatures, keys, evidence, bills and models that were made to mislead their readers or to keep them busy.

usage: attacks.py ASSAY
Runs under a Python that has the package cryptography. Each command has to end with the status that is named, within SECONDS of
a processor's time and MEGABYTES, and without a crash.
"""
import base64
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ASSAY = str(Path(sys.argv[1]).absolute())
# A debug build takes ten times what a release build does.
SECONDS, MEGABYTES = 90, 700
KEY = ec.generate_private_key(ec.SECP256R1())
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KIND = "application/vnd.in-toto+json"
FILES = {"a.bin": b"0123456789", "d/b.bin": b"xyz"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
VERIFY = ["verify", "m", "--public-key", "k.pub", "--signature"]
counts = {True: 0, False: 0}


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def text(data):
    return base64.b64encode(data).decode()


def encoded(value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def check(what, allowed, *words):
    """Runs Assay with a limit of time, and judges its status and the memory that it took."""
    process = subprocess.Popen([ASSAY, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
    output = process.stdout.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    status = os.waitstatus_to_exitcode(status)
    is_right = status in allowed and used.ru_maxrss < MEGABYTES << 10
    counts[is_right] += 1
    if not is_right:
        print(f"{what}: status {status}, {used.ru_utime + used.ru_stime:.1f} s, {used.ru_maxrss >> 10} MB\n{output[:600]}")


def statement(resources=None, **serialization):
    if resources is None:
        resources = [{"name": name, "algorithm": "sha256", "digest": hashlib.sha256(data).hexdigest()}
                     for name, data in sorted(FILES.items())]
    root = hashlib.sha256(b"".join(bytes.fromhex(one["digest"]) for one in resources)).hexdigest()
    return {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": root}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"resources": resources, "serialization": {
                "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": [], **serialization}}}


def sign(payload, kind=KIND):
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    return KEY.sign(message, ec.ECDSA(hashes.SHA256()))


def bundle(payload=None, signature=None, kind=KIND, signed_kind=None, **envelope):
    payload = encoded(payload or statement())
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": hashlib.sha256(pem(KEY)).hexdigest()}, "tlogEntries": []},
            "dsseEnvelope": {"payload": text(payload), "payloadType": kind,
                             "signatures": [{"sig": text(signature or sign(payload, signed_kind or kind)), "keyid": ""}],
                             **envelope}}


def shards(parts, size):
    return statement([{"name": f"{name}:{start}:{end}", "algorithm": "sha256",
                       "digest": hashlib.sha256(FILES[name][int(start):int(end)]).hexdigest()}
                      for name, start, end in parts], method="shards", shard_size=size)


def signatures():
    """(what, statuses, the signature file)"""
    yield "honest", {0}, bundle()
    plain, payload = encoded(bundle()), encoded(statement())
    yield "a NUL behind it", {1}, plain + b"\0"
    yield "UTF-16", {1}, json.dumps(bundle()).encode("utf-16")
    yield "a member twice, one escaped", {1}, plain.replace(b'{"mediaType"', b'{"\\u006dediaType":"x","mediaType"')
    for pad in range(3):
        digits = text(payload + b" " * pad)
        if digits.endswith("="):
            last = len(digits.rstrip("=")) - 1
            loose = digits[:last] + ALPHABET[ALPHABET.index(digits[last]) | 1] + digits[last + 1:]
            yield "Base64 with loose bits", {1}, bundle(payload + b" " * pad) | {
                "dsseEnvelope": bundle(payload + b" " * pad)["dsseEnvelope"] | {"payload": loose}}
    for what, digits in (("too much padding", text(payload).rstrip("=") + "===="), ("a blank", text(payload) + " "),
                         ("a list", [text(payload)])):
        yield f"Base64: {what}", {1}, bundle() | {"dsseEnvelope": bundle()["dsseEnvelope"] | {"payload": digits}}
    r, s = utils.decode_dss_signature(sign(payload))
    for what, statuses, made in (
            ("twin with the high s", {0}, (r, ORDER - s)), ("r plus n", {1}, (r + ORDER, s)), ("s zero", {1}, (r, 0))):
        yield f"signature: {what}", statuses, bundle(payload, utils.encode_dss_signature(*made))
    yield "signature of a megabyte", {1}, bundle(payload, b"\x30\x83\x0f\xff\xfc" + bytes(1048572))
    yield "payload type with a parameter", {1}, bundle(kind=KIND + "; charset=utf-8")
    yield "payload type with a blank", {1}, bundle(kind=KIND + " ", signed_kind=KIND)
    yield "nesting of 100,000", {1}, b'{"mediaType":' + b"[" * 100000 + b"]" * 100000 + b"}"
    many = bundle()
    many["verificationMaterial"]["tlogEntries"] = [{}] * 200000
    yield "200,000 log entries", {1}, many
    many = bundle()
    many["dsseEnvelope"]["signatures"] *= 100000
    yield "100,000 signatures", {1}, many
    yield "a key's name of 20 MB", {0, 1}, plain.replace(b'"keyid": ""', b'"keyid": "' + b"x" * 20_000_000 + b'"')
    for name in ("\0", "a.bin\0", "d", "/etc/passwd", "d//b.bin", "d\\b.bin", "D/b.bin", " a.bin", "a.bin ", "a.bin/",
                 "\u200ba.bin", "d/./b.bin", "~/a.bin", "d/b.bin\n"):
        listed = [{"name": one, "algorithm": "sha256", "digest": hashlib.sha256(data).hexdigest()}
                  for one, data in ((name, b"xyz"), ("a.bin", FILES["a.bin"]))]
        yield f"name {name!r}", {1}, bundle(statement(listed))
    yield "half a pair in a name", {1}, bundle(payload.replace(b'"d/b.bin"', b'"d/b\\ud800.bin"'))
    yield "overlong UTF-8", {1}, bundle(payload.replace(b'"m"', b'"\xc1\xad"'))
    good = [("a.bin", "0", "4"), ("a.bin", "4", "8"), ("a.bin", "8", "10"), ("d/b.bin", "0", "3")]
    yield "shards", {0}, bundle(shards(good, 4))
    for what, parts, size in (
            ("overlapping", [good[0], ("a.bin", "2", "6"), *good[2:]], 4), ("with a gap", [good[0], *good[2:]], 4),
            ("a leading zero", [("a.bin", "00", "4"), *good[1:]], 4), ("a sign", [("a.bin", "+0", "4"), *good[1:]], 4),
            ("an Arabic digit", [("a.bin", "0", "\u0664"), *good[1:]], 4), ("too long", [*good[:2], ("a.bin", "8", "12"), good[3]], 4),
            ("of another size", [("a.bin", "0", "10"), good[3]], 4)):
        yield f"shards: {what}", {1}, bundle(shards(parts, size))
    for size in (2 ** 63, 2 ** 64, 10 ** 30, 1e18, 4.5, "4", True, -4, 0):
        yield f"shard size {size!r}", {1}, bundle(shards(good, size))
    yield "a hash of another length", {1}, bundle(statement(hash_type="blake2b"))
    yield "a signed file that is ignored", {1}, bundle(statement(ignore_paths=["d"]))
    yield "100,000 ignored paths", {0}, bundle(statement(ignore_paths=[f"x{number}" for number in range(100000)]))
    yield "300,000 files that are not there", {1}, bundle(statement(
        [{"name": f"f{number}", "algorithm": "sha256", "digest": "00" * 32} for number in range(300000)]))


def inputs():
    """Files that are no files, and keys of all sorts."""
    Path("good.sig").write_bytes(encoded(bundle()))
    check("a signature without an end", {1, 2}, *VERIFY, "/dev/zero")
    with open("sparse", "wb") as file:
        file.truncate(200 << 30)
    check("a signature of 200 GiB", {1, 2}, *VERIFY, "sparse")
    for what, statuses, key in (("without an end", {1, 2}, "/dev/zero"), ("of 200 GiB", {1, 2}, "sparse")):
        check(f"a key {what}", statuses, "verify", "m", "--public-key", key, "--signature", "good.sig")
    os.unlink("sparse")
    other = pem(ec.generate_private_key(ec.SECP256R1()))
    for what, statuses, data in (("100,000 keys", {0, 1, 2}, pem(KEY) * 100000), ("another key first", {1, 2}, other + pem(KEY))):
        Path("keys.pem").write_bytes(data)
        check(what, statuses, "verify", "m", "--public-key", "keys.pem", "--signature", "good.sig")


def evidence():
    payload = encoded({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "a", "digest": {"sha256": "00" * 32}}],
                       "predicateType": "https://example.com/kind", "predicate": {}})
    made = sign(payload)
    envelope = {"payload": text(payload), "payloadType": KIND, "signatures": [{"sig": text(made), "keyid": ""}]}
    r, s = utils.decode_dss_signature(made)
    twin = {"sig": text(utils.encode_dss_signature(r, ORDER - s)), "keyid": "x"}
    forged = [{"sig": text(utils.encode_dss_signature(number, number)), "keyid": ""} for number in range(1, 100001)]
    line = encoded(envelope)
    for what, statuses, value, *more in (
            ("honest", {0}, envelope), ("100,000 signatures", {1}, {**envelope, "signatures": forged}),
            ("one signature twice", {1}, {**envelope, "signatures": envelope["signatures"] * 2}, "--threshold", 2),
            ("a signature and its twin", {1}, {**envelope, "signatures": [*envelope["signatures"], twin]}, "--threshold", 2),
            ("a payload that is a list", {1}, {**envelope, "payload": text(b"[]")}), ("10,001 lines", {1}, b"\n".join([line] * 10001)),
            ("a line that is no evidence", {1}, line + b"\n{}\n"), ("a line that is no object", {1}, line + b"\nnull\n"),
            ("two on one line", {1}, line + line), ("a carriage return between", {1}, line + b"\r" + line)):
        Path("e.json").write_bytes(encoded(value))
        # The same key, twice, is one signer.
        check(f"evidence: {what}", statuses, "evidence", "verify", "e.json", "--public-key", "k.pub", "k2.pub", *more)
    for folder in ("links", "suffixes"):
        os.mkdir(folder)
    for number in range(50):
        os.symlink("../e.json", f"links/{number}.json")
    Path("suffixes/x.dsse").write_bytes(line)
    for folder in ("links", "suffixes"):
        check(f"evidence: a folder of {folder}", {1, 2}, "evidence", "verify", folder, "--public-key", "k.pub")


def bills():
    least = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    deep = {"type": "library", "name": "x"}
    for _ in range(60):
        deep = {"type": "library", "name": "x", "components": [deep]}
    files = lambda count, name: {**least, "components": [
        {"type": "file", "name": name(number), "bom-ref": name(number)} for number in range(count)]}
    for what, statuses, value in (
            ("least", {0}, least), ("components in 60 others", {0, 1}, {**least, "components": [deep]}),
            ("nesting of 5,000", {1}, encoded(least)[:-1] + b', "components":' + b'[{"type":"file","name":"x","components":' * 5000
             + b"[]" + b"}]" * 5000 + b"}"),
            ("a serial number of 5 MB", {1}, {**least, "serialNumber": "urn:uuid:" + "0" * 5_000_000}),
            ("50,000 components of one name", {1}, files(50000, lambda number: "x")),
            ("50,000 components", {0}, files(50000, lambda number: f"x{number}")),
            ("version 1.9", {1}, {**least, "specVersion": "1.9"}), ("a number for the version", {1}, {**least, "specVersion": 1.6}),
            ("two versions", {1}, encoded(least).replace(b'"version"', b'"specVersion":"1.5","version"')),
            ("a schema that is a file", {0}, {**least, "$schema": "file:///etc/passwd"}),
            ("an address of a megabyte", {0, 1}, {**least, "metadata": {"authors": [{"email": "a@" + "a." * 500000}]}}),
            ("a day that never was", {1}, {**least, "metadata": {"timestamp": "2026-02-30T00:00:00Z"}})):
        Path("bill.json").write_bytes(encoded(value))
        check(f"bill: {what}", statuses, "bom", "--check", "bill.json")


def models():
    control = "---\nlicense: \"\\e[2J\\u009b\"\ndatasets: [\"a\\nb\",\"\\u202e\"]\n---\n".encode()
    bomb = b"---\na: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 8)) for level in range(6)) + b"datasets: *g\n---\n"
    for what, files in {
            "a line of 8 MB": {"requirements.txt": b"a" * (8 << 20)},
            "half a million requirements": {"requirements.txt": b"".join(b"p%d==1\n" % number for number in range(500000))},
            "100,000 blanks": {"requirements.txt": b"a==1 --hash=sha256:" + b"0" * 64 + b" " * 100000},
            "aliases of aliases": {"README.md": bomb},
            "control characters": {"README.md": control, "w\x1b[31m\u202e.bin": b"1"},
            "a deep configuration": {"config.json": b'{"a":' + b"[" * 200000 + b"]" * 200000 + b"}"},
            "lists that include themselves and others": {
                "requirements.txt": b"-r ./././requirements.txt\n-r r/../requirements.txt\n-r /etc/passwd\n-r ~/x\n-r $HOME/x\n"},
            "a list that is binary": {"requirements.txt": b"-r w.bin\n", "w.bin": os.urandom(9 << 20)}}.items():
        for form in ("cyclonedx", "spdx"):
            shutil.rmtree("mm", ignore_errors=True)
            for name, data in files.items():
                path = Path("mm", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            check(f"model: {what}, {form}", {0}, "bom", "mm", "--format", form, "--output", "made.json")
            check(f"model: {what}, its {form} judged", {0}, "bom", "--check", "made.json")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, data in FILES.items():
            path = Path("m", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for name in ("k.pub", "k2.pub"):
            Path(name).write_bytes(pem(KEY))
        for what, statuses, value in signatures():
            Path("x.sig").write_bytes(encoded(value))
            check(what, statuses, *VERIFY, "x.sig")
        for part in (inputs, evidence, bills, models):
            part()
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


main()
