#!/usr/bin/env python3
"""Measures the detector of credentials: secrets.py SECRET_LOG FOLDER.

FOLDER holds JSON lines with `text` and `label` under secrets/ (1: holds a credential) and benign/ (never does). Beside these,
texts that are generated here from a seed must stay silent: vocabularies, digests, identifiers, images, numbers. Texts that a
rule's own tests call harmless (label 0 under secrets/) look like credentials: few of them may be flagged. Exit status 1 when
recall falls below 95 %, more than one benign text in 1,000 is flagged, or one in ten of those that look like credentials.
"""
import base64
import collections
import glob
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import uuid


def generated():
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = {"".join(chance.choice(letters) for _ in range(chance.randint(1, 9))): number for number in range(5000)}
    yield "vocabulary", json.dumps(vocabulary)
    yield "byte-level vocabulary", json.dumps({"".join(chance.choice("ĠĊabcdeABC012_-=.:/") for _ in range(6)): n for n in range(5000)})
    yield "merges", "\n".join(f"{chance.choice(letters)}{chance.choice(letters)} {chance.choice(letters)}" for _ in range(5000))
    for number in range(300):
        raw = chance.randbytes(32)
        yield "sha256", f"sha256: {raw.hex()}\nfile: model-{number:05}.safetensors"
        yield "git", f"commit {raw[:20].hex()}\nDate: 2024-01-01"
        yield "git field", json.dumps({"commit": raw[:20].hex(), "revision": raw[:16].hex(), "etag": f"\"{raw[:16].hex()}\""})
        yield "uuid", json.dumps({"id": str(uuid.UUID(bytes=raw[:16])), "run_id": raw[:16].hex(), "model_uuid": raw[:16].hex()})
        yield "image", "data:image/png;base64,iVBORw0KGgo" + base64.b64encode(chance.randbytes(300)).decode()
        yield "tensor", json.dumps({"weights": base64.b64encode(chance.randbytes(200)).decode(), "shape": [10, 5]})
        yield "embedding", ", ".join(f"{chance.gauss(0, 1):.8f}" for _ in range(64))
        yield "integrity", "integrity sha512-" + base64.b64encode(hashlib.sha512(raw).digest()).decode()
        yield "names", f"layer.{number}.attention.self.query.weight: model-0000{number % 9}-of-00009.safetensors"
        yield "package", f"numpy==1.26.{number} --hash=sha256:{raw.hex()}"
        yield "token ids", json.dumps({"bos_token_id": number, "eos_token_id": 128000 + number, "pad_token": "<|reserved_special_token_%d|>" % number})
        yield "urls", f"https://huggingface.co/org/model/resolve/{raw[:20].hex()}/config.json?download=true"


def detect(program, texts):
    data = b"".join(struct.pack("<I", len(raw)) + raw for raw in (text.encode() for text in texts))
    lines = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    assert len(lines) == len(texts), (len(lines), len(texts))
    return [line.split("\t") if line else [] for line in lines]


def rows(pattern):
    for path in sorted(glob.glob(pattern)):
        for line in open(path, encoding="utf-8"):
            yield os.path.basename(path), json.loads(line)


def main():
    program, folder = sys.argv[1], sys.argv[2]
    verbose = "--verbose" in sys.argv
    samples = [(name, row["text"], row["label"], row.get("rule", "")) for name, row in rows(folder + "/secrets/*.jsonl")]
    samples += [(name, row["text"], 0, "") for name, row in rows(folder + "/benign/*.jsonl")]
    samples += [("generated " + name, text, 0, name) for name, text in generated()]
    found = detect(program, [text for _, text, _, _ in samples])
    totals, flagged = collections.Counter(), collections.Counter()
    missed = collections.Counter()
    for (name, text, label, rule), matches in zip(samples, found):
        source = name if not name.startswith("generated") else "generated"
        totals[source, label] += 1
        flagged[source, label] += bool(matches)
        if label and not matches:
            missed[rule] += 1
        if verbose and bool(matches) != bool(label):
            print(("missed " if label else "false  "), rule, "|", text[:200].replace("\n", "\\n"), "|", matches)
    for (source, label), total in sorted(totals.items()):
        share = flagged[source, label] / total
        print(f"  {source:34} {'positive' if label else 'benign  '} {flagged[source, label]:5} of {total:5} flagged ({share:.1%})")
    positives = sum(total for (_, label), total in totals.items() if label)
    recall = sum(count for (_, label), count in flagged.items() if label) / positives
    alike = [key for key in totals if not key[1] and "gitleaks" in key[0]]
    others = [key for key in totals if not key[1] and "gitleaks" not in key[0]]
    harmless, false = sum(totals[key] for key in others), sum(flagged[key] for key in others)
    likeness, mistaken = sum(totals[key] for key in alike), sum(flagged[key] for key in alike)
    print(f"recall {recall:.1%} of {positives} texts with credentials; {false} of {harmless} harmless texts flagged, "
          f"{mistaken} of {likeness} that look like credentials")
    return 0 if recall >= 0.95 and false * 1000 <= harmless and mistaken * 10 <= likeness else 1


if __name__ == "__main__":
    sys.exit(main())
