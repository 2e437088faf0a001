#!/usr/bin/env python3
"""Evidence signed by others and verified by Assay, and the other way round: DSSE envelopes of securesystemslib, bundles of
sigstore-python through an instance on loopback, certificates made with the package cryptography.

usage: evidence.py ASSAY
Runs under a Python that has the packages sigstore and securesystemslib.
"""
import base64
import datetime
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner
from sigstore.dsse import Statement
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.oidc import IdentityToken
from sigstore.sign import SigningContext
from sigstore.verify import Verifier, policy

from sigstore_services import IDENTITY, ISSUER, Sigstore, token

ASSAY = str(Path(sys.argv[1]).absolute())
TYPE = "application/vnd.in-toto+json"
counts = {True: 0, False: 0}


def check(what, is_right, run=None):
    counts[bool(is_right)] += 1
    if not is_right:
        print("WRONG", what, *([run.returncode, run.stdout, run.stderr] if run else []))


def assay(*words):
    return subprocess.run([ASSAY, *map(str, words)], capture_output=True, text=True, timeout=120)


def verify(*files, code=0, what="", trust=(), **options):
    words = [part for name, value in options.items() for part in (f"--{name}", value)]
    answer = assay("evidence", "verify", *files, *trust, *words)
    check(what, answer.returncode == code, answer)
    return answer


def statement(kind="https://in-toto.io/Statement/v1", **predicate):
    digest = hashlib.sha256(Path("model.bin").read_bytes()).hexdigest()
    return json.dumps({"_type": kind, "subject": [{"name": "model.bin", "digest": {"sha256": digest}}],
                       "predicateType": "https://example.com/check/v1", "predicate": predicate or {"ok": True}}).encode()


def certificate(name, key, issuer=None, issuer_key=None, days=(-1, 30), use=ExtendedKeyUsageOID.CODE_SIGNING):
    """A root, or a leaf that may sign code."""
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now + datetime.timedelta(days=days[0]))
               .not_valid_after(now + datetime.timedelta(days=days[1]))
               .add_extension(x509.BasicConstraints(issuer is None, None), True)
               .add_extension(x509.KeyUsage(issuer is not None, False, False, False, False, issuer is None,
                                            issuer is None, False, False), True))
    if issuer:
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), False)
    return builder.sign(issuer_key or key, hashes.SHA256())


def write_pem(name, *objects):
    with open(name, "wb") as file:
        for one in objects:
            if isinstance(one, x509.Certificate):
                file.write(one.public_bytes(serialization.Encoding.PEM))
            else:
                file.write(one.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                             serialization.NoEncryption()))


def envelopes():
    """securesystemslib signs, we verify; we sign, it verifies."""
    signers = [CryptoSigner.generate_ecdsa() for _ in range(3)]
    for number, signer in enumerate(signers):
        Path(f"{number}.pub").write_text(signer.public_key.keyval["public"])
        Path(f"{number}.key").write_bytes(signer.private_bytes)
    envelope = Envelope(statement(), TYPE, {})
    for signer in signers[:2]:
        envelope.sign(signer)
    Path("theirs.json").write_text(json.dumps(envelope.to_dict()))
    keys = ("--public-key", "0.pub", "1.pub", "2.pub")
    verify("theirs.json", trust=keys, threshold="2", subject="model.bin", what="securesystemslib: two of three")
    verify("theirs.json", trust=keys, threshold="3", code=1, what="securesystemslib: two are not three")
    verify("theirs.json", trust=("--public-key", "2.pub"), code=1, what="securesystemslib: another key")
    assay("evidence", "sign", "theirs.json", "--private-key", "2.key", "--output", "three.json")
    verify("three.json", trust=keys, threshold="3", what="securesystemslib: ours makes three")
    read = Envelope.from_dict(json.loads(Path("three.json").read_text()))
    # It looks for the key by its own name for it.
    for signature, signer in zip(list(read.signatures.values()), signers):
        signature.keyid = signer.public_key.keyid
    read.signatures = {signature.keyid: signature for signature in read.signatures.values()}
    check("securesystemslib verifies ours", len(read.verify([s.public_key for s in signers], 3)) == 3)
    older = Envelope(statement("https://in-toto.io/Statement/v0.1"), TYPE, {})
    older.sign(signers[0])
    Path("older.json").write_text(json.dumps(older.to_dict()))
    verify("older.json", trust=keys, subject="model.bin", what="a statement of version 0.1")
    for name, payload, kind in (("json", statement(), "application/json"), ("text", b"no statement", TYPE)):
        other = Envelope(payload, kind, {})
        other.sign(signers[0])
        Path("other.json").write_text(json.dumps(other.to_dict()))
        verify("other.json", trust=keys, code=1, what=f"a payload that is no statement: {name}")


def certificates():
    root_key, key, other = (ec.generate_private_key(ec.SECP384R1()) for _ in range(3))
    root = certificate("Root", root_key)
    write_pem("root.pem", root)
    write_pem("alice.key", key)
    write_pem("alice.pem", certificate("Alice", key, root, root_key))
    write_pem("other-root.pem", certificate("Root", other))
    Path("bare.json").write_bytes(statement())
    signed = assay("evidence", "sign", "bare.json", "--private-key", "alice.key", "--signing-certificate", "alice.pem",
                   "--output", "alice.json")
    check("a certificate signs", signed.returncode == 0, signed)
    bundle = json.loads(Path("alice.json").read_text())
    leaf = x509.load_der_x509_certificate(base64.b64decode(
        bundle["verificationMaterial"]["x509CertificateChain"]["certificates"][0]["rawBytes"]))
    payload = base64.b64decode(bundle["dsseEnvelope"]["payload"])
    message = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(payload), payload)
    leaf.public_key().verify(base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"]), message,
                             ec.ECDSA(hashes.SHA384()))
    check("the payload is the statement", payload == statement())
    trust = ("--certificate-chain", "root.pem")
    answer = verify("alice.json", trust=trust, subject="model.bin", what="a certificate of the root")
    check("it says who signed", "CN=Alice" in answer.stdout, answer)
    verify("alice.json", trust=("--certificate-chain", "other-root.pem"), code=1, what="a root of the same name")
    for what, leaf in {"expired": certificate("Alice", key, root, root_key, days=(-9, -1)),
                       "not yet valid": certificate("Alice", key, root, root_key, days=(1, 9)),
                       "a server's": certificate("Alice", key, root, root_key, use=ExtendedKeyUsageOID.SERVER_AUTH),
                       "another key's": certificate("Alice", other, root, root_key),
                       "self-signed": certificate("Alice", key)}.items():
        changed = json.loads(Path("alice.json").read_text())
        changed["verificationMaterial"]["x509CertificateChain"]["certificates"] = [
            {"rawBytes": base64.b64encode(leaf.public_bytes(serialization.Encoding.DER)).decode()}]
        Path("changed.json").write_text(json.dumps(changed))
        verify("changed.json", trust=trust, code=1, what=f"a certificate that is {what}")


def identities(services):
    config = ClientTrustConfig.from_json(json.dumps(services.trust_config()))
    with SigningContext.from_trust_config(config).signer(IdentityToken(token())) as signer:
        Path("theirs.sigstore.json").write_text(signer.sign_dsse(Statement(statement())).to_json())
    trust = ("--trust-config", "trust.json", "--identity", IDENTITY, "--identity-provider", ISSUER)
    verify("theirs.sigstore.json", trust=trust, subject="model.bin", what="sigstore-python's bundle")
    for what, words in {"identity": ("other@example.com", ISSUER), "provider": (IDENTITY, "https://x")}.items():
        verify("theirs.sigstore.json", code=1, what=f"another {what}", trust=(
            "--trust-config", "trust.json", "--identity", words[0], "--identity-provider", words[1]))
    Path("token").write_text(token())
    Path("bare.json").write_bytes(statement())
    signed = assay("evidence", "sign", "bare.json", "--sigstore", "--trust-config", "trust.json",
                   "--identity-token-file", "token", "--output", "ours.sigstore.json")
    check("an identity signs", signed.returncode == 0, signed)
    kind, payload = Verifier(trusted_root=config.trusted_root).verify_dsse(
        Bundle.from_json(Path("ours.sigstore.json").read_text()), policy.Identity(identity=IDENTITY, issuer=ISSUER))
    check("sigstore-python verifies ours", (kind, payload) == (TYPE, statement()))
    verify("ours.sigstore.json", trust=trust, what="our own bundle")
    bundle = json.loads(Path("theirs.sigstore.json").read_text())
    changed = base64.b64decode(bundle["dsseEnvelope"]["payload"]).replace(b"true", b"null")
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(changed).decode()
    Path("changed.json").write_text(json.dumps(bundle))
    verify("changed.json", trust=trust, code=1, what="a changed payload")
    lines = [json.dumps(json.loads(Path(name).read_text())) for name in ("theirs.sigstore.json", "ours.sigstore.json")]
    Path("both.jsonl").write_text("\n".join(lines) + "\n")
    answer = verify("both.jsonl", trust=trust, what="a file of lines")
    check("each line is answered", answer.stdout.count("verified  ") == 2, answer)


def thresholds():
    """One statement, signed in three ways by three people, in three files."""
    trust = ("--public-key", "0.pub", "--certificate-chain", "root.pem", "--trust-config", "trust.json", "--identity",
             IDENTITY, "--identity-provider", ISSUER)
    files = ("theirs.json", "alice.json", "ours.sigstore.json")
    verify(*files, trust=trust, threshold="3", what="a key, a certificate and an identity are three")
    verify(*files, "theirs.sigstore.json", trust=trust, threshold="4", code=1, what="an identity that signs twice is one")
    verify(*files[:2], trust=trust, threshold="3", code=1, what="two are not three")
    Path("bare.json").write_bytes(statement(ok=False))
    assay("evidence", "sign", "bare.json", "--private-key", "alice.key", "--signing-certificate", "alice.pem",
          "--output", "another.json")
    verify("theirs.json", "another.json", trust=trust, threshold="2", code=1, what="two statements with a signer each")
    verify("alice.json", trust=(), code=2, what="nobody is trusted by default")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("model.bin").write_bytes(b"weights")
        os.mkdir("tsa")
        services = Sigstore(Path(folder) / "tsa")
        Path("trust.json").write_text(json.dumps(services.trust_config()))
        envelopes()
        certificates()
        identities(services)
        thresholds()
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


main()
