#!/usr/bin/env python3
"""Hostile signatures and trees, each judged by `assay verify` and by the library `model_signing`.

usage: hostile.py ASSAY [COUNT] [SEED]
Runs under a Python that has model_signing 1.1.1. Statements, bundles, signatures and trees are changed at random, alone and
together; where the change is in the statement, it is signed again with the right key, so that what is signed is what varies.
What Assay takes, the library has to take. What the library takes and Assay refuses has to be refused for one of the reasons
in STRICTER, which docs/provenance.md names.
"""
import base64
import collections
import copy
import hashlib
import json
import logging
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import model_signing
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ASSAY = str(pathlib.Path(sys.argv[1]).absolute())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 600
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
logging.disable(logging.CRITICAL)

ORDERS = {256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
          384: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973}
KEYS = {256: ec.generate_private_key(ec.SECP256R1()), 384: ec.generate_private_key(ec.SECP384R1())}
DIGESTS = {256: hashes.SHA256(), 384: hashes.SHA384()}
OTHER = ec.generate_private_key(ec.SECP256R1())
KIND = "application/vnd.in-toto+json"
FILES = {"config.json": b"{}", "weights/a.bin": bytes(range(200)), "weights/b.bin": b"", "caf\u00e9.txt": b"nfc",
         "cafe\u0301.txt": b"nfd", "A.txt": b"upper", "a.txt": b"lower", ".hidden": b"dot", "sub/.gitignore": b"*"}

# Why Assay refuses what the library takes: fragments of its reasons.
STRICTER = {
    "strict JSON": "duplicate names, bytes after the end and the like",
    "does not belong there": "unknown members of a bundle",
    "is listed twice": "a name twice", "is not a plain path": "names with . and empty components",
    "the signature covers nothing": "the model itself is ignored", "lists no files": "an empty model",
    "signatures instead of one": "more than one signature", "a link to a folder": "links to folders",
    "the name is not UTF-8": "names that are no text", "neither a file nor a folder": "special files below ignored paths",
    "is signed but ignored": "a file that is listed and ignored",
    "_type is not": "another type of statement", "subject has no name": "no name of the subject",
    "allow_symlinks is missing": "the policy for links", "unsupported hash_type": "the name of the hash",
    "unsupported serialization method": "the method", "shard_size does not go": "a shard size with files",
    "ignore_paths is not an array": "ignored paths of another type", "an ignored path is not a string": "the same",
    "the key hint is not a string": "a hint of another type", "the digest of": "digests in upper case or of other lengths",
    "root digest": "the root digest in upper case", "predicate is no object": "a predicate that is none",
    "has no serialization": "no serialization", "a digest's algorithm": "an algorithm of another name",
    "a file has no name": "a name of another type", "the statement has no subject": "no subject",
    "a subject's digest is not a string": "digests of other types", "an ignored path is not UTF-8": "a NUL",
    "a DSSE keyid is not a string": "a key's name of another type", "the media type is": "media types of older versions",
    "names 2 kinds of key": "a key and a certificate", "tlogEntries is not": "log entries of another type",
    "is missing or not Base64": "Base64 of another alphabet", "a signed timestamp": "timestamps of another form",
    "has no inclusion proof": "log entries beside a key", "is incomplete": "log entries beside a key",
    "another key, which it carries": "a key in the bundle that is not the verifier's",
    "rfc3161Timestamps is not": "the same", "is a symbolic link": "links where the signature allows none",
}

# What Assay takes because the specification says so (section 9), and the library does not.
LOOSER = {"verificationMaterial.tlogEntries\n  Field required": "no list of log entries beside a key"}

# And where the signature leaves paths out: what lies there may be anything.
LOOSER_IGNORED = {"because it is a symlink": "a link at an ignored path"}


def text(data):
    return base64.b64encode(data).decode()


def statement(files):
    listed = [{"name": name, "algorithm": "sha256", "digest": hashlib.sha256(data).hexdigest()}
              for name, data in sorted(files.items())]
    return {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "model", "digest": {"sha256": ""}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"resources": listed, "serialization": {
                "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}}}


def rooted(value):
    """With the digest of what is listed, as far as it can be taken."""
    try:
        digests = b"".join(bytes.fromhex(one["digest"]) for one in value["predicate"]["resources"])
        value["subject"][0]["digest"]["sha256"] = hashlib.sha256(digests).hexdigest()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        pass
    return value


def pae(payload, kind=KIND):
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def signature(payload, size, key=None, digest=None):
    return (key or KEYS[size]).sign(pae(payload), ec.ECDSA(digest or DIGESTS[size]))


def bundle(payload, signed, size):
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": hashlib.sha256(pem(KEYS[size])).hexdigest()}, "tlogEntries": []},
            "dsseEnvelope": {"payload": text(payload), "payloadType": KIND, "signatures": [{"sig": text(signed), "keyid": ""}]}}


# Changes of a statement: each gets the statement and may return its text.

def places(value, path=()):
    yield path, value
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], path + (index,))


def put(value, path, new):
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


ODD_VALUES = [None, True, False, 0, 1, -1, 1.5, 1e400, 10 ** 30, "", " ", "x", [], {}, [[]], {"": ""}, ["x"], "\u0000", "\ud83d\ude00",
              "sha256", "SHA256", "sha-256", "files", "true", "0" * 64, "0" * 63, "0" * 128, "F" * 64, "../x", "/", ".", "a/../b"]


def odd_value(value):
    path, _ = RANDOM.choice([one for one in places(value) if one[0]])
    put(value, path, copy.deepcopy(RANDOM.choice(ODD_VALUES)))


def lost_member(value):
    path, _ = RANDOM.choice([one for one in places(value) if one[0] and isinstance(one[0][-1], str)])
    for step in path[:-1]:
        value = value[step]
    del value[path[-1]]


def more_member(value):
    objects = [one for one in places(value) if isinstance(one[1], dict)]
    RANDOM.choice(objects)[1][RANDOM.choice(["x", "name", "digest", "ignore_paths", "shard_size", "Name", "\u0130"])] = \
        copy.deepcopy(RANDOM.choice(ODD_VALUES))


def odd_name(value):
    one = RANDOM.choice(value["predicate"]["resources"])
    name = one["name"]
    one["name"] = RANDOM.choice([
        "./" + name, name + "/", name.replace("/", "//"), "/" + name, "../model/" + name, "x/../" + name, name.upper(),
        unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name), name + "\u200b", name + " ", name + "\0",
        name.replace("/", "\\"), "", ".", "..", name + "/.", "weights", "\ufeff" + name, name + ":0:1", "~/" + name])


def twice(value):
    listed = value["predicate"]["resources"]
    one = copy.deepcopy(RANDOM.choice(listed))
    if RANDOM.random() < 0.5:
        one["digest"] = "0" * 64
    listed.insert(RANDOM.randrange(len(listed) + 1), one)


def shuffled(value):
    RANDOM.shuffle(value["predicate"]["resources"])


def dropped(value):
    listed = value["predicate"]["resources"]
    listed.remove(RANDOM.choice(listed))


def ignored(value):
    value["predicate"]["serialization"]["ignore_paths"] = RANDOM.sample(
        ["cache", "cache/", "./cache", "cache//", "a/../cache", "../model", "..", "../..", "/", "/etc", "", ".", "./", "./.",
         "*", "**", "?", "weights/*", "[a]", ".git", "weights", "weights/", "weights/a.bin", "weights/a.bin/", "WEIGHTS", "a.txt",
         "cache/./x", "\u0000", "cache\\x", " cache", "cafe\u0301.txt", "~", "$HOME", os.getcwd() + "/model/cache",
         os.getcwd() + "/model"], RANDOM.randint(1, 2))
    if RANDOM.random() < 0.6:
        # Whoever ignores a file does not list it.
        names = [pathlib.PurePosixPath(p) for p in value["predicate"]["serialization"]["ignore_paths"] if "\0" not in p]
        value["predicate"]["resources"] = [
            one for one in value["predicate"]["resources"]
            if not any(pathlib.PurePosixPath(one["name"]).is_relative_to(p) for p in names)]


def odd_digest(value):
    one = RANDOM.choice(value["predicate"]["resources"])
    digest = one["digest"]
    one["digest"] = RANDOM.choice([digest.upper(), digest[:-2], digest + "00", digest[:-1], "0x" + digest, " " + digest, digest + "\n",
                                   "sha256:" + digest, text(bytes.fromhex(digest)), digest[::-1], "\uff10" + digest[1:]])


def odd_subject(value):
    subject = value["subject"][0]
    RANDOM.choice([
        lambda: value["subject"].append(copy.deepcopy(subject)), lambda: value["subject"].append({}),
        lambda: subject["digest"].update(sha512="0" * 128), lambda: subject.update(digest={"SHA256": subject["digest"]["sha256"]}),
        lambda: subject["digest"].update(sha256=subject["digest"]["sha256"].upper()), lambda: subject.update(name="../x"),
        lambda: subject["digest"].update(sha256=subject["digest"]["sha256"] + " "), lambda: subject.update(name=""),
        lambda: value.update(subject=subject), lambda: subject.update(uri="x", content="eA==", annotations={"x": [1]})])()


def odd_json(value):
    plain = json.dumps(rooted(value))
    return RANDOM.choice([
        lambda: "\ufeff" + plain, lambda: plain + "\n\n", lambda: plain + "{}", lambda: plain + "\0", lambda: " " + plain,
        lambda: plain.replace("{", "{ \t\r\n"), lambda: plain.replace(": ", ":\x0b"), lambda: plain[:-1] + ",}",
        lambda: plain[:-1] + ', "_type": "https://in-toto.io/Statement/v1"}',
        lambda: plain[:-1] + ', "predicate": {}}', lambda: plain.replace('"predicate": {', '"predicate": {"resources": [], ', 1),
        lambda: plain.replace('"digest": {', '"digest": {"sha256": "' + "0" * 64 + '", ', 1),
        lambda: plain.replace('"allow_symlinks": false', '"allow_symlinks": true, "allow_symlinks": false'),
        lambda: plain.replace('"method"', '"m\\u0065thod"'), lambda: plain.replace("false", "False"),
        lambda: plain.replace('"files"', '"files", "x": 1e5'), lambda: plain.replace('"files"', '"files", "x": -0'),
        lambda: plain.replace('"files"', '"files", "x": 01'), lambda: plain.replace('"files"', '"files", "x": Infinity'),
        lambda: plain.replace('"files"', '"files", "x": "\\ud800"'), lambda: plain.replace('"files"', '"files", "x": "\t"'),
        lambda: plain.replace('"files"', '"files", "\\u0000": 1'), lambda: "[" + plain + "]", lambda: plain[:-1],
        lambda: json.dumps(rooted(value), ensure_ascii=False), lambda: plain.replace("/", "\\/"),
        lambda: plain.replace('"files"', '"files", "shard_size": null'), lambda: plain.replace('"files"', '"files", "shard_size": 0'),
    ])()


STATEMENT_CHANGES = [odd_value, lost_member, more_member, odd_name, twice, shuffled, dropped, ignored, ignored, odd_digest,
                     odd_subject, odd_json, odd_json]


# Changes of a signature: each gets the payload, the curve's size and the right signature.

def raw_parts(signed):
    return utils.decode_dss_signature(signed)


def integer(value, pad=0):
    body = value.to_bytes((value.bit_length() + 8) // 8 or 1, "big")
    body = bytes(pad) + body
    return bytes([2, len(body)]) + body


def sequence(*parts, tag=0x30, long=False, tail=b""):
    body = b"".join(parts)
    length = bytes([0x81, len(body)]) if long or len(body) > 127 else bytes([len(body)])
    return bytes([tag]) + length + body + tail


def odd_signature(payload, size, signed):
    r, s = raw_parts(signed)
    order = ORDERS[size]
    return RANDOM.choice([
        lambda: sequence(integer(r), integer(order - s)), lambda: sequence(integer(0), integer(0)),
        lambda: sequence(integer(r), integer(0)), lambda: sequence(integer(0), integer(s)),
        lambda: sequence(integer(order), integer(s)), lambda: sequence(integer(r + order), integer(s)),
        lambda: sequence(integer(r), integer(s + order)), lambda: sequence(integer(s), integer(r)),
        lambda: sequence(integer(r, 1), integer(s)), lambda: sequence(integer(r), integer(s), long=True),
        lambda: sequence(integer(r), integer(s), tail=b"\0"), lambda: sequence(integer(r), integer(s), integer(1)),
        lambda: sequence(integer(r)), lambda: sequence(integer(r), integer(s), tag=0x31), lambda: signed + b"x", lambda: signed[:-1],
        lambda: b"", lambda: bytes(len(signed)), lambda: r.to_bytes(size // 8, "big") + s.to_bytes(size // 8, "big"),
        lambda: sequence(bytes([2, 1, 0x81]), integer(s)), lambda: sequence(bytes([2, 0]), integer(s)),
        lambda: b"\x30\x80" + integer(r) + integer(s) + b"\0\0",
        lambda: signature(payload, size, key=OTHER), lambda: signature(payload + b" ", size),
        lambda: signature(payload, size, digest=hashes.SHA512()), lambda: signature(payload, size, digest=hashes.SHA1()),
        lambda: KEYS[size].sign(payload, ec.ECDSA(DIGESTS[size])),
        lambda: KEYS[size].sign(pae(payload, "application/json"), ec.ECDSA(DIGESTS[size])),
    ])()


# Changes of a bundle.

def odd_bundle(value, payload, signed):
    envelope, material = value["dsseEnvelope"], value["verificationMaterial"]
    def retyped():
        path, _ = RANDOM.choice([one for one in places(value) if one[0]])
        put(value, path, copy.deepcopy(RANDOM.choice(ODD_VALUES)))
    def lost():
        lost_member(value)
    RANDOM.choice([
        retyped, retyped, lost, lost,
        lambda: envelope["signatures"].append({"sig": text(signed), "keyid": ""}),
        lambda: envelope["signatures"].insert(0, {"sig": text(b"\x30\x06\x02\x01\x01\x02\x01\x01"), "keyid": "x"}),
        lambda: envelope["signatures"].append({"sig": "", "keyid": None}),
        lambda: envelope.update(payload=base64.urlsafe_b64encode(payload).decode()),
        lambda: envelope.update(payload=text(payload).rstrip("=")), lambda: envelope.update(payload=text(payload) + "\n"),
        lambda: envelope.update(payload=text(payload) + "AAAA"), lambda: envelope.update(payload=text(payload + b" ")),
        lambda: envelope.update(payload=" " + text(payload)), lambda: envelope.update(payload=text(payload)[:-4]),
        lambda: envelope.update(payloadType="application/vnd.in-toto+json "), lambda: envelope.update(payloadType=KIND.upper()),
        lambda: envelope.update(x=1), lambda: envelope["signatures"][0].update(sig=base64.urlsafe_b64encode(signed).decode()),
        lambda: envelope["signatures"][0].update(keyid=RANDOM.choice([None, "x", 1, []])),
        lambda: material["publicKey"].update(hint=RANDOM.choice([None, "", "0" * 64, 7, material["publicKey"]["hint"].upper()])),
        lambda: material.update(certificate={"rawBytes": "AAAA"}), lambda: material.update(tlogEntries=RANDOM.choice([None, {}, [{}], [1]])),
        lambda: material.update(x509CertificateChain={"certificates": []}),
        lambda: material.update({RANDOM.choice(["certificate", "x509CertificateChain"]): None}),
        lambda: material["publicKey"].update(RANDOM.choice([
            {"rawBytes": None}, {"rawBytes": text(pem(KEYS[256]))}, {"rawBytes": text(pem(OTHER))}, {"keyDetails": "x"},
            {"validFor": {"start": "2020-01-01T00:00:00Z"}}])),
        lambda: value.update(messageSignature=None), lambda: material.pop("tlogEntries"),
        lambda: material.update(timestampVerificationData=RANDOM.choice([
            None, {}, {"rfc3161Timestamps": []}, {"rfc3161Timestamps": None}, {"rfc3161Timestamps": [{}]}, []])),
        lambda: value.update(mediaType=RANDOM.choice([
            "application/vnd.dev.sigstore.bundle+json;version=0.3", "application/vnd.dev.sigstore.bundle+json;version=0.1",
            "application/vnd.dev.sigstore.bundle.v0.3+json ", "application/vnd.dev.sigstore.bundle.v1+json", "", None])),
        lambda: value.update(messageSignature={"signature": text(signed)}),
        lambda: value.update(x=1), lambda: value.update(dsse_envelope=value.pop("dsseEnvelope"))])()


# Changes of a tree.

def odd_tree(model):
    weights = model / "weights"
    RANDOM.choice([
        lambda: (model / "config.json").write_bytes(b"{ }"), lambda: (model / "new.bin").write_bytes(b""),
        lambda: (weights / "a.bin").unlink(), lambda: (weights / "a.bin").rename(model / "a.bin"),
        lambda: ((model / "a.txt").write_bytes(b"upper"), (model / "A.txt").write_bytes(b"lower")),
        lambda: (weights / "b.bin").unlink(), lambda: os.truncate(weights / "a.bin", 199), lambda: os.truncate(weights / "a.bin", 4096),
        lambda: ((model / "new").mkdir(), (model / "new/deeper").mkdir()),
        lambda: ((model / "a.txt").unlink(), os.link(model / "A.txt", model / "a.txt")),
        lambda: (shutil.copy(model / "a.txt", "outside"), (model / "a.txt").unlink(), (model / "a.txt").symlink_to("../outside")),
        lambda: (shutil.copytree(weights, "elsewhere"), shutil.rmtree(weights), weights.symlink_to("../elsewhere")),
        lambda: os.mkfifo(model / "pipe"), lambda: (model / "link").symlink_to("nothing"),
        lambda: ((model / "cache").mkdir(), (model / "cache/x").write_bytes(b"x")),
        lambda: ((model / ".git").mkdir(), (model / ".git/config").write_bytes(b"x")),
        lambda: ((weights / ".git").mkdir(), (weights / ".git/config").write_bytes(b"x")),
        lambda: (model / "caf\u00e9.txt").rename(model / "x.txt"),
        lambda: ((model / "cafe\u0301.txt").write_bytes(b"nfc"), (model / "caf\u00e9.txt").write_bytes(b"nfd")),
        lambda: (pathlib.Path(os.fsdecode(bytes(model) + b"/\xff")).write_bytes(b"x")),
        lambda: ((model / "config.json").unlink(), (model / "config.json").mkdir()),
        lambda: os.chmod(weights / "a.bin", 0o755), lambda: os.utime(weights / "a.bin", (0, 0)),
        lambda: (model / "a.txt:0:5").write_bytes(b"x"), lambda: (model / "config.json ").write_bytes(b"{}"),
    ])()


def peer(key_file):
    try:
        model_signing.verifying.Config().use_elliptic_key_verifier(public_key=pathlib.Path(key_file)).verify(
            pathlib.Path("model"), pathlib.Path("sig.json"))
        return True, ""
    except BaseException as error:
        return False, f"{type(error).__name__}: {error}"


def main():
    wrong, both, neither, stricter = 0, 0, 0, collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for size, key in KEYS.items():
            pathlib.Path(f"{size}.pub").write_bytes(pem(key))
        for number in range(COUNT):
            for name in ("model", "elsewhere"):
                shutil.rmtree(name, ignore_errors=True)
            for name in FILES:
                path = pathlib.Path("model", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(FILES[name])
            size = RANDOM.choice([256, 256, 256, 384])
            verifier = size if RANDOM.random() < 0.97 else 256 + 384 - size
            kinds = RANDOM.choice([["statement"]] * 5 + [["signature"], ["bundle"], ["bundle"], ["tree"], ["tree"],
                                  ["statement", "tree"], ["statement", "statement"], []])
            done, value, payload = [], statement(FILES), None
            for kind in kinds:
                if kind == "statement":
                    change = RANDOM.choice(STATEMENT_CHANGES)
                    done.append(change.__name__)
                    try:
                        payload = change(value) or payload
                    except (KeyError, TypeError, IndexError, AttributeError):
                        pass
            if payload is None:
                payload = json.dumps(rooted(value) if RANDOM.random() < 0.95 else value)
            payload = payload.encode("utf-8", "surrogatepass")
            signed = signature(payload, size)
            if "signature" in kinds:
                signed = odd_signature(payload, size, signed)
            made = bundle(payload, signed, size)
            if "bundle" in kinds:
                odd_bundle(made, payload, signed)
            if "tree" in kinds:
                odd_tree(pathlib.Path("model"))
            whole = json.dumps(made)
            pathlib.Path("sig.json").write_text(whole)
            run = subprocess.run([ASSAY, "verify", "model", "--signature", "sig.json", "--public-key", f"{verifier}.pub"],
                                 capture_output=True, text=True, errors="replace", timeout=60)
            taken = run.returncode == 0
            peer_takes, why = peer(f"{verifier}.pub")
            label = f"{number} {kinds} {done}"
            because = " ".join(line.strip() for line in run.stdout.splitlines() if "because" in line)
            if run.returncode not in (0, 1, 3):
                wrong += 1
                print(f"{label}: status {run.returncode}\n{run.stdout}{run.stderr}")
            elif taken and peer_takes:
                both += 1
            elif taken and any(fragment in why for fragment in [*LOOSER, *(LOOSER_IGNORED if "ignored" in done else [])]):
                both += 1
            elif taken:
                wrong += 1
                print(f"{label}: taken, but the library says {why[:300]}\n    {payload[-400:]!r}\n    {whole[:200]}")
            elif not peer_takes:
                neither += 1
            else:
                known = next((fragment for fragment in STRICTER if fragment in because), None)
                stricter[known or "?"] += 1
                if known is None:
                    wrong += 1
                    print(f"{label}: refused, and the library takes it: {because}\n    {payload[-300:]!r}")
    print(f"{COUNT} cases: {both} taken by both, {neither} by neither; refused by Assay alone:")
    for fragment, count in stricter.most_common():
        print(f"    {count:4}  {fragment}")
    print(f"{wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
