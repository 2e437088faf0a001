#!/usr/bin/env python3
"""cards.py BINARY FOLDER: writes the pages that pages.py opens: the cards of this folder, poisoned copies of them in which
every text is an attack, nearly empty ones, the scan report of Examples/ and an assessment of controls; and prints one of
them as PDF."""

import json
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2]
ATTACK = (
    "<script>console.log(1)</script><img src=http://e.example/x onerror=console.log(2)><style>@import 'http://e.example'"
    "</style>\"' onmouseover=\"console.log(3)\" [a](javascript:console.log(4)) ![p](http://e.example/p.png) "
    "</section></main></body> {{7*7}} \u202e\u0000\u200b "
).replace("\u0000", "")


def poisoned(value):
    if isinstance(value, str):
        return ATTACK + value
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    if isinstance(value, dict):
        return {name: one if name in ("schema", "status", "id") else poisoned(one) for name, one in value.items()}
    return value


def render(source, target, *arguments):
    subprocess.run([BINARY, "card", "render", source, "--output", os.path.join(FOLDER, target), *arguments], check=True)


for name in ("security", "data"):
    path = os.path.join(HERE, name + ".yaml")
    render(path, name + ".html", "--today", "2026-11-26")
    with open(path) as file:
        card = yaml.safe_load(file)
    for kind, value in (("poisoned", poisoned(card)), ("empty", {"schema": card["schema"]})):
        source = os.path.join(FOLDER, f"{name}-{kind}.yaml")
        with open(source, "w") as file:
            yaml.safe_dump(value, file, allow_unicode=True)
        render(source, f"{name}-{kind}.html")
render(os.path.join(HERE, "hub.md"), "hub.html")
with open(os.path.join(FOLDER, "hub-poisoned.md"), "w") as file:
    file.write("---\nlicense: " + json.dumps(ATTACK) + "\n---\n# " + ATTACK + "\n\n" + ATTACK + "\n\n| a |\n|---|\n| " + ATTACK + " |\n")
render(os.path.join(FOLDER, "hub-poisoned.md"), "hub-poisoned.html")
subprocess.run(
    [BINARY, "scan", "Examples", "--html", os.path.join(FOLDER, "scan.html"), "--quiet"], cwd=os.path.join(HERE, "../.."))
subprocess.run(
    [BINARY, "controls", "assess", "--card", os.path.join(HERE, "security.yaml"), "--count-unsigned", "--date", "2026-11-26",
     "--format", "html", "--output", os.path.join(FOLDER, "controls.html")], check=True)
render(os.path.join(HERE, "security.yaml"), "security.pdf", "--format", "pdf")
with open(os.path.join(FOLDER, "security.pdf"), "rb") as file:
    document = file.read()
if not document.startswith(b"%PDF-") or len(document) < 20_000:
    sys.exit("cards.py: no PDF was printed")
