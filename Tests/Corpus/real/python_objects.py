"""Pickles of the standard library's values, as scripts keep results, configurations and vocabularies."""
import argparse
import array
import collections
import copyreg
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import http
import io
import ipaddress
import itertools
import json
import logging
import operator
import pathlib
import pickle
import queue
import random
import re
import signal
import socket
import ssl
import statistics
import string
import subprocess
import time
import types
import uuid
import zlib
import zoneinfo


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Flags(enum.IntFlag):
    A = 1
    B = 2


@dataclasses.dataclass
class Settings:
    rate: float = 1e-3
    layers: list = dataclasses.field(default_factory=lambda: [64, 64])


Point = collections.namedtuple("Point", "x y")


class Vocabulary:
    def __init__(self):
        self.words = {"the": 0, "import": 1, "os": 2, "system": 3, "eval(": 4, "exec": 5, "__import__": 6}

    def __getstate__(self):
        return {"words": self.words}

    def __setstate__(self, state):
        self.words = state["words"]


def in_main(value):
    """Makes a class look as if it was defined in the script that was run."""
    value.__module__ = "__main__"
    import __main__
    setattr(__main__, value.__name__, value)
    return value


def values():
    yield "config", {"rate": 1e-3, "layers": [1, 2], "none": None, "big": 1 << 200, "set": {1, 2}, "frozen": frozenset([1])}
    yield "bytes", {"raw": b"\x80\x04abc" * 20, "array": bytearray(b"abc"), "empty": b""}
    yield "namespace", argparse.Namespace(lr=0.1, data="/data/imagenet", device="cuda:0", resume=None)
    yield "simple_namespace", types.SimpleNamespace(a=1, b=[1, 2])
    yield "enums", [Colour.RED, Flags.A | Flags.B, re.IGNORECASE]
    yield "dataclass", Settings()
    yield "namedtuple", [Point(1, 2), Point(3, 4)]
    yield "dates", [datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc), datetime.date(2024, 1, 1), datetime.timedelta(1)]
    yield "numbers", [decimal.Decimal("1.1"), fractions.Fraction(1, 3), 1 + 2j]
    yield "paths", [pathlib.Path("/tmp/model"), pathlib.PurePosixPath("a/b"), pathlib.PureWindowsPath("C:/a")]
    yield "ordered", collections.OrderedDict([("a", 1), ("b", collections.OrderedDict())])
    yield "defaultdicts", {"int": collections.defaultdict(int, a=1), "list": collections.defaultdict(list), "str": collections.defaultdict(str), "dict": collections.defaultdict(dict)}
    yield "counter", collections.Counter("hello world")
    yield "deque", collections.deque([1, 2, 3], maxlen=10)
    yield "chainmap", collections.ChainMap({"a": 1}, {"b": 2})
    yield "partials", [functools.partial(int, base=2), functools.partial(max, 1), functools.partial(operator.add, 1)]
    yield "getters", [operator.itemgetter(0), operator.itemgetter(1, 2), operator.attrgetter("name"), operator.attrgetter("a.b", "c")]
    yield "method_callers", [operator.methodcaller("strip"), operator.methodcaller("split", ","), operator.methodcaller("astype", "float32")]
    yield "status", [http.HTTPStatus.OK, signal.Signals.SIGTERM, socket.AF_INET, ssl.TLSVersion.TLSv1_2]
    yield "containers", [collections.UserDict(a=1), collections.UserList([1]), types.MappingProxyType({}).copy(), queue.deque([1])]
    yield "clock", [time.struct_time(range(9)), datetime.time(1, 2), zoneinfo.ZoneInfo("UTC")]
    yield "io", [io.BytesIO(b"\x00\x01 data"), io.StringIO("text")]
    yield "texts", ["os.system('rm -rf /')", "<script>alert(1)</script>", "SELECT * FROM users; DROP TABLE users", "{{ config }}", "../../../etc/passwd", "http://203.0.113.7/x"]
    yield "statistics", [statistics.NormalDist(0, 1), statistics.mean]
    yield "errors", [FileNotFoundError(2, "no such file", "model.bin"), json.JSONDecodeError("bad", "doc", 0), subprocess.CalledProcessError(1, ["git", "log"])]
    yield "builtins", [len, sorted, print, str.lower, int, dict.get, max, "abc".upper]
    yield "functions", [random.random, re.compile, pathlib.PurePath.with_suffix]
    yield "patterns", [re.compile(r"\d+", re.M), re.compile(b"[a-z]")]
    yield "uuids", [uuid.UUID(int=1), uuid.uuid5(uuid.NAMESPACE_DNS, "x")]
    yield "random_state", random.getstate()
    yield "random_object", random.Random(1)
    yield "iterators", [iter([1, 2]), range(3), slice(1, 2), enumerate([1]), zip([1], [2]), itertools.count(3), reversed([1, 2])]
    yield "array", array.array("f", [1.0, 2.0])
    yield "exceptions", [ValueError("bad"), KeyError("k"), StopIteration()]
    yield "logger", logging.getLogger("train")
    yield "ip", ipaddress.ip_address("10.0.0.1")
    yield "string_template", string.Template("$a is $b")
    yield "words", {word: index for index, word in enumerate("import os system eval exec subprocess __class__ rm -rf / curl http://example.com | sh".split())}
    yield "source_text", {"README": "Run `python -c \"import os; os.system('ls')\"` to list files.", "code": "def f(x):\n    return eval(x)\n"}
    yield "ellipsis", [..., NotImplemented, type(None), type(...)]
    yield "types", [int, float, type, object, collections.OrderedDict, ValueError]
    yield "cells", {"zlib": zlib.compress(b"x" * 1000), "nested": pickle.dumps({"a": 1}), "twice": pickle.dumps(pickle.dumps([1]))}
    yield "recursive", _recursive()
    yield "mappingproxy_like", dict(types.MappingProxyType({"a": 1}))
    yield "history", {"loss": [0.1] * 1000, "epoch": list(range(1000)), "best": min([1.0])}


def _recursive():
    value = {"self": None, "list": []}
    value["self"] = value
    value["list"].append(value["list"])
    return value


def write(files):
    for number, (name, value) in enumerate(values()):
        protocol = number % 6 if name not in ("cells",) else 4
        try:
            data = pickle.dumps(value, protocol)
        except (TypeError, AttributeError):
            continue
        with open(files.path(f"python/{name}.pkl", f"pickle of {name}"), "wb") as file:
            file.write(data)
    for protocol in range(6):
        with open(files.path(f"python/protocol{protocol}.pkl", f"protocol {protocol}"), "wb") as file:
            pickle.dump({"a": [1, 2.5, "x", None, True], "b": (1, 2), "c": collections.OrderedDict(x=1)}, file, protocol)
    for value in (in_main(Vocabulary), in_main(Settings)):
        with open(files.path(f"python/main_{value.__name__.lower()}.pkl", "object of a class of the script"), "wb") as file:
            pickle.dump(value(), file)
    with open(files.path("python/several.pkl", "several pickles in one file"), "wb") as file:
        for item in range(20):
            pickle.dump({"step": item}, file)


def cloudpickled(files):
    import cloudpickle
    import dill
    with open(files.path("python/cloudpickle_data.pkl", "cloudpickle of values"), "wb") as file:
        cloudpickle.dump({"a": collections.OrderedDict(b=1), "c": datetime.date(2024, 1, 1)}, file)
    with open(files.path("python/dill_data.dill", "dill of values"), "wb") as file:
        dill.dump({"a": [1, 2], "b": Point(1, 2), "c": {1, 2}}, file)
    assert copyreg.dispatch_table is not None


BUILDERS = [write, cloudpickled]
