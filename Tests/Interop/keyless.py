#!/usr/bin/env python3
"""Sigstore bundles of all sorts, forged and genuine, each judged by `assay verify` and by the library `model_signing`.

usage: keyless.py ASSAY
Runs under a Python that has model_signing 1.1.1. The bundles are put together here with the keys of an instance of its own
(sigstore_services.py), so that every part can be wrong by itself. What Assay takes, the library has to take, but for the cases
in LOOSER, each of which the specification allows.
"""
import datetime
import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import model_signing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID, ObjectIdentifier

from sigstore_services import DER, IDENTITY, ISSUER, PEM, Authority, Sigstore, b64, canonical, ecdsa, spki

ASSAY = str(Path(sys.argv[1]).absolute())
logging.disable(logging.CRITICAL)
KIND = b"application/vnd.in-toto+json"
CURVES = {256: (ec.SECP256R1, hashes.SHA256, "SHA2_256", "PKIX_ECDSA_P256_SHA_256"),
          384: (ec.SECP384R1, hashes.SHA384, "SHA2_384", "PKIX_ECDSA_P384_SHA_384"),
          521: (ec.SECP521R1, hashes.SHA512, "SHA2_512", "PKIX_ECDSA_P521_SHA_512")}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# What Assay takes and the library does not, by the start of a case's name, and why it may.
LOOSER = {
    "P-384": "sigstore-python verifies envelopes with SHA-256 alone; the algorithm registry pairs P-384 with SHA-384",
    "P-521": "the same",
    "a user's name": "sigstore-python compares the name's DER with the text; Fulcio's name form 7 is a UTF8String",
    "a host's name": "of the names that Fulcio writes, sigstore-python reads no DNS names",
    "provider in the newer extension alone": "sigstore-python reads the older extension alone",
    "hashedrekord of the first version": "the digest of the pre-authentication encoding says as much as that of version 2",
    "code signing critical": "sigstore-python's rules for paths want it not critical; RFC 5280 leaves it open",
    "two entries": "sigstore-python takes one entry; bundles may have several",
    "entries of both logs": "the same",
    "unknown members of the trusted root": "sigstore-python takes none; newer roots may have some",
}


def tlv(tag, body):
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)]) if len(body) < 256 else \
        b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + length + body


def utf8(text):
    return tlv(0x0c, text.encode())


def fulcio(number, value):
    return x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), value)


class Forge(Sigstore):
    """Makes the parts of a bundle, each as told."""

    def leaf(self, key, *, names=(x509.RFC822Name(IDENTITY),), names_critical=True, provider=utf8(ISSUER), older=ISSUER.encode(),
             extended=(EKU.CODE_SIGNING,), extended_critical=False, usage=True, start=0, lifetime=600, more=(), scts=("good",),
             authority=None, subject=(), signer=None):
        authority = authority or self.fulcio
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=start)
        builder = authority.issue(
            x509.CertificateBuilder().subject_name(x509.Name(list(subject))).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now)
            .not_valid_after(now + datetime.timedelta(seconds=lifetime))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        if usage is not None:
            builder = builder.add_extension(
                x509.KeyUsage(usage, False, not usage, False, False, False, False, False, False), True)
        if extended is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(list(extended)), extended_critical)
        if names is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), names_critical)
        for extension in ([fulcio(8, provider)] if provider is not None else []) + ([fulcio(1, older)] if older is not None else []):
            builder = builder.add_extension(extension, False)
        for extension, is_critical in more:
            builder = builder.add_extension(extension, is_critical)
        bare = builder.sign(signer or authority.key, hashes.SHA384())
        if scts is None:
            return bare
        items = b"".join(len(one).to_bytes(2, "big") + one for one in
                         (self.sct(kind, bare.tbs_certificate_bytes, authority) for kind in scts))
        octets = tlv(4, len(items).to_bytes(2, "big") + items)
        return builder.add_extension(x509.UnrecognizedExtension(
            ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), octets), False).sign(signer or authority.key, hashes.SHA384())

    def sct(self, kind, tbs, authority):
        key = ec.generate_private_key(ec.SECP256R1()) if kind == "another key" else self.ct_key
        identifier = hashlib.sha256(spki(self.ct_key.public_key())).digest() if kind != "another log" else bytes(32)
        issuer = self.tsa if kind == "another issuer" else authority
        stamp = int(time.time() * 1000 if kind != "before the log" else 1).to_bytes(8, "big")
        body = tbs if kind != "another certificate" else tbs[:-1] + bytes([tbs[-1] ^ 1])
        more = b"\0\3abc" if kind == "with extensions" else b"\0\0"
        message = (b"\0\0" + stamp + b"\0\1" + hashlib.sha256(spki(issuer.key.public_key())).digest()
                   + len(body).to_bytes(3, "big") + body + more)
        signature = ecdsa(key, message)
        version = b"\1" if kind == "of version 2" else b"\0"
        return version + identifier + stamp + more + b"\4\3" + len(signature).to_bytes(2, "big") + signature

    def entry(self, envelope, leaf, size, *, version=1, form="dsse", change=None, changed_body=None, when=0, promise="good",
              claim=True, checkpoint=None, proof=None, more=None, log=None, place=None):
        """An entry as bundles have it. `change` gets the body as an object, the others the parts that they are named for."""
        log = log or self.logs[version]
        sig, payload = envelope["signatures"][0]["sig"], envelope["_payload"]
        pem = b64(leaf.public_bytes(PEM))
        digest, algorithm, details = CURVES[size][1](), CURVES[size][2], CURVES[size][3]
        encoded = pae(payload)
        if form == "dsse":
            body = {"apiVersion": "0.0.1", "kind": "dsse", "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": "0" * 64},
                "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
                "signatures": [{"signature": sig, "verifier": pem}]}}
        elif form == "hashedrekord" and version == 1:
            body = {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": hashlib.sha256(encoded).hexdigest()}},
                "signature": {"content": sig, "publicKey": {"content": pem}}}}
        else:
            body = {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
                "data": {"algorithm": algorithm, "digest": b64(hashlib.new(digest.name, encoded).digest())},
                "signature": {"content": sig, "verifier": {
                    "keyDetails": details, "x509Certificate": {"rawBytes": b64(leaf.public_bytes(DER))}}}}}}
        kind = {"kind": body["kind"], "version": body["apiVersion"]}
        if change:
            change(body)
        text = canonical(body)
        if changed_body:
            text = changed_body(text)
        index, tree, root, hashes_, note = log.add(text)
        made = {"logIndex": str(index if place is None else place), "logId": {"keyId": b64(log.id)}, "kindVersion": kind,
                "canonicalizedBody": b64(text),
                "inclusionProof": {"logIndex": str(index), "rootHash": b64(root), "treeSize": str(tree),
                                   "hashes": [b64(one) for one in hashes_], "checkpoint": {"envelope": note}}}
        integrated = int(time.time()) + when
        if version == 1 or claim == "unsigned":
            made["integratedTime"] = str(integrated)
        if version == 1 and promise is not None:
            promised = canonical({"body": b64(text), "integratedTime": integrated, "logID": log.id.hex(), "logIndex": index})
            key = ec.generate_private_key(ec.SECP256R1()) if promise == "another key" else log.key
            made["inclusionPromise"] = {"signedEntryTimestamp": b64(ecdsa(key, promised))}
        if checkpoint:
            made["inclusionProof"]["checkpoint"]["envelope"] = checkpoint(note, log)
        if proof:
            proof(made["inclusionProof"])
        if more:
            more(made)
        return made

    def stamper_like(self, start=-86400, end=86400, signer=None):
        """Another certificate of the timestamp authority, for the trusted root and the stamps that follow."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        builder = self.tsa.issue(
            x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stamper")]))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(seconds=start)).not_valid_after(now + datetime.timedelta(seconds=end))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        builder = builder.add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([EKU.TIME_STAMPING]), True)
        self.stamper = builder.sign(signer or self.tsa.key, hashes.SHA384())
        (self.folder / "stamper.pem").write_bytes(self.stamper.public_bytes(PEM))
        (self.folder / "stamper.key").write_bytes(key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    def stamp_of(self, message, digest="sha256"):
        (self.folder / "stamped").write_bytes(message)
        run = subprocess.run(["openssl", "ts", "-query", "-data", "stamped", f"-{digest}", "-cert", "-out", "query0"],
                             cwd=self.folder, capture_output=True)
        assert run.returncode == 0, run.stderr
        return self.stamp((self.folder / "query0").read_bytes())


def pae(payload):
    return b"DSSEv1 %d %s %d %s" % (len(KIND), KIND, len(payload), payload)


def statement():
    files = {"config.json": b"{}", "weights.bin": b"weights"}
    listed = [{"name": name, "algorithm": "sha256", "digest": hashlib.sha256(data).hexdigest()} for name, data in files.items()]
    root = hashlib.sha256(b"".join(bytes.fromhex(one["digest"]) for one in listed)).hexdigest()
    return json.dumps({
        "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "model", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"resources": listed, "serialization": {
            "method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}}}).encode()


def bundle(forge, size=256, leaf={}, entry={}, entries=1, stamps=0, stamped=None, digest="sha256", chain=False, change=None, signature=None,
           signed_by=None, logged_leaf=None):
    """One bundle. `leaf` and `entry` are told to `Forge`; `change` gets the bundle before it is written."""
    key = ec.generate_private_key(CURVES[size][0]())
    certificate = forge.leaf(key, **leaf)
    payload = statement()
    made = (signed_by or key).sign(pae(payload), ec.ECDSA(CURVES[size][1]()))
    if signature:
        made = signature(made)
    envelope = {"payload": b64(payload), "payloadType": KIND.decode(), "signatures": [{"sig": b64(made)}], "_payload": payload}
    material = {"certificate": {"rawBytes": b64(certificate.public_bytes(DER))}}
    if chain:
        material = {"x509CertificateChain": {"certificates": [
            material["certificate"], {"rawBytes": b64(forge.fulcio.certificate.public_bytes(DER))}]}}
    named = forge.leaf(key, **{**leaf, **logged_leaf}) if logged_leaf is not None else certificate
    told = entry if isinstance(entry, list) else [entry] * entries
    material["tlogEntries"] = [forge.entry(envelope, named, size, **one) for one in told]
    if stamps:
        material["timestampVerificationData"] = {"rfc3161Timestamps": [
            {"signedTimestamp": b64(forge.stamp_of(stamped or made, digest))} for _ in range(stamps)]}
    del envelope["_payload"]
    value = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material,
             "dsseEnvelope": envelope}
    if change:
        change(value)
    return value


def another_name(note, log):
    head, line = note.rsplit("\n\n", 1)
    return head + "\n\n" + line.replace(log.name, "other.test")


def witness(note, log, first=False):
    line = "\u2014 witness.test " + b64(b"abcd" + bytes(64)) + "\n"
    head, own = note.split("\n\n", 1)
    return head + "\n\n" + (line + own if first else own + line)


def resigned(change):
    """A checkpoint with another text that the log signed all the same."""
    def body(note, log):
        text = change(note.split("\n\n", 1)[0] + "\n")
        return text + f"\n\u2014 {log.name} {b64(log.id[:4] + log.sign(text.encode()))}\n"
    return body


def cases(forge, trust):
    """(what, taken, bundle, the changed trusted root or None, identity, provider)"""
    def case(what, taken, root=None, identity=IDENTITY, provider=ISSUER, stamper=None, **told):
        if told.get("stamps"):
            forge.stamper_like(**(stamper or {}))
        config = forge.trust_config()
        if root:
            root(config["trustedRoot"])
        return what, taken, bundle(forge, **told), config, identity, provider

    email, uri = x509.RFC822Name, x509.UniformResourceIdentifier
    yield case("plain", True)
    yield case("rekor 2 with a timestamp", True, entry={"version": 2, "form": "hashedrekord"}, stamps=1)
    # Keys.
    for size in (384, 521):
        yield case(f"P-{size}, dsse", True, size=size)
        yield case(f"P-{size}, hashedrekord of the second version", True, size=size,
                   entry={"version": 2, "form": "hashedrekord"}, stamps=1)
    # Who signed.
    workflow = "https://github.com/o/r/.github/workflows/w.yml@refs/heads/main"
    yield case("a workflow", True, leaf={"names": [uri(workflow)]}, identity=workflow)
    yield case("a workflow on another branch", False, leaf={"names": [uri(workflow)]}, identity=workflow.replace("main", "dev"))
    yield case("an address as URI", True, leaf={"names": [uri("mailto:" + IDENTITY)]}, identity="mailto:" + IDENTITY)
    user = x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), utf8("user!example.com"))
    yield case("a user's name", True, leaf={"names": [user]}, identity="user!example.com")
    yield case("another user's name", False, leaf={"names": [user]}, identity="user")
    foreign = x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), utf8("user!example.com"))
    yield case("a name of another form", False, leaf={"names": [foreign]}, identity="user!example.com")
    number = x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), tlv(2, b"\7"))
    yield case("a user's name that is a number", False, leaf={"names": [number]}, identity="7")
    yield case("a host's name", True, leaf={"names": [x509.DNSName("example.com")]}, identity="example.com")
    yield case("several names, the second one", True, leaf={"names": [email("a@example.com"), email(IDENTITY)]})
    yield case("names not critical", True, leaf={
        "names_critical": False, "subject": [x509.NameAttribute(NameOID.COMMON_NAME, "x")]})
    yield case("no name", False, leaf={"names": None})
    yield case("the name as subject alone", False, leaf={
        "names": None, "subject": [x509.NameAttribute(NameOID.COMMON_NAME, IDENTITY)]})
    yield case("the address in the subject alone", False, leaf={
        "names": [email("a@example.com")], "subject": [x509.NameAttribute(NameOID.EMAIL_ADDRESS, IDENTITY)]})
    for what, wrong in (("upper case", IDENTITY.upper()), ("a part", IDENTITY[:-1]), ("more", IDENTITY + "x"), ("a pattern", "*"),
                        ("a regular expression", ".*"), ("a blank behind", IDENTITY + " "), ("a NUL", IDENTITY + "\u2400")):
        yield case(f"identity: {what}", False, identity=wrong)
    for what, wrong in (("a slash", ISSUER + "/"), ("http", ISSUER.replace("https", "http")), ("upper case", ISSUER.upper()),
                        ("a pattern", "https://*")):
        yield case(f"provider: {what}", False, provider=wrong)
    # The provider's extensions.
    yield case("provider in the newer extension alone", True, leaf={"older": None})
    yield case("provider in the older extension alone", True, leaf={"provider": None})
    yield case("providers that differ, the older one right", False, leaf={"provider": utf8("https://other.example")})
    yield case("providers that differ, the newer one right", False, leaf={"older": b"https://other.example"})
    yield case("no provider", False, leaf={"provider": None, "older": None})
    yield case("provider without its tag", False, leaf={"provider": ISSUER.encode(), "older": None})
    yield case("provider of another string type", False, leaf={"provider": tlv(0x16, ISSUER.encode()), "older": None})
    yield case("provider with bytes behind it", False, leaf={"provider": utf8(ISSUER) + b"\0", "older": None})
    yield case("provider that is empty", False, leaf={"provider": utf8(""), "older": None}, provider="")
    # What the certificate is for.
    yield case("for servers", False, leaf={"extended": [EKU.SERVER_AUTH]})
    yield case("for servers, too", True, leaf={"extended": [EKU.SERVER_AUTH, EKU.CODE_SIGNING]})
    yield case("for anything", False, leaf={"extended": [EKU.ANY_EXTENDED_KEY_USAGE]})
    yield case("for no stated use", False, leaf={"extended": None})
    yield case("code signing critical", True, leaf={"extended_critical": True})
    yield case("no digital signatures", False, leaf={"usage": False})
    yield case("no key usage", False, leaf={"usage": None})
    yield case("an authority", False, leaf={"more": [(x509.BasicConstraints(True, None), True)]})
    yield case("a critical extension that nobody knows", False, leaf={"more": [(fulcio(99, b"\5\0"), True)]})
    yield case("an extension that nobody knows", True, leaf={"more": [(fulcio(99, b"\5\0"), False)]})
    # When.
    yield case("expired when it was logged", False, leaf={"start": -3600})
    yield case("not yet valid when it was logged", False, leaf={"start": 300})
    yield case("logged before it was issued", False, entry={"when": -300})
    yield case("logged in its last second", True, leaf={"start": -590, "lifetime": 600}, entry={"when": 10})
    yield case("logged a second late", False, leaf={"start": -590, "lifetime": 600}, entry={"when": 11})
    yield case("valid for years", True, leaf={"lifetime": 3 * 365 * 86400})
    # Who certified.
    yield case("another authority of the same name", False, leaf={"authority": Authority("fulcio", EKU.CODE_SIGNING)})
    yield case("the authority for timestamps", False, leaf={"authority": forge.tsa})
    yield case("another key of the authority", False, leaf={"signer": ec.generate_private_key(ec.SECP384R1())})
    # Certificate transparency.
    yield case("no timestamp of a certificate log", False, leaf={"scts": None})
    yield case("an empty list", False, leaf={"scts": []})
    for kind in ("another key", "another log", "another issuer", "another certificate", "of version 2", "before the log"):
        yield case(f"certificate log: {kind}", False, leaf={"scts": [kind]})
    yield case("certificate log: with extensions", True, leaf={"scts": ["with extensions"]})
    # The log's entry.
    v2 = {"version": 2, "form": "hashedrekord"}
    yield case("hashedrekord of the first version", True, entry={"form": "hashedrekord"})
    for what, change in {
            "another payload": lambda b: b["spec"]["payloadHash"].update(value="0" * 64),
            "upper case": lambda b: b["spec"]["payloadHash"].update(value=b["spec"]["payloadHash"]["value"].upper()),
            "another hash": lambda b: b["spec"]["payloadHash"].update(algorithm="sha512"),
            "no hash": lambda b: b["spec"].pop("payloadHash"),
            "another signature": lambda b: b["spec"]["signatures"][0].update(signature=b64(bytes(70))),
            "two signatures": lambda b: b["spec"]["signatures"].append(dict(b["spec"]["signatures"][0])),
            "no signature": lambda b: b["spec"]["signatures"].clear(),
            "another certificate": lambda b: b["spec"]["signatures"][0].update(
                verifier=b64(forge.fulcio.certificate.public_bytes(PEM))),
            "a key instead": lambda b: b["spec"]["signatures"][0].update(verifier=b64(b"-----BEGIN PUBLIC KEY-----\n")),
            "another kind": lambda b: b.update(kind="intoto"),
            "another version": lambda b: b.update(apiVersion="0.0.9")}.items():
        yield case(f"entry: {what}", False, entry={"change": change})
    for what, change in {
            "another digest": lambda b: b["spec"]["hashedRekordV002"]["data"].update(digest=b64(bytes(32))),
            "another hash": lambda b: b["spec"]["hashedRekordV002"]["data"].update(algorithm="SHA2_512"),
            "digest of the payload": lambda b: b["spec"]["hashedRekordV002"]["data"].update(
                digest=b64(hashlib.sha256(statement()).digest())),
            "another signature": lambda b: b["spec"]["hashedRekordV002"]["signature"].update(content=b64(bytes(70))),
            "another certificate": lambda b: b["spec"]["hashedRekordV002"]["signature"]["verifier"].update(
                x509Certificate={"rawBytes": b64(forge.fulcio.certificate.public_bytes(DER))}),
            "a key instead": lambda b: b["spec"]["hashedRekordV002"]["signature"].update(
                verifier={"keyDetails": "PKIX_ECDSA_P256_SHA_256", "publicKey": {"rawBytes": "AAAA"}})}.items():
        yield case(f"second version: {what}", False, entry=dict(v2, change=change), stamps=1)
    yield case("entry: body that is no JSON", False, entry={"changed_body": lambda text: text[:-1]})
    yield case("entry: body with a member twice", False,
               entry={"changed_body": lambda text: text[:-1] + b',"kind":"dsse"}'})
    yield case("entry: of the same key's other certificate", False, logged_leaf={})
    # The promise and the proof.
    yield case("promise: another key", False, entry={"promise": "another key"})
    yield case("promise: none", False, entry={"promise": None})
    yield case("promise: none, but a timestamp", True, entry={"promise": None}, stamps=1)
    yield case("promise: empty", False, entry={"more": lambda e: e.update(inclusionPromise={"signedEntryTimestamp": ""})})
    yield case("promise: a second later", False, entry={"more": lambda e: e.update(
        integratedTime=str(int(e["integratedTime"]) + 1))})
    yield case("promise: another place", False, entry={"more": lambda e: e.update(logIndex=str(int(e["logIndex"]) + 1))})
    for what, proof in {
            "no hash": lambda p: p["hashes"].pop(), "a hash more": lambda p: p["hashes"].append(p["hashes"][0]),
            "hashes turned round": lambda p: p["hashes"].reverse() or p["hashes"].insert(0, b64(bytes(32))),
            "another root": lambda p: p.update(rootHash=b64(bytes(32))), "another size": lambda p: p.update(treeSize="999"),
            "size zero": lambda p: p.update(treeSize="0"), "another place": lambda p: p.update(logIndex="0"),
            "place beyond the tree": lambda p: p.update(logIndex="99999"), "negative place": lambda p: p.update(logIndex="-1"),
            "no checkpoint": lambda p: p.pop("checkpoint"), "short root": lambda p: p.update(rootHash=b64(bytes(31)))}.items():
        yield case(f"proof: {what}", False, entry={"proof": proof})
    yield case("proof: none", False, entry={"more": lambda e: e.pop("inclusionProof")})
    # Checkpoints.
    for what, taken, change in (
            ("another name of the signer", False, another_name), ("a witness behind", True, witness),
            ("a witness before", True, lambda note, log: witness(note, log, first=True)),
            ("no signature", False, lambda note, log: note.split("\n\n")[0] + "\n\n"),
            ("another root, signed", False, resigned(lambda text: text.replace(text.split("\n")[2], b64(bytes(32))))),
            ("another size, signed", False, resigned(lambda text: text.replace("\n" + text.split("\n")[1] + "\n", "\n9\n"))),
            ("another line, signed", True, resigned(lambda text: text + "more\n")),
            ("another origin, signed", False, resigned(lambda text: "other.test\n" + text.split("\n", 1)[1])),
            ("no size, signed", False, resigned(lambda text: text.split("\n")[0] + "\n")),
            ("a hyphen for the dash", False, lambda note, log: note.replace("\u2014", "-")),
            ("changed", False, lambda note, log: note.replace("rekor.test", "rekor.tesu", 1))):
        yield case(f"checkpoint: {what}", taken, entry={"checkpoint": change})
    # Several entries, other logs.
    yield case("two entries", True, entries=2)
    yield case("two entries, the second one forged", False, entry=[{}, {"promise": "another key"}])
    yield case("two entries, the first one forged", False, entry=[{"promise": "another key"}, {}])
    yield case("entries of both logs", True, entry=[{}, v2], stamps=1)
    yield case("no entry", False, entry=[])
    yield case("no entry, but a timestamp", False, entry=[], stamps=1)
    yield case("second version without a timestamp", False, entry=v2)
    yield case("second version with a time that nobody signed", False, entry=dict(v2, claim="unsigned"))
    yield case("second version in the first one's log", True, entry=dict(v2, log=forge.logs[1]), stamps=1)
    # Timestamps.
    yield case("two timestamps", True, entry=v2, stamps=2)
    yield case("timestamp over something else", False, entry=v2, stamps=1, stamped=b"something else")
    yield case("timestamp over something else beside a promise", False, stamps=1, stamped=b"something else")
    yield case("timestamp when the certificate had expired", False, leaf={"start": -3600}, entry=dict(v2), stamps=1)
    for digest in ("sha384", "sha512"):
        yield case(f"timestamp over {digest}", True, entry=v2, stamps=1, digest=digest)
    yield case("timestamp over SHA-1", False, entry=v2, stamps=1, digest="sha1")
    for what, taken, told in (
            ("expired", False, {"end": -1}), ("not yet valid", False, {"start": 3600}),
            ("that the authority did not issue", False, {"signer": ec.generate_private_key(ec.SECP384R1())})):
        yield case(f"stamper: {what}", taken, entry=v2, stamps=1, stamper=told)
    garbage = lambda v: v["verificationMaterial"].update(
        timestampVerificationData={"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]})
    yield case("timestamp that is none", False, change=garbage)
    # The signature.
    def twin(made):
        r, s = decode_dss_signature(made)
        return encode_dss_signature(r, ORDER - s)
    yield case("the signature's twin, logged", True, signature=twin)
    yield case("another key's signature", False, signed_by=ec.generate_private_key(ec.SECP256R1()))
    yield case("the signature's twin, not logged", False, change=lambda v: v["dsseEnvelope"]["signatures"][0].update(
        sig=b64(twin(__import__("base64").b64decode(v["dsseEnvelope"]["signatures"][0]["sig"])))))
    # The bundle.
    yield case("the certificate in a chain", False, chain=True)
    for version in ("0.1", "0.2"):
        yield case(f"bundle of version {version}", False, chain=True, change=lambda v: v.update(
            mediaType=f"application/vnd.dev.sigstore.bundle+json;version={version}"))
    # The trusted root.
    past, future = {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}, {"start": "2099-01-01T00:00:00Z"}
    for what, valid in (("ended", past), ("not begun", future), ("without a start", {}),
                        ("with an end that cannot be read", {"start": "2020-01-01T00:00:00Z", "end": "soon"})):
        # A missing start is the beginning of time for the library.
        for part in ("tlogs", "ctlogs"):
            yield case(f"{part} {what}", False,
                       root=lambda r: [one["publicKey"].update(validFor=valid) for one in r[part]])
        yield case(f"authority {what}", False, root=lambda r: r["certificateAuthorities"][0].update(validFor=valid))
        yield case(f"timestamp authority {what}", False, entry=v2, stamps=1,
                   root=lambda r: r["timestampAuthorities"][0].update(validFor=valid))
    # Validities that end one after another, as an instance's keys do.
    def second(root):
        old = json.loads(json.dumps(root["certificateAuthorities"][0]))
        old["validFor"] = past
        root["certificateAuthorities"].insert(0, old)
    yield case("the same authority, ended and not", True, root=second)
    yield case("no logs", False, root=lambda r: r.update(tlogs=[]))
    yield case("no certificate logs", False, root=lambda r: r.update(ctlogs=[]))
    yield case("no authorities", False, root=lambda r: r.update(certificateAuthorities=[]))
    yield case("no timestamp authorities", False, entry=v2, stamps=1, root=lambda r: r.update(timestampAuthorities=[]))
    yield case("a log with another key", False, root=lambda r: r["tlogs"][0]["publicKey"].update(
        rawBytes=b64(spki(ec.generate_private_key(ec.SECP256R1()).public_key()))))
    yield case("a log with an algorithm that nobody knows", False,
               root=lambda r: r["tlogs"][0]["publicKey"].update(keyDetails="PKIX_UNKNOWN"))
    yield case("an authority's root alone", False, root=lambda r: r["certificateAuthorities"][0].update(
        certChain={"certificates": r["certificateAuthorities"][0]["certChain"]["certificates"][1:]}))
    yield case("unknown members of the trusted root", True, root=lambda r: r.update(futures=[1]))


def peer(trust, identity, provider):
    try:
        model_signing.verifying.Config().use_sigstore_verifier(
            identity=identity, oidc_issuer=provider, trust_config=Path(trust)).verify(Path("model"), Path("sig.json"))
        return True, ""
    except BaseException as error:
        return False, f"{type(error).__name__}: {error}"


def main():
    passed = failed = stricter = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in ("model", "services"):
            os.mkdir(name)
        Path("model/weights.bin").write_bytes(b"weights")
        Path("model/config.json").write_text("{}")
        forge = Forge("services")
        config = Path("services/tsa.cnf")
        config.write_text(config.read_text().replace("digests=sha256", "digests=sha1, sha256, sha384, sha512"))
        for what, is_taken, value, trust, identity, provider in cases(forge, None):
            Path("sig.json").write_text(json.dumps(value))
            Path("trust.json").write_text(json.dumps(trust))
            run = subprocess.run([ASSAY, "verify", "model", "--signature", "sig.json", "--trust-config", "trust.json",
                                  "--identity", identity, "--identity-provider", provider],
                                 capture_output=True, text=True, errors="replace", timeout=60)
            taken = run.returncode == 0
            peer_takes, why = peer("trust.json", identity, provider)
            because = " ".join(line.strip() for line in run.stdout.splitlines() if "because" in line) or run.stderr.strip()
            problem = None
            if run.returncode not in (0, 1, 2) or taken != is_taken:
                problem = f"status {run.returncode} instead of {0 if is_taken else 1}: {because}"
            elif taken and not peer_takes and not what.startswith(tuple(LOOSER)):
                problem = f"taken, but the library says {why[:200]}"
            if peer_takes and not taken:
                stricter += 1
                if "-v" in sys.argv:
                    print(f"stricter: {what}: {because}")
            if problem:
                failed += 1
                print(f"{what}: {problem} (the library: {'takes it' if peer_takes else why[:160]})")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed; {stricter} of them taken by the library alone")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
