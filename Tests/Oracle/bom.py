#!/usr/bin/env python3
"""Bills that Assay writes, judged by cyclonedx-python-lib; changed bills, judged by both.

usage: bom.py ASSAY
"""
import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.schema import OutputFormat, SchemaVersion
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
A tiny model.
"""


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
        model.mkdir()
        (model / "README.md").write_text(CARD)
        (model / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
        (model / "requirements.txt").write_text("torch==2.1.0\n")
        (model / "weird nämé [1].bin").write_bytes(b"x")
        scan = Path(folder) / "scan.json"
        scan.write_text(json.dumps({"files": [{"path": "a", "findings": [
            {"rule": "PICKLE-CODE-EXECUTION", "severity": "critical", "message": "runs os.system"}]}]}))
        train = Path(folder) / "train.json"
        subprocess.run(
            [ASSAY, "attest", "train", "--dataset", model, "--result", model / "config.json", "--output", train,
             "--", "true"], check=True)
        for version, schema in (("1.6", SchemaVersion.V1_6), ("1.7", SchemaVersion.V1_7)):
            validator = JsonStrictValidator(schema)
            for extra in ([], ["--scan", scan], ["--training", train, "--evidence", train]):
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
            for change in ("type", "name", "hashes"):
                for index in range(2):
                    broken = copy.deepcopy(bill)
                    broken["components"][index][change] = "nonsense" if change != "name" else 7
                    path = Path(folder) / "broken.json"
                    path.write_text(json.dumps(broken))
                    theirs = validator.validate_str(path.read_text()) is None
                    ours = subprocess.run([ASSAY, "bom", "--check", path], capture_output=True).returncode == 0
                    expect(f"{version}: components[{index}].{change}", ours == theirs, f"ours {ours}, theirs {theirs}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
