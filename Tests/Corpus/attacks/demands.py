"""Pickles, templates and tokenizers that ask for more memory or time than there is, and objects laid over foreign memory."""
import json

from assembly import Build, Call, Name, New, Raw, Sequence, dump, encode

N = Name


def b(name):
    return Name("builtins", name)


def op(name):
    return Name("operator", name)


def named(callee, positional=(), **keywords):
    """NEWOBJ_EX, which takes arguments by name."""
    return Raw(encode(callee, 4) + encode(tuple(positional), 4) + encode(keywords, 4) + b"\x92")


COUNT = Call(N("itertools", "count"))
FAR = Call(b("pow"), 10, 11)
DEMANDS = {
    "pow_tower": Call(b("pow"), 9, Call(b("pow"), 9, 9)), "pow_operator": Call(op("pow"), 9, Call(op("pow"), 9, 9)),
    "text_by_product": Call(op("mul"), "A", Call(op("mul"), 1 << 20, 1 << 20)), "text_by_shift": Call(op("mul"), "A", Call(op("lshift"), 1, 40)),
    "bytearray_by_pow": Call(b("bytearray"), Call(b("pow"), 2, 40)), "bytes_by_shift": Call(b("bytes"), Call(op("lshift"), 1, 40)),
    "list_of_range": Call(b("list"), Call(b("range"), Call(b("pow"), 10, 12))), "sum_of_range": Call(b("sum"), Call(b("range"), Call(op("mul"), 10**6, 10**6))),
    "repetitions": Call(op("mul"), Call(op("mul"), Call(op("mul"), Call(op("mul"), "AAAAAAAAAA", 1000), 1000), 1000), 1000),
    "list_repetitions": Call(op("mul"), Call(op("mul"), Call(op("mul"), [1, 2, 3], 10000), 10000), 10000),
    "zfill_of_int": Call(N("builtins", "str.zfill"), "1", Call(b("int"), "9999999999999")),
    "bytearray_of_hex": Call(b("bytearray"), Call(b("int"), "ffffffffffff", 16)), "zeros_by_pow": Call(N("numpy", "zeros"), Call(b("pow"), 10, 12)),
    "zeros_by_name": named(N("numpy", "zeros"), shape=(10**6, 10**6)), "linspace": Call(N("numpy", "linspace"), 0, 1, 1 << 44),
    "map_of_range": Call(b("list"), Call(b("map"), b("str"), Call(b("range"), FAR))), "permutations": Call(b("list"), Call(N("itertools", "permutations"), Call(b("range"), 20))),
    "combinations": Call(b("list"), Call(N("itertools", "combinations"), Call(b("range"), 60), 30)),
    "product_by_name": Call(b("list"), named(N("itertools", "product"), ("0123456789",), repeat=20)),
    "factorial": Call(N("math", "factorial"), Call(b("pow"), 10, 9)), "comb": Call(N("math", "comb"), 1 << 28, 1 << 27),
    "int_methods": Call(N("builtins", "int.__pow__"), 9, Call(N("builtins", "int.__pow__"), 9, 9)),
    "str_rmul": Call(N("builtins", "str.__rmul__"), "A" * 100, Call(b("pow"), 10, 10)), "list_mul": Call(N("builtins", "list.__mul__"), [0], FAR),
    "repeat_far": Call(b("list"), Call(N("itertools", "repeat"), 1, FAR)), "islice_of_count": Call(b("list"), Call(N("itertools", "islice"), COUNT, FAR)),
    "zip_of_counts": Call(b("tuple"), Call(b("zip"), COUNT, COUNT)), "deque_of_range": Call(N("collections", "deque"), Call(b("range"), FAR)),
    "fromkeys": Call(N("builtins", "dict.fromkeys"), Call(b("range"), FAR)), "join_of_repeat": Call(N("builtins", "str.join"), "", Call(N("itertools", "repeat"), "A", FAR)),
    "contains": Call(op("contains"), COUNT, -1), "count_of": Call(op("countOf"), COUNT, -1), "index_of": Call(op("indexOf"), COUNT, -1),
    "iter_until": Call(b("list"), Call(b("iter"), b("int"), 1)), "digits": Call(b("str"), Call(b("pow"), 10, 4_000_000)),
    "fraction": Call(N("fractions", "Fraction"), "1e1000000000"), "decimal_to_int": Call(b("int"), Call(N("decimal", "Decimal"), "1e1000000000")),
    "format_width": Call(b("format"), "x", ">100000000000"), "format_field": Call(N("builtins", "str.format"), "{:>100000000000}", "x"),
    "percent_width": Call(op("mod"), "%100000000000d", 1), "percent_star": Call(op("mod"), "%*d", (10**12, 1)),
    "bound_ljust": Call(Call(b("getattr"), "a", "ljust"), FAR), "partial_pow": Call(Call(N("functools", "partial"), b("pow"), 9), 387420489),
    "replacements": Call(N("builtins", "str.replace"), Call(N("builtins", "str.replace"), "A" * 1000, "A", "A" * 1000), "A", "A" * 2000),
    "expandtabs": Call(N("builtins", "str.expandtabs"), "\t" * 100, 10**9), "array_repeated": Call(op("mul"), Call(N("array", "array"), "d", [1.0]), FAR),
    "reconstruct_shape": Call(N("numpy.core.multiarray", "_reconstruct"), N("numpy", "ndarray"), (1 << 20, 1 << 20), "b"),
    "random_bytes": Call(N("random", "randbytes"), FAR), "urandom": Call(N("os", "urandom"), FAR), "tokens": Call(N("secrets", "token_bytes"), FAR),
    "zlib_buffer": Call(N("zlib", "decompress"), b"x\x9c\x03\x00\x00\x00\x00\x01", 15, 1 << 44), "pbkdf2": Call(N("hashlib", "pbkdf2_hmac"), "sha512", b"a", b"b", FAR),
    "event_wait": Call(N("threading", "Event.wait"), Call(N("threading", "Event"))),
}
MODEST = {
    "pow": Call(b("pow"), 2, 10), "pow_modulus": Call(b("pow"), 9, 387420489, 7), "range": Call(b("range"), 10**9), "list_of_range": Call(b("list"), Call(b("range"), 100)),
    "bytearray": Call(b("bytearray"), 4096), "product": Call(op("mul"), 1 << 20, 1 << 20), "count": Call(N("itertools", "count"), 0), "decimal": Call(N("decimal", "Decimal"), "1e400"),
    "fraction": Call(N("fractions", "Fraction"), "3/4"), "width": Call(b("format"), "x", ">80"), "int": Call(b("int"), "12"), "event": Call(N("threading", "Event")),
    "array_of_nothing": Call(N("numpy.core.multiarray", "_reconstruct"), N("numpy", "ndarray"), (0,), b"b"), "replace": Call(N("builtins", "str.replace"), "a-b", "-", "_"),
}
SLOW = [r"(a+)+$", r"(a*)*b", r"(a|a)*b", r"(a|aa)+$", r"([a-zA-Z]+)*$", r"(.*a){25}", r"(x+x+)+y", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(?:a+){10,}b",
        r"((a{1,10}){1,10}){1,10}b", r"(\d+)*\D", r"(\w*\s*)*$", r"(a?){40}a{40}", r"(.+)+\1", r"(?P<x>a+)+b", r"(a{0,1000}){0,1000}b"]
QUICK = [r"\w+@\w+\.\w+", r"(?i)^[a-z]+(-[a-z]+)*$", r"(?u)\b\w\w+\b", r"(\d{1,3}\.){3}\d{1,3}", r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$",
         r"[^\W\d_]+(?:'[a-z]+)?", r"([A-Z][a-z]*)(\d*)", r"\$\{([^}]+)\}", r"(?:\s|^)(\S+)(?=\s|$)", r'"(?:[^"\\]|\\.)*"', r"^(\w+\.)*\w+$", r"([a-z]+\s)*[a-z]+"]
TOKENIZERS = [r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", r"\d{1,3}(?=(?:\d{3})*\b)", r"[\p{P}\p{S}]+|\s?\p{L}+",
              r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"]

POINTER = {"shape": (1 << 20,), "typestr": "|u1", "data": (0x7FFF00000000, False), "version": 3}


def instance(module, name, state):
    return Build(New(N(module, name)), state)


def dtype(code, *state):
    made = Call(N("numpy", "dtype"), code, False, True)
    return Build(made, state) if state else made


OBJECTS = dtype("O8", 3, "|", None, None, None, -1, -1, 63)
ARRAY = Call(N("numpy.core.multiarray", "_reconstruct"), N("numpy", "ndarray"), (0,), b"b")
MEMORY = {
    "interface": (instance("types", "SimpleNamespace", {"__array_interface__": POINTER}), "high"),
    "interface_of_a_stranger": (instance("mymod", "Thing", {"__array_interface__": POINTER}), "high"),
    "interface_made_an_array": (Call(N("numpy", "asarray"), instance("types", "SimpleNamespace", {"__array_interface__": POINTER})), "high"),
    "struct": (instance("collections", "UserDict", {"__array_struct__": 5}), "high"),
    "cuda": (instance("types", "SimpleNamespace", {"__cuda_array_interface__": POINTER}), "high"),
    "interface_in_slots": (instance("types", "SimpleNamespace", (None, {"__array_interface__": POINTER})), "high"),
    "interface_by_name": (named(N("types", "SimpleNamespace"), __array_interface__=POINTER), "high"),
    "interface_of_a_class": (Call(b("type"), "X", (b("object"),), {"__array_interface__": POINTER}), "high"),
    "dummy_array": (Call(N("numpy.lib.stride_tricks", "DummyArray"), POINTER), "medium"),
    "frombuffer": (Call(N("numpy._core.numeric", "_frombuffer"), b"A" * 16, OBJECTS, (2,), "C"), "high"),
    "frombuffer_by_text": (Call(N("numpy", "frombuffer"), b"A" * 16, "O"), "high"), "ndarray": (Call(N("numpy", "ndarray"), (2,), "O", b"A" * 16), "high"),
    "ndarray_new": (New(N("numpy", "ndarray"), (2,), dtype("O8"), b"A" * 16), "high"),
    "objects_from_bytes": (Build(ARRAY, (1, (2,), OBJECTS, False, b"A" * 16)), "high"), "scalar": (Call(N("numpy.core.multiarray", "scalar"), OBJECTS, b"A" * 8), "high"),
    "objects_that_are_none": (dtype("O8", 3, "|", None, None, None, -1, -1, 0), "high"),
    "field_behind": (dtype("V16", 3, "|", None, ("a",), {"a": (dtype("f8"), 1 << 30)}, 16, 1, 27), "medium"),
    "field_before": (dtype("V16", 3, "|", None, ("a",), {"a": (dtype("f8"), -800)}, 16, 1, 27), "medium"),
    "strides": (Call(N("numpy.lib.stride_tricks", "as_strided"), Call(N("numpy", "zeros"), 1), (1 << 20,), (8,)), "medium"),
}
HONEST = {
    "array": Build(ARRAY, (1, (2,), dtype("f8", 3, "<", None, None, None, -1, -1, 0), False, b"A" * 16)),
    "objects": Build(ARRAY, (1, (2,), OBJECTS, False, [1, 2])), "fields": dtype("V16", 3, "|", None, ("a",), {"a": (dtype("O8"), 8)}, 16, 1, 27),
    "geometry": instance("types", "SimpleNamespace", {"__geo_interface__": {"type": "Point", "coordinates": (0, 0)}}),
    "name_in_a_list": ["__array_interface__", "__len__"],
}

TEMPLATES = {
    "percent": "{{ '%1000000000000d' % 1 }}", "ljust": "{{ 'x'.ljust(10**12) }}", "zfill": "{{ 'x'.zfill(999999999999) }}", "messages": "{{ messages * 10**10 }}",
    "field": "{{ '{:>10000000000}'.format(1) }}", "power": "{{ 9**(9**9) }}", "text": "{{ 'a' * 10**12 }}", "loop": "{% for i in range(10**12) %}x{% endfor %}",
    "doubling": "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "doubling_product": "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x * 2 %}{% endfor %}{{ ns.x }}",
    "replace": "{% set a = 'a' * 1000 %}{{ a|replace('a', a)|replace('a', a) }}", "condition": "{% if messages|length > 5 %}{{ 'a' * 10**12 }}{% endif %}",
}


def tokenizer(pattern):
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated"}
    return json.dumps({"version": "1.0", "pre_tokenizer": split, "model": {"type": "BPE", "vocab": {}, "merges": []}})


def build(samples):
    for name, value in DEMANDS.items():
        samples.attack(f"demands/{name}.pkl", dump(value), f"pickle that asks for too much: {name}", "medium")
        samples.attack(f"demands/{name}_first.pkl", dump(Sequence(value, {"weight": [1.0]})), f"asks for too much, and drops it: {name}", "medium")
    for name, value in MODEST.items():
        samples.benign(f"demands/{name}.pkl", dump(value), f"modest call: {name}")
    for number, pattern in enumerate(SLOW):
        samples.attack(f"patterns/compiled_{number}.pkl", dump(Call(N("re", "_compile"), pattern, 0)), f"slow pattern {pattern}", "medium")
        samples.attack(f"patterns/matched_{number}.pkl", dump(Call(N("re", "match"), pattern, "a" * 50 + "!")), f"slow match of {pattern}", "medium")
        samples.attack(f"patterns/tokenizer_{number}/tokenizer.json", tokenizer(pattern), f"tokenizer that splits by {pattern}", "medium")
    for number, pattern in enumerate(QUICK):
        samples.benign(f"patterns/quick_{number}.pkl", dump(Call(N("re", "_compile"), pattern, 32)), f"pattern {pattern}")
    for number, pattern in enumerate(QUICK + TOKENIZERS):
        samples.benign(f"patterns/tokenizer_{number}/tokenizer.json", tokenizer(pattern), f"tokenizer that splits by {pattern}")
    for name, (value, severity) in MEMORY.items():
        samples.attack(f"memory/{name}.pkl", dump(value), f"object over foreign memory: {name}", severity)
        if name.startswith(("interface", "struct", "cuda")) and "by_name" not in name:
            samples.attack(f"memory/{name}.p0.pkl", dump(value, 2), f"object over foreign memory, protocol 2: {name}", severity)
    for name, value in HONEST.items():
        samples.benign(f"memory/{name}.pkl", dump(value), f"honest object: {name}")
    for name, text in TEMPLATES.items():
        samples.attack(f"growth/{name}/chat_template.jinja", text, f"template that grows: {name}", "medium")
