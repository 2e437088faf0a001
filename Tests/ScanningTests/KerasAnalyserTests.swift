import AssayCore
import ByteParsing
import Scanning
import Testing

@Suite struct KerasAnalyserTests {
    static func severity(_ json: String, name: String = "config.json") -> Severity {
        FileScanner(analysers: [KerasAnalyser()]).scan(ByteRegion(Array(json.utf8)), path: name).severity
    }

    static func layer(_ json: String) -> String {
        """
        {"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "m", "layers": [
        {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}, "registered_name": null}, \(json)]}}
        """
    }

    @Test(arguments: [
        #"{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l"}, "registered_name": null}"#,
        #"{"class_name": "Lambda", "config": {"function": ["4wAA", null, null], "function_type": "lambda"}}"#,
        #"{"class_name": "TimeDistributed", "config": {"layer": {"class_name": "Lambda", "config": {}}}}"#,
        #"{"cl\u0061ss_name": "L\u0061mbda", "config": {}}"#,
        #"{"class_name": "Keras>Lambda", "config": {}}"#,
        #"{"module": "tensorflow.python.keras.layers.core", "class_name": "Lambda", "config": {}}"#,
        #"{"module": "keras.layers", "class_name": "Dense", "config": {"activation": {"class_name": "__lambda__"}}}"#,
        #"{"module": "os", "class_name": "system", "config": "id", "registered_name": null}"#,
        #"{"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"}"#,
        #"{"module": "keras.utils", "class_name": "get_file", "config": {"origin": "http://h/x"}}"#,
        #"{"module": "keras.config", "class_name": "enable_unsafe_deserialization", "config": {}}"#,
        #"{"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"}"#,
        #"{"module": "keras.src.utils.torch_utils", "class_name": "TorchModuleWrapper", "config": {"module": "gAI="}}"#,
        #"{"class_name": "TFOpLambda", "config": {"name": "x", "function": "py_function"}}"#,
    ])
    func codeIsCritical(json: String) {
        #expect(KerasAnalyserTests.severity(KerasAnalyserTests.layer(json)) == .critical)
    }

    @Test(arguments: [
        #"{"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "m"}}"#,
        #"{"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "http://10.0.0.1/v"}}"#,
        #"{"module": "keras.layers", "class_name": "TextVectorization", "config": {"vocabulary": "/etc/passwd"}}"#,
        #"{"class_name": "TFOpLambda", "config": {"name": "x", "function": "io.write_file"}}"#,
    ])
    func filesAreHigh(json: String) {
        #expect(KerasAnalyserTests.severity(KerasAnalyserTests.layer(json)) == .high)
    }

    /// A Lambda layer around a function of Keras itself holds no code; around anything else it may.
    @Test(arguments: [
        (
            #"{"module": "keras.ops", "class_name": "function", "config": "tanh", "registered_name": "tanh"}"#,
            Severity.low
        ),
        (#"{"module": "keras.activations", "class_name": "function", "config": "relu"}"#, .low),
        (#"{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}"#, .low),
        (#"{"module": "builtins", "class_name": "function", "config": "eval"}"#, .critical),
        (#"{"module": "keras.models", "class_name": "function", "config": "load_model"}"#, .critical),
        (#"{"module": "mine", "class_name": "function", "config": "tanh"}"#, .critical),
    ])
    func lambdasAreWorthTheirFunction(_ function: String, _ expected: Severity) {
        let layer =
            "{\"module\": \"keras.layers\", \"class_name\": \"Lambda\", \"config\": {\"function\": \(function)}}"
        #expect(KerasAnalyserTests.severity(KerasAnalyserTests.layer(layer)) == expected)
    }

    @Test(arguments: [
        #"{"module": "mypkg.layers", "class_name": "Mine", "config": {}, "registered_name": "mypkg>Mine"}"#,
        #"{"class_name": "evilpkg>Runner", "config": {}}"#,
        #"{"class_name": "Runner", "config": {}}"#,
        #"{"module": "keras.src.saving.saving_lib", "class_name": "H5IOStore", "config": {}}"#,
        #"{"module": "builtins", "class_name": "function", "config": "my_loss", "registered_name": "function"}"#,
    ])
    func customCodeIsMedium(json: String) {
        #expect(KerasAnalyserTests.severity(KerasAnalyserTests.layer(json)) == .medium)
    }

    @Test(arguments: [
        #"{"module": "keras.layers", "class_name": "Dense", "config": {"name": "Lambda_eval_exec"}}"#,
        #"{"class_name": "Dense", "config": {"name": "Lambda"}}"#,
        #"{"class_name": "Custom>Adam", "config": {"learning_rate": 0.1}}"#,
        #"{"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": ["a", "b"]}}"#,
        #"{"module": "keras.src.ops.numpy", "class_name": "GetItem", "config": {"name": "g"}}"#,
        #"{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}"#,
        #"{"module": "keras.losses", "class_name": "function", "config": "mean_squared_error"}"#,
        #"{"class_name": "TFOpLambda", "config": {"name": "x", "function": "math.multiply"}}"#,
        #"{"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}}"#,
        #"{"class_name": "__tuple__", "items": [1, 2]}"#,
    ])
    func partsOfKerasAreFine(json: String) {
        #expect(KerasAnalyserTests.severity(KerasAnalyserTests.layer(json)) < .medium)
    }

    @Test func otherProgramsConfigurationsAreNotKeras() {
        #expect(KerasAnalyserTests.severity(#"{"class_name": "Retriever", "config": {"top_k": 3}}"#) == .none)
    }

    @Test func widerEncodingsAreRead() {
        let json = KerasAnalyserTests.layer(#"{"class_name": "Lambda", "config": {}}"#)
        for mark in [[], [0xFF, 0xFE]] as [[UInt8]] {
            let bytes = mark + json.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            let report = FileScanner(analysers: [KerasAnalyser()]).scan(ByteRegion(bytes), path: "config.json")
            #expect(report.severity == .critical)
        }
    }

    @Test func depthIsNoHidingPlace() {
        let depth = 20_000
        let json =
            #"{"class_name": "Sequential", "config": "# + String(repeating: "[", count: depth)
            + #"{"class_name": "Lambda", "config": {}}"# + String(repeating: "]", count: depth) + "}"
        #expect(KerasAnalyserTests.severity(json) == .critical)
    }
}
