#!/usr/bin/env python3
"""Exports of controls against other people's validators: jsonschema, OSCAL's own schema, cyclonedx-python-lib.

Usage: controls.py ASSAY [--oscal SCHEMA...] [--sarif SCHEMA]
OSCAL's schema is `oscal_complete_schema.json` of a release (1.1.x, 1.2.x); several may be given.
"""

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DIGEST = "0a" * 32
problems = []


def check(name, condition, detail=""):
    print(("ok    " if condition else "FAIL  ") + name + ("" if condition else f": {detail}"))
    if not condition:
        problems.append(name)


def run(*arguments, status=0):
    result = subprocess.run(arguments, capture_output=True, cwd=os.getcwd())
    if result.returncode != status:
        sys.exit(f"{' '.join(arguments)}: {result.returncode}\n{result.stderr.decode()}")
    return result.stdout


def statement(kind, predicate):
    return {
        "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": DIGEST}}],
        "predicateType": kind, "predicate": predicate}


def write_inputs():
    os.makedirs("evidence")
    own = "https://assay.dev/evidence/"
    pieces = {
        "signature": statement(own + "signature-verification/v1", {
            "tool": {"name": "assay"}, "finished": "2026-11-20T00:00:00Z", "verifiedOn": "2026-11-20T00:00:00Z",
            "outcome": "verified", "reasons": [], "signature": {"digest": {"sha256": DIGEST}}, "signer": {},
            "trust": {"given": []}, "notCovered": [], "followedLinks": [], "notes": []}),
        "limit": statement(own + "check-result/v1", {
            "kind": "rate-limit", "outcome": "passed", "enforced": True, "date": "2026-11-20"}),
        "filter": statement(own + "check-result/v1", {
            "kind": "input-filter", "outcome": "failed", "enforced": True, "date": "2026-11-20"}),
        "ood": statement(own + "check-result/v1", {
            "kind": "ood-monitor", "active": True, "period": {"end": "2026-11-20"}}),
    }
    for name, piece in pieces.items():
        with open(f"evidence/{name}.json", "w") as file:
            json.dump(piece, file)
    with open("words.yaml", "w") as file:
        file.write(
            "schema: control-attestations/v1\nattestations:\n"
            "- {control: A-MLSG-004-D008, by: Ada, role: CISO, date: 2026-01-01, expires: 2026-12-31, reason: courses}\n"
            "not-applicable:\n- {control: NCSC-4.1-*, by: Ada, reason: no continual learning}\n")
    card = os.path.join(ROOT, "..", "shared", "schemas", "examples", "security-model-card-v1.valid.json")
    arguments = ["--evidence", "evidence", "--attestations", "words.yaml", "--count-unsigned", "--date", "2026-11-26"]
    if os.path.exists(card):
        with open(card) as file:
            content = json.load(file)
        content["subject"]["digest"] = {"sha256": DIGEST}
        with open("card.json", "w") as file:
            json.dump(content, file)
        return arguments + ["--card", "card.json"]
    return arguments + ["--subject", DIGEST]


def schema(name):
    with open(os.path.join(ROOT, "Schemas", name + ".schema.json")) as file:
        return Draft202012Validator(json.load(file))


def errors(validator, instance):
    return [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in list(validator.iter_errors(instance))[:5]]


def python_pattern(node):
    """OSCAL's patterns use \\p{L} and \\p{N}, which Python's re does not know; \\w without _ is the same set."""
    if isinstance(node, dict):
        return {
            key: value.replace("\\p{L}", "[^\\W\\d_]").replace("\\p{N}", "\\d").replace("(\\d|", "(\\d|")
            if key == "pattern" and isinstance(value, str) else python_pattern(value) for key, value in node.items()}
    return [python_pattern(value) for value in node] if isinstance(node, list) else node


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("assay")
    parser.add_argument("--oscal", nargs="*", default=[])
    parser.add_argument("--sarif")
    options = parser.parse_args()
    assay = os.path.abspath(options.assay)
    oscal = []
    for path in options.oscal:
        with open(path) as file:
            oscal.append((os.path.basename(path), Draft7Validator(python_pattern(json.load(file)))))
    sarif = None
    if options.sarif:
        with open(options.sarif) as file:
            sarif = json.load(file)
    os.chdir(tempfile.mkdtemp())
    inputs = write_inputs()
    time = ["--timestamp", "2026-11-26T12:00:00Z"]

    run(assay, "controls", "assess", *inputs, "--statement", "assessment.json")
    with open("assessment.json") as file:
        assessment = json.load(file)
    found = errors(schema("control-assessment-v1"), assessment["predicate"])
    check("control-assessment/v1 by jsonschema", not found, found)
    states = {result["state"] for result in assessment["predicate"]["results"]}
    check("every state occurs", states == {"present", "partial", "missing", "attested", "not-applicable"}, states)
    for name, text in [("control-attestations-v1", open("words.yaml").read())]:
        found = errors(schema(name), yaml.load(text, Loader=yaml.BaseLoader))
        check(f"{name} by jsonschema", not found, found)

    catalogues = ["a-mlsg", "ncsc-ml", "slsa", "owasp-llm-2025", "owasp-ml-2023", "nist-ai-100-2e2025", "mitre-atlas"]
    for catalogue in catalogues:
        document = json.loads(run(assay, "controls", "export", "oscal-catalog", "--only", catalogue, *time))
        for name, validator in oscal:
            found = errors(validator, document)
            check(f"OSCAL catalog {catalogue} by {name}", not found, found)
    document = json.loads(run(assay, "controls", "export", "oscal-results", *inputs, *time))
    for name, validator in oscal:
        found = errors(validator, document)
        check(f"OSCAL assessment-results by {name}", not found, found)
    result = document["assessment-results"]["results"][0]
    observed = {one["uuid"] for one in result["observations"]}
    related = {o["observation-uuid"] for f in result["findings"] for o in f.get("related-observations", [])}
    check("OSCAL findings refer to observations that are there", related <= observed)

    bom = run(assay, "controls", "export", "cdxa", *inputs, *time).decode()
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom)
    check("CycloneDX attestations by cyclonedx-python-lib", found is None, found)
    references = set(re.findall(r'"bom-ref": "([^"]+)"', bom))
    check("bom-refs are unique", len(references) == bom.count('"bom-ref"'))
    declarations = json.loads(bom)["declarations"]
    used = {claim for a in declarations["attestations"] for m in a["map"] for claim in m.get("claims", [])}
    used |= {m["requirement"] for a in declarations["attestations"] for m in a["map"]}
    used |= {e for c in declarations["claims"] for e in c.get("evidence", []) + c.get("counterEvidence", [])}
    check("every reference leads to a bom-ref", used <= references, list(used - references)[:3])

    document = json.loads(run(assay, "controls", "export", "sarif", *inputs))
    if sarif:
        found = errors(Draft7Validator(sarif), document)
        check("SARIF by its schema", not found, found)
    rules = [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]]
    check("SARIF results point to their rules", all(
        rules[one["ruleIndex"]] == one["ruleId"] for one in document["runs"][0]["results"]))

    first = run(assay, "controls", "export", "tickets", *inputs)
    second = run(assay, "controls", "export", "tickets", *inputs[:-2], *inputs[-2:])
    ids = [ticket["id"] for ticket in json.loads(first)["tickets"]]
    check("tickets have ids that stay", first == second and len(ids) == len(set(ids)) and ids)

    rows = list(csv.DictReader(io.StringIO(run(assay, "controls", "export", "csv", *inputs).decode())))
    check("CSV has one row for each control", len(rows) == len(assessment["predicate"]["results"]), len(rows))

    with open("table.csv", "w") as file:
        file.write("x,y\n" + "".join(f"{i},{i % 2}\n" for i in range(100)))
    for arguments, status in [
        (["sample-size", "table.csv", "--label", "y"], 0), (["class-size", "table.csv", "--label", "y"], 1),
        (["labellers", "table.csv", "--labeller", "y"], 0),
        (["independence", "--training", "table.csv", "--validation", "table.csv"], 1),
        (["capacity", "--parameters", "10", "--data", "table.csv"], 0),
        (["retention", "--until", "2026-12-01", "--data", "table.csv"], 0),
    ]:
        run(assay, "data", "check", *arguments, "--evidence", "check.json", "--date", "2026-11-26", status=status)
        with open("check.json") as file:
            found = errors(schema("dataset-check-v1"), json.load(file)["predicate"])
        check(f"dataset-check/v1 {arguments[0]} by jsonschema", not found, found)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
