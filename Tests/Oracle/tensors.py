#!/usr/bin/env python3
"""tensors.py ASSAY [COUNT] [SEED]: the formats' own libraries write files, `assay tensors` must list the same content.

Needs the PyPI packages safetensors, gguf, onnx and numpy. Two kinds of test for each format:
  listing    random valid files: names, types, shapes, offsets, metadata and operators must be equal;
  damage     the same files with bytes changed or cut off: what the library refuses the reader may not accept, and for
             safetensors and ONNX the reverse (ONNX' library also parses what the reader passes over, and the reader
             of GGUF is stricter than the Python library by design: other loaders break where that one does not).
The same for numpy.lib.format: type, shape, order and where the elements begin.
Prints one line a format and exits with 1 when anything differs.
"""
import json, os, random, signal, subprocess, sys, tempfile
import numpy as np
import gguf, onnx, safetensors, safetensors.numpy
from onnx import helper, TensorProto

assay, count, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200, int(sys.argv[3]) if len(sys.argv) > 3 else 1
rnd = random.Random(seed)
WORDS = ["w", "model.layers.0.weight", "größe", "模型", "a b", "x\"y", "tab\there", "back\\slash", "norm", "é" * 20, "q/k/v"]


def names(n): return [rnd.choice(WORDS) + str(i) for i in range(n)]
def shape(least=0): return [rnd.choice([1, 2, 3, 5, 32]) for _ in range(rnd.randrange(least, 4))]


def damage(data):
    out = bytearray(data)
    if rnd.random() < .3: return bytes(out[:rnd.randrange(len(out) + 1)])
    head = min(len(out), 4096)
    for _ in range(rnd.choice([1, 1, 2, 8])): out[rnd.randrange(head)] = rnd.choice([0, 1, 0x7F, 0x80, 0xFF, rnd.randrange(256)])
    return bytes(out)


def run(files):
    """Lists many files with few processes."""
    listed = []
    for start in range(0, len(files), 500):
        done = subprocess.run([assay, "tensors", *files[start:start + 500]], capture_output=True, text=True)
        if done.returncode: print("assay ended with", done.returncode, done.stderr[-500:]); sys.exit(1)
        listed += [json.loads(line) for line in done.stdout.splitlines()]
    assert len(listed) == len(files)
    return listed


def write_safetensors(path):
    types = [np.float32, np.float64, np.float16, np.int8, np.uint8, np.int16, np.int32, np.int64, np.bool_, np.uint32, np.complex64]
    tensors = {n: np.zeros(shape(), rnd.choice(types)) for n in names(rnd.randrange(0, 8))}
    metadata = {n: rnd.choice(WORDS) for n in names(rnd.randrange(0, 4))} or None
    safetensors.numpy.save_file(tensors, path, metadata)
    code = {"float32": "F32", "float64": "F64", "float16": "F16", "int8": "I8", "uint8": "U8", "int16": "I16", "int32": "I32", "int64": "I64", "bool": "BOOL", "uint32": "U32", "complex64": "C64"}
    return {"tensors": sorted((n, code[str(t.dtype)], list(t.shape), t.nbytes) for n, t in tensors.items()), "metadata": metadata or {}}


def view_safetensors(d): return {"tensors": sorted((t["name"], t["type"], t["shape"], t["size"]) for t in d["tensors"]), "metadata": d["metadata"]}


def takes_safetensors(path):
    try:
        safetensors.deserialize(open(path, "rb").read())
        return True
    except Exception: return False


def write_gguf(path):
    big = rnd.random() < .2
    w = gguf.GGUFWriter(path, "llama", endianess=gguf.GGUFEndian.BIG if big else gguf.GGUFEndian.LITTLE)
    meta = {"general.architecture": "llama"}
    for n in names(rnd.randrange(0, 6)):
        kind = rnd.randrange(6)
        if kind == 0: w.add_string(n, "text " + n); meta[n] = "text " + n
        if kind == 1: v = rnd.randrange(1 << 32); w.add_uint32(n, v); meta[n] = v
        if kind == 2: v = rnd.randrange(-(1 << 62), 1 << 62); w.add_key_value(n, v, gguf.GGUFValueType.INT64); meta[n] = v
        if kind == 3: v = names(rnd.randrange(1, 5)); w.add_array(n, v); meta[n] = v
        if kind == 4: w.add_array(n, [1.5] * 3); meta[n] = "float32 × 3"
        if kind == 5: v = rnd.random() < .5; w.add_bool(n, v); meta[n] = int(v)
    if rnd.random() < .3:
        w.add_custom_alignment(64); meta["general.alignment"] = 64
    tensors = []
    for i in range(rnd.randrange(0, 6)):
        name = "blk.%d.weight" % i
        if rnd.random() < .3 and not big:
            rows, quant = rnd.choice([1, 2, 3]), rnd.choice([gguf.GGMLQuantizationType.Q8_0, gguf.GGMLQuantizationType.Q4_0, gguf.GGMLQuantizationType.Q4_K, gguf.GGMLQuantizationType.TQ1_0])
            block, size = gguf.GGML_QUANT_SIZES[quant]
            w.add_tensor(name, np.zeros((rows, size), np.uint8), raw_dtype=quant); tensors.append((name, quant.name, [block, rows]))
        else:
            s, t = shape(1), rnd.choice([np.float32, np.float16, np.int8, np.int32, np.float64, np.int64, np.int16])
            w.add_tensor(name, np.zeros(s, t)); tensors.append((name, {"f4": "F32", "f2": "F16", "i1": "I8", "i4": "I32", "f8": "F64", "i8": "I64", "i2": "I16"}[np.dtype(t).str[1:]], s[::-1]))
    w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
    offsets = {}
    if not big: offsets = {t.name: int(t.data_offset) for t in gguf.GGUFReader(path).tensors}
    return {"tensors": tensors, "metadata": meta, "offsets": offsets}


def view_gguf(d): return {"tensors": [(t["name"], t["type"], t["shape"]) for t in d["tensors"]], "metadata": d["metadata"], "offsets": {t["name"]: t["offset"] for t in d["tensors"]}}


def out_of_time(*_): raise TimeoutError


signal.signal(signal.SIGALRM, out_of_time)


def takes_gguf(path):
    signal.alarm(2)  # the library builds an object for each of the elements that a damaged count declares
    try: gguf.GGUFReader(path); return True
    except UnicodeDecodeError: return True  # loaders in C take such strings, so they are read and judged
    except Exception: return False
    finally: signal.alarm(0)


def node(depth, ops, locations):
    kind = rnd.randrange(8)
    domain = rnd.choice(["", "com.microsoft", "x.y"])
    if kind == 0 and depth < 4:
        g = graph(depth + 1, ops, locations)
        ops[" If"] = ops.get(" If", 0) + 1
        return helper.make_node("If", ["c"], ["o"], then_branch=g, else_branch=graph(depth + 1, ops, locations))
    if kind == 1:
        ops[" Constant"] = ops.get(" Constant", 0) + 1
        return helper.make_node("Constant", [], ["o"], value=tensor("t", locations))
    t = rnd.choice(["Relu", "Add", "Evil", "größe"])
    ops[domain + " " + t] = ops.get(domain + " " + t, 0) + 1
    return helper.make_node(t, ["a"], ["b"], domain=domain, axis=rnd.randrange(5), text="path" * rnd.randrange(30))


def tensor(name, locations):
    s = shape()
    if rnd.random() < .3:
        t = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=s, data_location=TensorProto.EXTERNAL)
        for k, v in [("location", rnd.choice(WORDS)), ("offset", "0")]: e = t.external_data.add(); e.key, e.value = k, v
        locations.append(t.external_data[0].value)
        return t
    return helper.make_tensor(name, rnd.choice([TensorProto.FLOAT, TensorProto.INT8, TensorProto.INT64]), s, np.zeros(int(np.prod(s)), np.int8).tolist())


def graph(depth, ops, locations):
    nodes = [node(depth, ops, locations) for _ in range(rnd.randrange(1, 5))]
    return helper.make_graph(nodes, "g", [], [], initializer=[tensor(n, locations) for n in names(rnd.randrange(0, 3))])


def write_onnx(path):
    ops, locations = {}, []
    g = graph(0, ops, locations)
    functions = [helper.make_function("local", "F%d" % i, ["a"], ["b"], [node(1, ops, locations)], [helper.make_opsetid("", 17)]) for i in range(rnd.randrange(0, 3))]
    m = helper.make_model(g, functions=functions, producer_name="oracle")
    onnx.save(m, path)
    return {"tensors": [(t.name, t.data_type, list(t.dims), t.data_location == 1) for t in g.initializer], "operators": ops, "functions": sorted("local " + f.name for f in functions), "locations": sorted(locations)}


FORMAT = getattr(np.lib, "_format_impl", np.lib.format)
NPY_TYPES = ["<f8", ">f4", "<f2", "|u1", "|b1", "<i8", ">c16", "<U7", "|S5", "|V3", "<M8[ns]", "<m8[D]", "|O", [("a", "<i4"), ("b", ">f8", (2, 3))],
    [("größe", "|S3"), ("o", "|O")], [("n", [("x", "|u1"), ("y", "<U2")]), ("z", "<f4")], ">i2", "<u4"]


def write_npy(path):
    dtype = np.dtype(rnd.choice(NPY_TYPES))
    array = np.zeros(shape(), dtype, order=rnd.choice("CF"))
    version = rnd.choice([None, (1, 0), (2, 0), (3, 0)])
    try: dtype.descr and str(dtype.descr).encode("latin1")
    except UnicodeEncodeError: version = None
    if version == (1, 0) and dtype.names and any(ord(c) > 255 for n in dtype.names for c in n): version = None
    with open(path, "wb") as f:
        np.lib.format.write_array(f, array, version, allow_pickle=True)
    with open(path, "rb") as f:
        version = np.lib.format.read_magic(f)
        sizes, fortran, stored = FORMAT._read_array_header(f, version)
        offset = f.tell()
    # numpy counts eight bytes for a reference to an object, as the format's readers do
    code = stored.str if stored.names is None and stored.subdtype is None else "record"
    return {"tensors": [(code, list(sizes), fortran, stored.hasobject, stored.itemsize, offset)]}


def view_npy(d): return {"tensors": [(t["type"], t["shape"], t["fortran"], t["objects"], t["itemsize"], t["offset"]) for t in d["tensors"]]}


def takes_npy(path):
    signal.alarm(5)  # a damaged shape may ask for any amount of memory
    try:
        with open(path, "rb") as f:
            version = np.lib.format.read_magic(f)
            sizes, _, dtype = FORMAT._read_array_header(f, version)
            if dtype.hasobject: return True
            return int(np.prod(sizes, dtype=object)) * dtype.itemsize <= os.path.getsize(path) - f.tell()
    except Exception: return False
    finally: signal.alarm(0)


def view_onnx(d): return {"tensors": sorted(((t["name"], t["type"], t["shape"], t["external"]) for t in d["tensors"])), "operators": d["operators"], "functions": sorted(d["functions"]), "locations": sorted(d["locations"])}


def takes_onnx(path):
    try: onnx.load_model_from_string(open(path, "rb").read()); return True
    except Exception: return False


bad = 0
with tempfile.TemporaryDirectory() as folder:
    for name, write, view, takes in [("safetensors", write_safetensors, view_safetensors, takes_safetensors), ("gguf", write_gguf, view_gguf, takes_gguf), ("onnx", write_onnx, view_onnx, takes_onnx), ("npy", write_npy, view_npy, takes_npy)]:
        files, wanted = [], []
        for i in range(count):
            path = os.path.join(folder, "%s-%d.%s" % (name, i, name))
            truth = write(path)
            if name == "onnx": truth["tensors"] = sorted(truth["tensors"])
            files.append(path); wanted.append(truth)
        different = refused = 0
        for path, truth, got in zip(files, wanted, run(files)):
            if not got.get("accepted") and "tensors" not in got: refused += 1; continue
            seen = view(got)
            if name == "gguf":
                refused += not got["accepted"]
                seen["offsets"] = {k: v for k, v in seen["offsets"].items() if k in truth["offsets"]}
            if json.loads(json.dumps(truth)) != json.loads(json.dumps(seen)):
                different += 1
                if different <= 2: print("  wanted", json.dumps(truth, ensure_ascii=False)[:600], "\n  got   ", json.dumps(seen, ensure_ascii=False)[:600])
        hurt = []
        for i in range(count * 5):
            path = os.path.join(folder, "%s-hurt-%d" % (name, i))
            open(path, "wb").write(damage(open(rnd.choice(files), "rb").read()))
            hurt.append(path)
        lenient = strict = taken = 0
        for path, got in zip(hurt, run(hurt)):
            library = takes(path)
            taken += library
            mine = got.get("accepted", False)
            if got["format"] != name: mine = False
            if mine and not library and name != "onnx": lenient += 1
            if library and not mine and name == "onnx" and got["format"] == "onnx": strict += 1
            if library and not mine and name == "safetensors": strict += 1
        print(f"{name}: {count} files, {different} listed differently, {refused} refused; {len(hurt)} damaged files, the library takes {taken}, reader accepts what the library refuses {lenient}, reader refuses what the library takes {strict}")
        bad += different + refused + lenient + strict
sys.exit(1 if bad else 0)
