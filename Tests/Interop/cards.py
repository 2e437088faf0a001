#!/usr/bin/env python3
"""cards.py BINARY [COUNT] [SEED]: model and dataset cards beside huggingface_hub (PyPI).

Edge cases and COUNT generated cards are read by both: the same metadata, Markdown and evaluation results, or a refusal by
both. Then both ways: cards that `assay card set` wrote are read by huggingface_hub, cards that huggingface_hub wrote by
assay; a change leaves all other bytes as they were.
"""

import datetime
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

import huggingface_hub
import yaml
from huggingface_hub import DatasetCard, EvalResult, ModelCard, ModelCardData

warnings.simplefilter("ignore")
huggingface_hub.logging.set_verbosity_error()
BINARY = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 300
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
CLASSES = {"model": ModelCard, "dataset": DatasetCard}
failures = []
checks = {}

EDGES = {
    "plain": b"---\nlicense: mit\n---\n# Title\n",
    "no block": b"# Title\n\n---\nlicense: mit\n---\n",
    "empty file": b"",
    "empty block": b"---\n---\n# Title\n",
    "empty block, CRLF": b"---\r\n---\r\n# Title\r\n",
    "block of a blank line": b"---\n\n---\n# Title\n",
    "comment alone": b"---\n# nothing\n---\ntext",
    "CRLF": b"---\r\nlicense: mit\r\ntags:\r\n- a\r\n---\r\n# Title\r\n",
    "CR": b"---\rlicense: mit\r---\r# Title\r",
    "CR, fence at the end": b"---\rlicense: mit\r---",
    "mixed line ends": b"---\nlicense: mit\r\n---\n# Title\r\n",
    "leading blank lines": b"\n\n  \n---\nlicense: mit\n---\ntext",
    "leading spaces": b"   ---\nlicense: mit\n---\ntext",
    "leading no-break space": "\u00a0\u2003---\nlicense: mit\n---\ntext".encode(),
    "byte order mark": b"\xef\xbb\xbf---\nlicense: mit\n---\ntext",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf---\nlicense: mit\n---\ntext",
    "spaces after the opening fence": b"--- \nlicense: mit\n---\ntext",
    "spaces after the closing fence": b"---\nlicense: mit\n--- \t \ntext",
    "words after the closing fence": b"---\nlicense: mit\n---x\ntext\n---\nmore",
    "four dashes close": b"---\nlicense: mit\n----\ntext\n",
    "unterminated": b"---\nlicense: mit\n# Title\n",
    "ends at the fence": b"---\nlicense: mit\n---",
    "fence in a text": b"---\ntext: |\n  a\n  ---\n  b\nlicense: mit\n---\nbody",
    "second block": b"---\na: 1\n---\n---\nb: 2\n---\n",
    "not UTF-8": b"---\nlicense: \xff\n---\n",
    "bad YAML": b"---\nlicense: [mit\n---\n",
    "tab": b"---\nlicense:\n\tmit\n---\n",
    "tab after the colon": b"---\nlicense:\tmit\n---\n",
    "list": b"---\n- a\n- b\n---\n",
    "text": b"---\njust text\n---\n",
    "number": b"---\n12\n---\n",
    "null": b"---\nnull\n---\n",
    "false": b"---\nfalse\n---\n",
    "python tag": b"---\nx: !!python/object/apply:os.system ['true']\n---\n",
    "own tag": b"---\nx: !mine 1\n---\n",
    "string tag": b"---\nx: !!str 1\n---\n",
    "set tag": b"---\nx: !!set {a, b}\n---\n",
    "binary tag": b"---\nx: !!binary aGVsbG8=\n---\n",
    "omap tag": b"---\nx: !!omap [a: 1]\n---\n",
    "duplicates": b"---\nlicense: mit\ntags: [a]\nlicense: bsd\n---\n",
    "nested duplicates": b"---\na: {b: 1, b: 2}\n---\n",
    "language: no": b"---\nlanguage: no\n---\n",
    "languages with no": b"---\nlanguage: [en, no, de]\n---\n",
    "version 1.10": b"---\nversion: 1.10\n---\n",
    "date": b"---\nreleased: 2024-05-01\n---\n",
    "time": b"---\nreleased: 2024-05-01T10:20:30Z\n---\n",
    "time with an offset": b"---\nreleased: 2024-05-01 10:20:30.5 +02:00\n---\n",
    "no date": b"---\nreleased: 2024-13-45\n---\n",
    "sexagesimal": b"---\na: 1:30\nb: 12:30:45\nc: 1:30.5\n---\n",
    "octal": b"---\na: 010\nb: 0o10\nc: 08\nd: 0\n---\n",
    "hexadecimal and binary": b"---\na: 0x1F\nb: 0b101\nc: -0x1f\nd: 0xZZ\n---\n",
    "underscores": b"---\na: 1_000\nb: 1_0.5\nc: _1\nd: 0x_f\n---\n",
    "floats": b"---\na: 1e5\nb: 1.0e5\nc: 1.0e+5\nd: .5\ne: 5.\nf: -.5\ng: +1.5\nh: 1.e+3\n---\n",
    "not finite": b"---\na: .inf\nb: -.INF\nc: .NaN\nd: inf\ne: nan\n---\n",
    "nulls": b"---\na: ~\nb:\nc: NULL\nd: Null\ne: nULL\n---\n",
    "booleans": b"---\na: on\nb: Off\nc: YES\nd: y\ne: N\nf: tRUE\n---\n",
    "name on": b"---\non: 1\n---\n",
    "name in quotes": b"---\n'on': 1\n\"2\": 3\n---\n",
    "name 1": b"---\n1: a\n---\n",
    "name null": b"---\n~: a\n---\n",
    "nested name 1": b"---\na: {1: x, no: y}\n---\n",
    "name date": b"---\n2024-05-01: a\n---\n",
    "name list": b"---\n? [a, b]\n: c\n---\n",
    "anchors": b"---\na: &x [1, 2]\nb: *x\n---\n",
    "merge": b"---\nbase: &b {x: 1, y: 2}\na:\n  <<: *b\n  y: 3\n---\n",
    "merge list": b"---\np: &p {x: 1}\nq: &q {x: 2, z: 3}\na:\n  <<: [*p, *q]\n---\n",
    "merge outermost": b"---\n<<: {a: 1}\nb: 2\n---\n",
    "merge a text": b"---\na:\n  <<: x\n---\n",
    "unknown alias": b"---\na: *x\n---\n",
    "two documents": b"---\na: 1\n--- b\n---\n",
    "document end": b"---\na: 1\n...\n---\n",
    "directive": b"---\n%YAML 1.1\n---\na: 1\n---\n",
    "flow outermost": b"---\n{license: mit, tags: [a, b]}\n---\nbody",
    "indented outermost": b"---\n  license: mit\n  tags: [a]\n---\nbody",
    "block scalars": b"---\na: |\n  x\n\n  y\n\nb: >\n  x\n  y\nc: |-\n  z\nd: |+\n  z\n\n---\n",
    "long text": b"---\na: one\n  two\n  three\n---\n",
    "quotes": b"---\na: \"x\\ty\\u00e9\\U0001F600\"\nb: 'it''s'\n---\n",
    "colon in a text": b"---\na: b:c\nd: http://x.org/y\n---\n",
    "hash in a text": b"---\na: b#c\nd: e #f\n---\n",
    "unicode": "---\ntitle: 日本語 é\U0001F600\n---\nbody".encode(),
    "control character": b"---\na: x\x01y\n---\n",
    "escape character": b"---\na: x\x1by\n---\n",
    "next line character": "---\na: x\u0085b: y\n---\n".encode(),
    "line separator": "---\na: x\u2028y\n---\n".encode(),
    "surrogate escape": b"---\na: \"\\ud800\"\n---\n",
    "reserved": b"---\na: @b\n---\n",
    "percent": b"---\na: %b\n---\n",
    "backquote": b"---\na: `b`\n---\n",
    "star": b"---\na: *\n---\n",
    "question": b"---\na: ?b\n---\n",
    "dash": b"---\na: -b\nc: -\n---\n",
    "deep": b"---\na: " + b"[" * 40 + b"]" * 40 + b"\n---\n",
    "tags text": b"---\ntags: one\n---\n",
    "tags number": b"---\ntags: 5\n---\n",
    "tags twice": b"---\ntags: [a, a, b]\n---\n",
    "tags mapping": b"---\ntags: {a: 1}\n---\n",
    "tags date": b"---\ntags: 2024-05-01\n---\n",
    "setting": b"---\nignore_metadata_errors: true\n---\n",
    "self": b"---\nself: 1\n---\n",
    "eval_results": b"---\neval_results: [1]\n---\n",
    "eval_results empty": b"---\neval_results: []\n---\n",
    "index": b"""---
model-index:
- name: m
  results:
  - task: {type: t, name: T}
    dataset: {type: d, name: D, config: c, split: test, revision: r, args: {a: 1}}
    metrics:
    - {type: acc, value: 0.9, name: A, config: x, args: {k: 1}, verified: true, verifyToken: z}
    - {type: f1, value: "0.8 +- 0.1"}
    source: {name: S, url: "https://example.org"}
---
""",
    "index empty": b"---\nmodel-index: []\n---\n",
    "index null": b"---\nmodel-index:\n---\n",
    "index text": b"---\nmodel-index: x\n---\n",
    "index mapping": b"---\nmodel-index: {name: m, results: []}\n---\n",
    "index number": b"---\nmodel-index: 3\n---\n",
    "index zero": b"---\nmodel-index: 0\n---\n",
    "index without name": b"---\nmodel-index: [{results: []}]\n---\n",
    "index name null": b"---\nmodel-index: [{name: , results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a, value: 1}]}]}]\n---\n",
    "index without results": b"---\nmodel-index: [{name: m}]\n---\n",
    "index results empty": b"---\nmodel-index: [{name: m, results: []}]\n---\n",
    "index results null": b"---\nmodel-index: [{name: m, results: }]\n---\n",
    "index results mapping": b"---\nmodel-index: [{name: m, results: {a: 1}}]\n---\n",
    "index without task": b"---\nmodel-index: [{name: m, results: [{dataset: {type: d, name: D}, metrics: []}]}]\n---\n",
    "index without dataset name": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d}, metrics: []}]}]\n---\n",
    "index without metrics": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}}]}]\n---\n",
    "index metric without value": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a}]}]}]\n---\n",
    "index metric null": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a, value: }]}]}]\n---\n",
    "index source without url": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a, value: 1}], source: {name: s}}]}]\n---\n",
    "index source text": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a, value: 1}], source: s}]}]\n---\n",
    "index two": b"---\nmodel-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a, value: 1}]}]}, {name: n, results: []}]\n---\n",
}

# What the peer reads and assay refuses on purpose: tags that change what a text is, and half a surrogate pair, which no
# UTF-8 text can hold.
REFUSED = {"set tag", "binary tag", "omap tag", "surrogate escape"}

# A colon before a comma or bracket inside of brackets: PyYAML reads an empty value, libyaml refuses it.
LIBYAML_REFUSES = re.compile(rb"[\[{][^\n]*:[,\[\]{}]")


def fail(name, message):
    failures.append(name)
    print(f"FAIL {name}: {message}")


def count(kind):
    checks[kind] = checks.get(kind, 0) + 1


def run(*arguments):
    return subprocess.run([BINARY, "card", *arguments], capture_output=True)


def assay(kind, path):
    """What assay reads, or None when it refuses."""
    result = run("render", "--kind", kind, "--format", "json", path)
    if result.returncode not in (0, 2):
        raise SystemExit(f"cards.py: status {result.returncode} for {path}: {result.stderr.decode()}")
    return json.loads(result.stdout) if result.returncode == 0 else None


def peer(kind, path):
    try:
        card = CLASSES[kind].load(path)
    except Exception as error:  # Whatever it is, the card is not read.
        return None, error
    return card, None


def same(ours, theirs):
    """Whether a JSON value of ours is the Python value of theirs."""
    if isinstance(theirs, bool) or theirs is None:
        return ours is theirs
    if isinstance(theirs, (datetime.date, datetime.datetime)):
        return isinstance(ours, str) and yaml.safe_load(ours) == theirs
    if isinstance(theirs, float) and not math.isfinite(theirs):
        return isinstance(ours, str) and str(yaml.safe_load(ours)) == str(theirs)
    if isinstance(theirs, (int, float)):
        return isinstance(ours, (int, float)) and not isinstance(ours, bool) and ours == theirs
    if isinstance(theirs, dict):
        names = {name if isinstance(name, str) else None for name in theirs}
        if None in names:  # Names that are no text stand as they were written.
            return isinstance(ours, dict) and len(ours) == len(theirs)
        return isinstance(ours, dict) and list(ours) == list(theirs) and all(same(ours[n], theirs[n]) for n in theirs)
    if isinstance(theirs, (list, tuple)):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    return isinstance(ours, str) and ours == theirs


def block(text):
    match = huggingface_hub.repocard.REGEX_YAML_BLOCK.search(text)
    return (yaml.safe_load(match.group(2)) or {}) if match else {}


FIELDS = {
    "task": "task_type", "taskName": "task_name", "dataset": "dataset_type", "datasetName": "dataset_name",
    "datasetConfig": "dataset_config", "datasetSplit": "dataset_split", "datasetRevision": "dataset_revision",
    "datasetArguments": "dataset_args", "metric": "metric_type", "value": "metric_value", "metricName": "metric_name",
    "metricConfig": "metric_config", "metricArguments": "metric_args", "isVerified": "verified",
    "verifyToken": "verify_token", "sourceName": "source_name", "sourceURL": "source_url",
}


def compare(name, kind, content, folder):
    count("read by both")
    path = os.path.join(folder, "README.md")
    with open(path, "wb") as file:
        file.write(content)
    ours = assay(kind, path)
    card, error = peer(kind, path)
    if ours is None and name.split(" (")[0].split(", damaged")[0] in REFUSED:
        return
    if ours is None and LIBYAML_REFUSES.search(content):
        return
    if (ours is None) != (card is None):
        return fail(name, f"we {'refuse' if ours is None else 'read'}, the peer says {error!r}")
    if ours is None:
        return
    if not same(ours["metadata"], block(card._content)):
        return fail(name, f"metadata {ours['metadata']!r} is not {block(card._content)!r}")
    if ours["body"] != card.text:
        return fail(name, f"Markdown {ours['body']!r} is not {card.text!r}")
    if kind == "model":
        theirs = card.data.eval_results or []
        mine = ours.get("evaluationResults", [])
        if len(theirs) != len(mine):
            return fail(name, f"{len(mine)} results, not {len(theirs)}")
        for one, other in zip(mine, theirs):
            for field, attribute in FIELDS.items():
                if not same(one.get(field), getattr(other, attribute)):
                    return fail(name, f"{field}: {one.get(field)!r} is not {getattr(other, attribute)!r}")


WORDS = [
    "no", "yes", "on", "off", "null", "~", "true", "1.10", "010", "0x1f", "1_000", "1:30", "2024-05-01", "1e5", ".5", "-",
    "", " ", " a", "a ", "a: b", "a #b", "#", "'", '"', "\\", "---", "...", "- a", "? a", "| a", "> a", "%a", "@a", "`a`",
    "&a", "*a", "!a", "[a", "{a}", "a,b", "é", "日本", "\U0001F600", "\u00a0", "\u2028", "\u200b", "\t", "line\nbreak",
    "trailing\n", "\nleading", "tab\there", "apache-2.0", "text-classification", "12 % of it", "=", "<<", "0.1", "x" * 200,
    "\x7f", "\ufeff", "word " * 40, "http://example.org/a#b", "a:b", "1,000", "+1", "inf", ".nan", "NaN", "y", "N",
]


def scalar(rng):
    kind = rng.randrange(8)
    if kind < 5:
        return rng.choice(WORDS)
    if kind == 5:
        return rng.choice([True, False, None])
    if kind == 6:
        return rng.choice([0, -1, 7, 10**18, 2**70])
    return rng.choice([0.5, -1.25, 1e-9, 1e22, 3.0, 0.1 + 0.2])


def value(rng, depth=0):
    kind = rng.randrange(6 if depth < 3 else 3)
    if kind < 3:
        return scalar(rng)
    if kind == 3:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(WORDS) or "k": value(rng, depth + 1) for _ in range(rng.randrange(4))}


def results(rng):
    return [
        EvalResult(
            task_type=rng.choice(["text-classification", "no", "1.10"]), dataset_type=rng.choice(["d", "e"]),
            dataset_name=rng.choice(WORDS[10:]) or "D", metric_type=rng.choice(["accuracy", "f1"]),
            metric_value=rng.choice([0.5, 12, "0.9 ± 0.1"]), dataset_split=rng.choice([None, "test"]),
            dataset_revision=rng.choice([None, "5503434ddd753f426f4b38109466949a1217c2bb", "123456"]),
            metric_name=rng.choice([None, "Name"]), dataset_args=rng.choice([None, {"a": [1, 2]}]),
            source_url=rng.choice([None, "https://example.org"]))
        for _ in range(rng.randrange(1, 5))
    ]


def theirs_then_ours(rng, number, folder):
    """huggingface_hub writes; we read the same, and change one thing."""
    names = ["license", "tags", "datasets", "base_model", "x-own", "pipeline_tag", "library_name", "notes"]
    data = {name: value(rng) for name in rng.sample(names, rng.randrange(0, len(names)))}
    if not isinstance(data.get("tags"), (list, type(None), str, dict)):
        data.pop("tags")
    if rng.random() < 0.4:
        card_data = ModelCardData(model_name="m", eval_results=results(rng), **data)
    else:
        card_data = ModelCardData(**data)
    body = rng.choice(["# Title\n\ntext\n", "", "\n\n# T", "a\r\nb\r\n", "---\nnot: metadata\n---\n", "é\U0001F600"])
    text = f"---\n{card_data.to_yaml()}\n---\n{body}"
    content = text.encode("utf-8", "surrogatepass")
    compare(f"written by the peer, {number}", "model", content, folder)
    path = os.path.join(folder, "README.md")
    if peer("model", path)[0] is None:
        return
    if rng.random() < 0.5:
        lines = content.split(b"\n")
        # Before a name of the outermost mapping, or before the fence: it belongs to none of the values.
        places = [i for i, line in enumerate(lines[1:], 1) if line[:1].isalpha() or line.startswith(b"---")]
        fence = next((n for n, i in enumerate(places) if lines[i].startswith(b"---")), -1)
        if fence >= 0 and data:
            lines.insert(rng.choice(places[:fence + 1]), b"# a remark")
        candidate = b"\n".join(lines)
        with open(path, "wb") as file:
            file.write(candidate)
        content = candidate if peer("model", path)[0] is not None else content
        with open(path, "wb") as file:
            file.write(content)
    before = block(content.decode())
    name = rng.choice(list(before) + ["added"])
    if name in ("model-index", "tags"):
        name = "added"
    new = value(rng)
    change(f"changed, {number}", "model", content, before, name, new, folder)


def change(label, kind, content, before, name, new, folder):
    count("changed by us, read by the peer")
    path = os.path.join(folder, "README.md")
    with open(path, "wb") as file:
        file.write(content)
    result = run("set", "--kind", kind, path, f"{name}={json.dumps(new)}")
    with open(path, "rb") as file:
        after = file.read()
    if result.returncode != 0:
        return fail(label, f"set {name} to {new!r}: {result.stderr.decode().strip()}")
    card, error = peer(kind, path)
    if card is None:
        return fail(label, f"the peer cannot read {after!r}: {error!r}")
    expected = dict(before)
    expected[name] = new
    got = block(card._content)
    if got != expected and not (str(got) == str(expected)):
        return fail(label, f"{got!r} is not {expected!r}")
    if card.text != CLASSES[kind](content.decode("utf-8-sig")).text:
        return fail(label, "the Markdown changed")
    # Every line that stood before and has nothing to do with the name is still there, in order.
    if before == expected and after != content:
        return fail(label, f"nothing was to change: {content!r} became {after!r}")
    kept = iter(after.split(b"\n"))
    for line in content.split(b"\n"):
        if line == b"# a remark" and not any(line == other for other in kept):
            return fail(label, f"a remark is gone from {after!r}")


def entries(rng, number, folder):
    """.eval_results/*.yaml: what the peer writes we read alike, what we write the peer reads alike."""
    count("lists of benchmark results")
    source = rng.choice([{}, {"source_url": "https://example.org"}, {"source_url": "u", "source_name": "no", "source_org": "o", "source_user": "1.10"}])
    wanted = [
        huggingface_hub.EvalResultEntry(
            dataset_id=rng.choice(WORDS) or "d", task_id=rng.choice(WORDS) or "t", value=rng.choice([0.5, 12, "0.9 ± 0.1", 1e-9]),
            dataset_revision=rng.choice([None, "123456", "5503434ddd753f426f4b38109466949a1217c2bb"]),
            verify_token=rng.choice([None, "t"]), date=rng.choice([None, "2025-01-15T10:30:00Z", "2025-01-15"]),
            notes=rng.choice([None, "no-tools"]), **source)
        for _ in range(rng.randrange(1, 4))
    ]
    path, back = os.path.join(folder, "results.yaml"), os.path.join(folder, "back.yaml")
    with open(path, "w") as file:
        yaml.dump(huggingface_hub.eval_result_entries_to_yaml(wanted), file, allow_unicode=rng.random() < 0.5)
    result = run("results", path, "--format", "yaml", "--output", back)
    if result.returncode:
        return fail(f"entries {number}", result.stderr.decode())
    with open(back) as file:
        got = huggingface_hub.parse_eval_result_entries(yaml.safe_load(file))
    with open(path) as file:
        expected = huggingface_hub.parse_eval_result_entries(yaml.safe_load(file))
    if got != expected:
        fail(f"entries {number}", f"{got!r} is not {expected!r}")


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in EDGES.items():
            for kind in CLASSES:
                compare(f"{name} ({kind})", kind, content, folder)
        for number in range(COUNT):
            theirs_then_ours(rng, number, folder)
        for number in range(COUNT // 4):
            entries(rng, number, folder)
        # Cards with damage: any byte of an edge case replaced.
        for number in range(COUNT):
            name = rng.choice(list(EDGES))
            content = bytearray(EDGES[name])
            for _ in range(rng.randrange(1, 3)):
                if content:
                    content[rng.randrange(len(content))] = rng.choice(b"\n\r-: #'[]{},&*!|>%@`\t a0~\x00")
            compare(f"{name}, damaged: {bytes(content)!r}", "model", bytes(content), folder)
    print(", ".join(f"{number} {kind}" for kind, number in checks.items()) + f"; {len(failures)} failures")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
