#!/usr/bin/env python3
"""Key files of all sorts, each read by Assay and by the library `model_signing`.

usage: keys.py ASSAY
Runs under a Python that has model_signing 1.1.1, with the program openssl. A public key verifies a signature, a private one
makes one that is verified; where the two programs do not agree, DIFFERENT says why.
"""
import base64
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import model_signing
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

logging.disable(logging.CRITICAL)
ASSAY = str(Path(sys.argv[1]).absolute())
KEYS = {256: ec.generate_private_key(ec.SECP256R1()), 384: ec.generate_private_key(ec.SECP384R1()),
        521: ec.generate_private_key(ec.SECP521R1())}
NAMES = {256: "prime256v1", 384: "secp384r1", 521: "secp521r1"}
CURVE = {256: bytes.fromhex("06082a8648ce3d030107"), 384: bytes.fromhex("06052b81040022"), 521: bytes.fromhex("06052b81040023")}
EC, EC_DH = bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06052b8104010c")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIME = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1

# Where the library takes a key that Assay refuses, or the other way round: parts of the cases' names, and why.
DIFFERENT = {
    "private before": "blocks of other kinds are passed over, wherever they stand",
    "hybrid point": "RFC 5480 has none", "curve by numbers": "RFC 5480 has none",
    "des-ede3": "no cipher but AES; the message says how to convert the key", "SHA1-3DES": "the same",
    "hmacWithSHA224": "no such function here; the message says how to convert the key", "old form -des3": "the same",
    "old form -aes192": "the library does not know it", "password for a plain key": "it opens without",
    "blank at the end of the password": "the password is the file's first line, blanks included",
    "labelled": "the structure says what it is",
}


def pem(data, label=b"PUBLIC KEY", width=64):
    digits = base64.b64encode(data)
    lines = [digits[start:start + width] for start in range(0, len(digits), width)]
    return b"-----BEGIN " + label + b"-----\n" + b"\n".join(lines) + b"\n-----END " + label + b"-----\n"


def public(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private(key, encryption=NoEncryption(), form=PrivateFormat.PKCS8, encoding=Encoding.PEM):
    return key.private_bytes(encoding, form, encryption)


def tlv(tag, body):
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


def spki(point, algorithm=EC, curve=CURVE[256], unused=0, more=b""):
    return pem(tlv(0x30, tlv(0x30, algorithm + curve) + tlv(3, bytes([unused]) + point) + more))


def openssl(*words, stdin=None):
    return subprocess.run(["openssl", *words], input=stdin, capture_output=True).stdout


def public_keys():
    """(what, the file, bits of the key that signed)"""
    key = KEYS[256]
    plain, der = public(key), key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    other = public(ec.generate_private_key(ec.SECP256R1()))
    for what, data in {
            "plain": plain, "CRLF": plain.replace(b"\n", b"\r\n"), "CR": plain.replace(b"\n", b"\r"),
            "no line end": plain[:-1], "text before": b"my key\n" + plain, "text behind": plain + b"my key\n",
            "one line": pem(der, width=1000), "76 columns": pem(der, width=76), "one column": pem(der, width=1),
            "blanks at line ends": plain.replace(b"\n", b" \n"), "tabs at line starts": plain.replace(b"\n", b"\n\t"),
            "byte order mark": b"\xef\xbb\xbf" + plain, "headers": plain.replace(b"KEY-----\n", b"KEY-----\nComment: x\n\n", 1),
            "twice": plain + plain, "another behind": plain + other, "another before": other + plain,
            "private behind": plain + private(key), "private before": private(key) + plain, "private alone": private(key),
            "UTF-16": plain.decode().encode("utf-16"), "small letters": plain.replace(b"PUBLIC KEY", b"public key"),
            "another label": plain.replace(b"PUBLIC KEY", b"EC PUBLIC KEY"), "four dashes": plain.replace(b"-----", b"----"),
            "no end": plain[:-26], "another end": plain.replace(b"END PUBLIC", b"END PRIVATE"), "nothing": b"", "DER": der,
            "no padding": pem(der).replace(b"=", b""), "Base64 for URLs": pem(der).replace(b"+", b"-").replace(b"/", b"_"),
            "bytes behind the structure": pem(der + b"\0\0"), "cut": pem(der[:-1]), "long form of a length": pem(b"\x30\x81" + der[1:]),
            "no length": pem(b"\x30\x80" + der[2:] + b"\0\0")}.items():
        # The other alphabet shows only where there is a digit that it has otherwise.
        if what != "Base64 for URLs" or data != pem(der):
            yield what, data, 256
    numbers = key.public_key().public_numbers()
    x, y, odd = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"), numbers.y & 1
    for what, data in {
            "compressed point": spki(bytes([2 + odd]) + x), "compressed, the other": spki(bytes([3 - odd]) + x),
            "hybrid point": spki(bytes([6 + odd]) + x + y), "hybrid, the other": spki(bytes([7 - odd]) + x + y),
            "infinity": spki(b"\0"), "beside the curve": spki(b"\4" + x + x), "beyond the field": spki(b"\4" + PRIME.to_bytes(32, "big") + y),
            "an unused bit": spki(b"\4" + x + y, unused=1), "more members": spki(b"\4" + x + y, more=b"\5\0"),
            "for key agreement": spki(b"\4" + x + y, algorithm=EC_DH), "no curve": spki(b"\4" + x + y, curve=b""),
            "null curve": spki(b"\4" + x + y, curve=b"\5\0"), "another curve": spki(b"\4" + x + y, curve=CURVE[384]),
            "curve by numbers": openssl("ec", "-pubin", "-param_enc", "explicit", "-pubout", stdin=plain),
            "RSA": public(rsa.generate_private_key(65537, 2048)), "Ed25519": public(ed25519.Ed25519PrivateKey.generate()),
            "OpenSSH": key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)}.items():
        yield what, data, 256
    for curve in (ec.SECP256K1(), ec.BrainpoolP256R1(), ec.SECP224R1()):
        yield curve.name, public(ec.generate_private_key(curve)), 256
    for size in (384, 521):
        point = KEYS[size].public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        yield f"P-{size}", public(KEYS[size]), size
        yield f"P-{size}, compressed", spki(point, curve=CURVE[size]), size
        yield f"P-{size}, another key", plain, size


def private_keys():
    """(what, the file, the password or nil, the password's file, bits of the key)"""
    for size, key in KEYS.items():
        plain, sec1 = private(key), private(key, form=PrivateFormat.TraditionalOpenSSL)
        parameters = openssl("ecparam", "-name", NAMES[size])
        for what, data in {"PKCS 8": plain, "SEC 1": sec1, "parameters before": parameters + sec1,
                           "parameters behind": sec1 + parameters}.items():
            yield f"P-{size}, {what}", data, None, None, size
        for cipher in ("aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc", "aria-256-cbc", "camellia-256-cbc"):
            word = "p\u00e4 \u00df".encode()
            yield f"P-{size}, {cipher}", openssl("pkcs8", "-topk8", "-v2", cipher, "-passout", b"pass:" + word, stdin=plain), word, word, size
    key, word = KEYS[256], b"hunter2"
    plain, point = private(key), key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encrypted = private(key, serialization.BestAvailableEncryption(word))

    def made(*options, command=("pkcs8", "-topk8")):
        return openssl(*command, *options, "-passout", b"pass:" + word, stdin=plain)

    for prf in ("SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "MD5"):
        yield f"hmacWith{prf}", made("-v2", "aes-256-cbc", "-v2prf", "hmacWith" + prf), word, word, 256
    for rounds in ("1", "1000000"):
        yield f"{rounds} rounds", made("-v2", "aes-256-cbc", "-iter", rounds), word, word, 256
    yield "scrypt", made("-scrypt"), word, word, 256
    yield "PBE-SHA1-3DES", made("-v1", "PBE-SHA1-3DES"), word, word, 256
    for cipher in ("-aes128", "-aes192", "-aes256", "-des3", "-camellia128"):
        yield f"old form {cipher}", made(cipher, command=("ec",)), word, word, 256
    yield "wrong password", encrypted, b"other", b"other", 256
    yield "no password", encrypted, None, None, 256
    yield "password for a plain key", plain, word, word, 256
    for what, file in (("line end behind the password", word + b"\n"), ("CRLF behind the password", word + b"\r\n"),
                       ("blank at the end of the password", word + b" ")):
        yield what, encrypted, word, file, 256
    der, sec1 = private(key, encoding=Encoding.DER), private(key, form=PrivateFormat.TraditionalOpenSSL, encoding=Encoding.DER)
    number = key.private_numbers().private_value.to_bytes(32, "big")
    other = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sec(octets, curve=CURVE[256], public_point=None):
        told = b"" if public_point is None else tlv(0xa1, tlv(3, b"\0" + public_point))
        return tlv(0x30, b"\2\1\1" + tlv(4, octets) + (tlv(0xa0, curve) if curve else b"") + told)

    def pkcs8(inner, curve=CURVE[256], more=b""):
        return pem(tlv(0x30, b"\2\1\0" + tlv(0x30, EC + curve) + tlv(4, inner) + more), b"PRIVATE KEY")

    for what, data in {
            "CRLF": plain.replace(b"\n", b"\r\n"), "text before": b"Bag Attributes\n  friendlyName: x\n" + plain,
            "two keys": plain + private(ec.generate_private_key(ec.SECP256R1())), "public before": public(key) + plain,
            "byte order mark": b"\xef\xbb\xbf" + plain, "DER": der,
            "SEC 1 labelled PKCS 8": pem(sec1, b"PRIVATE KEY"), "PKCS 8 labelled SEC 1": pem(der, b"EC PRIVATE KEY"),
            "OpenSSH": private(key, form=PrivateFormat.OpenSSH), "SEC 1 without its point": pem(sec(number), b"EC PRIVATE KEY"),
            "PKCS 8 without its point": pkcs8(sec(number, curve=None)), "attributes": pkcs8(sec1, more=tlv(0xa0, b"")),
            "two curves": pkcs8(sec(number, curve=CURVE[384])), "another curve": pkcs8(sec(number, curve=None), curve=CURVE[384]),
            "a point beside the curve": pem(sec(number, public_point=point[:33] + bytes(32)), b"EC PRIVATE KEY"),
            "another's point": pem(sec(number, public_point=other), b"EC PRIVATE KEY"),
            "zero": pem(sec(bytes(32)), b"EC PRIVATE KEY"), "the order": pem(sec(ORDER.to_bytes(32, "big")), b"EC PRIVATE KEY"),
            "too short": pem(sec(number[:31]), b"EC PRIVATE KEY")}.items():
        yield what, data, None, None, 256


def run(*words):
    return subprocess.run([ASSAY, *words], capture_output=True, text=True, errors="replace", timeout=60)


def library(body):
    try:
        body()
        return True, ""
    except BaseException as error:
        return False, f"{type(error).__name__}: {error}"


def main():
    agreed, different, wrong = 0, 0, 0

    def judge(what, answer, ours, theirs, why):
        nonlocal agreed, different, wrong
        if answer.returncode not in (0, 1) or ours != theirs and not any(part in what for part in DIFFERENT):
            wrong += 1
            print(f"{what}: status {answer.returncode}, {answer.stdout[-400:]} {answer.stderr[:300]}; the library: {theirs} {why[:200]}")
        elif ours == theirs:
            agreed += 1
        else:
            different += 1

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("m")
        Path("m/w").write_bytes(b"weights")
        for size, key in KEYS.items():
            Path(f"{size}.pem").write_bytes(private(key))
            Path(f"{size}.pub").write_bytes(public(key))
            run("sign", "m", "--private-key", f"{size}.pem", "--signature", f"{size}.sig")
        for what, data, size in public_keys():
            Path("x.pub").write_bytes(data)
            answer = run("verify", "m", "--signature", f"{size}.sig", "--public-key", "x.pub")
            theirs, why = library(lambda: model_signing.verifying.Config().use_elliptic_key_verifier(
                public_key=Path("x.pub")).verify(Path("m"), Path(f"{size}.sig")))
            judge("public: " + what, answer, answer.returncode == 0, theirs, why)
        for what, data, word, file, size in private_keys():
            Path("x.pem").write_bytes(data)
            Path("word").write_bytes(file or b"")
            answer = run("sign", "m", "--private-key", "x.pem", "--signature", "y.sig", *([] if file is None else ["--password-file", "word"]))
            ours = answer.returncode == 0
            if ours and run("verify", "m", "--signature", "y.sig", "--public-key", f"{size}.pub").returncode != 0:
                answer.returncode = 99
            theirs, why = library(lambda: model_signing.signing.Config().use_elliptic_key_signer(
                private_key=Path("x.pem"), password=word).sign(Path("m"), Path("z.sig")))
            judge("private: " + what, answer, ours, theirs, why)
    print(f"{agreed} key files read alike, {different} otherwise and why, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
