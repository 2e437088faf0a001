"""The same pickle spelled with other opcodes, and in what else holds pickles."""
import io
import pickletools
import struct

import containers

TEXTS = {"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
BYTES = {"BINBYTES", "SHORT_BINBYTES", "BINBYTES8"}
INTEGERS = {"BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"}
PUTS = {"PUT", "BINPUT", "LONG_BINPUT"}
GETS = {"GET", "BINGET", "LONG_BINGET"}
# Pushed and dropped again, or nothing at all. None of it touches the memo.
IDLE = [b"N0", b"(1", b"]0", b"}0", b"(t0", b"K\x050", b"\x8c\x03abc0", b"N200", b"(NN1", b"G?\xf0\0\0\0\0\0\x000",
        b"I01\n0", b"\x8f0", b"\x80\x02", b"C\x05hello0", b"(K\x01K\x02d0"]


def opcodes(data):
    """The opcodes of the first pickle as (name, argument, bytes) and what follows it; None when it breaks off."""
    stream = io.BytesIO(data)
    try:
        found = list(pickletools.genops(stream))
    except Exception:
        return None
    ends = [place for _, _, place in found[1:]] + [stream.tell()]
    return [(op.name, argument, data[place:end]) for (op, argument, place), end in zip(found, ends)], data[stream.tell():]


def text(value, width):
    encoded = value.encode("utf-8", "surrogatepass")
    if width == 1 and len(encoded) < 256:
        return b"\x8c" + bytes([len(encoded)]) + encoded
    if width == 8:
        return b"\x8d" + struct.pack("<Q", len(encoded)) + encoded
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def escaped(value):
    return b"V" + "".join(f"\\u{ord(c):04x}" if ord(c) < 65536 else f"\\U{ord(c):08x}" for c in value).encode() + b"\n"


def raw(value):
    for character in "\\\0\n\r\x1a":
        value = value.replace(character, f"\\u{ord(character):04x}")
    return b"V" + value.encode("raw-unicode-escape") + b"\n"


def data_of(value, width):
    if width == 1 and len(value) < 256:
        return b"C" + bytes([len(value)]) + value
    return b"\x8e" + struct.pack("<Q", len(value)) + value if width == 8 else b"B" + struct.pack("<I", len(value)) + value


def integer(value, way):
    if way == "text":
        return b"I%d\n" % value
    if way == "long text":
        return b"L%dL\n" % value
    encoded = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True) if value else b""
    if way == "long" and len(encoded) < 256:
        return b"\x8a" + bytes([len(encoded)]) + encoded
    return b"\x8b" + struct.pack("<i", len(encoded)) + encoded


def with_texts(ops, spell):
    return [spell(argument) if name in TEXTS else code for name, argument, code in ops]


def with_bytes(ops, width):
    return [data_of(argument, width) if name in BYTES else code for name, argument, code in ops]


def with_integers(ops, way):
    return [integer(argument, way) if name in INTEGERS else code for name, argument, code in ops]


def with_stacked_names(ops):
    """Names as two texts from the stack."""
    spelled = []
    for name, argument, code in ops:
        if name == "GLOBAL":
            module, _, attribute = argument.partition(" ")
            code = text(module, 1) + text(attribute, 1) + b"\x93"
        spelled.append(code)
    return spelled


def with_numbered_memo(ops, put, get):
    """Every memo entry with its number; those that had none get the next one, as MEMOIZE counts them."""
    spelled, memo = [], set()
    for name, argument, code in ops:
        if name in PUTS or name == "MEMOIZE":
            number = len(memo) if name == "MEMOIZE" else argument
            memo.add(number)
            code = put(number)
        elif name in GETS:
            code = get(argument)
        spelled.append(code)
    return spelled


def idling(ops, rng):
    spelled = []
    for name, _, code in ops:
        if name != "PROTO" and rng.random() < 0.5:
            spelled.append(rng.choice(IDLE))
        spelled.append(code)
    return spelled


def doubling(ops):
    """What is pushed is pushed twice, and one dropped."""
    return [code + b"20" if name in TEXTS | {"GLOBAL", "STACK_GLOBAL"} else code for name, _, code in ops]


def spellings(data, rng):
    parsed = opcodes(data)
    if parsed is None:
        return
    # A frame's length would no longer be right.
    ops = [op for op in parsed[0] if op[0] != "FRAME"]
    ways = {
        "short texts": lambda ops: with_texts(ops, lambda value: text(value, 1)),
        "long texts": lambda ops: with_texts(ops, lambda value: text(value, 8)),
        "texts in lines": lambda ops: with_texts(ops, raw),
        "escaped texts": lambda ops: with_texts(ops, escaped),
        "long bytes": lambda ops: with_bytes(ops, 8),
        "integers as text": lambda ops: with_integers(ops, "text"),
        "long integers as text": lambda ops: with_integers(ops, "long text"),
        "long integers": lambda ops: with_integers(ops, "long"),
        "names from the stack": with_stacked_names,
        "memo in text": lambda ops: with_numbered_memo(ops, lambda n: b"p%d\n" % n, lambda n: b"g%d\n" % n),
        "memo with gaps": lambda ops: with_numbered_memo(
            ops, lambda n: b"r" + struct.pack("<I", (3 * n + 2) % 2**32), lambda n: b"j" + struct.pack("<I", (3 * n + 2) % 2**32)),
        "no protocol": lambda ops: [code for name, _, code in ops if name != "PROTO"],
        "idle opcodes": lambda ops: idling(ops, rng),
        "doubled values": doubling,
    }
    for name, way in ways.items():
        yield name, b"".join(way(ops)) + parsed[1]
    for number in range(2):
        mixed, names = ops, rng.sample(sorted(ways), 3)
        for name in names:
            stream = b"".join(ways[name](mixed))
            again = opcodes(stream)
            if again is None:
                break
            mixed = again[0]
        yield " + ".join(names), b"".join(code for _, _, code in mixed) + parsed[1]


def object_array(data):
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header + data


def within(data):
    """In what loaders take pickles from."""
    rest = [("archive/data/0", bytes(64)), ("archive/version", b"3\n")]
    yield "torch zip", ("model.pt", containers.zipped([("archive/data.pkl", data)] + rest, 0))
    yield "array of objects", ("array.npy", object_array(data))
    yield "archive of arrays", ("arrays.npz", containers.zipped([("weights.npy", object_array(data))]))
    yield "second pickle", ("two.pkl", b"\x80\x04}\x94." + data)
    yield "other name", ("pytorch_model.bin", data)
