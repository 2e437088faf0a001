import AssayCore
import ByteParsing
import Scanning
import Testing

@Suite struct PickleDemandTests {
    private func scan(_ text: String) -> FileReport {
        FileScanner().scan(
            ByteRegion(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }), path: "model.pkl")
    }

    @Test(arguments: [
        ("a tower of powers", "cbuiltins\npow\n(I9\ncbuiltins\npow\n(I9\nI9\ntRtR."),
        ("a product of a product", "coperator\nmul\n(S'A'\ncoperator\nmul\n(I1048576\nI1048576\ntRtR."),
        ("bytes by a shift", "cbuiltins\nbytearray\n(coperator\nlshift\n(I1\nI40\ntRtR."),
        ("a list of a range", "cbuiltins\nlist\n(cbuiltins\nrange\n(cbuiltins\npow\n(I10\nI12\ntRtRtR."),
        ("a number from a text", "cbuiltins\nbytearray\n(cbuiltins\nint\n(S'99999999999999'\ntRtR."),
        ("a number in hexadecimal", "cbuiltins\nbytearray\n(cbuiltins\nint\n(S'ffffffffffff'\nI16\ntRtR."),
        ("a method of a number", "cbuiltins\nint.__pow__\n(I9\ncbuiltins\nint.__pow__\n(I9\nI9\ntRtR."),
        (
            "a chain of repetitions",
            "coperator\nmul\n(coperator\nmul\n(coperator\nmul\n(S'AAAA'\nI4096\ntRI4096\ntRI4096\ntR."
        ),
        ("a bound method", "cbuiltins\ngetattr\n(S'a'\nS'ljust'\ntR(I100000000000\ntR."),
        ("a function with fixed arguments", "cfunctools\npartial\n(cbuiltins\npow\nI9\ntR(I387420489\ntR."),
        ("permutations", "cbuiltins\nlist\n(citertools\npermutations\n(cbuiltins\nrange\n(I20\ntRtRtR."),
        ("a count that ends late", "cbuiltins\nlist\n(citertools\nislice\n(citertools\ncount\n)RI100000000000\ntRtR."),
        ("two counts in a zip", "cbuiltins\ntuple\n(cbuiltins\nzip\n(citertools\ncount\n)Rcitertools\ncount\n)RtRtR."),
        ("a search in a count", "coperator\ncontains\n(citertools\ncount\n)RI-1\ntR."),
        ("a width", "cbuiltins\nformat\n(S'x'\nS'>100000000000'\ntR."),
        ("a percent width", "coperator\nmod\n(S'%100000000000d'\nI1\ntR."),
        (
            "texts in texts",
            "cbuiltins\nstr.replace\n(coperator\nmul\n(S'A'\nI65536\ntRS'A'\ncoperator\nmul\n(S'A'\nI65536\ntRtR."
        ),
        ("digits", "cbuiltins\nstr\n(coperator\nlshift\n(I1\nI40000000\ntRtR."),
        ("waiting", "cthreading\nEvent.wait\n(cthreading\nEvent\n)RtR."),
        ("a slow pattern", "cre\n_compile\n(S'(a+)+$'\nI0\ntR."),
        ("a slow match", "cre\nmatch\n(S'(a|aa)+$'\nS'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'\ntR."),
        ("an array's shape", "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I1048576\nI1048576\ntS'b'\ntR."),
    ])
    func callsThatAskForTooMuchAreFound(_ what: String, _ stream: String) {
        let report = scan(stream)
        #expect(report.severity >= .medium, "\(what)")
        #expect(report.findings.contains { $0.rule == "PICKLE-RESOURCE-ATTACK" }, "\(what)")
    }

    @Test(arguments: [
        "cbuiltins\npow\n(I2\nI10\ntR.", "cbuiltins\npow\n(I9\nI387420489\nI7\ntR.",
        "cbuiltins\nrange\n(I1000000000\ntR.",
        "cbuiltins\nlist\n(cbuiltins\nrange\n(I1000\ntRtR.", "cbuiltins\nbytearray\n(I4096\ntR.",
        "coperator\nmul\n(I1048576\nI1048576\ntR.", "cre\n_compile\n(S'(?u)\\\\b\\\\w\\\\w+\\\\b'\nI32\ntR.",
        "citertools\ncount\n(I0\ntR.", "cbuiltins\nint\n(S'12'\ntR.", "cbuiltins\nformat\n(S'x'\nS'>80'\ntR.",
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR.", "cthreading\nEvent\n)R.",
        "cdecimal\nDecimal\n(S'1e400'\ntR.", "cfractions\nFraction\n(S'3/4'\ntR.",
    ])
    func modestCallsPass(_ stream: String) {
        #expect(scan(stream).severity < .medium, "\(stream)")
    }
}

@Suite struct PickleMemoryTests {
    private func scan(_ text: String) -> FileReport {
        FileScanner().scan(
            ByteRegion(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }), path: "model.pkl")
    }

    private static let type = "cnumpy\ndtype\n(S'O8'\nI00\nI01\ntR"

    @Test(arguments: [
        (
            "interface in a state",
            "ctypes\nSimpleNamespace\n)\u{81}}S'__array_interface__'\n}S'data'\n(I4096\nI00\ntssb.", Severity.high
        ),
        ("interface in a state's second part", "ca\nB\n)\u{81}(N}S'__array_struct__'\nI5\nstb.", .high),
        (
            "interface made by one opcode",
            "ca\nB\n)\u{81}(S'__cuda_array_interface__'\n}S'data'\n(I4096\nI00\ntsdb.", .high
        ),
        ("name that is only kept", "S'__array_interface__'\n.", .low),
        ("objects from bytes", "cnumpy\nndarray\n((I2\ntS'O'\nC\u{4}abcdtR.", .high),
        ("objects by a type", "cnumpy.core.numeric\n_frombuffer\n(C\u{4}abcd\(type)(I1\ntS'C'\ntR.", .high),
        ("type that says less", "\(type)(I3\nS'|'\nNNNI-1\nI-1\nI0\ntb.", .high),
        (
            "field outside of its element",
            "cnumpy\ndtype\n(S'V8'\nI00\nI01\ntR(I3\nS'|'\nN(S'a'\nt}S'a'\n(cnumpy\ndtype\n(S'f8'\ntRI4096\ntsI8\nI1\nI0\ntb.",
            .medium
        ),
        (
            "array that is shorter than its shape",
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I100\ntcnumpy\ndtype\n(S'f8'\ntRI00\nC\u{4}abcdtb.",
            .low
        ),
    ])
    func memoryOfTheFilesChoiceIsFound(_ what: String, _ stream: String, _ expected: Severity) {
        let report = scan(stream)
        #expect(report.severity == expected, "\(what)")
        let rule = what.hasPrefix("array") ? "PICKLE-TENSOR-BOUNDS" : "PICKLE-MEMORY-ACCESS"
        #expect(report.findings.contains { $0.rule == rule }, "\(what)")
    }

    @Test(arguments: [
        "\(type)(I3\nS'|'\nNNNI-1\nI-1\nI63\ntb.",
        "cnumpy\ndtype\n(S'V16'\nI00\nI01\ntR(I3\nS'|'\nN(S'a'\nt}S'a'\n(cnumpy\ndtype\n(S'f8'\ntRI8\ntsI16\nI1\nI0\ntb.",
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I1\ntcnumpy\ndtype\n(S'f4'\ntRI00\nC\u{4}abcdtb.",
        "ctypes\nSimpleNamespace\n)\u{81}}S'__doc__'\nS'text'\nsb.",
    ])
    func honestArraysPass(_ stream: String) {
        #expect(!scan(stream).findings.contains { $0.rule == "PICKLE-MEMORY-ACCESS" }, "\(stream)")
        #expect(scan(stream).severity < .medium, "\(stream)")
    }
}
