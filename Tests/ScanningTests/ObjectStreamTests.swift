import AssayCore
import ByteParsing
import Scanning
import Testing

/// Serialised objects of Java and .NET.
@Suite struct ObjectStreamTests {
    private func text(_ value: String) -> [UInt8] { [0, UInt8(value.utf8.count)] + Array(value.utf8) }

    private func type(_ name: String) -> [UInt8] {
        [0x73, 0x72] + text(name) + [UInt8](repeating: 0, count: 8) + [2, 0, 0, 0x78, 0x70]
    }

    private func severity(_ body: [UInt8], _ name: String = "a.model") -> Severity {
        FileScanner().scan(ByteRegion([0xAC, 0xED, 0, 5] + body), path: name).severity
    }

    @Test func classesOfModelsAreClean() {
        #expect(severity(type("weka.classifiers.trees.J48") + type("java.util.ArrayList") + type("[D")) == .none)
    }

    @Test(arguments: [
        "org.apache.commons.collections.functors.InvokerTransformer", "com.sun.rowset.JdbcRowSetImpl", "java.net.URL",
        "[Lorg.apache.commons.collections4.functors.ChainedTransformer;",
    ])
    func classesOfAttacksAreCritical(_ name: String) {
        #expect(severity(type("weka.core.Instances") + type(name)) == .critical)
    }

    @Test func unknownClassesAndProxies() {
        #expect(severity(type("com.example.Loader")) == .medium)
        #expect(severity([0x73, 0x7D, 0, 0, 0, 1] + text("java.util.Map") + [0x78, 0x70]) == .high)
        #expect(severity([0x74] + text("java.lang.Runtime") + type("java.util.HashMap")) == .critical)
        // A text may say anything else.
        #expect(severity([0x74] + text("groovy. music") + type("java.util.HashMap")) == .none)
    }

    @Test func damagedStreamsEnd() {
        let whole = type("java.util.HashMap") + type("com.sun.rowset.JdbcRowSetImpl")
        for length in 0..<whole.count { _ = severity(Array(whole.prefix(length))) }
        #expect(severity([0x73]) == .low)
    }

    @Test func dataOfBinaryFormatter() {
        let start: [UInt8] = [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0]
        func severity(_ name: String) -> Severity {
            FileScanner().scan(ByteRegion(start + Array(name.utf8)), path: "a.dat").severity
        }
        #expect(severity("Accord.MachineLearning.DecisionTree") == .low)
        #expect(severity("System.Windows.Data.ObjectDataProvider") == .critical)
    }
}
