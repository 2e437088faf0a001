#!/usr/bin/env python3
"""How long `assay controls assess` takes for many models: writes cards and evidence, then measures CPU and memory.

Usage: bench_controls.py ASSAY FOLDER [--models 1000] [--evidence 20] [--signed] [--runs 3]
Everything is made from a seed, so that runs compare. With --signed every piece of evidence is in a DSSE envelope (needs
the package cryptography) and is verified with the public key.
"""

import argparse
import base64
import hashlib
import json
import os
import random
import statistics
import sys
import time

OWN = "https://assay.dev/evidence/"
CHECKS = [
    "access-policy", "audit-log", "version-history", "red-team-run", "robustness-test", "backdoor-test",
    "privacy-test", "fairness-report", "drift-monitor", "usage-monitor", "rate-limit", "input-filter", "encryption",
]


def predicates(model, rng):
    """Kinds and predicates of the evidence about one model."""
    digest = model["digest"]
    yield OWN + "signature-verification/v1", {
        "tool": {"name": "assay", "version": "0.1.0"}, "finished": "2026-11-20T10:00:00Z",
        "verifiedOn": "2026-11-20T10:00:00Z", "outcome": "verified", "reasons": [], "method": "key",
        "signature": {"digest": {"sha256": digest}}, "signer": {"curve": "P-256", "key": digest},
        "trust": {"basis": "the public key that was given", "given": []}, "notCovered": [], "followedLinks": [],
        "notes": [], "files": rng.randrange(1, 40)}
    yield "https://cyclonedx.org/bom", {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {
            "timestamp": "2026-11-20T10:00:00Z", "component": {
                "type": "machine-learning-model", "name": model["name"],
                "hashes": [{"alg": "SHA-256", "content": digest}]}},
        "components": [
            {"type": rng.choice(["library", "data", "file"]), "name": f"part-{i}", "version": "1.0",
             "hashes": [{"alg": "SHA-256", "content": digest}]} for i in range(12)]}
    yield OWN + "scan/v1", {
        "schema": "urn:assay:scan-report:1", "tool": {"name": "assay", "version": "0.1.0", "rules": 120},
        "finished": "2026-11-20T10:00:00Z",
        "files": [{"path": f"{model['name']}/part-{i}.safetensors", "format": "safetensors", "size": 1 << 20,
                   "outcome": "clean", "severity": "none", "sha256": digest, "findings": [], "incomplete": []}
                  for i in range(4)],
        "notices": [], "summary": {"verdict": "passed", "exitCode": 0, "files": 4, "findings": 0}}
    yield "https://slsa.dev/provenance/v1", {
        "buildDefinition": {
            "buildType": "https://assay.dev/train/v1", "externalParameters": {"command": ["python", "train.py"]},
            "resolvedDependencies": [{"name": "train.csv", "digest": {"sha256": model["data"]},
                                      "annotations": {"role": "dataset"}}]},
        "runDetails": {"builder": {"id": "https://ci.example"}, "metadata": {"finishedOn": "2026-11-01T00:00:00Z"}}}
    yield OWN + "evaluation/v1", {
        "metrics": [{"name": "accuracy", "value": rng.random(), "n": 2000, "threshold": 0.8}],
        "data": [{"name": "held out", "digest": {"sha256": model["data"]}}], "date": "2026-10-01"}
    yield OWN + "approval/v1", {
        "decision": "approved", "approver": "Ada", "reason": "reviewed", "expires": "2027-01-01T00:00:00Z"}
    yield OWN + "dataset-check/v1", {
        "check": "independence", "outcome": "passed", "date": "2026-11-01", "tool": {"name": "assay"},
        "summary": "none", "samples": 2000, "metrics": [{"name": "equal-share", "value": 0}], "inputs": [],
        "limitations": [], "source": "A-MLSG-002-D002"}
    for kind in CHECKS:
        yield OWN + "check-result/v1", {
            "kind": kind, "outcome": rng.choice(["passed", "passed", "failed"]), "date": "2026-11-10",
            "period": {"start": "2026-10-10", "end": "2026-11-10"}, "tool": {"name": "probe", "version": "1"},
            "samples": rng.choice([50, 1500]), "metrics": [{"name": "rate", "value": rng.random(), "group": "all"}],
            "enforced": True, "active": True, "alerting": True, "baseline": "2026-Q3", "reference": "https://x.example"}


def card(model):
    """A Security Model Card in YAML, of the usual length."""
    report = "{status: assessed, summary: measured, assessed: 2026-11-01, limitations: [one attack], attacks: []}"
    prose = "A paragraph that somebody wrote about the model, its use, its limits and what was measured. " * 4
    return f"""schema: security-model-card/v1
id: urn:uuid:00000000-0000-4000-8000-{model['number']:012x}
revision: 1
subject:
  name: {model['name']}
  version: "1.0"
  digest: {{sha256: {model['digest']}}}
  baseModels:
  - {{name: base, digest: {{sha256: {model['data']}}}, relation: finetune}}
issued: {{date: 2026-11-01, author: Ada}}
modelDetails: {{overview: "{prose}", owner: Risk, type: classifier, architecture: trees}}
intendedUse: {{primaryUses: ["{prose}"], outOfScope: ["{prose}"]}}
factors: {{relevant: ["{prose}"]}}
metrics: {{measures: [accuracy]}}
evaluationData:
- {{name: held out, digest: {{sha256: {model['data']}}}, sensitivity: public, independentOfTraining: true}}
trainingData:
- {{name: train, digest: {{sha256: {model['data']}}}, sensitivity: personal}}
quantitativeAnalyses:
  unitary:
""" + "".join(
        f"  - {{metric: accuracy, value: 0.{i}1, slice: {{group: g{i}}}, n: 100}}\n" for i in range(8)
    ) + f"""ethicalConsiderations: {{sensitiveData: "{prose}"}}
securityConsiderations:
  taxonomy: {{name: NIST AI 100-2, edition: E2025}}
  aiClassification: {{class: {model['class']}, rationale: "{prose}", traits: [public-endpoint]}}
  threatModel: {{attackerKnowledge: black-box, reviewed: 2026-10-01}}
  availabilityBreakdownReport: {report}
  integrityViolationsReport: {report}
  privacyCompromiseReport: {report}
  disclosurePolicy: SECURITY.md
  lifecycle: {{retentionUntil: 2028-01-01, destruction: erase}}
caveatsAndRecommendations: {{caveats: ["{prose}"]}}
evidence: []
"""


class Signer:
    def __init__(self, folder):
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        self.key = ec.generate_private_key(ec.SECP256R1())
        self.algorithm = ec.ECDSA(hashes.SHA256())
        self.path = os.path.join(folder, "key.pub")
        with open(self.path, "wb") as file:
            file.write(self.key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

    def envelope(self, payload):
        kind = b"application/vnd.in-toto+json"
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        signature = self.key.sign(message, self.algorithm)
        return json.dumps({
            "payload": base64.b64encode(payload).decode(), "payloadType": kind.decode(),
            "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}]}).encode()


def write(folder, models, count, signer):
    rng = random.Random(1)
    for name in ("cards", "evidence"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    total = 0
    for number in range(models):
        model = {
            "number": number, "name": f"model-{number:04d}", "class": rng.choice(["PredAI", "GenAI", "PredAI+GenAI"]),
            "digest": hashlib.sha256(b"model %d" % number).hexdigest(),
            "data": hashlib.sha256(b"data %d" % (number % 50)).hexdigest()}
        with open(os.path.join(folder, "cards", model["name"] + ".yaml"), "w") as file:
            file.write(card(model))
        place = os.path.join(folder, "evidence", model["name"])
        os.makedirs(place, exist_ok=True)
        for index, (kind, predicate) in enumerate(predicates(model, rng)):
            if index >= count:
                break
            payload = json.dumps({
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [{"name": model["name"], "digest": {"sha256": model["digest"]}}],
                "predicateType": kind, "predicate": predicate}, indent=2).encode()
            payload = signer.envelope(payload) if signer else payload
            total += len(payload)
            with open(os.path.join(place, f"{index:02d}.json"), "wb") as file:
                file.write(payload)
    return total


def measure(command, output):
    """CPU seconds, wall seconds and peak resident bytes of a command that is kept on one core."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        with open(output, "wb") as file:
            os.dup2(file.fileno(), 1)
            os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("assay")
    parser.add_argument("folder")
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--evidence", type=int, default=20)
    parser.add_argument("--signed", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    signer = Signer(options.folder) if options.signed else None
    total = write(options.folder, options.models, options.evidence, signer)
    print(f"{options.models} cards, {options.models * options.evidence} pieces of evidence, {total / 1e6:.1f} MB"
          + (", signed" if signer else ""))
    base = [
        os.path.abspath(options.assay), "controls", "assess", "--card", os.path.join(options.folder, "cards"),
        "--evidence", os.path.join(options.folder, "evidence"), "--date", "2026-11-26"]
    base += ["--public-key", signer.path] if signer else ["--count-unsigned"]
    failed = False
    for form in ("text", "json"):
        output = os.path.join(options.folder, "out." + form)
        runs = [measure(base + ["--format", form], output) for _ in range(options.runs)]
        cpu = statistics.median(run[0] for run in runs)
        memory = max(run[2] for run in runs)
        print(f"{form:5} CPU {cpu:6.2f} s (median of {options.runs})   peak {memory / 1e6:6.1f} MB   "
              f"output {os.path.getsize(output) / 1e6:6.1f} MB")
        failed = failed or cpu > 5 or memory > 200e6
    if failed:
        sys.exit("slower than 5 s or larger than 200 MB")


if __name__ == "__main__":
    main()
