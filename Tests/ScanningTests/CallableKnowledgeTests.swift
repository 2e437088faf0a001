import AssayCore
import Testing

@testable import Scanning

@Suite struct CallableKnowledgeTests {
    private func capability(_ qualified: String) -> Capability {
        let dot = qualified.firstIndex(of: " ") ?? qualified.endIndex
        return CallableKnowledge.of(
            module: String(qualified[..<dot]), name: String(qualified[dot...].dropFirst())
        ).capability
    }

    @Test(arguments: [
        ("os system", Capability.codeExecution), ("posix system", .codeExecution), ("nt popen", .codeExecution),
        ("os path.exists", .file), ("os path.join", .pure), ("os unheard_of", .file),
        ("__builtin__ eval", .codeExecution), ("builtins getattr", .attributeAccess), ("builtins set", .pure),
        ("builtins ValueError", .pure), ("builtins open", .file), ("_io open", .file), ("_pickle loads", .indirectLoad),
        ("subprocess Popen", .codeExecution), ("subprocess Popen.communicate", .codeExecution),
        ("subprocess.sub whatever", .codeExecution), ("asyncio.unix_events _Anything._start", .codeExecution),
        ("ctypes CDLL", .nativeCode), ("importlib import_module", .importByString),
        ("pkgutil resolve_name", .importByString),
        ("_operator attrgetter", .attributeAccess), ("operator itemgetter", .pure), ("_functools partial", .pure),
        ("types CodeType", .codeObject), ("marshal loads", .codeObject), ("socket create_connection", .network),
        ("copy_reg _reconstructor", .pure), ("copyreg add_extension", .processState),
        ("sys modules.__setitem__", .codeExecution),
        ("pathlib PosixPath", .pure), ("pathlib Path.write_text", .file), ("pathlib PosixPath.unlink", .file),
        ("collections OrderedDict", .pure), ("datetime datetime.fromisoformat", .pure), ("decimal Decimal", .pure),
        ("typing ForwardRef", .codeExecution), ("idlelib.run Executive.runcode", .codeExecution),
        ("lib2to3.pgen2.grammar Grammar.loads", .codeExecution),
        ("test.support.script_helper assert_python_ok", .codeExecution),
        ("annotationlib ForwardRef.evaluate", .codeExecution), ("concurrent.interpreters create", .codeExecution),
        ("compression.zstd open", .file), ("compression.gzip compress", .pure),
    ])
    func knowsTheStandardLibrary(_ name: String, _ expected: Capability) {
        #expect(capability(name) == expected)
    }

    @Test(arguments: [
        ("numpy.core.multiarray _reconstruct", Capability.pure), ("numpy dtype", .pure), ("numpy load", .indirectLoad),
        ("numpy.random._pickle __randomstate_ctor", .pure), ("numpy.f2py.crackfortran anything", .codeExecution),
        ("commands CalledProcessError", .pure), ("subprocess TimeoutExpired", .pure), ("pip._internal AnyError", .pure),
        ("zoneinfo ZoneInfo._unpickle", .pure), ("signal Signals", .pure), ("signal alarm", .processState),
        // A module named like a twin of the standard library's, a function named like its module.
        ("torch.jit._pickle build_intlist", .pure),
        ("joblib.numpy_pickle pickle.loads", .indirectLoad), ("torch.multiprocessing spawn", .codeExecution),
        ("statsmodels.base.model Model.from_formula", .codeExecution), ("PIL.PngImagePlugin PngImageFile", .file),
        ("sqlalchemy.util.langhelpers _exec_code_in_env", .codeExecution),
        ("pandas.compat.compressors BZ2File", .file), ("pydantic_core._pydantic_core Url", .pure),
        ("sympy sympify", .codeExecution), ("sympy lambdify", .codeExecution),
        ("sentence_transformers SentenceTransformer", .indirectLoad),
        ("torch._utils _rebuild_tensor_v2", .pure), ("torch FloatStorage", .pure),
        ("torch.nn.modules.linear Linear", .pure),
        ("torch.storage _load_from_bytes", .indirectLoad),
        ("torch.utils.bottleneck.__main__ run_cprofile", .codeExecution),
        ("torch hub.load", .codeExecution), ("torch.jit._serialization load", .indirectLoad),
        ("sklearn.linear_model._logistic LogisticRegression", .pure), ("sklearn.externals.joblib load", .indirectLoad),
        ("pandas read_pickle", .indirectLoad), ("pandas.io.parsers.readers read_csv", .file),
        ("yaml unsafe_load", .indirectLoad), ("yaml safe_load", .pure), ("requests.api post", .network),
        ("transformers.dynamic_module_utils get_class_from_dynamic_module", .codeExecution),
        ("tensorflow.keras.models load_model", .indirectLoad), ("xgboost.sklearn XGBClassifier", .pure),
        ("matplotlib.transforms BlendedAffine2D.transform", .pure), ("matplotlib.pyplot savefig", .file),
        ("matplotlib.image imsave", .file), ("pytz _p", .pure), ("pytz open_resource", .file),
        ("fastcore.foundation L", .codeExecution), ("regex._regex compile", .pure),
    ])
    func knowsTheEcosystem(_ name: String, _ expected: Capability) {
        #expect(capability(name) == expected)
    }

    @Test(arguments: [
        "pathlib os.system", "anything.at.all os.system", "mylib _subprocess.Popen", "numpy os.system",
        "numpy.core.numeric __builtins__.eval",
    ])
    func followsModulesInsideDottedNames(_ name: String) {
        #expect(capability(name) == .codeExecution)
    }

    @Test(arguments: [
        "collections OrderedDict.__init__.__globals__", "builtins print.__class__.__base__.__subclasses__",
    ])
    func whatHandsOutAnythingIsAnImport(_ name: String) {
        #expect(capability(name) == .importByString)
    }

    @Test(arguments: [
        "torch.utils.collect_env run", "trace Trace.run", "doctest debug_script", "imaplib IMAP4_stream",
        "logging.config dictConfig", "multiprocessing.util spawnv_passfds", "torch.package PackageImporter",
        "dill._dill _getattr", "gettext c2py", "torch.jit.unsupported_tensor_ops execWrapper", "ray.cloudpickle loads",
        "fsspec.registry get_filesystem_class", "nltk.data load", "gensim.utils unpickle", "numpy load",
        "transformers AutoTokenizer.from_pretrained", "mlflow.pyfunc load_model",
        "accelerate.test_utils.testing run_command",
    ])
    func gadgetsOfLibrariesAreCritical(_ name: String) {
        let space = name.firstIndex(of: " ") ?? name.endIndex
        let knowledge = CallableKnowledge.of(
            module: String(name[..<space]), name: String(name[space...].dropFirst()))
        #expect((knowledge.suspicion ?? knowledge.capability).calledSeverity == .critical, "\(knowledge)")
    }

    @Test func objectsOfPackagesThatDoMuchAreValues() {
        let response = CallableKnowledge.of(module: "requests.models", name: "Answer")
        #expect(response.capability == .network && response.state == .unknownClassState)
        let process = CallableKnowledge.of(module: "subprocess", name: "Popen")
        #expect(process.capability == .codeExecution && process.state == .codeExecution)
    }

    @Test func whatTheAnalysisCallsPureIsNoExceptionFromADangerousModule() {
        for module in ["importlib", "subprocess", "os", "ctypes", "runpy", "pickle", "marshal", "socket", "shutil"] {
            #expect(CallableKnowledge.of(module: module, name: "anything_new").capability.calledSeverity >= .high)
        }
        #expect(CallableKnowledge.of(module: "importlib", name: "import_module").capability == .importByString)
    }

    @Test(arguments: [
        "sklearn.base BaseEstimator.__reduce_ex__", "mylib f.__code__",
    ])
    func whatReachesAnythingIsAttributeAccess(_ name: String) {
        #expect(capability(name) == .attributeAccess)
    }

    @Test func theUnlistedIsUnknownAndItsNameIsAHint() {
        let load = CallableKnowledge.of(module: "somebody.lib", name: "load_and_exec")
        #expect(load.capability == .unknownCall && load.suspicion == .codeExecution && !load.isClass)
        let plain = CallableKnowledge.of(module: "somebody.lib", name: "combine")
        #expect(plain.capability == .unknownCall && plain.suspicion == nil)
        let model = CallableKnowledge.of(module: "__main__", name: "Net")
        #expect(model.capability == .unknownCall && model.state == .unknownClassState && model.isClass)
        // A default that makes a package's classes pure does not cover a name that says otherwise.
        #expect(CallableKnowledge.of(module: "sklearn.somewhere", name: "ShellRunner").capability == .unknownCall)
        #expect(CallableKnowledge.of(module: "sklearn.somewhere", name: "Forest").capability == .pure)
    }

    @Test(arguments: [
        "", ".", "..", "...a", "a..b", String(repeating: "a.", count: 600), String(repeating: "os.", count: 200),
    ])
    func oddNamesEnd(_ name: String) {
        #expect(CallableKnowledge.of(module: name, name: name).capability != .pure)
    }
}
