#!/usr/bin/env python3
"""Reduces the official JSON Schemas of CycloneDX (1.2 to 1.7) to what is asked of a bill: remarks are left out, and the
schemas that they refer to stand in the same file.

usage: reduce.py FOLDER
Runs under a Python that has the package cyclonedx-python-lib, which carries the schemas (Apache-2.0, OWASP Foundation).
Writes FOLDER/bom-VERSION.json. The list of licences is not in them: Assay has its own (spdx/licenses.txt).
"""
import json
import sys
from pathlib import Path

import cyclonedx.schema

REMARKS = {"title", "description", "$comment", "examples", "example", "default", "deprecated", "readOnly", "writeOnly"}
SOURCE = Path(cyclonedx.schema.__file__).parent / "_res"
# Of 1.2 and 1.3 there is a schema that lets unknown members pass, and one that does not.
FILES = {"1.2": "bom-1.2-strict", "1.3": "bom-1.3-strict", **{f"1.{n}": f"bom-1.{n}" for n in (4, 5, 6, 7)}}
PARTS = {"jsf-0.82": "jsf-0.82", "cryptography-defs": "cryptography-defs"}


def load(name):
    return json.loads((SOURCE / f"{name}.SNAPSHOT.schema.json").read_text())


def reduced(value, within, names=False):
    """`names`: the members are names of a bill, or of definitions, not keywords."""
    if isinstance(value, list):
        return [reduced(one, within) for one in value]
    if not isinstance(value, dict):
        return value
    if names:
        return {name: reduced(one, within) for name, one in value.items()}
    if "$ref" in value:
        # Draft 7 passes over whatever stands beside a reference.
        return {"$ref": target(value["$ref"], within)}
    kept = {}
    for name, one in value.items():
        if name in REMARKS or name.startswith(("meta:", "x-")) or name in ("$id", "$schema"):
            continue
        if name == "format" and one == "string":
            continue
        if name in ("enum", "const"):
            kept[name] = one
        else:
            kept[name] = reduced(one, within, name in ("properties", "patternProperties", "definitions", "$defs"))
    return kept


def target(reference, within):
    file, _, place = reference.partition("#")
    if file.startswith("spdx."):
        return "spdx"
    part = next((part for part in PARTS if file.startswith(part)), within)
    prefix = f"/definitions/{part}" if part else ""
    return "#" + prefix + place


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for version, name in FILES.items():
        schema = reduced(load(name), None)
        text = json.dumps(schema)
        parts = {part: reduced(load(file), part) for part, file in PARTS.items()
                 if f"/definitions/{part}" in text}
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": f"bom-{version}", **schema}
        if parts:
            schema.setdefault("definitions", {}).update(parts)
        (folder / f"bom-{version}.json").write_text(json.dumps(schema, separators=(",", ":"), ensure_ascii=False) + "\n")


main()
