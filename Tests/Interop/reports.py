#!/usr/bin/env python3
"""reports.py BINARY: scans Examples/ into every format and validates each with other people's validators.

JSON and evidence are checked against Schemas/ (jsonschema), the XML is parsed, policy and baseline examples are checked
against their schemas. SARIF is checked against the official schema when SARIF_SCHEMA names a copy of it:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom

import jsonschema
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
binary = os.path.abspath(sys.argv[1])
failures = 0


def check(name, schema, document):
    global failures
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    errors = list(validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(document))
    failures += bool(errors)
    print(f"{'ok  ' if not errors else 'FAIL'} {name}")
    for error in errors[:5]:
        print("     ", "/".join(map(str, error.path)), error.message[:200])


def schema(name):
    with open(os.path.join(ROOT, "Schemas", name)) as file:
        return json.load(file)


def load(path):
    with open(path) as file:
        return json.load(file)


with tempfile.TemporaryDirectory() as folder:
    out = {form: os.path.join(folder, form) for form in ("json", "sarif", "junit", "markdown", "html", "evidence")}
    arguments = [part for form, path in out.items() for part in (f"--{form}", path)]
    base = os.path.join(folder, "baseline.json")
    arguments += ["--write-baseline", base, "--baseline-reason", "test", "--no-policy", "--quiet"]
    status = subprocess.run([binary, "scan", "Examples", *arguments], cwd=ROOT).returncode
    if status != 0:
        sys.exit(f"reports.py: with everything in the baseline the scan should pass, not end with {status}")
    check("JSON", schema("scan-report-v1.schema.json"), load(out["json"]))
    statement = load(out["evidence"])
    check("evidence predicate", schema("scan-report-v1.schema.json"), statement["predicate"])
    for subject in statement["subject"]:
        with open(os.path.join(ROOT, subject["name"]), "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != subject["digest"]["sha256"]:
                failures += 1
                print("FAIL digest of", subject["name"])
    check("baseline", schema("baseline-v1.schema.json"), load(base))
    xml.dom.minidom.parse(out["junit"])
    print("ok   JUnit XML is well-formed")
    with open(os.path.join(ROOT, "docs", "policy.md")) as file:
        example = re.search(r"```yaml\n(.*?)```", file.read(), re.S).group(1)
    policy = yaml.safe_load(example)
    for one in policy["suppressions"]:
        one["expires"] = str(one["expires"])
    check("policy example", schema("policy-v1.schema.json"), policy)
    if os.environ.get("SARIF_SCHEMA"):
        check("SARIF", load(os.environ["SARIF_SCHEMA"]), load(out["sarif"]))
    else:
        print("skip SARIF: SARIF_SCHEMA names no schema")
sys.exit(failures > 0)
