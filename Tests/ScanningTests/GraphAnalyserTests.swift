import AssayCore
import ByteParsing
import Scanning
import Testing

private func scan(_ bytes: [UInt8], _ name: String = "model") -> FileReport {
    FileScanner().scan(ByteRegion(bytes), path: name)
}

/// A TFLite file with one operator code.
private func tflite(_ custom: String) -> [UInt8] {
    var bytes: [UInt8] = [16, 0, 0, 0] + Array("TFL3".utf8)
    bytes += [8, 0, 12, 0, 4, 0, 8, 0]  // the model's fields: version at 4, operator codes at 8
    bytes += [8, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]  // the model
    bytes += [1, 0, 0, 0, 16, 0, 0, 0]  // operator codes
    bytes += [12, 0, 16, 0, 0, 0, 8, 0, 0, 0, 12, 0]  // the code's fields: name at 8, number at 12
    bytes += [12, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 32, 0, 0, 0]  // the code
    let name = Array(custom.utf8)
    return bytes + [UInt8(name.count), 0, 0, 0] + name + [0]
}

@Suite struct GraphAnalyserTests {
    @Test(arguments: [
        ("TFLite_Detection_PostProcess", Severity.none), ("ShellExec", .medium), ("FlexEagerPyFunc", .critical),
        ("FlexMatMul", .none), ("FlexReadFile", .high), ("FlexNoSuchThing", .medium),
    ])
    func tfliteOperators(name: String, severity: Severity) {
        let report = scan(tflite(name))
        #expect(report.format == "tflite")
        #expect(report.severity == severity)
    }

    @Test func damagedFlatBuffersEnd() {
        let whole = tflite("ShellExec")
        for length in 8..<whole.count { #expect(scan(Array(whole.prefix(length))).outcome != .clean) }
        for index in whole.indices {
            for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[index] = value
                _ = scan(bytes, "m.tflite")
            }
        }
    }

    @Test(arguments: [
        (Wire().text(10, "Evil"), 555 as UInt64, "GRAPH-CUSTOM-OPERATOR"),
        (Wire().message(1, Wire().message(1, Wire().text(1, "../x"))), 556, "GRAPH-PATH"),
        (Wire().message(1, Wire().text(1, "l").message(500, Wire().text(10, "Evil"))), 500, "GRAPH-CUSTOM-OPERATOR"),
        (
            Wire().message(
                1,
                Wire().message(615, Wire().message(4, Wire().message(1, Wire().message(500, Wire().text(10, "Evil")))))),
            500, "GRAPH-CUSTOM-OPERATOR"
        ),
        (
            Wire().message(1, Wire().number(1, 4).message(2, Wire()).message(555, Wire().text(10, "Evil"))), 202,
            "GRAPH-CUSTOM-OPERATOR"
        ),
    ])
    func coreML(content: Wire, kind: UInt64, rule: String) {
        let report = scan(Wire().number(1, 4).message(2, Wire().text(1, "x")).message(kind, content).bytes)
        #expect(report.format == "coreml")
        #expect(report.findings.map(\.rule) == [rule])
    }

    @Test func coreMLProgramsNameTheirWeights() {
        func program(_ file: String) -> [UInt8] {
            let value = Wire().message(5, Wire().text(1, file).number(2, 64))
            let operation = Wire().text(1, "const").message(5, Wire().text(1, "val").message(2, value))
            let block = Wire().message(3, operation)
            let function = Wire().message(3, Wire().text(1, "ios").message(2, block))
            let content = Wire().message(2, Wire().text(1, "main").message(2, function))
            return Wire().number(1, 7).message(2, Wire().text(1, "x")).message(502, content).bytes
        }
        #expect(scan(program("@model_path/weights/weight.bin")).outcome == .clean)
        #expect(scan(program("@model_path/../../x")).severity == .high)
        #expect(scan(program("/etc/passwd")).severity == .high)
    }

    @Test func coreMLManifest() {
        let evil = #"{"itemInfoEntries": {"A": {"path": "../x"}}, "rootModelIdentifier": "A"}"#
        #expect(scan(Array(evil.utf8)).severity == .high)
        #expect(scan(Array(evil.replacing("../x", with: "com.apple.CoreML/m.mlmodel").utf8)).outcome == .clean)
    }

    @Test(arguments: [
        ("py_func", Severity.critical), ("matmul_v2", .none), ("save", .high), ("listen_and_serv", .high),
    ])
    func paddleOperators(type: String, severity: Severity) {
        let operation = Wire().text(3, type).message(4, Wire().text(1, "axis").number(2, 0))
        let block = Wire().number(1, 0).number(2, 0).message(4, operation)
        #expect(scan(Wire().message(1, block).bytes).severity == severity)
    }

    @Test func mxnetOperators() {
        func symbol(_ type: String) -> [UInt8] {
            Array(#"{"nodes": [{"op": "\#(type)", "name": "n", "attrs": {"op_type": "e"}}], "arg_nodes": [0]}"#.utf8)
        }
        #expect(scan(symbol("Convolution")).outcome == .clean)
        #expect(scan(symbol("Custom")).severity == .medium)
        #expect(scan(symbol("_Native")).severity == .high)
    }

    @Test func enginesAreLookedThrough() {
        let head = Array("ptrt".utf8) + [UInt8](repeating: 0, count: 60)
        var program: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 57)
        #expect(scan(head).outcome == .clean)
        #expect(scan(head + program).findings.map(\.rule) == ["TENSOR-PROGRAM"])
        program[18] = 190
        #expect(scan(head + program).outcome == .clean, "code for the accelerator belongs there")
        #expect(scan(head + Array("/tmp/evil.so\0".utf8)).findings.map(\.rule) == ["GRAPH-NATIVE-LIBRARY"])
    }

    @Test func messagePack() {
        let parameters: [UInt8] = [0x81, 0xA1, 0x61, 0x93, 1, 2, 3]
        #expect(scan(parameters, "m.msgpack").outcome == .clean)
        #expect(scan(Array(parameters.dropLast()), "m.msgpack").outcome == .flagged)
        #expect(scan(parameters + [1], "m.msgpack").findings.map(\.rule) == ["TENSOR-LAYOUT"])
        let program: [UInt8] = [0x81, 0xA1, 0x61, 0xC4, 8, 0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]
        #expect(scan(program, "m.msgpack").findings.map(\.rule) == ["TENSOR-PROGRAM"])
        #expect(scan([0x81] + [UInt8](repeating: 0x91, count: 600) + [1], "m.msgpack").outcome == .incomplete)
    }
}
