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

    /// A `HashMap` of one entry, as Java writes it.
    private var map: [UInt8] {
        var bytes: [UInt8] =
            [0x73, 0x72] + text("java.util.HashMap") + [5, 7, 0xDA, 0xC1, 0xC3, 0x16, 0x60, 0xD1, 3, 0, 2]
        bytes += [0x46] + text("loadFactor") + [0x49] + text("threshold") + [0x78, 0x70, 0x3F, 0x40, 0, 0, 0, 0, 0, 12]
        bytes += [0x77, 8, 0, 0, 0, 16, 0, 0, 0, 1, 0x74] + text("a") + [0x74] + text("b") + [0x78]
        return bytes
    }

    @Test func streamsThatBreakOffAreNotClean() {
        #expect(severity(map) == .none)
        #expect(severity(map + [0x71, 0, 0x7E, 0, 1]) == .none)
        for length in 1..<map.count { #expect(severity(Array(map.prefix(length))) > .none, "\(length)") }
        // An array of numbers, objects in a list, a class that wrote no fields, and references to classes.
        let numbers = [0x75, 0x72] + text("[D") + [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x78, 0x70, 0, 0, 0, 2]
        #expect(severity(numbers + [UInt8](repeating: 0, count: 16)) == .none)
        #expect(severity(numbers + [UInt8](repeating: 0, count: 15)) == .low)
        let odd = [0x73, 0x72] + text("java.util.Odd") + [UInt8](repeating: 0, count: 8) + [3, 0, 1, 0x44] + text("d")
        #expect(severity(odd + [0x78, 0x70, 0x77, 1, 5, 0x78]) == .none)
        #expect(severity(odd + [0x78, 0x70, 0x77, 9, 5]) == .low)
    }

    @Test func dataOfBinaryFormatter() {
        let start: [UInt8] = [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0]
        func severity(_ name: String) -> Severity {
            FileScanner().scan(ByteRegion(start + Array(name.utf8) + [0x0B]), path: "a.dat").severity
        }
        let cut = FileScanner().scan(ByteRegion(start + [6, 1, 0]), path: "a.dat")
        #expect(cut.findings.contains { $0.rule == "SCAN-MALFORMED" })
        #expect(severity("Accord.MachineLearning.DecisionTree") == .low)
        #expect(severity("System.Windows.Data.ObjectDataProvider") == .critical)
    }
}
