"""Random schemas on random values: our JSON Schema validator and Python's `jsonschema` must agree on every verdict.

usage: schemas.py ASSAY [COUNT [SEED]]
"""

import json
import random
import subprocess
import sys

import jsonschema

TEXTS = ["", "a", "b", "ab", "abc", "aab", "x-a", "é", "2024-02-29", "2023-02-29", "2024-05-01T10:00:00Z",
         "2024-05-01T10:00:00+02:00", "00000000-0000-4000-8000-000000000001", "12", "A1"]
PATTERNS = ["a", "^a", "b$", "^a*b?$", "^[a-c]{2,3}$", "^(a|ab)(c|bcd)?$", "^x-", "^[^a]", "\\d", "^.{0,2}$"]
NUMBERS = [0, 1, 2, 3, -1, 5, 10, 1.0, 1.5, 2.5, -0.5, 1e3, 0.25, 1000000]
NAMES = ["a", "b", "c", "x-a"]
FORMATS = ["date", "date-time", "uuid"]  # uuid is no format of draft-07 to the other library


def value(r, depth=0):
    kind = r.randrange(6 if depth > 2 else 9)
    if kind == 0:
        return None
    if kind == 1:
        return r.random() < 0.5
    if kind in (2, 3):
        return r.choice(NUMBERS)
    if kind in (4, 5):
        return r.choice(TEXTS)
    if kind == 6:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    return {name: value(r, depth + 1) for name in r.sample(NAMES, r.randrange(4))}


def schema(r, depth, draft7, names):
    if depth > 3 or r.random() < 0.08:
        return r.random() < 0.7
    if names and r.random() < 0.15:
        # Only deeper into the value, so that Python's library does not recurse for ever.
        if r.random() < 0.5:
            return {"properties": {r.choice(NAMES): {"$ref": r.choice(names)}}}
        return {"items": {"$ref": r.choice(names)}}
    s = {}
    sub = lambda: schema(r, depth + 1, draft7, names)
    keywords = ["type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
                "minLength", "maxLength", "pattern", "format", "items", "contains", "minItems", "maxItems",
                "uniqueItems", "properties", "patternProperties", "additionalProperties", "required", "propertyNames",
                "minProperties", "maxProperties", "allOf", "anyOf", "oneOf", "not", "if"]
    keywords += ["tuple7", "dependencies"] if draft7 else [
        "prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems",
        "minmaxContains"]
    for keyword in r.sample(keywords, r.randrange(1, 5)):
        if keyword == "type":
            types = ["null", "boolean", "integer", "number", "string", "array", "object"]
            s["type"] = r.choice(types) if r.random() < 0.5 else r.sample(types, r.randrange(1, 4))
        elif keyword == "enum":
            s["enum"] = [value(r, 2) for _ in range(r.randrange(1, 5))]
        elif keyword == "const":
            s["const"] = value(r, 2)
        elif keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            s[keyword] = r.choice(NUMBERS)
        elif keyword == "multipleOf":
            s[keyword] = r.choice([1, 2, 3, 0.5, 0.25])
        elif keyword in ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"):
            s[keyword] = r.randrange(4)
        elif keyword == "pattern":
            s[keyword] = r.choice(PATTERNS)
        elif keyword == "format":
            s[keyword] = r.choice(FORMATS[:2] if draft7 else FORMATS)
        elif keyword == "uniqueItems":
            s[keyword] = True
        elif keyword == "properties":
            s[keyword] = {name: sub() for name in r.sample(NAMES, r.randrange(1, 3))}
        elif keyword == "patternProperties":
            s[keyword] = {r.choice(PATTERNS): sub()}
        elif keyword in ("dependentRequired",):
            s[keyword] = {r.choice(NAMES): r.sample(NAMES, r.randrange(3))}
        elif keyword == "dependentSchemas":
            s[keyword] = {r.choice(NAMES): sub()}
        elif keyword == "dependencies":
            s[keyword] = {r.choice(NAMES): r.sample(NAMES, r.randrange(1, 3)) if r.random() < 0.5 else sub()}
        elif keyword == "required":
            s[keyword] = r.sample(NAMES, r.randrange(3))
        elif keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            s[keyword] = [sub() for _ in range(r.randrange(1, 4))]
        elif keyword == "tuple7":
            s["items"] = [sub() for _ in range(r.randrange(1, 3))]
            if r.random() < 0.7:
                s["additionalItems"] = sub()
        elif keyword == "minmaxContains":
            s["contains"] = sub()
            if r.random() < 0.7:
                s["minContains"] = r.randrange(3)
            if r.random() < 0.7:
                s["maxContains"] = r.randrange(3)
        elif keyword == "if":
            s["if"] = sub()
            if r.random() < 0.8:
                s["then"] = sub()
            if r.random() < 0.8:
                s["else"] = sub()
        else:
            s[keyword] = sub()
    if isinstance(s.get("items"), bool):
        # Python's library takes the length of `items` there.
        s.pop("additionalItems", None)
    return s


def main():
    assay = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    cases = []
    for _ in range(count):
        draft7 = r.random() < 0.3
        key = "definitions" if draft7 else "$defs"
        definitions = {name: schema(r, 2, draft7, []) for name in ("one", "two")}
        root = schema(r, 0, draft7, [f"#/{key}/{name}" for name in definitions] + ["#"])
        if isinstance(root, bool):
            root = {}
        root[key] = definitions
        root["$schema"] = ("http://json-schema.org/draft-07/schema#" if draft7
                           else "https://json-schema.org/draft/2020-12/schema")
        cases.append((root, [value(r) for _ in range(20)]))
    text = "".join(json.dumps(case) + "\n" for case in cases)
    answers = subprocess.run([assay, "schemas"], input=text, capture_output=True, text=True, check=True).stdout
    answers = answers.splitlines()
    assert len(answers) == len(cases), (len(answers), len(cases))
    wrong = accepted = 0
    for (root, values), answer in zip(cases, answers):
        kind = jsonschema.Draft7Validator if "draft-07" in root["$schema"] else jsonschema.Draft202012Validator
        validator = kind(root, format_checker=kind.FORMAT_CHECKER)
        expected = "".join("1" if validator.is_valid(one) else "0" for one in values)
        accepted += expected.count("1")
        if answer != expected:
            wrong += 1
            if wrong <= 5:
                print("schema", json.dumps(root))
                for one, theirs, ours in zip(values, expected, answer):
                    if theirs != ours:
                        print("  value", json.dumps(one), "jsonschema", theirs, "assay", ours)
                        break
                else:
                    print("  answer", answer)
    print(f"{count} schemas, {20 * count} values, {accepted} allowed: {wrong} schemas judged differently")
    sys.exit(1 if wrong else 0)


main()
