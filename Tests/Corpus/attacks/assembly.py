"""Assembles pickles from expressions, opcode by opcode: nothing is ever looked up, called or loaded.

    dump(Call(Name("os", "system"), "echo assay"))
"""
import struct


class Name:
    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:
    """REDUCE on a callable and a tuple of arguments."""

    def __init__(self, callee, *arguments):
        self.callee, self.arguments = callee, arguments


class Apply:
    """REDUCE on a callable and any expression for its arguments."""

    def __init__(self, callee, arguments):
        self.callee, self.arguments = callee, arguments


class New(Call):
    """NEWOBJ."""


class Obj(Call):
    """MARK class arguments OBJ; the class is a Name."""


class Build:
    def __init__(self, target, state):
        self.target, self.state = target, state


class Sequence:
    """Values pushed and popped one after another; the last one stays."""

    def __init__(self, *values):
        self.values = values


class SetItems:
    """A value that gets items by SETITEMS."""

    def __init__(self, target, *items):
        self.target, self.items = target, items


class Appends:
    """A value that gets items by APPENDS, which calls `extend` or `append`."""

    def __init__(self, target, *items):
        self.target, self.items = target, items


class Put:
    """Stores a value in the memo."""

    def __init__(self, index, value):
        self.index, self.value = index, value


class Get:
    def __init__(self, index):
        self.index = index


class Persistent:
    def __init__(self, value):
        self.value = value


class Computed:
    """STACK_GLOBAL on two expressions."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Raw:
    """Opcodes as they are."""

    def __init__(self, opcodes):
        self.opcodes = opcodes


def text(value, protocol=4):
    raw = value.encode()
    if protocol == 0:
        return b"V" + value.encode("raw-unicode-escape") + b"\n"
    return b"X" + struct.pack("<I", len(raw)) + raw


def encode(value, protocol):
    def go(inner):
        return encode(inner, protocol)

    def tuple_of(items):
        body = b"".join(go(item) for item in items)
        short = {0: b")", 1: b"\x85", 2: b"\x86", 3: b"\x87"}
        if protocol >= 2 and len(items) in short:
            return body + short[len(items)]
        return b"(" + body + b"t"

    match value:
        case Raw(): return value.opcodes
        case Name():
            if protocol >= 4:
                return text(value.module) + text(value.name) + b"\x93"
            return b"c" + value.module.encode() + b"\n" + value.name.encode() + b"\n"
        case New(): return go(value.callee) + tuple_of(value.arguments) + b"\x81"
        case Obj(): return b"(" + go(value.callee) + b"".join(go(item) for item in value.arguments) + b"o"
        case Call(): return go(value.callee) + tuple_of(value.arguments) + b"R"
        case Apply(): return go(value.callee) + go(value.arguments) + b"R"
        case Build(): return go(value.target) + go(value.state) + b"b"
        case Sequence(): return b"0".join(go(item) for item in value.values)
        case SetItems(): return go(value.target) + b"(" + b"".join(go(item) for item in value.items) + b"u"
        case Appends(): return go(value.target) + b"(" + b"".join(go(item) for item in value.items) + b"e"
        case Put(): return go(value.value) + b"q" + bytes([value.index])
        case Get(): return b"h" + bytes([value.index])
        case Persistent(): return go(value.value) + b"Q"
        case Computed(): return go(value.module) + go(value.name) + b"\x93"
        case None: return b"N"
        case bool(): return b"\x88" if value else b"\x89"
        case int():
            if protocol == 0: return b"I" + str(value).encode() + b"\n"
            if -1 << 31 <= value < 1 << 31: return b"J" + struct.pack("<i", value)
            size = value.bit_length() // 8 + 1
            return b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True)
        case float(): return b"G" + struct.pack(">d", value)
        case str(): return text(value, protocol)
        case bytes(): return b"B" + struct.pack("<I", len(value)) + value
        case tuple(): return tuple_of(value)
        case list(): return b"](" + b"".join(go(item) for item in value) + b"e"
        case dict():
            return b"}(" + b"".join(go(key) + go(item) for key, item in value.items()) + b"u"
    raise TypeError(type(value))


def dump(value, protocol=4, stop=b"."):
    head = bytes([0x80, protocol]) if protocol >= 2 else b""
    return head + encode(value, protocol) + stop
