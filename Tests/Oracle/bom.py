#!/usr/bin/env python3
"""Bills that Assay writes, judged by cyclonedx-python-lib and by spdx-python-model; changed bills, judged by both.

usage: bom.py ASSAY
With SPDX_SCHEMA naming a copy of https://spdx.org/schema/3.0.1/spdx-json-schema.json, bills are held against it too. With
EXAMPLES naming a folder of CycloneDX bills, they are changed and judged beside those that stand here; CHANGES says how often, and SEED
where the changes start.
"""
import copy
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import onnx
from spdx_python_model import v3_0_1 as spdx

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ASSAY = str(Path(sys.argv[1]).absolute())
CARD = """---
license: apache-2.0
pipeline_tag: text-generation
language: [en]
base_model: org/base
datasets:
- org/data
tags: [a, b]
model-index:
- name: tiny
  results:
  - task:
      type: text-generation
    dataset:
      type: wikitext
      name: WikiText
    metrics:
    - type: perplexity
      value: 12.5
---
# Tiny

A tiny model.

## Uses

### Direct Use

Counting words.

### Out-of-Scope Use

Medicine.

## Bias, Risks, and Limitations

Knows only English.

## Training Details

[More Information Needed]
"""
LOCKS = {
    "requirements.txt": "torch==2.1.0\nnumpy>=1.26,<2  # range\n-r other.txt\nuvicorn[standard]==0.30.1 ; python_version > '3'\n"
                        "hashed==1.0 \\\n    --hash=sha256:00\n",
    "pyproject.toml": '[project]\nname = "x"\ndependencies = [\n  "httpx==0.27.0", # why\n  "rich>=13",\n]\n'
                      '[tool.poetry.dependencies]\npython = "^3.11"\npydantic = "2.7.1"\n'
                      'sqlalchemy = {version = "^2.0", extras = ["asyncio"]}\n',
    "poetry.lock": '[[package]]\nname = "anyio"\nversion = "4.4.0"\ndescription = "a \\"quoted\\" one"\n'
                   'files = [\n    {file = "x.whl", hash = "sha256:00"},\n]\n\n[package.dependencies]\nidna = ">=2.8"\n\n'
                   '[[package]]\nname = "Foo_Bar.Baz"\nversion = "1.0+cu121"\n',
    "uv.lock": 'version = 1\n[[package]]\nname = "me"\nversion = "0.1"\nsource = { virtual = "." }\n'
               '[[package]]\nname = "certifi"\nversion = "2024.7.4"\nsource = { registry = "https://pypi.org/simple" }\n',
    "Pipfile.lock": '{"default": {"flask": {"version": "==3.0.3"}}, "develop": {"pytest": {"version": "==8"}}}',
    "environment.yml": "name: e\ndependencies:\n  - python=3.11\n  - conda-forge::scipy=1.13.1=py311\n  - pandas>=2\n"
                       "  - pip:\n    - lightgbm==4.3.0\n",
}
PURLS = {
    "pkg:pypi/torch@2.1.0", "pkg:pypi/numpy", "pkg:pypi/uvicorn@0.30.1", "pkg:pypi/hashed@1.0", "pkg:pypi/httpx@0.27.0",
    "pkg:pypi/rich", "pkg:pypi/pydantic@2.7.1", "pkg:pypi/sqlalchemy", "pkg:pypi/anyio@4.4.0",
    "pkg:pypi/foo-bar-baz@1.0%2Bcu121", "pkg:pypi/certifi@2024.7.4", "pkg:pypi/flask@3.0.3", "pkg:conda/scipy@1.13.1",
    "pkg:conda/pandas", "pkg:pypi/lightgbm@4.3.0",
}


# What bills of the older versions can hold, member by member.
OLDER = {
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "metadata": {"timestamp": "2020-04-07T07:01:00Z", "tools": [{"vendor": "v", "name": "n", "version": "1"}],
                 "authors": [{"name": "a", "email": "a@example.com"}], "supplier": {"name": "s", "url": ["https://s.example"]},
                 "component": {"type": "application", "name": "a", "version": "9"}},
    "components": [
        {"type": "library", "bom-ref": "a", "name": "a", "version": "1", "mime-type": "text/plain", "scope": "required",
         "hashes": [{"alg": "SHA-256", "content": "a" * 64}], "licenses": [{"license": {"id": "MIT"}}],
         "purl": "pkg:pypi/a@1", "pedigree": {"ancestors": [{"type": "library", "name": "b", "version": "1"}],
                                              "commits": [{"uid": "1", "author": {"timestamp": "2018-11-13T20:20:39+00:00"}}],
                                              "patches": [{"type": "backport", "diff": {"text": {"content": "x"}}}]},
         "externalReferences": [{"type": "website", "url": "https://a.example"}]},
        {"type": "file", "bom-ref": "b", "name": "b", "version": "1", "licenses": [{"expression": "MIT OR ISC"}],
         "swid": {"tagId": "t", "name": "n"}}],
    "services": [{"bom-ref": "s", "name": "s", "endpoints": ["https://s.example"], "authenticated": True,
                  "data": [{"flow": "inbound", "classification": "PII"}]}],
    "externalReferences": [{"type": "bom", "url": "https://b.example"}],
    "dependencies": [{"ref": "a", "dependsOn": ["b"]}],
}
NEWER = {"1.3": {"compositions": [{"aggregate": "complete", "assemblies": ["a"]}], "properties": [{"name": "n", "value": "v"}]},
         "1.4": {"vulnerabilities": [{"id": "CVE-1", "source": {"name": "s", "url": "https://s.example"},
                                      "ratings": [{"score": 9.8, "severity": "critical", "method": "CVSSv31"}], "cwes": [79],
                                      "analysis": {"state": "in_triage", "justification": "code_not_present"},
                                      "affects": [{"ref": "a", "versions": [{"version": "1", "status": "affected"}]}]}]},
         "1.5": {"annotations": [{"subjects": ["a"], "annotator": {"individual": {"name": "i"}},
                                  "timestamp": "2022-01-01T00:00:00Z", "text": "t"}],
                 "formulation": [{"workflows": [{"bom-ref": "w", "uid": "u", "taskTypes": ["build"]}]}]}}


def bills():
    """(version, bill): of each version, a valid one of many members; and the examples, where they are given."""
    for last in range(2, 8):
        version = f"1.{last}"
        bill = {"bomFormat": "CycloneDX", "specVersion": version, "version": 1, **copy.deepcopy(OLDER)}
        for since, members in NEWER.items():
            if since <= version:
                bill.update(copy.deepcopy(members))
        yield version, bill
    for path in sorted(Path(os.environ.get("EXAMPLES", "nowhere")).rglob("*.json")):
        bill = json.loads(path.read_text())
        if isinstance(bill, dict) and bill.get("bomFormat") == "CycloneDX":
            yield bill["specVersion"], bill


def write_model(model):
    model.mkdir()
    (model / "README.md").write_text(CARD)
    (model / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    (model / "adapter_config.json").write_text('{"base_model_name_or_path": "org/other", "peft_type": "LORA", "r": 8}')
    (model / "eval_results.json").write_text('{"eval_accuracy": 0.75, "eval_runtime": 3.5, "epoch": 3.0}')
    (model / "weird nämé [1].bin").write_bytes(b"x")
    for name, text in LOCKS.items():
        (model / name).write_text(text)
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMul", ["x", "w"], ["y"])], "g",
        [value("x", onnx.TensorProto.FLOAT, ["batch", 2])], [value("y", onnx.TensorProto.FLOAT, ["batch", 3])],
        [onnx.helper.make_tensor("w", onnx.TensorProto.FLOAT, [2, 3], [0.0] * 6)])
    onnx.save(onnx.helper.make_model(graph, producer_name="oracle", opset_imports=[onnx.helper.make_opsetid("", 17)]),
              model / "model.onnx")


def judge_content(bill, expect):
    """What the files of the model say has to stand in the bill."""
    component = bill["metadata"]["component"]
    card = component["modelCard"]
    libraries = {c["purl"] for c in bill["components"] if c["type"] == "library"}
    expect("package URLs", libraries == PURLS, f"{libraries ^ PURLS}")
    expect("inputs", card["modelParameters"]["inputs"] == [{"format": "float[batch,2] x"}], card)
    expect("outputs", card["modelParameters"]["outputs"] == [{"format": "float[batch,3] y"}], card)
    properties = {(p["name"], p["value"]) for p in component["properties"]}
    for fact in [("assay:onnx:opset", "ai.onnx 17"), ("assay:onnx:producer", "oracle"), ("assay:parameters", "6"),
                 ("assay:adapter:peft_type", "LORA")]:
        expect(f"{fact}", fact in properties, properties)
    ancestors = [a["name"] for a in component["pedigree"]["ancestors"]]
    expect("ancestors", ancestors == ["org/base", "org/other"], ancestors)
    metrics = {(m["type"], m["value"], m.get("slice")) for m in card["quantitativeAnalysis"]["performanceMetrics"]}
    expect("metrics", metrics == {("perplexity", "12.5", "WikiText"), ("eval_accuracy", "0.75", "eval_results.json")},
           metrics)
    considerations = card["considerations"]
    expect("uses", considerations["useCases"] == ["Counting words.", "Out of scope: Medicine."], considerations)
    expect("limits", considerations["technicalLimitations"] == ["Knows only English."], considerations)
    data = [c for c in bill["components"] if c["type"] == "data"]
    expect("datasets", data[0]["data"][0]["governance"]["owners"][0]["organization"]["name"] == "org", data)


def judge_spdx(path, expect):
    """The binding of the official model refuses unknown properties, values and missing members."""
    text = path.read_text()
    graph = spdx.SHACLObjectSet()
    try:
        spdx.JSONLDDeserializer().read(io.StringIO(text), graph)
        graph.link()
        out = io.BytesIO()
        spdx.JSONLDSerializer().write(graph, out)
        kinds = {type(element).__name__ for element in graph.foreach()}
        missing = list(graph.missing_ids)
        expect("SPDX reads and writes", kinds >= {"ai_AIPackage", "dataset_DatasetPackage", "software_File"}, kinds)
        expect("SPDX names what it has", not missing, missing)
    except Exception as error:
        expect("SPDX reads and writes", False, repr(error))
    if "SPDX_SCHEMA" in os.environ:
        schema = json.loads(Path(os.environ["SPDX_SCHEMA"]).read_text())
        errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(json.loads(text)))
        expect("SPDX schema", not errors, errors[:3])


def reads_spdx(text):
    """Whether the official binding takes it: all is known, nothing needed is missing, each name names something."""
    try:
        graph = spdx.SHACLObjectSet()
        spdx.JSONLDDeserializer().read(io.StringIO(text), graph)
        graph.link()
        spdx.JSONLDSerializer().write(graph, io.BytesIO())
        return not graph.missing_ids
    except Exception:
        return False


VALUES = [None, "", "nonsense", 7, -1, 0.5, True, [], {}, ["nonsense"], {"type": "Hash"}, "2026-01-02T03:04:05Z",
          "NoAssertionElement", "https://x.example/a b", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "A" * 64, 10 ** 400,
          1.0, "2026-02-30T00:00:00Z", "MIT", [[]], [{}], "a@b", "a/b", 1e400]


def found(bill, place):
    """What stands at a place as Assay names it: @graph[5].name[0]."""
    for step in re.findall(r"[^.\[\]]+", place):
        bill = bill[int(step)] if isinstance(bill, list) else bill[step]
    return bill


def changes(bill, count, seed, root="@graph", values=VALUES[:13]):
    """Copies of a bill, each with one change somewhere: a member gone, renamed, or of another value."""
    random_one = random.Random(1000 * int(os.environ.get("SEED", 0)) + seed)
    for _ in range(count):
        changed = copy.deepcopy(bill)
        places = []
        open_values = [changed[root] if root else changed]
        while open_values:
            value = open_values.pop()
            for key in (value if isinstance(value, dict) else range(len(value))):
                places.append((value, key))
                if isinstance(value[key], (dict, list)):
                    open_values.append(value[key])
        value, key = random_one.choice(places)
        kind = random_one.choice(["remove", "replace", "replace", "copy", "rename"])
        if kind == "remove":
            del value[key]
        elif kind == "rename" and isinstance(value, dict):
            value[random_one.choice([key + "s", "ai_" + key, "name"])] = value.pop(key)
        elif kind == "copy":
            other, place = random_one.choice(places)
            value[key] = copy.deepcopy(other[place])
        else:
            value[key] = random_one.choice(values)
        yield f"{kind} {key}", changed


def judge_changes(path, expect):
    """Bills of all versions with one change each: `--check` and cyclonedx-python-lib have to say the same."""
    all_bills = list(bills())
    count = int(os.environ.get("CHANGES", 40 * len(all_bills))) // len(all_bills)
    judged = valid = 0
    for number, (version, bill) in enumerate(all_bills):
        validator = JsonStrictValidator(getattr(SchemaVersion, "V" + version.replace(".", "_")))
        differing = []
        for what, changed in [("none", bill), *changes(bill, count, number, None, VALUES)]:
            if changed.get("specVersion") != version:
                continue
            # Infinity is no JSON; Python would write it.
            text = json.dumps(changed).replace("Infinity", "1e400")
            path.write_text(text)
            answer = subprocess.run([ASSAY, "bom", "--check", path], capture_output=True, text=True)
            # That names are unique is not in the schema.
            if "is named twice" in answer.stdout:
                continue
            theirs = validator.validate_str(text) is None
            judged += 1
            valid += theirs
            if (answer.returncode == 0) != theirs:
                differing.append((what, f"ours {answer.returncode}, theirs {theirs}", answer.stdout.split("\n")[0]))
        expect(f"CycloneDX {version}, bill {number}, with one change", not differing, differing)
    print(f"{judged} changed bills of CycloneDX, {valid} of them valid")


def main():
    passed = failed = 0

    def expect(what, condition, detail=""):
        nonlocal passed, failed
        if condition:
            passed += 1
        else:
            failed += 1
            print(what, detail)

    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        write_model(model)
        scan = Path(folder) / "scan.json"
        scan.write_text(json.dumps({"files": [{"path": "a", "findings": [
            {"rule": "PICKLE-CODE-EXECUTION", "severity": "critical", "message": "runs os.system"}]},
            {"path": "model/config.json", "findings": [], "suppressed": [
                {"rule": "X", "severity": "low", "message": "m", "suppression": {
                    "source": "policy", "reason": "known", "expires": "2027-01-01"}}]}]}))
        train = Path(folder) / "train.json"
        subprocess.run(
            [ASSAY, "attest", "train", "--dataset", model, "--result", Path(folder) / "trained.json", "--output", train,
             "--", "cp", model / "config.json", Path(folder) / "trained.json"], check=True)
        for version, schema in (("1.6", SchemaVersion.V1_6), ("1.7", SchemaVersion.V1_7)):
            validator = JsonStrictValidator(schema)
            for extra in ([], ["--scan", scan], ["--training", train, "--evidence", train, "--supplier", "Org",
                                                 "--author", "A", "B", "--model-version", "1.2"]):
                out = Path(folder) / "bom.json"
                run = subprocess.run(
                    [ASSAY, "bom", model, "--spec-version", version, "--output", out, *extra],
                    capture_output=True, text=True)
                text = out.read_text()
                error = validator.validate_str(text)
                expect(f"bom {version} {extra}", run.returncode == 0 and error is None, f"{run.stderr} {error}")
                judged = subprocess.run([ASSAY, "bom", "--check", out], capture_output=True, text=True)
                expect(f"check {version} {extra}", judged.returncode == 0, judged.stdout)
            bill = json.loads(text)
            judge_content(bill, expect)
            for change in ("type", "name", "hashes"):
                for index in range(2):
                    broken = copy.deepcopy(bill)
                    broken["components"][index][change] = "nonsense" if change != "name" else 7
                    path = Path(folder) / "broken.json"
                    path.write_text(json.dumps(broken))
                    theirs = validator.validate_str(path.read_text()) is None
                    ours = subprocess.run([ASSAY, "bom", "--check", path], capture_output=True).returncode == 0
                    expect(f"{version}: components[{index}].{change}", ours == theirs, f"ours {ours}, theirs {theirs}")
        judge_changes(path, expect)
        out = Path(folder) / "bom.spdx.json"
        for extra in ([], ["--supplier", "Org", "--author", "A"]):
            subprocess.run([ASSAY, "bom", model, "--format", "spdx", "--output", out, *extra], check=True)
            judge_spdx(out, expect)
            judged = subprocess.run([ASSAY, "bom", "--check", out], capture_output=True, text=True)
            expect(f"check SPDX {extra}", judged.returncode == 0, judged.stdout)
        differing = []
        for what, changed in changes(json.loads(out.read_text()), 400, 1):
            text = json.dumps(changed)
            path.write_text(text)
            judged = subprocess.run([ASSAY, "bom", "--check", path], capture_output=True, text=True)
            # The binding takes two elements of one name for one, an empty text for an address, and passes over lists and objects
            # in the place of a text.
            if "is named twice" in judged.stdout:
                continue
            texts = re.findall(r"error\s+(\S+): not a (?:string|URI)$", judged.stdout, re.MULTILINE)
            if texts and (found(changed, texts[0]) == "" or isinstance(found(changed, texts[0]), (list, dict))):
                continue
            if (judged.returncode == 0) != reads_spdx(text):
                differing.append((what, judged.returncode, judged.stdout.split("\n")[0]))
        expect(f"SPDX with one change: {len(differing)} of 400 judged unlike the binding", not differing, differing)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
