"""A Sigstore instance on loopback, for tests: a certificate authority, a certificate log, two transparency logs with real
hash trees (Rekor's first and second interface), and a timestamp authority (openssl ts).

It needs the packages cryptography and, for timestamps, the program openssl. Nothing of Assay is used.
"""
import base64
import datetime
import hashlib
import ipaddress
import json
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ISSUER = "https://issuer.example"
IDENTITY = "signer@example.com"
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def b64(data):
    return base64.b64encode(data).decode()


def spki(key):
    return key.public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def ecdsa(key, message):
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def token(identity=IDENTITY, issuer=ISSUER, audience="sigstore", lifetime=600, **more):
    """An identity token; its signature is not judged here."""
    now = int(time.time())
    claims = {"iss": issuer, "sub": identity, "email": identity, "email_verified": True, "aud": audience, "iat": now,
              "nbf": now - 5, "exp": now + lifetime, **more}
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    return ".".join([part(b'{"alg":"none"}'), part(json.dumps(claims).encode()), part(b"signature")])


class Authority:
    """A root and an intermediate that issues certificates."""

    def __init__(self, name, extended_usage):
        self.root_key, self.key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
        self.root = self._certificate(name + " root", self.root_key, None, None)
        self.certificate = self._certificate(name + " intermediate", self.key, self.root, extended_usage)

    def _certificate(self, name, key, issuer, extended_usage):
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "test"),
                             x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(True, 1 if issuer is None else 0), True)
            .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), False))
        if extended_usage and issuer:
            builder = builder.add_extension(x509.ExtendedKeyUsage([extended_usage]), False)
        return builder.sign(self.root_key, hashes.SHA384())

    def issue(self, builder):
        builder = builder.issuer_name(self.certificate.subject).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        return builder

    @property
    def trusted(self):
        return {"subject": {"organization": "test", "commonName": "test"}, "uri": "http://127.0.0.1",
                "certChain": {"certificates": [{"rawBytes": b64(c.public_bytes(DER))}
                                               for c in (self.certificate, self.root)]},
                "validFor": {"start": "2020-01-01T00:00:00Z"}}


class Log:
    """A transparency log: leaves, their tree (RFC 6962), and a key that signs checkpoints."""

    def __init__(self, version):
        self.version, self.entries = version, [canonical({"filler": n}) for n in range(5)]
        self.lock = threading.Lock()
        self.name = "rekor.test"
        if version == 1:
            self.key = ec.generate_private_key(ec.SECP256R1())
            self.id = hashlib.sha256(spki(self.key.public_key())).digest()
            self.origin = self.name + " - 1193050959916656506"
        else:
            self.key = ed25519.Ed25519PrivateKey.generate()
            raw = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            self.id = hashlib.sha256(self.name.encode() + b"\n\x01" + raw).digest()
            self.origin = self.name

    def sign(self, message):
        return ecdsa(self.key, message) if self.version == 1 else self.key.sign(message)

    @staticmethod
    def root(leaves):
        if len(leaves) == 1:
            return leaves[0]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + Log.root(leaves[:half]) + Log.root(leaves[half:])).digest()

    @staticmethod
    def proof(leaves, index):
        if len(leaves) == 1:
            return []
        half = 1 << (len(leaves) - 1).bit_length() - 1
        if index < half:
            return Log.proof(leaves[:half], index) + [Log.root(leaves[half:])]
        return Log.proof(leaves[half:], index - half) + [Log.root(leaves[:half])]

    def add(self, body):
        """Takes an entry in; returns its index, the tree's size, root, the proof and the checkpoint."""
        with self.lock:
            self.entries.append(body)
            leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in self.entries]
            index, root = len(leaves) - 1, self.root(leaves)
            note = f"{self.origin}\n{len(leaves)}\n{b64(root)}\n"
            line = f"\u2014 {self.name} {b64(self.id[:4] + self.sign(note.encode()))}\n"
            return index, len(leaves), root, self.proof(leaves, index), note + "\n" + line

    @property
    def trusted(self):
        details = "PKIX_ECDSA_P256_SHA_256" if self.version == 1 else "PKIX_ED25519"
        key = {"rawBytes": b64(spki(self.key.public_key())), "keyDetails": details,
               "validFor": {"start": "2020-01-01T00:00:00Z"}}
        return {"baseUrl": "https://" + self.name, "hashAlgorithm": "SHA2_256", "publicKey": key,
                "logId": {"keyId": b64(self.id)}}


class Sigstore:
    """All services behind one port. `fault` names something to do wrong."""

    def __init__(self, folder, is_secure=False):
        self.folder = Path(folder)
        self.fulcio = Authority("fulcio", ExtendedKeyUsageOID.CODE_SIGNING)
        self.tsa = Authority("timestamps", ExtendedKeyUsageOID.TIME_STAMPING)
        self.ct_key = ec.generate_private_key(ec.SECP256R1())
        self.logs = {1: Log(1), 2: Log(2)}
        self.fault, self.requests = None, []
        self._timestamp_signer()
        services = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                services.requests.append((self.path, dict(self.headers), body))
                if self.path == "/token":
                    return self.reply(*services.exchange(body))
                # The token stands in the body, as Fulcio's interface has it, or in a header, as sigstore-python sends it.
                services.bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
                self.reply(*services.answer(self.path, body))

            def reply(self, status, kind, answer):
                """Of a redirection, `kind` is where to."""
                self.send_response(status)
                self.send_header("Location" if status == 302 else "Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self):
                services.requests.append((self.path, dict(self.headers), b""))
                if self.path.startswith("/auth?"):
                    return self.reply(*services.log_in(self.path))
                answer = json.dumps({"value": token()}).encode()
                is_known = self.headers.get("Authorization") == "bearer ci-secret"
                if self.path == "/.well-known/openid-configuration":
                    answer, is_known = json.dumps({
                        "issuer": services.url, "authorization_endpoint": services.url + "/auth",
                        "token_endpoint": services.url + "/token"}).encode(), True
                self.reply(200 if is_known else 401, "application/json", answer)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http{'s' if is_secure else ''}://127.0.0.1:{self.server.server_port}"
        if is_secure:
            self._secure()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _secure(self):
        """Speaks TLS, with a certificate of an authority that `tls-ca.pem` holds."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.timezone.utc)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tls")])
        certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(True, None), True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256()))
        (self.folder / "tls-ca.pem").write_bytes(certificate.public_bytes(PEM))
        (self.folder / "tls.pem").write_bytes(certificate.public_bytes(PEM) + key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "tls.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    # What a client is to trust, and where the services are.

    def trust_config(self, rekor=1, tsa=False):
        always = {"start": "2020-01-01T00:00:00Z"}
        ct = {"rawBytes": b64(spki(self.ct_key.public_key())), "keyDetails": "PKIX_ECDSA_P256_SHA_256",
              "validFor": always}
        service = lambda version: {"url": self.url, "majorApiVersion": version, "validFor": always, "operator": "test"}
        return {
            "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
            "trustedRoot": {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [log.trusted for log in self.logs.values()],
                "certificateAuthorities": [self.fulcio.trusted],
                "ctlogs": [{"baseUrl": "https://ct.test", "hashAlgorithm": "SHA2_256", "publicKey": ct,
                            "logId": {"keyId": b64(hashlib.sha256(spki(self.ct_key.public_key())).digest())}}],
                "timestampAuthorities": [dict(self.tsa.trusted, certChain={"certificates": [
                    {"rawBytes": b64(c.public_bytes(DER))}
                    for c in (self.stamper, self.tsa.certificate, self.tsa.root)]})],
            },
            "signingConfig": {
                "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                "caUrls": [service(1)], "oidcUrls": [service(1)], "rekorTlogUrls": [service(rekor)],
                "tsaUrls": [dict(service(1), url=self.url + "/api/v1/timestamp")] if tsa else [],
                "rekorTlogConfig": {"selector": "ANY"}, "tsaConfig": {"selector": "ANY"},
            },
        }

    def answer(self, path, body):
        routes = {"/api/v2/signingCert": self.certify, "/api/v1/log/entries": self.record,
                  "/api/v2/log/entries": self.record_second, "/api/v1/timestamp": self.stamp}
        if self.fault == "refuse " + path:
            return 403, "application/json", b'{"code":7,"message":"not today"}'
        if self.fault == "garbage " + path:
            return 200, "application/json", b"<html>"
        answer = routes[path](body)
        if isinstance(answer, bytes):
            return 201, "application/timestamp-reply", answer
        return (201 if "log" in path else 200), "application/json", json.dumps(answer).encode()

    # An OpenID provider at which everybody is IDENTITY; it is the issuer of the tokens that it gives.

    def log_in(self, path):
        """The page where a person would log in: it sends the browser back, or shows the code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        assert query["response_type"] == "code" and query["scope"] == "openid email"
        self.login = query
        if query["redirect_uri"] == "urn:ietf:wg:oauth:2.0:oob":
            return 200, "text/plain", b"the-code"
        assert query["redirect_uri"].startswith("http://localhost:"), query
        state = "guessed" if self.fault == "another state" else query["state"]
        back = {"error": "access_denied"} if self.fault == "denied" else {"code": "the-code"}
        location = query["redirect_uri"] + "?" + urlencode(dict(back, state=state))
        return 302, location, b""

    def exchange(self, body):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if form["code"] != "the-code" or challenge != self.login["code_challenge"] or \
                form["redirect_uri"] != self.login["redirect_uri"]:
            return 400, "application/json", b'{"error":"invalid_grant"}'
        nonce = "guessed" if self.fault == "another nonce" else self.login.get("nonce")
        issuer = "https://issuer.example" if self.fault == "another issuer" else self.url
        audience = "other" if self.fault == "another audience" else self.login["client_id"]
        lifetime = -60 if self.fault == "expired token" else 60
        given = token(issuer=issuer, nonce=nonce, audience=audience, lifetime=lifetime)
        return 200, "application/json", json.dumps(
            {"access_token": given, "id_token": given, "token_type": "bearer"}).encode()

    # Fulcio.

    def certify(self, body):
        request = json.loads(body)
        given = request.get("credentials", {}).get("oidcIdentityToken") or self.bearer
        claims = json.loads(base64.urlsafe_b64decode(given.split(".")[1] + "=="))
        csr = x509.load_pem_x509_csr(base64.b64decode(request["certificateSigningRequest"]))
        assert csr.is_signature_valid
        key = csr.public_key()
        if self.fault == "another key":
            key = ec.generate_private_key(ec.SECP256R1()).public_key()
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        issuer = claims["iss"].encode()
        raw = lambda number, value: x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), value)
        usage = ExtendedKeyUsageOID.SERVER_AUTH if self.fault == "server certificate" else \
            ExtendedKeyUsageOID.CODE_SIGNING
        builder = self.fulcio.issue(
            x509.CertificateBuilder().subject_name(x509.Name([])).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(now)
            .not_valid_after(now + datetime.timedelta(minutes=10))
            .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), True)
            .add_extension(x509.ExtendedKeyUsage([usage]), False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(claims["email"])]), True)
            .add_extension(raw(1, issuer), False)
            .add_extension(raw(8, b"\x0c" + bytes([len(issuer)]) + issuer), False))
        bare = builder.sign(self.fulcio.key, hashes.SHA384())
        ct_key = ec.generate_private_key(ec.SECP256R1()) if self.fault == "another certificate log" else self.ct_key
        stamp = int(time.time() * 1000).to_bytes(8, "big")
        tbs = bare.tbs_certificate_bytes
        message = (b"\0\0" + stamp + b"\0\1" + hashlib.sha256(spki(self.fulcio.key.public_key())).digest()
                   + len(tbs).to_bytes(3, "big") + tbs + b"\0\0")
        signature = ecdsa(ct_key, message)
        sct = (b"\0" + hashlib.sha256(spki(self.ct_key.public_key())).digest() + stamp + b"\0\0\4\3"
               + len(signature).to_bytes(2, "big") + signature)
        items = len(sct).to_bytes(2, "big") + sct
        items = len(items).to_bytes(2, "big") + items
        octets = b"\x04" + (bytes([len(items)]) if len(items) < 128 else bytes([0x81, len(items)])) + items
        oid = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
        leaf = builder.add_extension(x509.UnrecognizedExtension(oid, octets), False).sign(
            self.fulcio.key, hashes.SHA384())
        chain = [leaf, self.fulcio.certificate, self.fulcio.root]
        return {"signedCertificateEmbeddedSct": {"chain": {"certificates": [
            certificate.public_bytes(PEM).decode() for certificate in chain]}}}

    # Rekor.

    def record(self, body):
        proposed = json.loads(body)
        assert proposed["kind"] == "dsse" and proposed["apiVersion"] == "0.0.1"
        content = proposed["spec"]["proposedContent"]
        envelope = json.loads(content["envelope"])
        payload = base64.b64decode(envelope["payload"])
        sig = envelope["signatures"][0]["sig"]
        self.check_signature(base64.b64decode(content["verifiers"][0]), envelope, sig)
        if self.fault == "another payload":
            payload += b" "
        entry = canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
            "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(content["envelope"].encode()).hexdigest()},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": sig, "verifier": content["verifiers"][0]}]}})
        log = self.logs[1]
        index, size, root, proof, checkpoint = log.add(entry)
        if self.fault == "wrong proof":
            root = hashlib.sha256(root).digest()
        when = int(time.time()) + (3600 if self.fault == "late log" else 0)
        promised = canonical({"body": b64(entry), "integratedTime": when, "logID": log.id.hex(), "logIndex": index})
        return {hashlib.sha256(entry).hexdigest(): {
            "body": b64(entry), "integratedTime": when, "logID": log.id.hex(), "logIndex": index,
            "verification": {
                "inclusionProof": {"checkpoint": checkpoint, "hashes": [h.hex() for h in proof], "logIndex": index,
                                   "rootHash": root.hex(), "treeSize": size},
                "signedEntryTimestamp": b64(log.sign(promised))}}}

    def record_second(self, body):
        request = json.loads(body)["hashedRekordRequestV002"]
        certificate = x509.load_der_x509_certificate(
            base64.b64decode(request["signature"]["verifier"]["x509Certificate"]["rawBytes"]))
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        certificate.public_key().verify(
            base64.b64decode(request["signature"]["content"]), base64.b64decode(request["digest"]),
            ec.ECDSA(Prehashed(hashes.SHA256())))
        entry = canonical({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
            "data": {"algorithm": "SHA2_256", "digest": request["digest"]}, "signature": request["signature"]}}})
        log = self.logs[2]
        index, size, root, proof, checkpoint = log.add(entry)
        return {"logIndex": str(index), "logId": {"keyId": b64(log.id)},
                "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"}, "canonicalizedBody": b64(entry),
                "inclusionProof": {"logIndex": str(index), "rootHash": b64(root), "treeSize": str(size),
                                   "hashes": [b64(h) for h in proof], "checkpoint": {"envelope": checkpoint}}}

    @staticmethod
    def check_signature(pem, envelope, sig):
        kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        x509.load_pem_x509_certificate(pem).public_key().verify(
            base64.b64decode(sig), message, ec.ECDSA(hashes.SHA256()))

    # The timestamp authority.

    def _timestamp_signer(self):
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.stamper = self.tsa.issue(
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stamper")]))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=3650))
            .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        ).sign(self.tsa.key, hashes.SHA384())
        files = {"stamper.pem": self.stamper.public_bytes(PEM),
                 "stamper.key": key.private_bytes(PEM, serialization.PrivateFormat.PKCS8,
                                                  serialization.NoEncryption()),
                 "tsa.cnf": b"[tsa]\ndefault_tsa=t\n[t]\nserial=%s/serial\ndigests=sha256\nsigner_digest=sha256\n"
                            b"default_policy=1.2.3.4\nordering=no\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"
                            % str(self.folder).encode()}
        for name, data in files.items():
            (self.folder / name).write_bytes(data)

    def stamp(self, query):
        if self.fault == "another stamp":
            query = query.replace(query[query.index(b"\x04\x20") + 2:][:32], bytes(32))
        (self.folder / "query").write_bytes(query)
        subprocess.run(["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "t", "-queryfile", "query",
                        "-signer", "stamper.pem", "-inkey", "stamper.key", "-out", "reply"],
                       cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()
