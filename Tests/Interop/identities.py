#!/usr/bin/env python3
"""Signs models through a Sigstore instance on loopback, with Assay and with `model_signing`, and lets both verify.

usage: identities.py ASSAY MODEL_SIGNING [RECORD]
Runs under the Python that MODEL_SIGNING is installed in. With RECORD, writes a bundle of each kind and the trusted root
into that folder, for tests that have no services.
"""
import base64
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from sigstore_services import IDENTITY, ISSUER, Sigstore, token

ASSAY, PEER = (str(Path(name).absolute()) for name in sys.argv[1:3])
RECORD = Path(sys.argv[3]).absolute() if len(sys.argv) > 3 else None
KINDS = {"rekor1": (1, False), "rekor1-tsa": (1, True), "rekor2-tsa": (2, True)}
counts = {True: 0, False: 0}


def check(what, is_right, run=None):
    counts[bool(is_right)] += 1
    if not is_right:
        print("WRONG", what, *([run.returncode, run.stdout, run.stderr] if run else []))


def run(*command, **environment):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120,
                          env={**os.environ, **environment})


def verify(sig, *more, trust="trust.json", identity=IDENTITY, issuer=ISSUER):
    return run(ASSAY, "verify", "model", "--signature", sig, "--trust-config", trust, "--identity", identity,
               "--identity-provider", issuer, *more)


def peer(sig, trust="trust.json"):
    return run(PEER, "verify", "sigstore", "model", "--signature", sig, "--trust_config", trust, "--identity",
               IDENTITY, "--identity_provider", ISSUER)


def mutations(bundle):
    """Every leaf of a bundle changed once: digits and Base64 by one symbol, numbers by one."""
    def walk(value, path):
        if isinstance(value, dict):
            for key in value:
                yield from walk(value[key], path + [key])
        elif isinstance(value, list):
            for index in range(len(value)):
                yield from walk(value[index], path + [index])
        else:
            yield path
    for path in walk(bundle, []):
        changed = copy.deepcopy(bundle)
        at = changed
        for step in path[:-1]:
            at = at[step]
        value = at[path[-1]]
        if path[-1] == "keyid":
            continue
        if isinstance(value, str):
            middle = len(value) // 2
            at[path[-1]] = value[:middle] + ("B" if value[middle:middle + 1] != "B" else "C") + value[middle + 1:]
        else:
            at[path[-1]] = value + 1
        yield ".".join(map(str, path)), changed


def structural(bundle):
    """What a forger would try with whole members."""
    def change(name, body):
        changed = copy.deepcopy(bundle)
        body(changed["verificationMaterial"])
        return name, changed
    entry = lambda material: material["tlogEntries"][0]
    yield change("no entries", lambda m: m.update(tlogEntries=[]))
    yield change("no inclusion proof", lambda m: entry(m).pop("inclusionProof"))
    yield change("no checkpoint", lambda m: entry(m)["inclusionProof"].pop("checkpoint"))
    yield change("no body", lambda m: entry(m).pop("canonicalizedBody"))
    yield change("proof cut", lambda m: entry(m)["inclusionProof"]["hashes"].pop())
    yield change("proof longer", lambda m: entry(m)["inclusionProof"]["hashes"].append(
        entry(m)["inclusionProof"]["hashes"][0]))
    yield change("negative index", lambda m: entry(m).update(logIndex="-1"))
    if "inclusionPromise" in entry(bundle["verificationMaterial"]) and \
            not bundle["verificationMaterial"].get("timestampVerificationData"):
        yield change("no signed time", lambda m: entry(m).pop("inclusionPromise"))
    if entry(bundle["verificationMaterial"])["kindVersion"]["version"] == "0.0.2":
        yield change("no timestamps", lambda m: m.pop("timestampVerificationData"))
    yield change("two entries, one bad", lambda m: m["tlogEntries"].append(
        dict(entry(m), canonicalizedBody=base64.b64encode(b"{}").decode())))


def logins(services):
    """Logins with a browser, which is a program that follows where it is sent, and with a code that is typed."""
    browser = Path("bin/xdg-open")
    browser.parent.mkdir()
    browser.write_text(f"#!{sys.executable}\nimport sys, urllib.request\n"
                       "urllib.request.urlopen(sys.argv[1], timeout=20)\n")
    browser.chmod(0o755)
    path = f"{browser.parent.absolute()}:{os.environ['PATH']}"
    sign = [ASSAY, "sign", "model", "--signature", "login.sig", "--sigstore", "--trust-config", "rekor1.json"]
    signed = run(*sign, PATH=path)
    check("a login with a browser", signed.returncode == 0, signed)
    check("the page is printed too", services.url + "/auth?" in signed.stderr, signed)
    check("it is who logged in", verify("login.sig", issuer=services.url).returncode == 0)
    secret = run(*sign, "--oidc-issuer", services.url + "/", "--client-secret", "s3cret", PATH=path)
    check("a client with a secret", secret.returncode == 0 and "s3cret" not in secret.stderr, secret)
    pairs = [headers.get("Authorization") for request, headers, _ in services.requests if request == "/token"]
    check("the secret is sent once", pairs[-1] == "Basic " + base64.b64encode(b"sigstore:s3cret").decode(), secret)
    os.remove("login.sig")
    for fault in ("another state", "denied", "another nonce", "another issuer", "another audience", "expired token"):
        services.fault = fault
        before = [request for request, _, _ in services.requests].count("/api/v2/signingCert")
        answer = run(*sign, PATH=path)
        check(f"login: {fault}", answer.returncode == 1 and not os.path.exists("login.sig"), answer)
        check(f"login: {fault}: nothing is sent to the authority",
              [request for request, _, _ in services.requests].count("/api/v2/signingCert") == before)
    services.fault = None

    def typed(code, *more):
        """Starts a login without a browser, opens the page that it prints, and types a code."""
        process = subprocess.Popen([*sign, "--oauth-force-oob", *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        while (line := process.stderr.readline()) and services.url not in line:
            pass
        shown = urllib.request.urlopen(line.strip(), timeout=20).read().decode() if line else ""
        out, error = process.communicate(code or shown, timeout=60)
        return subprocess.CompletedProcess(sign, process.returncode, out, error)

    answer = typed(None)
    check("a code that is typed", answer.returncode == 0 and verify("login.sig", issuer=services.url).returncode == 0,
          answer)
    answer = typed("another\n")
    check("another code", answer.returncode == 1 and "invalid_grant" in answer.stderr, answer)
    for what, words in (("no provider", ("--fulcio-url", services.url, "--rekor-url", services.url)),
                        ("a token beside", ("--identity-token", token(), "--oauth-force-oob")),
                        ("a provider that is none", ("--oidc-issuer", services.url + "/x"))):
        answer = run(*(sign[:6] if what == "no provider" else sign), *words, PATH=path)
        check(f"login: {what}", answer.returncode in (1, 2, 64), answer)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("model")
        Path("model/weights.bin").write_bytes(b"weights")
        Path("model/config.json").write_text("{}")
        os.mkdir("tsa")
        services = Sigstore(Path(folder) / "tsa")
        Path("trust.json").write_text(json.dumps(services.trust_config()))
        Path("token").write_text(token() + "\n")
        bundles = {}
        for kind, (rekor, tsa) in KINDS.items():
            Path(f"{kind}.json").write_text(json.dumps(services.trust_config(rekor, tsa)))
            signed = run(ASSAY, "sign", "model", "--signature", kind + ".sig", "--sigstore", "--trust-config",
                         f"{kind}.json", "--identity-token-file", "token")
            check(f"{kind}: assay signs", signed.returncode == 0, signed)
            if signed.returncode:
                continue
            bundles[kind] = json.loads(Path(kind + ".sig").read_text())
            for who, answer in (("assay", verify(kind + ".sig")), ("model_signing", peer(kind + ".sig"))):
                check(f"{kind}: {who} verifies", answer.returncode == 0, answer)
            for what, options in (("identity", {"identity": "other@example.com"}), ("issuer", {"issuer": "https://x"})):
                check(f"{kind}: another {what}", verify(kind + ".sig", **options).returncode == 1)
            Path("model/weights.bin").write_bytes(b"weighty")
            for who, answer in (("assay", verify(kind + ".sig")), ("model_signing", peer(kind + ".sig"))):
                check(f"{kind}: {who} sees a change", answer.returncode == 1, answer)
            Path("model/weights.bin").write_bytes(b"weights")
            for name, changed in [*mutations(bundles[kind]), *structural(bundles[kind])]:
                Path("changed.sig").write_text(json.dumps(changed))
                answer = verify("changed.sig")
                told = "did not sign" in answer.stdout
                check(f"{kind}: {name} changed", answer.returncode == 1 or told, answer)
        # The other way round, and other roots.
        signed = run(PEER, "sign", "sigstore", "model", "--signature", "peer.sig", "--trust_config", "rekor1.json",
                     "--identity_token", token())
        check("model_signing signs", signed.returncode == 0, signed)
        check("assay verifies it", verify("peer.sig").returncode == 0)
        os.mkdir("other")
        Path("other.json").write_text(json.dumps(Sigstore(Path(folder) / "other").trust_config()))
        check("another trusted root", verify("rekor1.sig", trust="other.json").returncode == 1)
        for part in ("tlogs", "ctlogs", "certificateAuthorities"):
            config = services.trust_config()
            config["trustedRoot"][part] = json.loads(Path("other.json").read_text())["trustedRoot"][part]
            Path("mixed.json").write_text(json.dumps(config))
            check(f"another instance's {part}", verify("rekor1.sig", trust="mixed.json").returncode == 1)
        ends = services.trust_config()
        for part in ("tlogs", "ctlogs"):
            ends = services.trust_config()
            ends["trustedRoot"][part][0]["publicKey"]["validFor"]["end"] = "2021-01-01T00:00:00Z"
            Path("ended.json").write_text(json.dumps(ends))
            check(f"{part} ended before", verify("rekor1.sig", trust="ended.json").returncode == 1)
        # Services that err or lie: no signature is written.
        for fault, kind in {
                "refuse /api/v2/signingCert": "rekor1", "refuse /api/v1/log/entries": "rekor1",
                "refuse /api/v1/timestamp": "rekor1-tsa", "garbage /api/v2/signingCert": "rekor1",
                "garbage /api/v1/log/entries": "rekor1", "garbage /api/v2/log/entries": "rekor2-tsa",
                "another key": "rekor1", "another certificate log": "rekor1", "server certificate": "rekor1",
                "another payload": "rekor1", "wrong proof": "rekor1", "late log": "rekor1",
                "another stamp": "rekor1-tsa"}.items():
            services.fault = fault
            signed = run(ASSAY, "sign", "model", "--signature", "fault.sig", "--sigstore", "--trust-config",
                         f"{kind}.json", "--identity-token-file", "token")
            check(f"{fault}: refused", signed.returncode == 1 and not os.path.exists("fault.sig"), signed)
            check(f"{fault}: no token in the message", token()[:40] not in signed.stdout + signed.stderr)
        services.fault = None
        # Tokens and addresses that cannot do.
        sign = [ASSAY, "sign", "model", "--signature", "t.sig", "--sigstore", "--trust-config", "rekor1.json"]
        for what, text in (("expired", token(lifetime=-60)), ("another audience", token(audience="x")),
                           ("no token", "abc")):
            check(f"token: {what}", run(*sign, "--identity-token", text).returncode == 1)
        before = len(services.requests)
        for url in ("http://example.com", "http://localhost:1", "http://127.0.0.1@example.com", "ftp://127.0.0.1"):
            answer = run(ASSAY, "sign", "model", "--signature", "t.sig", "--sigstore", "--identity-token-file", "token",
                         "--fulcio-url", url, "--rekor-url", url)
            check(f"{url} is refused", answer.returncode == 1 and "neither https" in answer.stderr, answer)
        check("nothing was sent", len(services.requests) == before)
        ci = run(*sign, "--use-ambient-credentials", ACTIONS_ID_TOKEN_REQUEST_URL=services.url + "/token?a=b",
                 ACTIONS_ID_TOKEN_REQUEST_TOKEN="ci-secret")
        check("GitHub's token", ci.returncode == 0 and verify("t.sig").returncode == 0, ci)
        os.remove("t.sig")
        ci = run(*sign, "--use-ambient-credentials", SIGSTORE_ID_TOKEN=token())
        check("GitLab's token", ci.returncode == 0 and verify("t.sig").returncode == 0, ci)
        logins(services)
        # TLS: only with an authority that is trusted.
        os.mkdir("secure")
        secure = Sigstore(Path(folder) / "secure", is_secure=True)
        Path("secure.json").write_text(json.dumps(secure.trust_config(2, tsa=True)))
        sign = [ASSAY, "sign", "model", "--signature", "tls.sig", "--sigstore", "--trust-config", "secure.json",
                "--identity-token-file", "token"]
        answer = run(*sign)
        check("TLS: an authority that is not trusted", answer.returncode == 1 and not secure.requests, answer)
        answer = run(*sign, "--tls-ca", "secure/tls-ca.pem")
        check("TLS: signs", answer.returncode == 0 and verify("tls.sig", trust="secure.json").returncode == 0, answer)
        named = [part.replace("127.0.0.1", "localhost") for part in (secure.url,)]
        answer = run(*sign, "--tls-ca", "secure/tls-ca.pem", "--fulcio-url", named[0], "--rekor-url", named[0])
        check("TLS: another name than the certificate's", answer.returncode == 1, answer)
        if RECORD:
            shutil.copytree("model", RECORD / "model", dirs_exist_ok=True)
            for kind in KINDS:
                shutil.copy(kind + ".sig", RECORD / (kind + ".sig.json"))
            (RECORD / "trusted-root.json").write_text(json.dumps(services.trust_config()["trustedRoot"], indent=1) + "\n")
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


main()
