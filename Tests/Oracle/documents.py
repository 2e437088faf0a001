"""YAML read and written by us, against PyYAML's safe loader (YAML 1.1) and our own reading of what we wrote.

usage: documents.py ASSAY [COUNT [SEED]]
"""

import datetime
import json
import random
import re
import subprocess
import sys

import yaml

SCALARS = ["", "~", "null", "Null", "NULL", "nUll", "true", "True", "tRue", "yes", "Yes", "yEs", "no", "on", "Off", "y",
           "n", "0", "00", "07", "08", "0o7", "0b11", "0b", "0x1F", "0xG", "-0x1f", "+1", "-1", "1_000", "_1", "1.", ".5",
           "-.5", "+.5", "1.5", "1e5", "1.0e5", "1.0e+5", "1.e+5", "1.5E-3", "1_0.5_0", ".inf", "-.INF", "+.inf", ".nan",
           ".NaN", "1:30", "01:30", "1:60", "1:5:9.5", "190:20:30", "-1:30", "2024-05-01", "2024-5-1", "2024-13-01",
           "2024-02-30", "2024-05-01T10:00:00Z", "2024-05-01 10:00:00.5 +01:00", "2024-05-01t1:00:00", "a", "a b", "a:b",
           "=", "<", "1.2.3", "1..2", ".", "..", "1e", "e1", "1.0.e+1", "12e03", "+", "0.", "-0", "+0", "-0.0",
           "9007199254740993", "123456789012345678901234567890", "1_", "0_7", "0x_1", "1._5"]
LETTERS = "01279abefnxNyYosT:.-+_ tZ"


def same(theirs, ours):
    if isinstance(theirs, bool) or theirs is None:
        return theirs is ours
    if isinstance(theirs, (datetime.date, datetime.datetime)):
        return isinstance(ours, str)
    if isinstance(theirs, float):
        if theirs != theirs:
            return ours == ".nan"
        if theirs in (float("inf"), float("-inf")):
            return ours == (".inf" if theirs > 0 else "-.inf")
        return isinstance(ours, (int, float)) and not isinstance(ours, bool) and abs(float(ours) - theirs) <= 1e-12 * abs(theirs)
    if isinstance(theirs, int):
        return isinstance(ours, int) and not isinstance(ours, bool) and ours == theirs
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, theirs, ours))
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and len(ours) == len(theirs) and all(
            str(k) in ours and same(v, ours[str(k)]) for k, v in theirs.items())
    return theirs == ours


def value(r, depth=0):
    kind = r.randrange(5 if depth > 3 else 8)
    if kind < 5:
        return r.choice([None, True, False, 0, 12, -3, 1.5, 2e20, r.choice(SCALARS), r.choice(SCALARS), "one\ntwo\n",
                         "one\n\n  two", "tab\t", "ünï", "#x", "a: b", "- a", "'", "\"", "\\", "\x00\x1f\x7f", "\u2028"])
    if kind < 6:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    return {r.choice(SCALARS) + str(i): value(r, depth + 1) for i in range(r.randrange(4))}


def main():
    assay = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    texts = [f"a: {scalar}\n" for scalar in SCALARS]
    texts += ["a: " + "".join(r.choice(LETTERS) for _ in range(r.randrange(1, 9))) + "\n" for _ in range(count)]
    texts += [yaml.safe_dump(value(r), allow_unicode=r.random() < 0.5, default_flow_style=r.choice([None, True, False]),
                             sort_keys=False) for _ in range(count)]
    # PyYAML's own emitter leaves some texts in a form that only it reads; both must read the same, or both refuse.
    run = subprocess.run([assay, "document", "--yaml11"], input="".join(json.dumps(t) + "\n" for t in texts),
                         capture_output=True, text=True, check=True)
    answers = run.stdout.splitlines()
    assert len(answers) == len(texts), (len(answers), len(texts), run.stderr[:500])
    wrong = refused = 0
    for text, answer in zip(texts, answers):
        answer = json.loads(answer)
        try:
            theirs = yaml.safe_load(text)
            error = None
        except Exception as problem:  # yaml.YAMLError, ValueError of dates
            error = problem
        if error is not None or "error" in answer:
            refused += 1
            # An integer of more than 64 bits in another base than ten is refused by us alone; names that are no text
            # and separate documents are told by us in another way.
            if (error is None) != ("error" not in answer) and not re.search(r"0[xb]\S{17,}", text):
                wrong += 1
                print("text", repr(text), "PyYAML", error, "assay", answer.get("error"))
            continue
        if not same(theirs, answer["value"]):
            wrong += 1
            print("text", repr(text), "PyYAML", repr(theirs), "assay", answer["value"])
            continue
        again = yaml.safe_load(answer["yaml"])
        if not same(again, answer["value"]):
            wrong += 1
            print("written", repr(answer["yaml"]), "PyYAML", repr(again), "assay", answer["value"])
    print(f"{len(texts)} texts, {refused} refused: {wrong} read or written differently")
    sys.exit(1 if wrong else 0)


main()
