#!/usr/bin/env python3
"""Compares Assay's pickle machine with CPython's own unpickler.

The truth is `pickle._Unpickler` (the pure-Python one) with `find_class`, `persistent_load` and the extension registry
replaced by recording stubs: nothing is imported and nothing is run. Every import, call, BUILD and store on an object
is a line, in order, with the offset of its opcode; the last line says where the stream stopped or broke.

Where the C unpickler (`_pickle`) accepts more, its rule is applied (frames are not enforced, `int` in octal, NUL ends
a number, empty batches do nothing), because Assay follows whichever of the two goes on.

usage: pickle_oracle.py --binary PICKLELOG [--streams N] [--seed S] [--golden FILE] [FILE-OR-FOLDER ...]
"""
import argparse
import codecs
import io
import os
import pickle
import random
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
sys.setrecursionlimit(10_000)
warnings.simplefilter("ignore")  # odd escapes are what this is about


class Broken(Exception):
    pass


class Stub:
    """Stands for everything whose behaviour is unknown."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


class RecordedList(list):
    __slots__ = ()
    __hash__ = None


class RecordedDict(dict):
    __slots__ = ("_pairs",)
    __hash__ = None

    def __init__(self):
        self._pairs = []

    def __setitem__(self, key, value):
        hash(key)
        self._pairs += [key, value]
        dict.__setitem__(self, len(self._pairs), value)


class RecordedSet(set):
    __slots__ = ("_items",)
    __hash__ = None

    def __init__(self):
        self._items = []

    def record(self, items):
        for item in items:
            hash(item)
        self._items += items


class RecordedFrozenSet(frozenset):
    __slots__ = ("_items",)


class View:
    __slots__ = ("base",)

    def __init__(self, base):
        self.base = base


def quoted(text):
    out = ["'"]
    for character in text[:200]:
        if " " <= character < "\x7f" and character not in "'\\":
            out.append(character)
        else:
            out.append("\\%x;" % ord(character))
    return "".join(out) + ("+'" if len(text) > 200 else "'")


def render(value):
    left = [300]

    def walk(value, depth):
        left[0] -= 1
        if left[0] < 0 or depth > 6:
            return "~"
        kind = type(value)
        if value is None:
            return "N"
        if value is True:
            return "T"
        if value is False:
            return "F"
        if kind is int:
            if -(1 << 63) <= value < 1 << 63:
                return "i%d" % value
            length = (value if value >= 0 else ~value).bit_length() // 8 + 1
            data = value.to_bytes(length, "little", signed=True)[:4096]
            return "I" + data[:64].hex() + ("+" if len(data) > 64 else "")
        if kind is float:
            return "fnan" if value != value else "f" + struct.pack(">d", value).hex()
        if kind is str:
            return "s" + quoted(value)
        if kind in (bytes, bytearray):
            return ("b" if kind is bytes else "B") + value[:64].hex() + ("+" if len(value) > 64 else "")
        if kind is Stub:
            if isinstance(value.text, tuple):
                head, children = value.text
                return head + "(" + many(children, depth) + ")"
            return value.text
        if kind is View:
            return "v(" + many([value.base], depth) + ")"
        if kind is tuple:
            return "(" + many(value, depth) + ")"
        if kind is RecordedList:
            return "[" + many(value, depth) + "]"
        if kind is RecordedDict:
            return "{" + many(value._pairs, depth) + "}"
        if kind is RecordedSet:
            return "<" + many(value._items, depth) + ">"
        if kind is RecordedFrozenSet:
            return "/" + many(value._items, depth) + "/"
        raise AssertionError(kind)

    def many(values, depth):
        parts = []
        for value in values:
            if left[0] < 0:
                break
            parts.append(walk(value, depth + 1))
        return ",".join(parts)

    return walk(value, 0)


ITERABLE = (tuple, list, dict, set, frozenset, str, bytes, bytearray, Stub, View)


def c_integer(line, base):
    """An integer as strtol and PyLong_FromString read it: up to NUL, and in octal for a leading zero."""
    line = line.split(b"\0")[0]
    if len(line) > 20_000:
        raise ValueError
    try:
        return int(line, base)
    except ValueError:
        if base != 0:
            raise
    return None


class Oracle(pickle._Unpickler):
    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="latin1")
        self.data = data
        self.source = io.BytesIO(data)
        self.lines = []
        self.calls = 0

    def read_exactly(self, count):
        if count > len(self.data) - self.source.tell():
            raise Broken("truncated")
        return self.source.read(count)

    def read_line(self):
        line = self.source.readline()
        if not line.endswith(b"\n"):
            raise Broken("truncated")
        return line

    def read_into(self, buffer):
        buffer[:] = self.read_exactly(len(buffer))
        return len(buffer)

    def run(self):
        self.read = self.read_exactly
        self.readline = self.read_line
        self.readinto = self.read_into
        self.metastack = []
        self.stack = []
        self.append = self.stack.append
        self.proto = 0
        try:
            while True:
                self.at = self.source.tell()
                self.dispatch[self.read_exactly(1)[0]](self)
        except pickle._Stop as stop:
            self.lines.append("stop %d %s" % (self.source.tell(), render(stop.value)))
        except AssertionError:
            raise
        except RecursionError:
            return None
        except Exception:
            self.lines.append("broken %d" % self.at)
        return self.lines

    # Recording

    def find_class(self, module, name):
        if isinstance(module, Stub) or isinstance(name, Stub):
            stub = Stub(("g", [module, name]))
        else:
            stub = Stub("g" + quoted(module) + quoted(name))
        self.lines.append("import %d %s" % (self.at, render(stub)))
        return stub

    def get_extension(self, code):
        if code <= 0:
            raise Broken("code")
        stub = Stub("x%d" % code)
        self.lines.append("import %d %s" % (self.at, render(stub)))
        self.append(stub)

    def persistent_load(self, pid):
        return Stub(("p", [pid]))

    def call(self, opcode, callee, arguments, *keyword):
        if type(callee) is not Stub:
            raise Broken("callable")
        if not isinstance(arguments, ITERABLE):
            raise Broken("arguments")
        line = "call %d %s %s %s" % (self.at, opcode, render(callee), render(arguments))
        for keywords in keyword:
            if type(keywords) is RecordedDict:
                if not all(isinstance(key, str) or type(key) is Stub for key in keywords._pairs[::2]):
                    raise Broken("keywords")
            elif type(keywords) is not Stub:
                raise Broken("keywords")
            line += " " + render(keywords)
        self.lines.append(line)
        self.calls += 1
        return Stub("r%d" % (self.calls - 1))

    def store(self, opcode, target, items):
        self.lines.append(
            "store %d %s %s %s" % (self.at, opcode, render(target), " ".join(render(item) for item in items)))


def opcode(code):
    def decorate(function):
        Oracle.dispatch[code[0]] = function
        return function
    return decorate


@opcode(pickle.FRAME)
def load_frame(self):
    self.read(8)


@opcode(pickle.INT)
def load_int(self):
    line = self.readline()[:-1]
    if line == b"00":
        return self.append(False)
    if line == b"01":
        return self.append(True)
    value = c_integer(line, 0)
    if value is None:
        text = line.split(b"\0")[0].strip()
        sign = text[:1] if text[:1] in (b"-", b"+") else b""
        digits = text[len(sign):]
        if not digits.startswith(b"0") or b"_" in digits:
            raise Broken("int")
        value = int(sign + b"0o" + digits, 0) if digits.isdigit() else int(b"x")
    self.append(value)


@opcode(pickle.LONG)
def load_long(self):
    line = self.readline()[:-1]
    if line.endswith(b"L"):
        line = line[:-1]
    value = c_integer(line, 0)
    if value is None:
        raise Broken("long")
    self.append(value)


@opcode(pickle.FLOAT)
def load_float(self):
    line = self.readline()[:-1].split(b"\0")[0]
    if len(line) > 20_000:
        raise Broken("float")
    self.append(float(line))


@opcode(pickle.STRING)
def load_string(self):
    data = self.readline()[:-1]
    if not (len(data) >= 2 and data[0] == data[-1] and data[0] in b"\"'"):
        raise Broken("quotes")
    self.append(codecs.escape_decode(data[1:-1])[0].decode("latin1"))


@opcode(pickle.GET)
def load_get(self):
    self.append(self.memo[c_integer(self.readline()[:-1], 10)])


@opcode(pickle.PUT)
def load_put(self):
    index = c_integer(self.readline()[:-1], 10)
    if index < 0 or index >= 1 << 63:
        raise Broken("index")
    self.memo[index] = self.stack[-1]


@opcode(pickle.EMPTY_LIST)
def load_empty_list(self):
    self.append(RecordedList())


@opcode(pickle.EMPTY_DICT)
def load_empty_dict(self):
    self.append(RecordedDict())


@opcode(pickle.EMPTY_SET)
def load_empty_set(self):
    self.append(RecordedSet())


@opcode(pickle.LIST)
def load_list(self):
    items = self.pop_mark()
    self.append(RecordedList(items))


def store_pairs(target, items):
    for index in range(0, len(items), 2):
        target[items[index]] = items[index + 1]


@opcode(pickle.DICT)
def load_dict(self):
    items = self.pop_mark()
    value = RecordedDict()
    store_pairs(value, items)
    self.append(value)


@opcode(pickle.FROZENSET)
def load_frozenset(self):
    items = self.pop_mark()
    for item in items:
        hash(item)
    value = RecordedFrozenSet((id(items),) if items else ())
    value._items = items
    self.append(value)


def set_items(self, name, items):
    target = self.stack[-1]
    if not items:
        return
    if len(items) % 2:
        raise Broken("odd")
    if type(target) is Stub:
        self.store(name, target, items)
    elif isinstance(target, (RecordedDict, RecordedList)):
        store_pairs(target, items)
    elif type(target) is bytearray:
        # Checked, and not done: a byte array is compared as it was made.
        store_pairs(bytearray(target), items)
    else:
        raise Broken("target")


@opcode(pickle.SETITEM)
def load_setitem(self):
    value = self.stack.pop()
    key = self.stack.pop()
    set_items(self, "SETITEM", [key, value])


@opcode(pickle.SETITEMS)
def load_setitems(self):
    items = self.pop_mark()
    set_items(self, "SETITEMS", items)


def extend(self, name, items):
    target = self.stack[-1]
    if not items:
        return
    if type(target) is Stub:
        self.store(name, target, items)
    elif type(target) is RecordedList:
        target.extend(items)
    elif type(target) is bytearray:
        bytearray(target).extend(items)
    else:
        raise Broken("target")


@opcode(pickle.APPEND)
def load_append(self):
    value = self.stack.pop()
    extend(self, "APPEND", [value])


@opcode(pickle.APPENDS)
def load_appends(self):
    items = self.pop_mark()
    extend(self, "APPENDS", items)


@opcode(pickle.ADDITEMS)
def load_additems(self):
    items = self.pop_mark()
    target = self.stack[-1]
    if not items:
        return
    if type(target) is Stub:
        self.store("ADDITEMS", target, items)
    elif type(target) is RecordedSet:
        target.record(items)
    else:
        raise Broken("target")


@opcode(pickle.STACK_GLOBAL)
def load_stack_global(self):
    name = self.stack.pop()
    module = self.stack.pop()
    if not isinstance(name, (str, Stub)) or not isinstance(module, (str, Stub)):
        raise Broken("names")
    self.append(self.find_class(module, name))


@opcode(pickle.REDUCE)
def load_reduce(self):
    arguments = self.stack.pop()
    self.stack[-1] = self.call("REDUCE", self.stack[-1], arguments)


@opcode(pickle.NEWOBJ)
def load_newobj(self):
    arguments = self.stack.pop()
    callee = self.stack.pop()
    self.append(self.call("NEWOBJ", callee, arguments))


@opcode(pickle.NEWOBJ_EX)
def load_newobj_ex(self):
    keywords = self.stack.pop()
    arguments = self.stack.pop()
    callee = self.stack.pop()
    self.append(self.call("NEWOBJ_EX", callee, arguments, keywords))


@opcode(pickle.INST)
def load_inst(self):
    module = self.readline()[:-1].decode("ascii")
    name = self.readline()[:-1].decode("ascii")
    callee = self.find_class(module, name)
    arguments = tuple(self.pop_mark())
    self.append(self.call("INST", callee, arguments))


@opcode(pickle.OBJ)
def load_obj(self):
    arguments = self.pop_mark()
    callee = arguments.pop(0)
    self.append(self.call("OBJ", callee, tuple(arguments)))


@opcode(pickle.BUILD)
def load_build(self):
    state = self.stack.pop()
    target = self.stack[-1]
    if type(target) is Stub:
        self.lines.append("build %d %s %s" % (self.at, render(target), render(state)))
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state or slots:
        raise Broken("BUILD")


@opcode(pickle.NEXT_BUFFER)
def load_next_buffer(self):
    self.append(Stub("u"))


@opcode(pickle.READONLY_BUFFER)
def load_readonly_buffer(self):
    value = self.stack[-1]
    if type(value) is bytearray:
        self.stack[-1] = View(value)
    elif type(value) not in (bytes, Stub, View):
        raise Broken("buffer")


# Streams


def opcode_line(random, kind):
    """The argument of a text opcode, often odd."""
    if kind in "IL":
        choices = [b"0", b"1", b"00", b"01", b"-5", b"+7", b"0x1f", b"0o17", b"0b11", b"010", b"08", b" 12 ", b"1_000",
                   b"1__0", b"", b"-", b"99999999999999999999", b"-99999999999999999999", b"12\x00zz", b"9223372036854775807",
                   b"36028797018963968", b"-36028797018963969", b"5L", b"0x_f", b"0_7", b"-0", b"1e3"]
        return random.choice(choices) + (b"L" if kind == "L" and random.random() < 0.5 else b"")
    if kind == "F":
        return random.choice([b"1.5", b"-0.0", b"1e999", b"inf", b"-inf", b"nan", b".5", b"5.", b"1_0.5", b"1__0", b"e5",
                              b"1e", b" 2.5 ", b"0x1p3", b"infinity", b"+1e-3", b"", b"1.5\x00x", b"--1", b"1.", b"."])
    if kind == "S":
        body = random.choice([b"os", b"system", b"a\\x41b", b"\\'", b"\\x4", b"\\101", b"\\777", b"\\q", b"\xe9", b"\\n\\t",
                              b"\\\\x41", b"a'b", b"", b"\\08", b"\\u0041", b"\\x414"])
        quote = random.choice([b"'", b"'", b'"'])
        return random.choice([quote + body + quote] * 8 + [body, quote + body, quote, body + quote + b" "])
    if kind == "V":
        return random.choice([b"os", b"sys\\u0074em", b"\\U0001F600", b"\\U00110000", b"\\u12", b"\\\\u0041", b"\xe9\xff",
                              b"\\ud800", b"", b"a\\", b"\\x41", b"\\", b"\\\\", b"\\uD83D\\uDE00", b"\\u00e9"])
    return b"x"


def name(random):
    return random.choice([b"os", b"system", b"a.b", b"builtins", b"eval", b"collections", b"OrderedDict", "\u00e9".encode(), b""])


def generated(random):
    """One stream. Types of the stack are followed, so that most opcodes fit; now and then anything at all comes."""
    wildness = random.choice([0.0, 0.0, 0.01, 0.05])
    out = [b"\x80" + bytes([random.choice([0, 1, 2, 3, 4, 5, 5, 4])])] if random.random() < 0.6 else []
    stack = []   # c callable, l list, d dict, s set, t tuple, k hashable constant, n name text, y bytearray
    marks = []
    memo = {}

    def odd():
        return random.random() < wildness

    def text():
        if odd():
            data = random.choice([b"\xff", b"\xc0\x80", b"\xf4\x90\x80\x80", b"abcdefgh\x80", b"\xed\xa0"])
        else:
            data = random.choice([b"os", b"system", b"x", b"", b"key", "\u00e9\u4e2d".encode(), b"\xed\xa0\x80", b"a" * 250,
                                  "\U0001F600".encode(), b"name"])
        line = opcode_line if random.random() < 0.05 + wildness else lambda random, kind: random.choice(
            [b"'os'", b"'a\\x41b'", b'"q\\n\\\\x41"', b"'\\101\\777'", b"'\xe9'"] if kind == "S" else
            [b"os", b"\\u0041", b"\xe9", b"\\U0001F600", b"a\\q", b"\\\\u0041", b"\\ud800"])
        return random.choice([
            lambda: b"X" + struct.pack("<I", len(data)) + data,
            lambda: b"\x8c" + bytes([len(data)]) + data,
            lambda: b"\x8d" + struct.pack("<Q", len(data)) + data,
            lambda: b"V" + line(random, "V") + b"\n",
            lambda: b"S" + line(random, "S") + b"\n",
            lambda: b"U" + bytes([len(data)]) + data,
            lambda: b"T" + struct.pack("<I", len(data)) + data])()

    def number():
        data = random.randbytes(random.choice([0, 1, 2, 4, 7, 8, 9, 12]))
        plain = random.random() > 0.05 + wildness
        return random.choice([
            lambda: b"K" + random.randbytes(1), lambda: b"M" + random.randbytes(2), lambda: b"J" + random.randbytes(4),
            lambda: b"G" + random.choice([random.randbytes(8), struct.pack(">d", 1.5), struct.pack(">d", float("nan"))]),
            lambda: b"I" + (random.choice([b"5", b"-77", b"01", b"00", b"0x1f", b"1_0", b" 12 ", b"010"]) if plain
                            else opcode_line(random, "I")) + b"\n",
            lambda: b"L" + (random.choice([b"5L", b"-77", b"99999999999999999999L"]) if plain
                            else opcode_line(random, "L")) + b"\n",
            lambda: b"F" + (random.choice([b"1.5", b"-0.0", b"1e999", b".5", b"1_0.25", b"nan"]) if plain
                            else opcode_line(random, "F")) + b"\n",
            lambda: b"\x8a" + bytes([len(data)]) + data, lambda: b"\x8b" + struct.pack("<I", len(data)) + data])()

    def constant():
        data = random.randbytes(random.choice([0, 3, 11, 70]))
        kind, make = random.choice([
            ("n", text), ("n", text), ("n", text), ("k", number), ("k", number), ("k", lambda: b"N"),
            ("k", lambda: b"\x88"), ("k", lambda: b"\x89"), ("k", lambda: b"C" + bytes([len(data)]) + data),
            ("k", lambda: b"B" + struct.pack("<I", len(data)) + data),
            ("k", lambda: b"\x8e" + struct.pack("<Q", len(data)) + data),
            ("y", lambda: b"\x96" + struct.pack("<Q", len(data)) + data),
            ("l", lambda: b"]"), ("d", lambda: b"}"), ("t", lambda: b")"), ("s", lambda: b"\x8f"), ("c", lambda: b"\x97")])
        out.append(make())
        stack.append(kind)

    def names():
        return name(random) + b"\n" + name(random) + b"\n"

    def imported():
        out.append(random.choice([
            lambda: b"c" + names(), lambda: text_pair() + b"\x93", lambda: b"\x82" + bytes([random.randrange(1, 9)]),
            lambda: b"\x83" + random.choice([random.randbytes(2), b"\x01\x00"]),
            lambda: b"\x84" + random.choice([random.randbytes(4), b"\x01\x00\x00\x00"]),
            lambda: b"P" + name(random).decode().encode("ascii", "ignore") + b"\n"])())
        stack.append("c")

    def text_pair():
        return text() + text()

    def push():
        imported() if random.random() < 0.3 else constant()

    def above():
        return len(stack) - (marks[-1] if marks else 0)

    def step():
        top = stack[-1] if above() else ""
        below = stack[-2] if above() >= 2 else ""
        third = stack[-3] if above() >= 3 else ""
        items = stack[marks[-1]:] if marks else []
        target = stack[marks[-1] - 1] if marks and marks[-1] > (marks[-2] if len(marks) > 1 else 0) else ""
        hashable = set("kntc")
        ways = [push, push]
        if above():
            ways += [lambda: remember(), lambda: remember(), lambda: (out.append(b"2"), stack.append(top))]
            if random.random() < 0.2:
                ways.append(lambda: (out.append(b"0"), stack.pop()))
            ways.append(lambda: (out.append(b"\x85"), stack.append("t" if stack.pop() in hashable else "x")))
            if random.random() < 0.3:
                ways.append(lambda: (out.append(b"Q"), stack.pop(), stack.append("c")))
            if top in "yc":
                ways.append(lambda: (out.append(b"\x98"), top == "y" and (stack.pop(), stack.append("x"))))
        if memo:
            ways += [lambda: recall(), lambda: recall()]
        ways.append(lambda: (out.append(b"("), marks.append(len(stack))))
        if below == "c":
            if top in "tlds":
                ways += [lambda: (out.append(random.choice([b"R", b"\x81"])), stack.pop())] * 4
            ways += [lambda: (out.append(random.choice([b"b", b"b", b"a"])), stack.pop())] * 2
        if below == "l":
            ways += [lambda: (out.append(b"a"), stack.pop())] * 2
        if below == "n" and top == "n" or below in "cn" and top in "cn" and below and top and random.random() < 0.3:
            ways += [lambda: (out.append(b"\x93"), stack.pop(), stack.pop(), stack.append("c"))] * 2
        if third == "c" and below in "tl" and below and top in "dc":
            ways += [lambda: (out.append(b"\x92"), stack.pop(), stack.pop(), stack.pop(), stack.append("c"))] * 4
        if third == "d" and below in hashable or third == "c":
            ways += [lambda: (out.append(b"s"), stack.pop(), stack.pop())] * 3
        if above() >= 2:
            ways.append(lambda: (out.append(b"\x86"), stack.pop(), stack.pop(), stack.append("x")))
        if marks:
            def close(code, result, pops=0):
                def run():
                    out.append(code)
                    del stack[marks.pop():]
                    if result:
                        stack.append(result)
                return run
            ways += [close(b"t", "t" if all(item in hashable for item in items) else "x")] * 2
            ways += [close(b"l", "l"), close(b"1", "")]
            if len(items) % 2 == 0 and all(item in hashable for item in items[::2]):
                ways += [close(b"d", "d")] * 2
                if target in "dc" and target:
                    ways += [close(b"u", "")] * 4
            if target in "lc" and target:
                ways += [close(b"e", "")] * 2
            if all(item in hashable for item in items):
                ways += [close(b"\x91", "k")]
            if target == "c" or target == "s" and all(item in hashable for item in items):
                ways += [close(b"\x90", "")] * 3
            if items and items[0] == "c":
                ways += [close(b"o", "c")] * 4
            ways.append(close(b"i" + random.choice([b"os\nsystem\n", b"a.b\nC\n", b"\n\n"]), "c"))
        if random.random() < 0.03:
            ways = [lambda: out.append(b"\x95" + struct.pack("<Q", random.choice([0, 3, 10, 1 << 40]))),
                    lambda: out.append(b"\x80\x04")]
        random.choice(ways)()

    def remember():
        index = random.choice([0, 1, 2, 7, 255, 256, 70_000, 1 << 31, 1 << 40])
        kind = random.randrange(4)
        if kind == 0:
            index %= 256
            out.append(b"q" + bytes([index]))
        elif kind == 1:
            index %= 1 << 32
            out.append(b"r" + struct.pack("<I", index))
        elif kind == 2:
            out.append(b"p" + str(index).encode() + b"\n")
        else:
            index = len(memo)
            out.append(b"\x94")
        memo[index] = stack[-1]

    def recall():
        index = random.choice(list(memo))
        if index < 256 and random.random() < 0.5:
            out.append(b"h" + bytes([index]))
        elif index < 1 << 32 and random.random() < 0.5:
            out.append(b"j" + struct.pack("<I", index))
        else:
            out.append(b"g" + str(index).encode() + b"\n")
        stack.append(memo[index])

    for _ in range(random.randrange(3, 60)):
        if odd():
            out.append(bytes([random.choice(list(Oracle.dispatch))]) + random.randbytes(random.randrange(4)))
        else:
            step()
    while marks and random.random() < 0.97:
        out.append(random.choice([b"t", b"l", b"1"]))
        del stack[marks.pop():]
        stack.append("x") if out[-1] != b"1" else None
    if not stack:
        out.append(b"N")
    if random.random() < 0.97:
        out.append(b".")
    stream = b"".join(out)
    if random.random() < 0.03 and stream:
        stream = stream[: random.randrange(len(stream))]
    return stream


def corpus(paths):
    """Every pickle that is found at the start of a file, of a zip member or of what a file inflates to."""
    for path in paths:
        if os.path.isdir(path):
            for root, _, files in sorted(os.walk(path)):
                yield from corpus(sorted(os.path.join(root, file) for file in files))
            continue
        with open(path, "rb") as file:
            data = file.read()
        pieces = [data]
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                pieces += [archive.read(item) for item in archive.namelist()]
        except Exception:
            pass
        try:
            pieces.append(zlib.decompress(data, 47))
        except Exception:
            pass
        for piece in pieces:
            if piece[:1] == b"\x80" or piece[:1] in (b"c", b"(", b"]", b"}", b"i", b"N"):
                if b"NumpyArrayWrapper" not in piece:  # joblib's own reader takes over there
                    yield path, piece


def batches(samples, count, size):
    """Lists of at most `count` samples and about `size` bytes."""
    batch, held = [], 0
    for sample in samples:
        batch.append(sample)
        held += len(sample[1])
        if len(batch) >= count or held >= size:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def ours(binary, streams):
    data = b"".join(struct.pack("<I", len(stream)) + stream for stream in streams)
    result = subprocess.run([binary], input=data, capture_output=True)
    if result.returncode != 0:
        sys.exit("pickle-log ended with %d: %s" % (result.returncode, result.stderr[-300:]))
    logs = []
    for line in result.stdout.decode().splitlines():
        if line.startswith("#"):
            logs.append([])
        else:
            logs[-1].append(line)
    return logs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--streams", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--golden", help="write streams and logs to this file")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    found = 0

    def samples():
        """Names and streams, made as they are asked for: memory does not grow with their number."""
        nonlocal found
        for path, data in corpus(options.paths):
            found += 1
            yield path, data
        source = random.Random(options.seed)
        for index in range(options.streams):
            yield "generated %d" % index, generated(source)

    count = wrong = skipped = events = stops = 0
    seen = set()
    golden = []
    for batch in batches(samples(), 2_000, 16 << 20):
        count += len(batch)
        for (name, stream), log in zip(batch, ours(options.binary, [stream for _, stream in batch]), strict=True):
            truth = Oracle(stream).run()
            if truth is None or any(line.startswith("limit") for line in log):
                skipped += 1
                continue
            events += len(truth) - 1
            stops += truth[-1].startswith("stop")
            seen.update(stream)
            if options.golden and len(stream) < 200 and len(truth) > 2:
                golden.append((stream, truth))
            if truth != log:
                wrong += 1
                if wrong <= 10:
                    print("DISAGREE", name, stream[:300])
                    for left, right in zip(truth + ["-"] * 3, log + ["-"] * 3):
                        if left != right:
                            print("   cpython", left[:300])
                            print("   assay  ", right[:300])
                            break
    if options.golden:
        with open(options.golden, "w") as file:
            for stream, truth in golden[:300]:
                file.write(stream.hex() + "\n" + "".join("\t" + line + "\n" for line in truth))
    print("%d streams (%d from files), %d events, %d run to STOP, %d skipped, %d disagreements"
          % (count, found, events, stops, skipped, wrong))
    sys.exit(1 if wrong else 0)


main()
