"""Files that break off, lie about lengths, go round in circles or grow without end: none may read as clean."""
import gzip
import json
import lzma
import struct
import zipfile
import zlib

from assembly import dump
from graphs import CALM, graph, node, onnx_model, op, saved_model, tflite
from samples import field, gguf, npy, safetensors, torch_zip, varint, zipped
from tars import END, header, member, padded, pax
from tensor_tricks import ARCHITECTURE, pair, raw_gguf
from zips import archive, central, end, local

PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})


def build(samples):
    def add(name, data, technique):
        samples.add("malformed/" + name, data, "malformed", technique, "none", name.split("/")[0])

    # Whole files, cut at a few places.
    whole = {
        "pickle/data.pkl": dump({"weights": [1.0] * 50, "name": "a" * 300}), "torch/model.pt": torch_zip(PLAIN), "zip/a.zip": zipped([("a.txt", b"hello" * 100), ("b.bin", bytes(300))], zipfile.ZIP_DEFLATED),
        "gz/a.pkl.gz": gzip.compress(PLAIN * 30, mtime=0), "xz/a.pkl.xz": lzma.compress(PLAIN * 30), "gguf/m.gguf": gguf([("general.architecture", "llama"), ("tokenizer.chat_template", "{{ messages }}" * 20)]),
        "safetensors/m.safetensors": safetensors({"w": {"dtype": "F32", "shape": [100], "data_offsets": [0, 400]}}, bytes(400)), "npy/a.npy": npy(data=bytes(400), dtype="<f4", shape=(100,)),
        "onnx/m.onnx": onnx_model([op("Relu"), op("Add")], [[field(1, 100), field(2, 1), field(8, "w"), field(9, bytes(400))]]), "tf/saved_model.pb": saved_model(graph(CALM, node("y", "Add"), node("z", "Mul"))),
        "r/a.rds": gzip.compress(b"X\n" + struct.pack(">III", 3, 0x040300, 0x030500) + struct.pack(">I", 5) + b"UTF-8" + struct.pack(">II", 14, 100) + bytes(800), mtime=0), "tflite/m.tflite": tflite([(0, None), (3, None), (22, None)]),
        "json/config.json": json.dumps({"model_type": "bert", "layers": list(range(100))}).encode(), "keras/m.keras": zipped([("config.json", json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": []}}).encode()), ("metadata.json", b"{}")]),
    }
    for name, data in whole.items():
        folder, file = name.split("/")
        for part in (0.25, 0.6, 0.95):
            add(f"{folder}/cut_{int(part * 100)}/{file}", data[:int(len(data) * part)], f"{file} cut at {int(part * 100)} %")

    # Lying lengths.
    add("zip/size_4gib.zip", archive([{"name": "a", "data": b"x", "o": {"size": 0xFFFFFFFE, "packed": 0xFFFFFFFE, "crc": 0}}]), "sizes of 4 GiB")
    add("zip/name_beyond.zip", local("a", b"x")[:26] + struct.pack("<HH", 60000, 60000) + b"a" + b"x" + central("a", b"x", 0) + end(1, 47, 32), "name longer than the file")
    add("zip/directory_beyond.zip", local("a", b"x") + b"x" + central("a", b"x", 0) + end(1, 47, 0xFFFFFF00), "directory beyond the file")
    add("zip/directory_size_lie.zip", local("a", b"x") + b"x" + central("a", b"x", 0) + end(1, 0xFFFFFF, 32), "directory larger than the file")
    add("zip/count_65535.zip", local("a", b"x") + b"x" + central("a", b"x", 0) + end(65534, 47, 32), "65,534 entries in 47 bytes")
    add("zip/zip64_loop.zip", local("a", b"x") + b"x" + central("a", b"x", 0) + struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 1 << 63, 45, 45, 0, 0, 1 << 62, 1 << 62, 1 << 62, 1 << 62) + struct.pack("<4sIQI", b"PK\6\7", 0, 79, 1) + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), "ZIP64 numbers of 2^62")
    add("zip/points_at_itself.zip", local("a.zip", b"") + central("a.zip", b"", 0, packed=100, size=100) + end(1, 51, 35), "an entry whose data is the archive's own end")
    add("zip/deflate_garbage.zip", archive([{"name": "data.pkl", "data": b"\xff" * 100, "o": {"method": 8, "size": 500, "crc": 1}}]), "deflate data that is none")
    add("zip/crc_wrong.zip", archive([{"name": "data.bin", "data": b"hello", "c": {"crc": 5}}]), "checksums that differ")
    add("zip/end_only.zip", end(0, 0, 0)[:20], "end record cut short")
    add("zip/local_only_truncated.zip", local("a", b"x" * 100)[:25], "local header cut short")
    add("tar/size_huge.tar", header("a", 1 << 33) + b"x" * 100, "size of 8 GiB")
    add("tar/size_base256_huge.tar", header("a", raw_size=b"\x80" + b"\x7f" * 11) + b"x" * 100, "size of 2^86")
    add("tar/size_letters.tar", header("a", raw_size=b"zzzzzzzzzzz\0") + b"x" * 512, "size that is no number")
    add("tar/checksum.tar", header("a", 1, checksum=12345) + padded(b"x"), "wrong checksum at the start")
    add("tar/pax_length_lie.tar", member("x", b"99999 path=a\n", kind=b"x") + member("a", b"x") + END, "pax record longer than its header")
    add("tar/pax_no_number.tar", member("x", b"path=a\n", kind=b"x") + member("a", b"x") + END, "pax record without a length")
    add("tar/pax_zero.tar", member("x", b"0 path=a\n", kind=b"x") + member("a", b"x") + END, "pax record of length zero")
    add("tar/pax_negative_size.tar", pax([("size", "-5")]) + member("a", b"x") + END, "negative size in a pax header")
    add("tar/pax_size_text.tar", pax([("size", "abc")]) + member("a", b"x") + END, "pax size that is no number")
    add("tar/long_name_at_end.tar", member("././@LongLink", b"x" * 600, kind=b"L", magic=b"ustar  \0"), "a long name, and then the end")
    add("tar/link_loop.tar", header("a", kind=b"2", link="b") + header("b", kind=b"2", link="a") + member("a/x", b"x") + END, "links that point at each other")
    add("gz/header_only.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "gzip header alone")
    add("gz/garbage.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 50, "gzip without deflate data")
    add("gz/reserved_flags.gz", b"\x1f\x8b\x08\xff\0\0\0\0\0\xff" + b"\0" * 50, "gzip with all flags")
    add("gz/length_lie.gz", gzip.compress(PLAIN * 10, mtime=0)[:-4] + b"\0\0\0\x7f", "length of 2 GiB in the trailer")
    add("zlib/adler.zlib", zlib.compress(PLAIN * 10)[:-4] + b"\0\0\0\0", "wrong Adler-32")
    add("bz2/garbage.bz2", b"BZh9\x31\x41\x59\x26\x53\x59" + b"\xff" * 60, "bzip2 block that is none")
    add("xz/garbage.xz", b"\xfd7zXZ\0\0\4" + b"\xff" * 60, "xz header that is none")
    add("xz/memory.xz", b"\xfd7zXZ\0\0\4\xe6\xd6\xb4\x46\x02\0\x21\x01\x28\0\0\0" + b"\xff" * 60, "xz with a dictionary of 4 GiB")
    add("zstd/garbage.zst", b"\x28\xb5\x2f\xfd" + b"\xff" * 60, "zstd frame that is none")
    add("zstd/window.zst", b"\x28\xb5\x2f\xfd\0\xff" + b"\x01\0\0" + bytes(60), "zstd window of 2^41 bytes")
    add("zstd/skippable_beyond.zst", struct.pack("<II", 0x184D2A50, 0xFFFFFFFF) + bytes(40), "skippable frame longer than the file")
    add("lz4/garbage.lz4", b"\x04\x22\x4d\x18\x64\x40\xa7" + b"\xff" * 60, "lz4 frame that is none")
    add("7z/header_beyond.7z", b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<IQQI", 0, 1 << 60, 1 << 60, 0), "7z header beyond the file")
    add("7z/header_zero.7z", b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<IQQI", 1, 0, 5, 1) + b"\xff" * 5, "7z header that is none")
    add("7z/many_files.7z", b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<IQQI", 1, 0, 20, 1) + b"\x01\x05\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + bytes(9), "7z with 2^63 files")

    # Growth and circles.
    inner = PLAIN
    for _ in range(40):
        inner = gzip.compress(inner, mtime=0)
    add("gz/forty_deep.gz", inner, "gzip in gzip, forty deep")
    nested = zipped([("a.pkl", PLAIN)])
    for _ in range(30):
        nested = zipped([("a.zip", nested)])
    add("zip/thirty_deep.zip", nested, "zip in zip, thirty deep")
    add("zip/many_entries.zip", archive([{"name": f"{number:05}", "data": b""} for number in range(70000)]), "70,000 entries without ZIP64")
    add("json/deep.json", b'{"a":' * 100000 + b"1" + b"}" * 100000, "JSON 100,000 deep")
    add("json/list_deep.json", b"[" * 200000, "200,000 open lists")
    add("yaml/laughs.yaml", "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)), "YAML aliases that multiply")
    add("yaml/deep.yaml", "[" * 50000, "50,000 open YAML lists")
    add("xml/deep.pmml", '<PMML version="4.4">' + "<a>" * 100000, "XML 100,000 deep")
    add("xml/laughs.xml", '<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12)) + ']><net name="&m;" version="11"><layers/></net>', "entities that multiply")
    add("xml/unclosed.pmml", '<PMML version="4.4"><Header copyright="', "XML that breaks off in an attribute")
    add("jinja/deep.jinja", "{{ " + "(" * 20000 + "1" + ")" * 20000 + " }}", "template expression 20,000 deep")
    add("jinja/blocks/chat_template.jinja", "{% if a %}" * 20000, "20,000 open blocks")
    add("gguf/array_depth.gguf", raw_gguf([ARCHITECTURE, pair("a", 9, struct.pack("<IQ", 9, 1) * 5000)]), "arrays in arrays, 5,000 deep")
    add("gguf/array_count.gguf", raw_gguf([ARCHITECTURE, pair("a", 9, struct.pack("<IQ", 8, 1 << 60))]), "an array of 2^60 texts")
    add("gguf/array_of_bool_huge.gguf", raw_gguf([ARCHITECTURE, pair("a", 9, struct.pack("<IQ", 7, (1 << 64) - 1))]), "an array of 2^64-1 truth values")
    add("gguf/key_huge.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 62), "a key of 2^62 bytes")
    add("gguf/version_0.gguf", b"GGUF" + struct.pack("<IQQ", 0, 0, 0), "version 0")
    add("gguf/version_huge.gguf", b"GGUF" + struct.pack("<IQQ", 0x7FFFFFFF, 0, 0), "version 2^31-1")
    add("gguf/tensor_no_data.gguf", raw_gguf([ARCHITECTURE], tensors=struct.pack("<Q", 1) + b"w" + struct.pack("<IQIQ", 1, 1 << 20, 0, 0), count=1), "a tensor without data")
    add("onnx/deep.onnx", _deep_onnx(20000), "graphs in graphs, 20,000 deep")
    add("onnx/length_beyond.onnx", field(1, 8) + b"\x3a\xff\xff\xff\xff\x07" + field(2, "g"), "graph longer than the file")
    add("onnx/varint_endless.onnx", field(1, 8) + field(2, "pytorch") + b"\x38" + b"\xff" * 30, "varint of 30 bytes")
    add("onnx/group_open.onnx", onnx_model([op("Relu")]) + varint(90 << 3 | 3) * 1000, "1,000 open groups")
    add("onnx/wire_type_7.onnx", onnx_model([op("Relu")]) + b"\x3f\x01", "wire type 7")
    add("tf/length_beyond/saved_model.pb", field(1, 1) + b"\x12\xff\xff\xff\x7f" + field(2, graph(CALM)), "meta graph longer than the file")
    add("tf/deep/saved_model.pb", _deep_graph(5000), "attributes in attributes, 5,000 deep")
    add("tflite/vector_huge.tflite", tflite([(0, None)])[:12] + b"\xff" * 60, "offsets beyond the file")
    add("tflite/loop.tflite", b"\x08\0\0\0TFL3" + struct.pack("<i", 0) + bytes(40), "a table that is its own vtable")
    add("h5/truncated.h5", b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0\4\0\x10\0" + bytes(12) + b"\xff" * 8, "superblock cut short")
    add("h5/loop.h5", b"\x89HDF\r\n\x1a\n\x02\x08\x08\0" + struct.pack("<QQQQ", 0, (1 << 64) - 1, 48, 48) + bytes(200), "root object that is none")
    add("r/deep.rds", b"X\n" + struct.pack(">III", 2, 0x030000, 0x020300) + struct.pack(">II", 19, 1) * 100000, "lists in lists, 100,000 deep")
    add("r/length_huge.rds", b"X\n" + struct.pack(">III", 2, 0x030000, 0x020300) + struct.pack(">IiII", 14, -1, 0x7FFF, 0), "a vector of 2^47 numbers")
    add("r/reference.rds", b"X\n" + struct.pack(">III", 2, 0x030000, 0x020300) + struct.pack(">I", 0xFFFFFF), "a reference to nothing")
    add("msgpack/deep.msgpack", b"\x81\xa1a" * 50000, "maps in maps, 50,000 deep")
    add("msgpack/count.msgpack", b"\xdf\xff\xff\xff\xff\xa1a\x01", "a map of 2^32 pairs")
    add("torch7/deep.t7", struct.pack("<iii", 3, 1, 1000000), "a table of a million pairs in 12 bytes")
    add("ubjson/deep.ubj", b"{L\0\0\0\0\0\0\0\x07learner" + b"[" * 50000, "lists in lists, 50,000 deep")
    add("python/deep.py", "x = " + "(" * 50000 + "\n", "50,000 open brackets")
    add("notebook/broken.ipynb", b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["import os', "notebook cut in a cell")
    add("skops/broken.skops", zipped([("schema.json", b'{"__class__": "dict", "__loader__": "DictNode", "content": ')]), "schema cut in the middle")
    add("npz/cut.npz", zipped([("a.npy", npy(data=bytes(100), dtype="<f4", shape=(1000,)))]), "array shorter than its shape")
    add("npz/broken_member.npz", zipped([("a.npy", b"\x93NUMPY\x01\0\xff\xff{")]), "array header cut short")
    add("coreml/cut.mlmodel", field(1, 4) + b"\x12\xff\x7f" + b"x", "description longer than the file")
    add("mar/manifest.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model": {"handler": '), ("h.py", b"x = 1\n")]), "manifest cut in the middle")
    add("paddle/cut.pdmodel", field(1, [field(1, 0), field(2, 4294967295), field(4, [field(3, "relu")])])[:-3], "program cut short")
    add("catboost/short.cbm", b"CBM1" + struct.pack("<I", 0xFFFFFF) + bytes(20), "core longer than the file")
    add("executorch/short.pte", b"\x10\0\0\0ET12" + b"\xff" * 20, "program without tables")
    for extension in ["pkl", "pt", "onnx", "gguf", "safetensors", "h5", "keras", "npy", "npz", "tflite", "zip", "tar", "joblib", "mar", "nemo", "rds", "t7", "cbm", "pmml", "mlmodel", "pdmodel", "msgpack", "bin", "ckpt", "pth", "skops", "engine", "pte", "7z", "gz"]:
        add(f"empty/model.{extension}", b"", f"empty .{extension}")
        add(f"zeros/model.{extension}", bytes(4096), f"4 KiB of zeros named .{extension}")


def _deep_onnx(levels):
    # Lengths are counted from the inside out, so that the file has one copy of everything.
    head = []
    size = len(field(2, "g"))
    for _ in range(levels):
        chain = [6, 5, 1]
        prefix = b""
        for number in chain:
            piece = varint(number << 3 | 2) + varint(size)
            prefix = piece + prefix
            size += len(piece)
        head.append(prefix)
    return field(1, 8) + varint(7 << 3 | 2) + varint(size) + b"".join(reversed(head)) + field(2, "g") + field(8, [field(2, 17)])


def _deep_graph(levels):
    size = 0
    head = []
    for _ in range(levels):
        prefix = b""
        for number in [2, 10, 2]:
            piece = varint(number << 3 | 2) + varint(size)
            prefix = piece + prefix
            size += len(piece)
        head.append(prefix)
    inner = b"".join(reversed(head))
    return saved_model(graph(CALM, [field(1, "x"), field(2, "Add"), field(5, inner)]))
