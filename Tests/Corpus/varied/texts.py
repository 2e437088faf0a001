"""The same text in other encodings and layouts."""
import json

UNICODE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig")
# Formats whose readers tell the encoding by the first bytes.
WIDE = {"yaml", "pmml", "openvino"}
PLAIN = {"python", "yaml", "jinja", "text", "pmml", "openvino"}


def shuffled(value):
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in sorted(value, reverse=True)}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


def spellings(data, kind):
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if isinstance(value, (dict, list)):
        yield "other order", json.dumps(shuffled(value)).encode()
        yield "indented", json.dumps(value, indent=4).encode()
        yield "lines of Windows", json.dumps(value, indent=1).replace("\n", "\r\n").encode()
        yield "escaped letters", json.dumps(value).replace("_", "\\u005f").encode()
        for encoding in UNICODE:
            yield encoding, json.dumps(value, ensure_ascii=False).encode(encoding)
    elif kind in PLAIN:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return
        yield "lines of Windows", text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        yield "utf-8-sig", text.encode("utf-8-sig")
        if not text.lstrip().startswith(("#!", "<?xml")):
            yield "empty lines before", ("\n\n" + text).encode()
        if kind in WIDE and "encoding=" not in text[:200]:
            for encoding in UNICODE[:4]:
                yield encoding, text.encode(encoding)
