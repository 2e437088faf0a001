#!/usr/bin/env python3
"""Writes the files of the speed comparison: make_data.py FOLDER. Deterministic; needs numpy; about 3.3 GiB."""
import collections
import json
import os
import pickle
import struct
import sys
import zipfile

import numpy

GIB = 1 << 30
LAYERS = 64


def fill(file, count, block):
    while count > 0:
        file.write(block[:min(count, len(block))])
        count -= len(block)


def small_pickles(folder, random):
    """2,000 dictionaries as estimators keep them: 10 kB each, with a dozen arrays."""
    os.makedirs(folder, exist_ok=True)
    for index in range(2000):
        model = collections.OrderedDict(
            n_features_in_=8, classes_=numpy.arange(3), coef_=random.randn(3, 8 + index % 64),
            intercept_=random.randn(3), trees=[random.randn(20, 4) for _ in range(10)],
            params={"C": 1.0, "tol": 1e-4, "names": [f"f{k}" for k in range(50)]})
        with open(os.path.join(folder, f"m{index:04d}.pkl"), "wb") as file:
            file.write(pickle.dumps(model, 4))


def unicode_op(text):
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def state_dict_pickle(layers, numbers):
    """The pickle that torch.save writes for a state dictionary of `layers` float tensors, without importing torch."""
    count = b"J" + struct.pack("<i", numbers)
    out = b"\x80\x02ccollections\nOrderedDict\n)R("
    for index in range(layers):
        out += unicode_op(f"model.layers.{index}.weight") + b"ctorch._utils\n_rebuild_tensor_v2\n(("
        out += unicode_op("storage") + b"ctorch\nFloatStorage\n" + unicode_op(str(index)) + unicode_op("cpu") + count
        out += b"tQK\x00" + count + b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
    return out + b"u."


def torch_zip(path, block):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", state_dict_pickle(LAYERS, GIB // LAYERS // 4))
        for index in range(LAYERS):
            with archive.open(f"archive/data/{index}", "w") as file:
                fill(file, GIB // LAYERS, block)
        archive.writestr("archive/version", "3\n")


def safetensors(path, block):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for index in range(LAYERS):
        header[f"model.layers.{index}.weight"] = {
            "dtype": "F32", "shape": [GIB // LAYERS // 4], "data_offsets": [offset, offset + GIB // LAYERS]}
        offset += GIB // LAYERS
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        fill(file, GIB, block)


def deep_pickle(path):
    """500,000 small dictionaries in one list: 5 million opcodes with memo traffic."""
    unit = (b"}q\x01(X\x08\x00\x00\x00feature_K\x05X\x10\x00\x00\x000123456789abcdefG" + struct.pack(">d", 1.5)
            + b"X\x13\x00\x00\x00some_more_text_hereh\x01u")
    with open(path, "wb") as file:
        file.write(b"\x80\x02](")
        for _ in range(500):
            file.write(unit * 1000)
        file.write(b"e.")


def zipped_pickles(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for index in range(250):
            weights = (numpy.arange(1 << 18, dtype="i8") * (index + 1)) % 1000
            archive.writestr(f"m{index}.pkl", pickle.dumps({"w": weights, "names": [f"n{k}" for k in range(500)]}, 4))


def gguf(path, block):
    def text(value):
        return struct.pack("<Q", len(value.encode())) + value.encode()
    tokens = [f"tok{index}" for index in range(32000)]
    pairs = [("general.architecture", "llama"),
             ("tokenizer.chat_template", "{% for m in messages %}{{ m['content'] }}{% endfor %}")]
    out = b"GGUF" + struct.pack("<IQQ", 3, LAYERS, 3)
    out += b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs)
    out += text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(tokens)) + b"".join(map(text, tokens))
    for index in range(LAYERS):
        out += text(f"blk.{index}.w") + struct.pack("<IQIQ", 1, GIB // LAYERS // 4, 0, index * (GIB // LAYERS))
    with open(path, "wb") as file:
        file.write(out + b"\0" * (-len(out) % 32))
        fill(file, GIB, block)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    random = numpy.random.RandomState(1)
    block = random.bytes(1 << 24)
    small_pickles(at("smalls"), random)
    torch_zip(at("model.pt"), block)
    safetensors(at("model.safetensors"), block)
    deep_pickle(at("deep.pkl"))
    zipped_pickles(at("pickles.zip"))
    gguf(at("model.gguf"), block)


if __name__ == "__main__":
    main()
