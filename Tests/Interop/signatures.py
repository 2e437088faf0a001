#!/usr/bin/env python3
"""ECDSA signatures and public keys of all forms over one model, each judged by `assay verify`, and thresholds of evidence.

usage: signatures.py ASSAY [COUNT] [SEED]
Runs under a Python that has the package cryptography. A signature that holds has one strict encoding, (r, s) or (r, n - s), over
the digest of its curve; a key is one point of its curve that is named. Evidence with several signatures counts people, not
signatures: COUNT envelopes are put together at random and judged by `assay evidence verify` with every threshold.
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
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, utils, x25519

ASSAY = str(Path(sys.argv[1]).absolute())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 300
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
KIND = "application/vnd.in-toto+json"
CURVES = {256: (ec.SECP256R1(), hashes.SHA256(), 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
          384: (ec.SECP384R1(), hashes.SHA384(),
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973),
          521: (ec.SECP521R1(), hashes.SHA512(),
                2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7)}
PRIMES = {256: 2**256 - 2**224 + 2**192 + 2**96 - 1, 384: 2**384 - 2**128 - 2**96 + 2**32 - 1, 521: 2**521 - 1}
OIDS = {256: "06082a8648ce3d030107", 384: "06052b81040022", 521: "06052b81040023", "k1": "06052b8104000a",
        "224": "06052b81040021", "none": ""}
PEM, SPKI = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo


def b64(data):
    return base64.b64encode(data).decode()


def pae(payload, kind=KIND):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def length(count, long=False):
    if count < 128 and not long:
        return bytes([count])
    digits = count.to_bytes(max(1, (count.bit_length() + 7) // 8), "big")
    return bytes([0x80 | len(digits)]) + digits


def tlv(tag, content, long=False):
    return bytes([tag]) + length(len(content), long) + content


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def sequence(r, s):
    return tlv(0x30, integer(r) + integer(s))


def forms(r, s, n, size):
    """(what, the signature's bytes, whether it holds)"""
    width = (size + 7) // 8
    yield "strict", sequence(r, s), True
    yield "(r, n - s)", sequence(r, n - s), True
    for what, pair in {
            "r = 0": (0, s), "s = 0": (r, 0), "both 0": (0, 0), "r = 1": (1, s), "s = 1": (r, 1), "r = n": (n, s), "s = n": (r, n),
            "r + n": (r + n, s), "s + n": (r, s + n), "r - n": (r - n, s), "s - n": (r, s - n), "-r": (-r, s), "-s": (r, -s),
            "swapped": (s, r), "r = s": (r, r), "n - r": (n - r, s), "r + 1": (r + 1, s), "s + 1": (r, s + 1), "2n - s": (r, 2 * n - s),
            "r = n - 1": (n - 1, s), "r = p": (PRIMES[size], s), "r + p": (r + PRIMES[size], s), "huge r": (r + (n << 4096), s),
            "r 2^512": (r << 512, s), "(n, n)": (n, n), "(1, 1)": (1, 1)}.items():
        yield what, sequence(*pair), False
    one, other = integer(r), integer(s)
    padded = lambda number: tlv(2, b"\0" + integer(number)[2:] if number.bit_length() < 1000 else b"")
    raw = lambda number: number.to_bytes(width, "big")
    for what, data in {
            "r padded": tlv(0x30, padded(r) + other), "s padded": tlv(0x30, one + padded(s)),
            "long length": tlv(0x30, one + other, True) if len(one + other) < 128 else b"\x30\x82\0" + bytes([len(one + other)]) + one + other,
            "long length of r": tlv(0x30, tlv(2, one[2:], True) + other), "indefinite": b"\x30\x80" + one + other + b"\0\0",
            "bytes behind": sequence(r, s) + b"\0", "sequence behind": sequence(r, s) * 2, "three numbers": tlv(0x30, one + other + other),
            "one number": tlv(0x30, one), "no number": tlv(0x30, b""), "empty": b"", "null inside": tlv(0x30, one + other + b"\5\0"),
            "set": tlv(0x31, one + other), "octets": tlv(4, sequence(r, s)), "bits": tlv(3, b"\0" + sequence(r, s)),
            "wrapped": tlv(0x30, sequence(r, s)), "raw": raw(r) + raw(s), "raw, (r, n - s)": raw(r) + raw(n - s),
            "raw with a point's mark": b"\4" + raw(r) + raw(s), "hexadecimal": sequence(r, s).hex().encode(),
            "Base64 again": b64(sequence(r, s)).encode(), "cut": sequence(r, s)[:-1], "octets as numbers": tlv(0x30, tlv(4, raw(r)) + tlv(4, raw(s))),
            "enumerated": tlv(0x30, tlv(10, one[2:]) + other), "context": tlv(0x30, tlv(0x82, one[2:]) + other),
            "r empty": tlv(0x30, tlv(2, b"") + other), "long tag": b"\x3f\x30" + sequence(r, s)[1:], "constructed number": tlv(0x30, tlv(0x22, one) + other),
            "PEM": b"-----BEGIN SIGNATURE-----\n" + b64(sequence(r, s)).encode() + b"\n-----END SIGNATURE-----\n"}.items():
        yield what, data, False


def spki(curve, point, algorithm="06072a8648ce3d0201", unused=0, more=b""):
    identifier = tlv(0x30, bytes.fromhex(algorithm) + bytes.fromhex(OIDS[curve]))
    return tlv(0x30, identifier + tlv(3, bytes([unused]) + point) + more)


def pem(der, label="PUBLIC KEY"):
    text = b64(der)
    return (f"-----BEGIN {label}-----\n" + "\n".join(text[i:i + 64] for i in range(0, len(text), 64)) + f"\n-----END {label}-----\n").encode()


def keys(key, size):
    """(what, the text of the key's file, whether it is this key)"""
    numbers = key.public_key().public_numbers()
    width, p = (size + 7) // 8, PRIMES[size]
    x, y = numbers.x.to_bytes(width, "big"), numbers.y.to_bytes(width, "big")
    point = b"\4" + x + y
    good = pem(spki(size, point))
    other = ec.generate_private_key(CURVES[size][0]).public_key().public_bytes(PEM, SPKI)
    yield "itself", good, True
    yield "compressed", pem(spki(size, bytes([2 + (numbers.y & 1)]) + x)), True
    yield "first of two", good + other, None
    yield "second of two", other + good, False
    yield "twice", good * 2, None
    for what, data in {
            "infinity": b"\0", "infinity in full": b"\0" * (2 * width + 1), "zero": b"\4" + b"\0" * (2 * width), "no point": b"",
            "off the curve": b"\4" + x + (numbers.y ^ 1).to_bytes(width, "big"), "y negated": b"\4" + x + (p - numbers.y).to_bytes(width, "big"),
            "x + p": b"\4" + ((numbers.x + p) % 2 ** (8 * width)).to_bytes(width, "big") + y, "x = p": b"\4" + (p % 2 ** (8 * width)).to_bytes(width, "big") + y,
            "swapped": b"\4" + y + x, "hybrid": bytes([6 + (numbers.y & 1)]) + x + y, "hybrid of the other sign": bytes([7 - (numbers.y & 1)]) + x + y,
            "compressed with the other sign": bytes([3 - (numbers.y & 1)]) + x, "compressed with both": bytes([2 + (numbers.y & 1)]) + x + y,
            "uncompressed with one": b"\4" + x, "a byte more": point + b"\0", "a byte less": point[:-1], "other mark": b"\5" + x + y,
            "shorter coordinates": b"\4" + x[1:] + y[1:], "longer coordinates": b"\4" + b"\0" + x + b"\0" + y, "raw": x + y}.items():
        yield what, pem(spki(size, data)), False
    for curve in OIDS:
        if curve != size:
            yield f"named {curve}", pem(spki(curve, point)), False
    for what, der in {"unused bits": spki(size, point, unused=1), "bytes behind": spki(size, point) + b"\0", "more members": spki(size, point, more=b"\5\0"),
                      "RSA's name": spki(size, point, algorithm="06092a864886f70d010101"), "ECDH's name": spki(size, point, algorithm="06052b8104010c"),
                      "Ed25519's name": spki(size, point, algorithm="06032b6570"), "in a sequence": tlv(0x30, spki(size, point)), "empty": b""}.items():
        yield what, pem(der), False
    for label in ("EC PUBLIC KEY", "CERTIFICATE", "PRIVATE KEY", "RSA PUBLIC KEY", "public key", "PUBLIC KEY "):
        yield f"labelled {label!r}", pem(spki(size, point), label), False
    for what, one in {"Ed25519": ed25519.Ed25519PrivateKey.generate(), "X25519": x25519.X25519PrivateKey.generate(),
                      "RSA": rsa.generate_private_key(65537, 2048), "secp256k1": ec.generate_private_key(ec.SECP256K1()),
                      "another": ec.generate_private_key(CURVES[size][0])}.items():
        yield what, one.public_key().public_bytes(PEM, SPKI), False
    yield "the private key", key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()), False
    for what, text in {"no PEM": spki(size, point), "no end": good.rsplit(b"-----END", 1)[0], "nothing": b"", "a NUL": good.replace(b"\n", b"\0", 1),
                       "another end": good.replace(b"END PUBLIC KEY", b"END PRIVATE KEY"), "two padded": good.replace(b"-----END", b"==\n-----END"),
                       "nested": b"-----BEGIN PUBLIC KEY-----\n" + good}.items():
        yield what, text, False


def statement(folder):
    listed = [{"name": p.name, "algorithm": "sha256", "digest": hashlib.sha256(p.read_bytes()).hexdigest()} for p in sorted(folder.iterdir())]
    root = hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in listed)).hexdigest()
    return json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": root}}],
                       "predicateType": "https://model_signing/signature/v1.0", "predicate": {"resources": listed, "serialization": {
                           "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}}}).encode()


def bundle(payload, signature, kind=KIND):
    return json.dumps({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                       "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
                       "dsseEnvelope": {"payload": b64(payload), "payloadType": kind, "signatures": [{"sig": b64(signature), "keyid": ""}]}}).encode()


def signature_cases(payload):
    """(what, the signature file, the key file, whether it has to verify; None for either)"""
    for size, (curve, digest, n) in CURVES.items():
        key = ec.generate_private_key(curve)
        public = key.public_key().public_bytes(PEM, SPKI)
        plain = key.sign(pae(payload), ec.ECDSA(digest))
        r, s = utils.decode_dss_signature(plain)
        for what, data, holds in forms(r, s, n, size):
            yield f"P-{size}: {what}", bundle(payload, data), public, holds
        for what, text, holds in keys(key, size):
            yield f"P-{size}, key {what}", bundle(payload, plain), text, holds
        for other in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512(), hashes.SHA224(), hashes.SHA512_256(), hashes.SHA3_256(), hashes.BLAKE2b(64)):
            yield f"P-{size} over {other.name}", bundle(payload, key.sign(pae(payload), ec.ECDSA(other))), public, other.name == digest.name
        for what, message in {
                "the payload alone": payload, "Base64": b64(payload).encode(), "the older head": pae(payload).replace(b"DSSEv1", b"DSSEV1", 1),
                "no head": pae(payload).split(b" ", 1)[1], "a type of another length": pae(payload).replace(b" 28 ", b" 29 ", 1),
                "a payload of another length": pae(payload).replace(b" %d " % len(payload), b" 0%d " % len(payload), 1),
                "another type": pae(payload, "application/vnd.in-toto+jsom"), "no type": pae(payload, ""), "the digest": hashlib.sha256(pae(payload)).digest(),
                "a line end": pae(payload) + b"\n", "the digest's digits": hashlib.sha256(pae(payload)).hexdigest().encode()}.items():
            yield f"P-{size} over {what}", bundle(payload, key.sign(message, ec.ECDSA(digest))), public, False
        for kind in ("application/vnd.in-toto+JSON", "application/json", KIND + " ", " " + KIND, KIND + ";v=1", "", "application/vnd.in-toto", KIND + "\0"):
            yield f"P-{size} of the type {kind!r}", bundle(payload, key.sign(pae(payload, kind), ec.ECDSA(digest)), kind), public, False


def judge_all(work, judge):
    failures = {True: 0, False: 0}
    with ThreadPoolExecutor(4) as pool:
        for what, wanted, done in pool.map(judge, enumerate(work)):
            is_right = done.returncode in (0, 1) and (wanted is None or (done.returncode == 0) == wanted)
            failures[is_right] += 1
            if not is_right:
                print(f"FAIL {what}: wanted {wanted}, status {done.returncode}\n  {(done.stdout + done.stderr)[:400]}")
    return failures


def signatures():
    payload = statement(Path("m"))

    def judge(job):
        number, (what, text, key, wanted) = job
        Path(f"{number}.sig").write_bytes(text)
        Path(f"{number}.pub").write_bytes(key)
        done = subprocess.run([ASSAY, "verify", "m", "--signature", f"{number}.sig", "--public-key", f"{number}.pub"],
                              capture_output=True, text=True, errors="replace", timeout=60)
        return what, wanted, done
    return judge_all(signature_cases(payload), judge)


def thresholds():
    """Envelopes with up to seven signatures of five people and one stranger, good and bad, each as often as it comes."""
    people = []
    for number in range(5):
        size = [256, 384, 521, 256, 384][number]
        people.append((ec.generate_private_key(CURVES[size][0]), CURVES[size][1]))
        Path(f"p{number}.pub").write_bytes(people[-1][0].public_key().public_bytes(PEM, SPKI))
    stranger = (ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    payload = json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "w", "digest": {"sha256": "0" * 64}}],
                          "predicateType": "https://example.com/x/v1", "predicate": {}}).encode()
    other = payload.replace(b"example.com/x", b"example.com/y")

    def envelope():
        good, signatures = set(), []
        for _ in range(RANDOM.randrange(1, 8)):
            number = RANDOM.randrange(6)
            key, digest = people[number] if number < 5 else stranger
            kind = RANDOM.choice(["good", "good", "good", "other payload", "other type", "changed", "twin", "other digest"])
            data = key.sign(pae(other if kind == "other payload" else payload, "text/plain" if kind == "other type" else KIND),
                            ec.ECDSA(hashes.SHA224() if kind == "other digest" else digest))
            r, s = utils.decode_dss_signature(data)
            if kind == "changed":
                data = sequence(r, s ^ 2)
            if kind == "twin":
                data = sequence(r, CURVES[key.curve.key_size][2] - s)
            if kind in ("good", "twin") and number < 5:
                good.add(number)
            keyid = RANDOM.choice(["", "p1", hashlib.sha256(Path(f"p{RANDOM.randrange(5)}.pub").read_bytes()).hexdigest()])
            signatures.append({"sig": b64(data), "keyid": keyid})
        return good, json.dumps({"payload": b64(payload), "payloadType": KIND, "signatures": signatures}).encode()

    work = []
    for number in range(COUNT):
        good, text = envelope()
        Path(f"e{number}").mkdir()
        Path(f"e{number}/x.json").write_bytes(text)
        given = RANDOM.sample(range(5), RANDOM.randrange(1, 6))
        # A key that is given twice is one person all the same.
        files = [f"p{n}.pub" for n in given + RANDOM.choice([[], [given[0]]])]
        for threshold in range(1, len(given) + 1):
            work.append((f"envelope {number}, {sorted(good)} of {given}, threshold {threshold}", number, files, threshold,
                         len(good & set(given)) >= threshold))

    def judge(job):
        _, (what, number, files, threshold, wanted) = job
        done = subprocess.run([ASSAY, "evidence", "verify", f"e{number}", "--threshold", str(threshold), "--public-key", *files],
                              capture_output=True, text=True, errors="replace", timeout=60)
        return what, wanted, done
    return judge_all(work, judge)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("m").mkdir()
        Path("m/w").write_bytes(b"weights")
        Path("m/x").write_bytes(b"")
        results = [signatures(), thresholds()]
    right, wrong = (sum(r[k] for r in results) for k in (True, False))
    print(f"signatures: {right} right, {wrong} wrong")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
