#!/usr/bin/env python3
"""JSON texts, right and wrong, each read as a predicate by `assay attest` and by Python's `json`.

usage: texts.py ASSAY [COUNT] [SEED]
What is signed has to be read in one way alone. A text is to be taken when it is UTF-8 without a byte order mark, Python reads it
as an object, no object in it has a name twice, no string holds half a surrogate pair, and no number is NaN or infinite; and what
was taken has to come out again as it went in.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ASSAY = str(Path(sys.argv[1]).absolute())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)

# What JSON's other readers are known to disagree on.
KNOWN = [
    b'{}', b' {} ', b'{"a":1}\n', b'\x0b{}', b'\xc2\xa0{}', b'{}\0', b'{"a":01}', b'{"a":-0}', b'{"a":-}', b'{"a":.5}', b'{"a":1.}',
    b'{"a":1e}', b'{"a":1e+}', b'{"a":1E400}', b'{"a":+1}', b'{"a":0x1}', b'{"a":1_0}', b'{"a":NaN}', b'{"a":-Infinity}',
    b'{"a":true,}', b'{,}', b'{"a"}', b'{"a":}', b'{a:1}', b"{'a':1}", b'{"a":1 "b":2}', b'{"a":[1,]}', b'{"a":[,1]}', b'{"a":[1 2]}',
    b'{"a":"\x01"}', b'{"a":"\x7f"}', b'{"a":"\\x41"}', b'{"a":"\\u00g0"}', b'{"a":"\\u12"}', b'{"a":"\\ud83d\\ude00"}',
    b'{"a":"\\ud83d"}', b'{"a":"\\ude00\\ud83d"}', b'{"a":"\\ud83dx"}', b'{"a":"\\\\ud83d\\ude00"}', b'{"a":"\\ud83d\\u0041"}',
    b'{"\\ud800":1}', b'{"a":"\xff"}', b'{"a":"\xc0\x80"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xe2\x82"}',
    b'{"a":"\xef\xbf\xbf"}', b'{"a":"\xf0\x9f\x98\x80"}', b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"a":{"b":1,"b":1}}',
    b'{"a":[{"b":1,"b":1}]}', '{"\u00e9":1,"e\u0301":2}'.encode(), b'{"":1,"":2}', b'{"\\u0000":1}', b'{"a":/*x*/1}', b'{"a":1}//x',
    b'#\n{}', b'{"a":tru}', b'{"a":True}', b'{"a":nul}', b'{"a":"\t"}', b'{"a":"\n"}', b'{"a":"\\/\\b\\f\\n\\r\\t\\"\\\\"}',
    b'{"a":"\\v"}', b'{"a":"\\0"}', b'{"a":"\\U0041"}', b'{"a":"', b'{"a":"\\', b'{', b'}', b'[]', b'1', b'"x"', b'null', b'', b' ',
    b'\xef\xbb\xbf{}', '{"a":1}'.encode("utf-16"), '{"a":1}'.encode("utf-32"), b'{"a":1}{}', b'{"a":1},',
    b'{"a":' + b'[' * 100 + b']' * 100 + b'}', b'{"a":1e5,"b":1E-5,"c":-1.5e+10}', b'{"a":123456789012345678901234567890}',
    b'{"a":00}', b'{"a":-01}', b'{"a":1.0.0}', b'{"a":1e1.5}', b'{"a":--1}', b'{"a":\xe2\x80\xa81}', b'{"a":\x0c1}', b'{"a":1}\x1a',
]
VALUES = [b'"a"', b'1', b'-0.5e3', b'true', b'null', b'{"b":2}', b'[]', b'"\\u00e9"', b'"\\ud83d\\ude00"', '"\u00fc"'.encode(),
          b'[1,{"x":"y"}]', b'""']
NAMES = [b'"a"', b'"b"', b'"c"', b'"\\u0064"', '"\u00e9"'.encode(), b'""']


def changed():
    """A text of a few members, most of them with a byte or two wrong."""
    text = bytearray(b"{" + b",".join(
        name + b":" + RANDOM.choice(VALUES) for name in RANDOM.sample(NAMES, RANDOM.randint(0, 4))) + b"}")
    for _ in range(RANDOM.randint(0, 2)):
        if not text:
            break
        at, other, kind = RANDOM.randrange(len(text)), RANDOM.randrange(len(text)), RANDOM.randrange(4)
        if kind == 0:
            text[at] = RANDOM.choice(b'{}[]",:\\u0a \n\t-+.eE1\x00\x1f\x7f\x80\xc3\xff/tn')
        elif kind == 1:
            del text[at]
        elif kind == 2:
            text.insert(at, RANDOM.choice(b'{}[]",:\\u0 -.e1\xc3\xa9\xed'))
        else:
            text[at:at] = text[min(at, other):max(at, other)]
    return bytes(text)


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def no(constant):
    raise ValueError(constant)


def is_right(text):
    try:
        decoded = text.decode("utf-8")
        value = json.loads(decoded, object_pairs_hook=once, parse_constant=no)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return isinstance(value, dict) and not decoded.startswith("\ufeff")
    except (ValueError, RecursionError):
        return False


def judge(case):
    number, text = case
    name, made = f"{number}.json", f"{number}.out"
    Path(name).write_bytes(text)
    run = subprocess.run([ASSAY, "attest", "model", "--type", "https://example.com/kind", "--predicate", name, "--output", made],
                         capture_output=True, text=True, errors="replace", timeout=60)
    is_same = True
    if run.returncode == 0:
        is_same = repr(json.loads(Path(made).read_bytes())["predicate"]) == repr(json.loads(text))
    return text, run.returncode, is_same, run.stderr


def main():
    wrong = right = 0
    cases = KNOWN + [changed() for _ in range(COUNT)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        os.chdir(folder)
        Path("model").write_bytes(b"weights")
        for text, status, is_same, error in pool.map(judge, enumerate(cases)):
            expected = 0 if is_right(text) else 1
            right += 1 - expected
            if status != expected or not is_same:
                wrong += 1
                print(f"{text!r}: status {status} instead of {expected}, {'' if is_same else 'changed, '}{error[:200]}")
    print(f"{len(cases)} texts, {right} of them right; {wrong} judged wrong")
    sys.exit(1 if wrong else 0)


main()
