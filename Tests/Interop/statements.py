#!/usr/bin/env python3
"""Signed statements of all sorts over one small model, each of which `assay verify` has to take or to refuse.

usage: statements.py ASSAY
Runs under a Python that has the package cryptography. The signatures are good; what is signed is what varies.
"""
import base64
import copy
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ASSAY = str(Path(sys.argv[1]).absolute())
KEY = ec.generate_private_key(ec.SECP256R1())
FILES = {"a.txt": b"alpha", "dir/b.bin": bytes(range(256)), "dir/\u00e9.txt": b"composed", "dir/e\u0301.txt": b"not",
         "empty": b"", "sp ace/\u6a21\u578b \U0001f600.bin": b"unicode"}


def text(data):
    return base64.b64encode(data).decode()


def sha(data, hash_type="sha256"):
    return {"sha256": hashlib.sha256, "blake2b": hashlib.blake2b}[hash_type](data).hexdigest()


def statement(resources=None, **serialization):
    if resources is None:
        resources = [{"name": name, "algorithm": "sha256", "digest": sha(data)} for name, data in sorted(FILES.items())]
    root = hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in resources
                                   if len(r["digest"]) % 2 == 0 and all(c in "0123456789abcdefABCDEF" for c in r["digest"])))
    return {"_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "model", "digest": {"sha256": root.hexdigest()}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"resources": resources, "serialization": {
                "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": [], **serialization}}}


def shards(size, hash_type="sha256"):
    found = []
    for name, data in FILES.items():
        for start in range(0, len(data), size):
            end = min(start + size, len(data))
            found.append({"name": f"{name}:{start}:{end}", "algorithm": hash_type,
                          "digest": sha(data[start:end], hash_type)})
    return sorted(found, key=lambda r: r["name"])


def bundle(payload, kind=b"application/vnd.in-toto+json", signed_kind=None, encode=text):
    signed_kind = signed_kind or kind
    message = b"DSSEv1 %d %s %d %s" % (len(signed_kind), signed_kind, len(payload), payload)
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": hashlib.sha256(pem).hexdigest()}},
            "dsseEnvelope": {"payload": encode(payload), "payloadType": kind.decode(),
                             "signatures": [{"sig": text(KEY.sign(message, ec.ECDSA(hashes.SHA256())))}]}}


def statements():
    """(what, taken, the payload's bytes)"""
    def variant(change, **more):
        value = statement(**more)
        change(value)
        return json.dumps(value).encode()

    def resources(change):
        """Changes the list and keeps the root digest right."""
        listed = copy.deepcopy(statement()["predicate"]["resources"])
        change(listed)
        return json.dumps(statement(listed)).encode()

    plain = json.dumps(statement()).encode()
    yield "plain", True, plain
    yield "pretty, with text as it is", True, json.dumps(statement(), indent=2, ensure_ascii=False).encode()
    yield "names with escapes of pairs", True, json.dumps(statement(), ensure_ascii=True).encode()
    # Names.
    for what, name in {"parent": "../a.txt", "parent inside": "dir/../a.txt", "dot": "./a.txt", "dot inside": "dir/./b.bin",
                       "empty component": "dir//b.bin", "absolute": "/etc/hostname", "slash at the end": "a.txt/",
                       "empty": "", "only a dot": ".", "only parents": "..", "with NUL": "a.txt\0", "backslashes": "dir\\b.bin",
                       "other case": "A.TXT", "blank at the end": "a.txt "}.items():
        yield f"name: {what}", False, resources(lambda listed: listed[0].update(name=name))
        yield f"further name: {what}", False, resources(lambda listed: listed.append(dict(listed[0], name=name)))
    yield "the other normal form", False, resources(lambda listed: [
        r.update(name=r["name"].replace("\u00e9", "e\u0301")) for r in listed])
    yield "name twice", False, resources(lambda listed: listed.append(listed[0]))
    yield "file left out", False, resources(lambda listed: listed.pop())
    yield "file that is not there", False, resources(lambda listed: listed.append(dict(listed[0], name="zzz")))
    yield "nothing", False, resources(lambda listed: listed.clear())
    yield "another order", True, resources(lambda listed: listed.reverse())
    # Digests.
    yield "upper case", False, resources(lambda listed: listed[0].update(digest=listed[0]["digest"].upper()))
    yield "cut", False, resources(lambda listed: listed[0].update(digest=listed[0]["digest"][:-2]))
    yield "odd", False, resources(lambda listed: listed[0].update(digest=listed[0]["digest"][:-1]))
    yield "longer", False, resources(lambda listed: listed[0].update(digest=listed[0]["digest"] + "00"))
    yield "empty digest", False, resources(lambda listed: listed[0].update(digest=""))
    yield "another algorithm", False, resources(lambda listed: listed[0].update(algorithm="sha512"))
    yield "no algorithm", False, resources(lambda listed: listed[0].pop("algorithm"))
    yield "unknown members of a resource", True, resources(lambda listed: listed[0].update(uri="x", annotations={"a": 1}))
    yield "swapped digests", False, resources(lambda listed: (listed[0].update(digest=listed[1]["digest"])))
    # Serialization.
    for size in (1, 7, 100, 10 ** 9):
        yield f"shards of {size}", True, json.dumps(statement(shards(size), method="shards", shard_size=size)).encode()
    yield "shards, BLAKE2b", True, json.dumps(
        statement(shards(9, "blake2b"), method="shards", shard_size=9, hash_type="blake2b")).encode()
    for what, size in {"none": None, "zero": 0, "negative": -7, "broken": 7.5, "text": "7", "other": 8, "huge": 1e300,
                       "beyond 64 bits": 2 ** 70, "true": True}.items():
        yield f"shard size: {what}", False, json.dumps(statement(shards(7), method="shards", shard_size=size)).encode()
    yield "shard size as a float", True, json.dumps(statement(shards(7), method="shards", shard_size=7.0)).encode()

    def sharded(change):
        listed = shards(100)
        change(listed)
        return json.dumps(statement(listed, method="shards", shard_size=100)).encode()

    place = next(n for n, r in enumerate(shards(100)) if r["name"] == "dir/b.bin:100:200")
    yield "shard missing", False, sharded(lambda listed: listed.pop(place))
    yield "last shard missing", False, sharded(lambda listed: listed.pop(place + 1))
    yield "shard twice", False, sharded(lambda listed: listed.append(listed[place]))
    for what, ending in {"backwards": ":200:100", "empty": ":100:100", "leading zero": ":0100:200", "plus": ":+100:200",
                         "overlapping": ":150:200", "no end": ":100", "negative": ":-100:200",
                         "beyond": ":100:99999999999999999999", "hexadecimal": ":0x64:200"}.items():
        yield f"shard: {what}", False, sharded(lambda listed: listed[place].update(name="dir/b.bin" + ending))
    yield "shards called files", False, json.dumps(statement(shards(7), shard_size=7)).encode()
    yield "shard size with files", False, json.dumps(statement(shard_size=7)).encode()
    yield "method in another case", False, json.dumps(statement(method="FILES")).encode()
    yield "hash in another case", False, json.dumps(statement(hash_type="SHA256")).encode()
    yield "link policy null", False, json.dumps(statement(allow_symlinks=None)).encode()
    yield "link policy as a number", False, json.dumps(statement(allow_symlinks=0)).encode()
    yield "links allowed, none there", True, json.dumps(statement(allow_symlinks=True)).encode()
    yield "ignored paths null", False, json.dumps(statement(ignore_paths=None)).encode()
    yield "ignored: a pattern, which is a name", True, json.dumps(statement(ignore_paths=["*.bin"])).encode()
    yield "ignored twice", True, json.dumps(statement(ignore_paths=["x", "x"])).encode()
    yield "unknown members of the statement", True, variant(lambda s: s.update(x=1))
    yield "unknown members of the predicate", True, variant(lambda s: s["predicate"].update(x=1))
    yield "unknown members of the serialization", True, json.dumps(statement(x=1)).encode()
    yield "unknown method", False, json.dumps(statement(method="tree")).encode()
    yield "unknown hash", False, json.dumps(statement(hash_type="md5")).encode()
    yield "no link policy", False, variant(lambda s: s["predicate"]["serialization"].pop("allow_symlinks"))
    yield "link policy as text", False, json.dumps(statement(allow_symlinks="false")).encode()
    yield "no ignored paths", True, variant(lambda s: s["predicate"]["serialization"].pop("ignore_paths"))
    for path in (".", "./", "", "\0", "./.", "dir/", "./dir", ".//dir/."):
        yield f"ignored: {path!r}", False, json.dumps(statement(ignore_paths=[path])).encode()
    # What leads out of the model leaves nothing out; other spellings of a path are that path.
    for path in ("..", "../x", "/", "/etc", "a/../b", "dir/../a.txt", "../model/dir", "cache/", "./cache", "cache//x/."):
        yield f"ignored: {path!r}", True, json.dumps(statement(ignore_paths=[path])).encode()
    yield "ignored and signed", False, json.dumps(statement(ignore_paths=["dir"])).encode()
    yield "ignored and absent", True, json.dumps(statement(ignore_paths=["cache", "x/y"])).encode()
    yield "ignored: no list", False, json.dumps(statement(ignore_paths="dir")).encode()
    yield "no serialization", False, variant(lambda s: s["predicate"].pop("serialization"))
    # The statement.
    yield "stale root digest", False, variant(lambda s: s["subject"][0]["digest"].update(sha256="0" * 64))
    yield "root digest in upper case", False, variant(
        lambda s: s["subject"][0]["digest"].update(sha256=s["subject"][0]["digest"]["sha256"].upper()))
    yield "root digest of another kind", False, variant(
        lambda s: s["subject"][0].update(digest={"sha512": s["subject"][0]["digest"]["sha256"]}))
    yield "two subjects", False, variant(lambda s: s["subject"].append(s["subject"][0]))
    yield "no subject", False, variant(lambda s: s.update(subject=[]))
    for what, name in (("null", None), ("a number", 7), ("a list", [])):
        yield f"name of the subject: {what}", False, variant(lambda s: s["subject"][0].update(name=name))
    yield "no name of the subject", False, variant(lambda s: s["subject"][0].pop("name"))
    yield "name empty", True, variant(lambda s: s["subject"][0].update(name=""))
    yield "more digests of the subject", True, variant(lambda s: s["subject"][0]["digest"].update(sha512="0" * 128))
    yield "annotations of the subject", True, variant(lambda s: s["subject"][0].update(annotations={"a": 1}))
    yield "root digest with a prefix", False, variant(
        lambda s: s["subject"][0]["digest"].update(sha256="sha256:" + s["subject"][0]["digest"]["sha256"]))
    yield "predicate type with a slash", False, variant(
        lambda s: s.update(predicateType="https://model_signing/signature/v1.0/"))
    yield "statement type in another case", False, variant(lambda s: s.update(_type="https://in-toto.io/statement/v1"))
    yield "another name", True, variant(lambda s: s["subject"][0].update(name="another"))
    yield "another statement type", False, variant(lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"))
    yield "another predicate type", False, variant(lambda s: s.update(predicateType="https://model_signing/signature/v1.1"))
    yield "predicate as a list", False, variant(lambda s: s.update(predicate=[s["predicate"]]))
    # JSON.
    yield "byte order mark", False, b"\xef\xbb\xbf" + plain
    yield "bytes after the end", False, plain + b"{}"
    yield "white space around", True, b" \n" + plain + b"\n\t "
    yield "comment", False, plain[:-1] + b"/* */}"
    yield "comma too many", False, plain[:-1] + b",}"
    yield "single quotes", False, plain.replace(b'"model"', b"'model'")
    yield "member twice", False, plain[:-1] + b', "predicateType": "https://model_signing/signature/v1.0"}'
    yield "member twice, escaped", False, plain[:-1] + b', "predicate\\u0054ype": "x"}'
    yield "nested member twice", False, plain.replace(b'"method": "files"', b'"method": "files", "method": "files"')
    yield "not UTF-8", False, plain.replace(b'"model"', b'"mod\xff"')
    yield "half a pair", False, plain.replace(b'"model"', b'"\\ud800"')
    yield "control character", False, plain.replace(b'"model"', b'"mo\ndel"')
    yield "UTF-16", False, plain.decode().encode("utf-16")
    yield "NaN", False, plain[:-1] + b', "x": NaN}'
    yield "too deep", False, plain[:-1] + b', "x": ' + b"[" * 100000 + b"]" * 100000 + b"}"
    yield "empty", False, b""


def bundles():
    """(what, taken, the signature file's text)"""
    payload = json.dumps(statement()).encode()
    good = bundle(payload)
    yield "type of the payload not signed", False, json.dumps(bundle(payload, signed_kind=b"application/json"))
    yield "another type of payload", False, json.dumps(bundle(payload, kind=b"application/json"))
    yield "Base64 for URLs", False, json.dumps(bundle(
        payload + b" " * 2 + "\u00ff\u00fe?>".encode() * 0, encode=lambda data: base64.urlsafe_b64encode(data).decode() + "-"))
    yield "Base64 in lines", True, json.dumps(bundle(payload, encode=lambda data: base64.encodebytes(data).decode()))
    yield "Base64 without padding", False, json.dumps(bundle(
        payload + b" " * (1 if len(payload) % 3 == 0 else 0), encode=lambda data: text(data).rstrip("=")))
    for keyid in ("", None):
        changed = copy.deepcopy(good)
        changed["dsseEnvelope"]["signatures"][0]["keyid"] = keyid
        yield f"key id {keyid!r}", True, json.dumps(changed)
    for kind in ("application/vnd.dev.sigstore.bundle.v0.4+json", "application/json", ""):
        yield f"media type {kind!r}", False, json.dumps(dict(good, mediaType=kind))
    changed = copy.deepcopy(good)
    changed["dsseEnvelope"]["signatures"].append(changed["dsseEnvelope"]["signatures"][0])
    yield "two signatures", False, json.dumps(changed)
    changed = copy.deepcopy(good)
    changed["dsseEnvelope"]["signatures"] = []
    yield "no signature", False, json.dumps(changed)
    signature = base64.b64decode(good["dsseEnvelope"]["signatures"][0]["sig"])
    for what, bytes_ in {"cut": signature[:-1], "longer": signature + b"\0", "empty": b"", "zero": bytes(70),
                         "long length": signature[:1] + b"\x81" + signature[1:],
                         "raw": bytes(64)}.items():
        changed = copy.deepcopy(good)
        changed["dsseEnvelope"]["signatures"][0]["sig"] = text(bytes_)
        yield f"signature {what}", False, json.dumps(changed)
    changed = copy.deepcopy(good)
    changed["verificationMaterial"]["publicKey"]["hint"] = "0" * 64
    yield "another hint", False, json.dumps(changed)
    changed = copy.deepcopy(good)
    changed["verificationMaterial"]["publicKey"] = {}
    yield "no hint", True, json.dumps(changed)
    for what, is_taken, hint in (("null", True, None), ("empty", True, ""), ("a number", False, 7), ("a list", False, [])):
        changed["verificationMaterial"]["publicKey"] = {"hint": hint}
        yield f"hint that is {what}", is_taken, json.dumps(changed)
    der, other = (key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for key in (KEY, ec.generate_private_key(ec.SECP256R1())))
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for what, is_taken, raw, more in (
            ("as PEM", True, pem, {}), ("as DER", True, der, {"keyDetails": "PKIX_ECDSA_P256_SHA_256"}),
            ("with its hint", True, pem, {"hint": hashlib.sha256(pem).hexdigest()}), ("another one", False, other, {}),
            ("with another hint", False, pem, {"hint": "0" * 64}), ("cut", False, der[:-1], {}), ("none", False, b"", {})):
        changed["verificationMaterial"]["publicKey"] = {"rawBytes": text(raw), **more}
        yield f"key in the bundle: {what}", is_taken, json.dumps(changed)
    for what, is_taken, more in (
            ("no log entries", True, {"tlogEntries": []}), ("null log entries", False, {"tlogEntries": None}),
            ("log entries that say nothing", False, {"tlogEntries": [{}]}),
            ("timestamps that are a list", False, {"timestampVerificationData": []}),
            ("log entries that are no list", False, {"tlogEntries": {}}),
            ("log entries that are no objects", False, {"tlogEntries": ["x"]}),
            ("no timestamps", True, {"timestampVerificationData": {"rfc3161Timestamps": []}}),
            ("null timestamps", True, {"timestampVerificationData": None}),
            ("null certificate", True, {"certificate": None}), ("null key", False, {"publicKey": None}),
            ("key that is a list", False, {"publicKey": []}), ("unknown member", False, {"x": 1}),
            ("name of protobuf", False, {"tlog_entries": []})):
        changed = copy.deepcopy(good)
        changed["verificationMaterial"].update(more)
        yield f"verification material: {what}", is_taken, json.dumps(changed)
    for what, is_taken, more in (("unknown member of the envelope", False, {"x": 1}),
                                 ("signatures that are no list", False, {"signatures": {"sig": "AAAA"}})):
        changed = copy.deepcopy(good)
        changed["dsseEnvelope"].update(more)
        yield what, is_taken, json.dumps(changed)
    for version in ("+json;version=0.1", "+json;version=0.2", "+json;version=0.3", ".v0.3.1+json", ".v0.3", ".V0.3+json"):
        kind = "application/vnd.dev.sigstore.bundle" + version
        yield f"media type {kind}", False, json.dumps(dict(good, mediaType=kind))
    changed = copy.deepcopy(good)
    changed["verificationMaterial"]["certificate"] = {"rawBytes": "AAAA"}
    yield "key and certificate", False, json.dumps(changed)
    yield "member twice", False, json.dumps(good)[:-1] + ', "mediaType": "' + good["mediaType"] + '"}'
    yield "byte order mark", False, "\ufeff" + json.dumps(good)
    yield "two texts", False, json.dumps(good) * 2


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, data in FILES.items():
            path = Path("model") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        Path("key.pub").write_bytes(KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        cases = [(what, taken, json.dumps(bundle(payload))) for what, taken, payload in statements()]
        for what, is_taken, signature in [*cases, *bundles()]:
            Path("sig.json").write_text(signature)
            run = subprocess.run([ASSAY, "verify", "model", "--signature", "sig.json", "--public-key", "key.pub"],
                                 capture_output=True, text=True, errors="replace", timeout=60)
            if (run.returncode == 0) == is_taken and run.returncode in (0, 1):
                passed += 1
            else:
                failed += 1
                print(f"{what}: status {run.returncode} instead of {'0' if is_taken else '1'}\n{run.stdout}{run.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
