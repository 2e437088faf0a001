import AssayCore
import ByteParsing
import Scanning
import Testing

/// skops, R, Torch7, XML: what each judge says of small inputs.
@Suite struct ObjectGraphTests {
    static func severity(_ bytes: [UInt8], _ analyser: any Analyser, name: String = "model") -> Severity {
        FileScanner(analysers: [analyser]).scan(ByteRegion(bytes), path: name).severity
    }
    static func severity(_ text: String, _ analyser: any Analyser, name: String = "model") -> Severity {
        severity(Array(text.utf8), analyser, name: name)
    }

    // MARK: skops

    static func node(_ loader: String, _ module: String, _ name: String, _ more: String = "") -> String {
        #"{"__class__": "\#(name)", "__module__": "\#(module)", "__loader__": "\#(loader)"\#(more), "protocol": 2}"#
    }

    @Test(arguments: [
        (node("ObjectNode", "subprocess", "Popen"), Severity.critical),
        (node("FunctionNode", "os", "system"), .critical),
        (node("TypeNode", "subprocess", "Popen"), .critical),
        (node("MethodNode", "builtins", "method", #", "content": {"func": "__globals__"}"#), .high),
        (node("MethodNode", "builtins", "method", #", "content": {"func": "a.b"}"#), .high),
        (node("OperatorFuncNode", "builtins", "methodcaller"), .high),
        (node("OperatorFuncNode", "operator", "attrgetter", #", "attrs": {"content": "__globals__"}"#), .high),
        (node("ObjectNode", "nobody.knows", "This"), .medium),
        (node("StrangeNode", "builtins", "list"), .medium),
    ])
    func skopsNodesThatReachOut(json: String, expected: Severity) {
        #expect(ObjectGraphTests.severity(json, SkopsAnalyser()) == expected)
    }

    @Test(arguments: [
        node("DictNode", "builtins", "dict"),
        node("ObjectNode", "sklearn.linear_model._logistic", "LogisticRegression"),
        node("NdArrayNode", "numpy", "ndarray"), node("FunctionNode", "numpy", "log1p"),
        node("OperatorFuncNode", "operator", "itemgetter"), node("TypeNode", "numpy", "float64"),
    ])
    func skopsNodesOfModels(json: String) {
        #expect(ObjectGraphTests.severity(json, SkopsAnalyser()) < .medium)
    }

    // MARK: XML

    @Test(arguments: [
        ("<!DOCTYPE PMML [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><PMML/>", Severity.high),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://h/\">]><a/>", .high),
        ("<!DOCTYPE a [<!ENTITY % x \"&#60;!ENTITY y SYSTEM 'file:///x'&#62;\">%x;]><a>&y;</a>", .high),
        (
            "<?xml version='1.0'?><a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/></a>",
            .high
        ),
        ("<!DOCTYPE net SYSTEM 'http://h/d.dtd'><net/>", .high),
        ("<PMML><Header><Extension name='script' value='1'/></Header></PMML>", .medium),
        ("<PMML><Header><Extension>java.lang.Runtime</Extension></Header></PMML>", .medium),
        ("<PMML><Apply function='com.evil.Run'/></PMML>", .medium),
        ("<net><layers><layer name='c' type='X' version='mine'/></layers></net>", .medium),
        ("<net><layers><layer version='opset1'><data path='/tmp/x.so'/></layer></layers></net>", .high),
        ("<net><layers><layer version='opset1'><data offset='99999999' size='16'/></layer></layers></net>", .low),
        (
            "<net><layers><layer version='opset1'><data offset='9223372036854775807' size='16'/></layer></layers></net>",
            .medium
        ),
    ])
    func markupThatReachesOut(text: String, expected: Severity) {
        #expect(ObjectGraphTests.severity(text, XMLAnalyser()) == expected)
    }

    @Test func entitiesThatGrow() {
        var text = "<!DOCTYPE a [<!ENTITY a0 \"0123456789\">"
        for level in 1...9 {
            text += "<!ENTITY a\(level) \"" + String(repeating: "&a\(level - 1);", count: 10) + "\">"
        }
        #expect(ObjectGraphTests.severity(text + "]><a>&a9;</a>", XMLAnalyser()) == .medium)
    }

    @Test(arguments: [
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://www.w3.org/TR/xhtml1.dtd\"><html/>",
        "<PMML xmlns='http://www.dmg.org/PMML-4_4'><Header><Extension extender='s' name='v' value='1.2'/></Header>"
            + "<DefineFunction name='f'><Apply function='+'/></DefineFunction></PMML>",
        "<net><layers><layer version='opset1' type='Const'><data element_type='f32' shape='4' offset='0' size='16'/>"
            + "</layer></layers></net>",
        "<?xml version='1.0'?><svg/>",
    ])
    func ordinaryMarkup(text: String) {
        #expect(ObjectGraphTests.severity(text, XMLAnalyser()) < .medium)
    }
}
