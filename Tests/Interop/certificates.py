#!/usr/bin/env python3
"""Models signed with certificates of all sorts, each of which `assay verify` has to take or to refuse.

usage: certificates.py ASSAY
Runs under a Python that has the package cryptography. Bundles are written here, so that Assay's signer, which refuses
some of these certificates itself, does not stand between.
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
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID, ObjectIdentifier

ASSAY = str(Path(sys.argv[1]).absolute())
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "test"),
                      x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(**bits):
    all_bits = dict.fromkeys(["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                              "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False)
    return x509.KeyUsage(**{**all_bits, **bits})


def certificate(text, key, issuer=None, issuer_key=None, ca=None, path=None, key_usage=None, extended=None,
                start=-2 * DAY, end=365 * DAY, digest=hashes.SHA256(), more=()):
    """`issuer` is a certificate; without one, the certificate signs itself."""
    builder = (x509.CertificateBuilder().subject_name(name(text))
               .issuer_name(issuer.subject if issuer else name(text)).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(NOW + start).not_valid_after(NOW + end)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path), True)
    if key_usage is not None:
        builder = builder.add_extension(key_usage, True)
    if extended is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), False)
    for extension, is_critical in more:
        builder = builder.add_extension(extension, is_critical)
    signer = issuer_key or key
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else digest)


SIGN, CERTIFY = usage(digital_signature=True), usage(key_cert_sign=True, crl_sign=True)
ROOT_KEY, MIDDLE_KEY, KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
ROOT = certificate("root", ROOT_KEY, ca=True, key_usage=CERTIFY)
MIDDLE = certificate("middle", MIDDLE_KEY, ROOT, ROOT_KEY, ca=True, path=0, key_usage=CERTIFY)


def leaf(text="leaf", key=KEY, issuer=MIDDLE, issuer_key=MIDDLE_KEY, key_usage=SIGN, extended=(EKU.CODE_SIGNING,), **more):
    return certificate(text, key, issuer, issuer_key, key_usage=key_usage, extended=extended, **more)


def middle(**more):
    return certificate("middle", MIDDLE_KEY, ROOT, ROOT_KEY, **{"ca": True, "key_usage": CERTIFY, **more})


def sign(model, chain, key=KEY):
    """A bundle over the model's one file."""
    digest = hashlib.sha256((model / "w").read_bytes()).digest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": hashlib.sha256(digest).hexdigest()}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"resources": [{"name": "w", "algorithm": "sha256", "digest": digest.hex()}],
                      "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False,
                                        "ignore_paths": []}}}
    payload, kind = json.dumps(statement).encode(), b"application/vnd.in-toto+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(message)
    else:
        hash_of = {256: hashes.SHA256, 384: hashes.SHA384, 521: hashes.SHA512}[key.curve.key_size]
        signature = key.sign(message, ec.ECDSA(hash_of()))
    text = lambda data: base64.b64encode(data).decode()
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"x509CertificateChain": {"certificates": [
                {"rawBytes": text(one.public_bytes(DER))} for one in chain]}, "tlogEntries": []},
            "dsseEnvelope": {"payload": text(payload), "payloadType": kind.decode(),
                             "signatures": [{"sig": text(signature), "keyid": ""}]}}


def cases():
    """(what, taken, chain, anchors, key)"""
    good = leaf()
    yield "plain", True, [good, MIDDLE], [ROOT], KEY
    yield "root in the chain", True, [good, MIDDLE, ROOT], [ROOT], KEY
    yield "chain out of order above the leaf", True, [good, ROOT, MIDDLE], [ROOT], KEY
    yield "leaf not first", False, [MIDDLE, good], [ROOT], KEY
    yield "intermediate given by the verifier", True, [good], [ROOT, MIDDLE], KEY
    yield "intermediate missing", False, [good], [ROOT], KEY
    yield "the same certificate twice", True, [good, MIDDLE, MIDDLE], [ROOT], KEY
    yield "anchor that is no root", False, [good, MIDDLE], [MIDDLE], KEY
    other_key = ec.generate_private_key(ec.SECP256R1())
    impostor = certificate("root", other_key, ca=True, key_usage=CERTIFY)
    yield "another root of the same name", False, [good, MIDDLE, impostor], [impostor], KEY
    yield "two roots of the same name", True, [good, MIDDLE], [impostor, ROOT], KEY
    yield "another leaf's key", False, [leaf(key=other_key), MIDDLE], [ROOT], KEY
    for curve in (ec.SECP384R1(), ec.SECP521R1()):
        key = ec.generate_private_key(curve)
        yield f"leaf on {curve.name}", True, [leaf(key=key), MIDDLE], [ROOT], key
    rsa_key, ed_key = rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate()
    yield "leaf with an RSA key", False, [leaf(key=rsa_key), MIDDLE], [ROOT], rsa_key
    yield "leaf with an Ed25519 key", False, [leaf(key=ed_key), MIDDLE], [ROOT], ed_key
    rsa_root = certificate("rsa root", rsa_key, ca=True, key_usage=CERTIFY)
    yield "RSA root", True, [leaf(issuer=rsa_root, issuer_key=rsa_key)], [rsa_root], KEY
    # Key usage.
    yield "no extended key usage", True, [leaf(extended=None), MIDDLE], [ROOT], KEY
    yield "code signing among others", True, [leaf(extended=[EKU.SERVER_AUTH, EKU.CODE_SIGNING]), MIDDLE], [ROOT], KEY
    yield "any extended key usage", True, [leaf(extended=[EKU.ANY_EXTENDED_KEY_USAGE]), MIDDLE], [ROOT], KEY
    for wrong in (EKU.SERVER_AUTH, EKU.CLIENT_AUTH, EKU.EMAIL_PROTECTION, EKU.TIME_STAMPING, EKU.OCSP_SIGNING):
        yield f"only {wrong._name}", False, [leaf(extended=[wrong]), MIDDLE], [ROOT], KEY
    yield "no digital signatures", False, [leaf(key_usage=usage(key_encipherment=True)), MIDDLE], [ROOT], KEY
    yield "no usage at all", False, [leaf(key_usage=None, extended=None), MIDDLE], [ROOT], KEY
    # Time.
    yield "leaf expired", False, [leaf(start=-20 * DAY, end=-1 * DAY), MIDDLE], [ROOT], KEY
    yield "leaf not yet valid", False, [leaf(start=1 * DAY, end=2 * DAY), MIDDLE], [ROOT], KEY
    yield "intermediate expired", False, [good, middle(start=-9 * DAY, end=-1 * DAY)], [ROOT], KEY
    yield "intermediate younger than the leaf", False, [good, middle(start=-1 * DAY)], [ROOT], KEY
    old = certificate("root", ROOT_KEY, ca=True, key_usage=CERTIFY, start=-9 * DAY, end=-1 * DAY)
    yield "root expired", False, [good, MIDDLE], [old], KEY
    young = certificate("root", ROOT_KEY, ca=True, key_usage=CERTIFY, start=-1 * DAY)
    yield "root younger than the leaf", False, [good, MIDDLE], [young], KEY
    # Who may issue.
    yield "issuer is no authority", False, [good, middle(ca=False)], [ROOT], KEY
    yield "issuer says nothing", False, [good, middle(ca=None)], [ROOT], KEY
    yield "issuer may not certify", False, [good, middle(key_usage=SIGN)], [ROOT], KEY
    short = certificate("root", ROOT_KEY, ca=True, path=0, key_usage=CERTIFY)
    yield "path too long", False, [good, MIDDLE], [short], KEY
    deep_key = ec.generate_private_key(ec.SECP256R1())
    deep = certificate("deep", deep_key, MIDDLE, MIDDLE_KEY, ca=True, key_usage=CERTIFY)
    yield "path too long below", False, [leaf(issuer=deep, issuer_key=deep_key), deep, MIDDLE], [ROOT], KEY
    forged = certificate("middle", MIDDLE_KEY, ROOT, other_key, ca=True, key_usage=CERTIFY)
    yield "intermediate that the root did not sign", False, [good, forged], [ROOT], KEY
    yield "leaf that the intermediate did not sign", False, [leaf(issuer_key=other_key), MIDDLE], [ROOT], KEY
    # Extensions.
    strange = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    yield "unknown extension", True, [leaf(more=[(strange, False)]), MIDDLE], [ROOT], KEY
    yield "unknown critical extension of the leaf", False, [leaf(more=[(strange, True)]), MIDDLE], [ROOT], KEY
    yield "unknown critical extension of the issuer", False, [good, middle(more=[(strange, True)])], [ROOT], KEY
    policies = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)])
    yield "critical policies", True, [leaf(more=[(policies, True)]), MIDDLE], [ROOT], KEY
    explicit = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)
    yield "a policy demanded", False, [good, middle(more=[(explicit, True)])], [ROOT], KEY
    names = x509.SubjectAlternativeName([x509.RFC822Name("a@example.com")])
    yield "critical alternative names", True, [leaf(more=[(names, True)]), MIDDLE], [ROOT], KEY
    only = lambda domain: middle(more=[(x509.NameConstraints([x509.DNSName(domain)], None), True)])
    host = x509.SubjectAlternativeName([x509.DNSName("models.example.com")])
    yield "name permitted", True, [leaf(more=[(host, False)]), only("example.com")], [ROOT], KEY
    yield "name not permitted", False, [leaf(more=[(host, False)]), only("example.org")], [ROOT], KEY


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        model = Path("model")
        model.mkdir()
        (model / "w").write_bytes(b"weights")
        for what, is_taken, chain, anchors, key in cases():
            Path("sig.json").write_text(json.dumps(sign(model, chain, key)))
            Path("anchors.pem").write_bytes(b"".join(one.public_bytes(PEM) for one in anchors))
            run = subprocess.run([ASSAY, "verify", "model", "--signature", "sig.json", "--certificate-chain",
                                  "anchors.pem"], capture_output=True, text=True)
            if (run.returncode == 0) == is_taken and run.returncode in (0, 1, 2):
                passed += 1
            else:
                failed += 1
                print(f"{what}: status {run.returncode}\n{run.stdout}{run.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
