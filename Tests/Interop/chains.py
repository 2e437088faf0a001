#!/usr/bin/env python3
"""Random chains of certificates, each judged by `assay verify` and by `openssl verify`.

usage: chains.py ASSAY [COUNT] [SEED]
Runs under a Python that has the package cryptography; needs openssl. What Assay takes, OpenSSL has to take, now and at the
start of the leaf's validity. What OpenSSL takes and Assay refuses has to be one of the refusals that Assay documents.
"""
import collections
import ipaddress
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID, ObjectIdentifier

sys.argv, arguments = [sys.argv[0], sys.argv[1], "library"], sys.argv[1:]
from certificates import CERTIFY, DAY, DER, NOW, SIGN, sign

ASSAY = str(Path(arguments[0]).absolute())
COUNT = int(arguments[1]) if len(arguments) > 1 else 400
RANDOM = random.Random(int(arguments[2]) if len(arguments) > 2 else 1)
KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(8)]

# What Assay refuses and OpenSSL does not, each as docs/provenance.md says it.
STRICTER = [
    "is an authority for other uses", "cannot be compared with what its authority may certify", "which is not known",
    "a certificate is malformed", "cannot be an authority", "may not sign certificates by its key usage",
    "is no certificate authority", "malformed", "is a name that its authority may not certify", "key usage does not include", "none of the trusted certificates is a root",
    "was signed over a SHA-1 digest", "states no key usage", "has extensions, which its version does not have",
]

HOSTS = ["example.com", "a.example.com", "b.a.example.com", "example.org", "EXAMPLE.com", "xexample.com", "*.example.com"]
DOMAINS = ["example.com", ".example.com", "a.example.com", "example.org", "com", ""]
ADDRESSES = ["u@example.com", "U@example.com", "u@EXAMPLE.com", "v@a.example.com", "w@example.org", "u@xexample.com"]
SUBTREES = ["u@example.com", "example.com", ".example.com", "a.example.com", "example.org", "U@example.com"]
URIS = ["https://example.com/m", "https://a.example.com:8443/m", "http://u@a.example.com", "urn:x:y", "https://10.0.0.1/",
        "https://example.org", "https://EXAMPLE.com"]
URI_DOMAINS = ["example.com", ".example.com", "a.example.com", "example.org"]
IPS = ["10.0.0.1", "10.1.0.1", "192.168.0.1", "2001:db8::1"]
NETWORKS = ["10.0.0.0/8", "10.0.0.0/16", "192.168.0.0/24", "2001:db8::/32", "0.0.0.0/0"]


def some(values, most=2):
    return RANDOM.sample(values, RANDOM.randint(1, most))


def directory(kind=None):
    """Names that differ in type, case and white space alone are one name."""
    organisations = ["Models", "models", "MODELS", " Models ", "Mo dels", "Mo  dels", "Others", "Mödels", "MÖDELS"]
    utf8, printable = x509.name._ASN1Type.UTF8String, x509.name._ASN1Type.PrintableString
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "GB")]
    organisation = RANDOM.choice(organisations)
    if RANDOM.random() < 0.85:
        type_ = printable if organisation.isascii() and RANDOM.random() < 0.5 else utf8
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation, _type=type_))
        if kind == "leaf" and RANDOM.random() < 0.5:
            attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Unit"))
    return attributes


def subtree():
    kind = RANDOM.randrange(5)
    if kind == 0:
        return x509.DNSName(RANDOM.choice(DOMAINS))
    if kind == 1:
        return x509.RFC822Name(RANDOM.choice(SUBTREES))
    if kind == 2:
        return x509.UniformResourceIdentifier(RANDOM.choice(URI_DOMAINS))
    if kind == 3:
        return x509.IPAddress(ipaddress.ip_network(RANDOM.choice(NETWORKS)))
    return x509.DirectoryName(x509.Name(directory()))


def alternative():
    names = []
    for pool, make in ((HOSTS, x509.DNSName), (ADDRESSES, x509.RFC822Name), (URIS, x509.UniformResourceIdentifier),
                       (IPS, lambda text: x509.IPAddress(ipaddress.ip_address(text)))):
        if RANDOM.random() < 0.3:
            names += [make(text) for text in some(pool, 1 if RANDOM.random() < 0.7 else 2)]
    if RANDOM.random() < 0.15:
        names.append(x509.DirectoryName(x509.Name(directory("leaf"))))
    return names


def tlv(tag, *content):
    body = b"".join(content)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def children(data):
    """The (tag, whole element) of a constructed element's content."""
    def head(at):
        length, size = data[at + 1], 2
        if length & 0x80:
            count = length & 0x7F
            length, size = int.from_bytes(data[at + 2:at + 2 + count], "big"), 2 + count
        return size, length
    size, length = head(0)
    at, found = size, []
    while at < size + length:
        inner, span = head(at)
        found.append(data[at:at + inner + span])
        at += inner + span
    return found


def resign(certificate, key, change):
    """The certificate with its signed part changed, and signed again."""
    whole = children(certificate.public_bytes(DER))
    signed = change(whole[0])
    signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return tlv(0x30, signed, whole[1], tlv(0x03, b"\0", signature))


def with_twice(signed):
    """The last extension twice."""
    parts = children(signed)
    extensions = children(children(parts[-1])[0])
    return tlv(0x30, *parts[:-1], tlv(0xA3, tlv(0x30, *extensions, extensions[-1])))


def as_version_1(signed):
    parts = children(signed)
    return tlv(0x30, *[part for part in parts if part[0] not in (0xA0, 0xA3)])


def as_version_1_with_extensions(signed):
    return tlv(0x30, *[part for part in children(signed) if part[0] != 0xA0])


def flipped(signed):
    """One bit of the signed part changed; not of its first bytes, which say how long it is."""
    data = bytearray(signed)
    data[RANDOM.randrange(8, len(data))] ^= 1 << RANDOM.randrange(8)
    return bytes(data)


def build(subject, key, issuer, issuer_key, extensions, start, end):
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(NOW + start).not_valid_after(NOW + end))
    # OpenSSL does not try a second issuer of the same name: the identifiers lead it to the right one.
    identifiers = [(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
                   (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)]
    for extension, critical in identifiers + extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def chain():
    """(leaf first DER list, root DER list, what is odd about it)"""
    odd = collections.Counter()

    def chance(part, what):
        if RANDOM.random() < part:
            odd[what] += 1
            return True
        return False

    depth = RANDOM.choice([0, 1, 1, 2, 3])
    constrained = RANDOM.random() < 0.75
    authorities = []
    issuer_name, issuer_key = None, None
    for level in range(depth + 1):
        is_root = level == 0
        key = KEYS[level]
        attributes = directory()
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, f"authority {level}"))
        subject = x509.Name(attributes)
        if not is_root and chance(0.05, "self-issued"):
            subject = issuer_name
        path = RANDOM.choice([None] * 8 + [0, 1, 2, 3])
        extensions = []
        shape = RANDOM.random()
        if shape < 0.96:
            extensions.append((x509.BasicConstraints(True, path), RANDOM.random() < 0.9))
        elif shape < 0.98:
            odd["not an authority"] += 1
            extensions.append((x509.BasicConstraints(False, None), True))
        else:
            odd["no basic constraints"] += 1
        if RANDOM.random() < 0.9:
            extensions.append((SIGN if chance(0.04, "may not certify") else CERTIFY, True))
        if not is_root and chance(0.04, "extended key usage of an authority"):
            extensions.append((x509.ExtendedKeyUsage([RANDOM.choice([EKU.SERVER_AUTH, EKU.CODE_SIGNING])]), False))
        if constrained and RANDOM.random() < (0.5 if not is_root else 0.2):
            permitted = [subtree() for _ in range(RANDOM.randint(1, 5))] if RANDOM.random() < 0.6 else None
            excluded = [subtree()] if permitted is None or RANDOM.random() < 0.3 else None
            extensions.append((x509.NameConstraints(permitted, excluded), RANDOM.random() < 0.8))
            odd["constrained"] += 1
        if chance(0.03, "unknown critical extension"):
            extensions.append((x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\0"), True))
        start, end = -30 * DAY, 300 * DAY
        if chance(0.03, "expired authority"):
            end = -1 * DAY
        if chance(0.02, "young authority"):
            start = -1 * DAY
        signer = KEYS[7] if not is_root and chance(0.02, "forged") else issuer_key or key
        made = build(subject, key, issuer_name or subject, signer, extensions, start, end)
        data = made.public_bytes(DER)
        if chance(0.02, "version 1"):
            data = resign(made, signer, as_version_1)
        elif extensions and chance(0.02, "an extension twice"):
            data = resign(made, signer, with_twice)
        elif chance(0.01, "version 1 with extensions"):
            data = resign(made, signer, as_version_1_with_extensions)
        elif chance(0.03, "a bit of an authority"):
            data = resign(made, signer, flipped)
        authorities.append((data, subject, key))
        if not is_root and chance(0.04, "cross-signed"):
            other = build(subject, key, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere")]), KEYS[7],
                          extensions, -30 * DAY, 300 * DAY)
            authorities.insert(1, (other.public_bytes(DER), None, None))
            authorities.append(authorities.pop(-1))
        issuer_name, issuer_key = subject, key
    extensions = [(SIGN, True), (x509.ExtendedKeyUsage([EKU.CODE_SIGNING]), RANDOM.random() < 0.2)]
    if chance(0.1, "leaf is an authority"):
        extensions.append((x509.BasicConstraints(True, None), True))
    names = alternative()
    if names:
        extensions.append((x509.SubjectAlternativeName(names), RANDOM.random() < 0.2))
    attributes = directory("leaf")
    if RANDOM.random() < 0.3:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, RANDOM.choice(HOSTS + ["A Person"])))
    if RANDOM.random() < 0.3:
        attributes.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, RANDOM.choice(ADDRESSES)))
    if chance(0.03, "unknown critical extension of the leaf"):
        extensions.append((x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.6"), b"\x05\0"), True))
    start, end = -10 * DAY, 100 * DAY
    if chance(0.02, "expired leaf"):
        end = -1 * DAY
    made = build(x509.Name(attributes), KEYS[6], issuer_name, issuer_key, extensions, start, end)
    data = made.public_bytes(DER)
    if chance(0.03, "a leaf's extension twice"):
        data = resign(made, issuer_key, with_twice)
    elif chance(0.05, "a bit of the leaf"):
        data = resign(made, issuer_key, flipped)
    between = [one for one, _, _ in authorities[1:]][::-1]
    return [data] + between, [authorities[0][0]], odd


def pem(data):
    import base64
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data).decode() + "-----END CERTIFICATE-----\n"


class Raw:
    """What `sign` asks a certificate for."""
    def __init__(self, data):
        self.data = data

    def public_bytes(self, _):
        return self.data


def openssl(at):
    between = ["-untrusted", "between.pem"] if Path("between.pem").stat().st_size else []
    command = ["openssl", "verify", "-attime", str(int(at.timestamp())), "-CAfile", "roots.pem", *between, "leaf.pem"]
    run = subprocess.run(command, capture_output=True, text=True)
    return run.returncode == 0, (run.stdout + run.stderr).strip().replace("\n", " ")


def keep(number):
    """With KEEP naming a folder, what was judged otherwise is put there."""
    if os.environ.get("KEEP"):
        subprocess.run(["cp", "-r", ".", f"{os.environ['KEEP']}/{number}"])


def main():
    wrong, stricter, both, neither = 0, collections.Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("model").mkdir()
        Path("model/w").write_bytes(b"weights")
        for number in range(COUNT):
            certificates, roots, odd = chain()
            Path("sig.json").write_text(json.dumps(sign(Path("model"), [Raw(one) for one in certificates], KEYS[6])))
            Path("roots.pem").write_text("".join(map(pem, roots)))
            Path("leaf.pem").write_text(pem(certificates[0]))
            Path("between.pem").write_text("".join(map(pem, certificates[1:])))
            run = subprocess.run([ASSAY, "verify", "model", "--signature", "sig.json", "--certificate-chain", "roots.pem"],
                                 capture_output=True, text=True)
            taken = run.returncode == 0
            begin = NOW - 10 * DAY
            (now, reason), (then, reason_then) = openssl(NOW), openssl(begin)
            because = " ".join(line.strip() for line in run.stdout.splitlines() if "because" in line)
            if taken and now and then:
                both += 1
            elif taken:
                wrong += 1
                keep(number)
                print(f"{number}: taken, but OpenSSL says {reason if not now else reason_then}; {dict(odd)}")
            elif run.returncode not in (1, 2):
                wrong += 1
                print(f"{number}: status {run.returncode}: {run.stdout}{run.stderr}")
            elif not (now and then):
                neither += 1
            else:
                known = next((text for text in STRICTER if text in run.stdout + run.stderr), None)
                stricter[known or "?"] += 1
                if known is None:
                    wrong += 1
                    print(f"{number}: refused, and OpenSSL takes it: {because}; {dict(odd)}")
                    keep(number)
    print(f"{COUNT} chains: {both} taken by both, {neither} by neither, refused by Assay alone: {dict(stricter)}; {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
