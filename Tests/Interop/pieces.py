#!/usr/bin/env python3
"""Signature files whose text is what varies: each is read in pieces by `assay verify`, and whole by Python.

usage: pieces.py ASSAY [COUNT] [SEED]
Runs under a Python that has the package cryptography. A bundle and the statement in it are written in ways that mean the same,
and in ways that readers could take differently: members twice, names with escapes, decoys of the same name elsewhere, values
where brackets are in strings, texts that break off. The statement is signed again after each change, so that the text alone
decides. What Assay takes has to be strict JSON to a reader of Python's that refuses repeated names, and to say to that reader
what was signed; what means the same to that reader has to be taken.
"""
import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ASSAY = str(Path(sys.argv[1]).absolute())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
KEY = ec.generate_private_key(ec.SECP256R1())
KIND = "application/vnd.in-toto+json"
FILES = {"a{}[]": b"1", 'b"\\': b"2", "c/\u00e9": b"3", "d,:": b"4", "\U0001f600": b"5"}


class Refused(Exception):
    pass


def strict(text):
    """The value of a text, as RFC 8259 has it and without repeated names."""
    def pairs(found):
        if len({k for k, _ in found}) != len(found):
            raise Refused("a repeated name")
        return dict(found)

    def constant(word):
        raise Refused(word)

    def walk(value, depth=0):
        if depth > 128:
            raise Refused("depth")
        for one in list(value.items()) if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            for part in one:
                if isinstance(part, str) and any(0xD800 <= ord(c) < 0xE000 for c in part):
                    raise Refused("half a pair")
            walk(one[1], depth + 1)
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None
    walk(value)
    return value


def sign(payload):
    message = b"DSSEv1 %d %s %d %s" % (len(KIND), KIND.encode(), len(payload), payload)
    return KEY.sign(message, ec.ECDSA(hashes.SHA256()))


def statement():
    resources = [{"name": name, "algorithm": "sha256", "digest": hashlib.sha256(data).hexdigest()}
                 for name, data in sorted(FILES.items(), key=lambda f: f[0].encode())]
    root = hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in resources)).hexdigest()
    return {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": root}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"resources": resources, "serialization": {
                "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}}}


def bundle(payload):
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
            "dsseEnvelope": {"payload": base64.b64encode(payload).decode(), "payloadType": KIND,
                             "signatures": [{"sig": base64.b64encode(sign(payload)).decode(), "keyid": ""}]}}


# Texts -------------------------------------------------------------------------------------------------------------------

def blank():
    return RANDOM.choice(["", "", " ", "\n", "\t\r\n  "])


def quoted(text, escapes):
    out = ""
    for c in text:
        if escapes and RANDOM.random() < 0.3:
            units = c.encode("utf-16-be")
            out += "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
        else:
            out += json.dumps(c, ensure_ascii=False)[1:-1]
    return f'"{out}"'


def write(value, escapes=False, shuffle=True):
    """A text that means the value, with its members in any order and blanks anywhere."""
    if isinstance(value, dict):
        members = list(value.items())
        if shuffle:
            RANDOM.shuffle(members)
        inner = [blank() + quoted(k, escapes) + blank() + ":" + blank() + write(v, escapes, shuffle) + blank() for k, v in members]
        return "{" + (",".join(inner) or blank()) + "}"
    if isinstance(value, list):
        return "[" + (",".join(blank() + write(v, escapes, shuffle) + blank() for v in value) or blank()) + "]"
    return quoted(value, escapes) if isinstance(value, str) else json.dumps(value)


DECOYS = ['"resources":[]', '"resources":[{}]', '"payload":"e30="', '"dsseEnvelope":{"payload":"e30="}', '"predicate":{}',
          '"predicate":{"resources":[]}', '"resourc\\u0065s":[]', '"pay\\u006coad":"e30="', '"predicat\\u0065":{"resources":[]}',
          '"dsse\\u0045nvelope":{}', '"resources":null', '"predicate":null', '"payload":null', '"x":"\\""', '"x":"]"', '"x":"}"',
          '"x":[[{"resources":[{}]}]]', '"x":{"predicate":{"resources":[1]}}', '"":""', '"signatures":[]', '"_type":"x"',
          '"subject":[]', '"serialization":{}', '"name":"a"', '"digest":"00"', '"algorithm":"sha256"', '"r\\u00e9":1']


def change(text):
    """One change of a text that may mean anything."""
    kind = RANDOM.randrange(12)
    at = RANDOM.randrange(len(text) + 1)
    if kind == 0:
        return text[:at] + RANDOM.choice('{}[]",:\\ \n\t\0\x1f\x7f019-+.eE/truefalsn\u00e9\ufeff') + text[at:]
    if kind == 1 and text:
        return text[:at] + text[at + 1:]
    if kind == 2:
        return text[:at] + RANDOM.choice('{}[]",:\\x0\u00e9') + text[at + 1:]
    if kind == 3:
        return text[:at]
    if kind == 4:
        return text + RANDOM.choice(["{}", "]", "}", '"', ",", "\0", " \n", "x", text])
    if kind == 5:
        return RANDOM.choice(["\ufeff", "\u00a0", " \n", "//x\n", "[", "null", "{}"]) + text
    places = [i for i, c in enumerate(text) if c == RANDOM.choice("{,")]
    if kind in (6, 7) and places:
        at = RANDOM.choice(places) + 1
        return text[:at] + RANDOM.choice(DECOYS) + "," + text[at:]
    if kind == 8:
        # A member again, or a part that is moved.
        start = RANDOM.randrange(len(text))
        part = text[start:start + RANDOM.randrange(1, 200)]
        return text[:at] + part + text[at:]
    if kind == 9:
        depth = RANDOM.choice([3, 100, 120, 124, 125, 126, 127, 128, 129, 4000])
        commas = [i for i, c in enumerate(text) if c == ","]
        at = RANDOM.choice(commas) + 1 if commas else 0
        return text[:at] + '"deep":' + "[" * depth + "]" * depth + "," + text[at:]
    if kind == 10:
        word = RANDOM.choice(["resources", "predicate", "payload", "dsseEnvelope", "name", "digest", "signatures", "serialization"])
        new = RANDOM.choice([word[:-1] + "\\u%04x" % ord(word[-1]), word.upper(), word + "\\u0000", word + " ", word[:-1], "\\" + word,
                             "\\u%04x" % ord(word[0]) + word[1:]])
        return text.replace(f'"{word}"', f'"{new}"', RANDOM.choice([1, -1]))
    return text.replace(RANDOM.choice([",", ":", "]", "}", '"']), RANDOM.choice([",,", "::", "]]", "}}", '""', ""]), 1)


# Judging -----------------------------------------------------------------------------------------------------------------

def means(text):
    """Whether a strict reader finds in a bundle's text what was signed over these very files."""
    try:
        root = strict(text)
        envelope = root["dsseEnvelope"]
        payload = base64.b64decode(envelope["payload"], validate=True)
        (signature,) = envelope["signatures"]
        KEY.public_key().verify(base64.b64decode(signature["sig"], validate=True), b"DSSEv1 %d %s %d %s" % (
            len(envelope["payloadType"]), envelope["payloadType"].encode(), len(payload), payload), ec.ECDSA(hashes.SHA256()))
        found = strict(payload)
        listed = [(r["name"], r["algorithm"], r["digest"]) for r in found["predicate"]["resources"]]
        root = hashlib.sha256(b"".join(bytes.fromhex(d) for _, _, d in listed)).hexdigest()
        (subject,) = found["subject"]
        return (envelope["payloadType"] == KIND and found["_type"] == "https://in-toto.io/Statement/v1"
                and found["predicateType"] == "https://model_signing/signature/v1.0"
                and sorted(listed) == sorted((n, "sha256", hashlib.sha256(d).hexdigest()) for n, d in FILES.items())
                and subject["digest"]["sha256"] == root and found["predicate"]["serialization"]["method"] == "files")
    except Exception:  # noqa: BLE001: whatever goes wrong, the text does not mean it.
        return False


def case():
    """A bundle's text; whether it means the same to any reader, whatever may be made of it otherwise."""
    inner, outer = statement(), None
    kind = RANDOM.randrange(10)
    text = write(inner, escapes=kind == 0)
    same = kind < 3
    if kind in (3, 4, 5, 6):
        for _ in range(RANDOM.choice([1, 1, 1, 2])):
            text = change(text)
    outer = write(bundle(text.encode("utf-8", "surrogatepass")), escapes=kind == 1)
    if kind > 6:
        for _ in range(RANDOM.choice([1, 1, 1, 2])):
            outer = change(outer)
    return outer.encode("utf-8", "surrogatepass"), same


def main():
    failures = taken = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, data in FILES.items():
            path = Path("m") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        Path("k.pub").write_bytes(KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

        def judge(job):
            number, (text, same) = job
            Path(f"{number}.sig").write_bytes(text)
            done = subprocess.run([ASSAY, "verify", "m", "--signature", f"{number}.sig", "--public-key", "k.pub"],
                                  capture_output=True, timeout=60)
            os.unlink(f"{number}.sig")
            return text, same, done

        with ThreadPoolExecutor(4) as pool:
            for text, same, done in pool.map(judge, enumerate(case() for _ in range(COUNT))):
                meant = means(text)
                taken += done.returncode == 0
                refused += done.returncode != 0
                if done.returncode not in (0, 1) or done.returncode == 0 and not meant or same and done.returncode != 0:
                    failures += 1
                    print(f"FAIL: status {done.returncode}, meant {meant}, the same {same}\n  {text[:3000]!r}\n"
                          f"  {done.stdout.decode(errors='replace')[:300]}")
    print(f"pieces: {COUNT} texts, {taken} taken, {refused} refused, {failures} wrong")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
