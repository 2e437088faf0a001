import AssayCore
import ByteParsing
import Scanning
import Testing

private func scan(_ bytes: [UInt8], _ name: String) -> FileReport {
    FileScanner().scan(ByteRegion(bytes), path: name)
}

private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
}

/// An archive of stored members, whose local headers begin with `signature`.
private func zip(_ members: [(String, [UInt8])], signature: [UInt8] = [0x50, 0x4B, 3, 4]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, data) in members {
        var fields: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        fields += little(UInt32(data.count))
        fields += little(UInt32(data.count))
        fields += little(UInt16(name.utf8.count))
        fields += [0, 0]
        directory += [0x50, 0x4B, 1, 2, 20, 0]
        directory += fields
        directory += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        directory += little(UInt32(bytes.count))
        directory += Array(name.utf8)
        bytes += signature
        bytes += fields
        bytes += Array(name.utf8)
        bytes += data
    }
    let start = bytes.count
    bytes += directory
    bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    bytes += little(UInt16(members.count))
    bytes += little(UInt16(members.count))
    bytes += little(UInt32(directory.count))
    bytes += little(UInt32(start))
    return bytes + [0, 0]
}

private let elf: [UInt8] = [
    0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]
private let call = Array("cos\nsystem\n(S'id'\ntR.".utf8)

/// Content in places where nobody looks for it.
@Suite struct OverlookedContentTests {
    @Test(arguments: [
        ("m/data.pkl", "evil.so", Severity.high), ("m/archive_format", "m/data/aotinductor/model/a.so", .high),
        ("config.json", "evil.so", .medium), ("a.whl-info/x", "lib/a.so", .medium),
    ])
    func librariesAmongWeightsAreWorse(member: String, library: String, severity: Severity) {
        let report = scan(
            zip([(member, Array("\u{80}\u{2}}.".unicodeScalars.map { UInt8($0.value) })), (library, elf)]), "a")
        let found = report.findings.filter { $0.rule == "NATIVE-EXECUTABLE" }
        #expect(found.map(\.severity) == [severity])
    }

    @Test(arguments: [
        ("a.ckpt", Severity.high), ("run.bat", .none), ("setup", .none),
    ])
    func batchFilesUnderOtherNames(name: String, severity: Severity) {
        let report = scan(Array("@ECHO  off\r\ncalc\r\n".utf8), name)
        #expect(report.findings.filter { $0.rule == "NATIVE-EXECUTABLE" }.map(\.severity).max() ?? .none == severity)
    }

    /// The directory still leads to it.
    @Test func membersBehindBrokenHeadersAreRead() {
        let report = scan(zip([("a/data.pkl", call)], signature: [0x50, 0x4B, 3, 5]), "m.pt")
        #expect(report.severity == .critical)
        #expect(report.findings.contains { $0.location.members == ["a/data.pkl"] && $0.severity == .critical })
    }

    @Test(arguments: [(64, 0), (1 << 20, 1)])
    func storagesAreHeldAgainstTheirTensors(elements: Int, findings: Int) {
        func text(_ value: String) -> [UInt8] { [0x58] + little(UInt32(value.utf8.count)) + Array(value.utf8) }
        let number = [0x4A] + little(UInt32(elements))
        var pickle: [UInt8] = [0x80, 2]
        pickle += Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8)
        pickle += text("storage")
        pickle += Array("ctorch\nFloatStorage\n".utf8)
        pickle += text("0")
        pickle += text("cpu")
        pickle += number
        pickle += [0x74, 0x51, 0x4B, 0, 0x28]
        pickle += number
        pickle += [0x74, 0x28, 0x4B, 1, 0x74, 0x89]
        pickle += Array("ccollections\nOrderedDict\n)RtR.".utf8)
        let data = [UInt8](repeating: 0, count: 256)
        let archive = zip([("m/data.pkl", pickle), ("m/data/0", data), ("m/version", [0x33])])
        let report = scan(archive, "m.pt")
        #expect(report.findings.filter { $0.rule == "PICKLE-TENSOR-BOUNDS" }.count == findings)
    }

    @Test func headersOfArraysThatCallAreNoLiterals() {
        func array(_ type: String) -> [UInt8] {
            let header = Array("{'descr': \(type), 'fortran_order': False, 'shape': (1,), }\n".utf8)
            var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
            bytes += little(UInt16(header.count))
            bytes += header
            return bytes + [0, 0, 0, 0]
        }
        #expect(scan(array("'<f4'"), "a.npy").outcome == .clean)
        #expect(scan(array("__import__('os').system('id') or '<f4'"), "a.npy").severity >= .medium)
        #expect(scan(array("'<f4' if 1 else 2"), "a.npy").severity == .low)
        // NumPy has more names for objects than the one that it writes.
        let call = Array("cos\nsystem\n(S'id'\ntR.".utf8)
        for type in ["'|O'", "'object'", "'object_'", "'\\x7cO'", "'|' 'O'", "'f4,O'"] {
            #expect(scan(array(type).dropLast(4) + call, "a.npy").severity == .critical, "\(type)")
        }
    }

    /// What stands before an archive among a pickle's values is no pickle of its own.
    @Test func archivesAmongValuesLeaveThePickleWhole() {
        let archive = zip([("a.txt", Array("text".utf8))])
        let function = Array("ckeras.src.saving.pickle_utils\ndeserialize_model_from_bytecode\n".utf8)
        var pickle: [UInt8] = [0x80, 3]
        pickle += function
        pickle += [0x42]
        pickle += little(UInt32(archive.count))
        pickle += archive
        pickle += [0x85, 0x52, 0x2E]
        let before = scan(pickle, "m.pkl").findings.filter {
            $0.location.members.contains("(bytes before the archive)") && $0.severity > .low
        }
        #expect(before.isEmpty)
    }

    @Test func valuesThatNothingTakesAreNoted() {
        func pickle(_ count: Int) -> [UInt8] { [0x80, 2, 0x5D] + [UInt8](repeating: 0x32, count: count) + [0x2E] }
        #expect(scan(pickle(100), "a.pkl").outcome == .clean)
        #expect(scan(pickle(5_000), "a.pkl").findings.map(\.rule) == ["PICKLE-RESOURCE-ATTACK"])
    }

    @Test func numbersOfTooManyDigitsBreakThePickle() {
        func pickle(_ text: String) -> [UInt8] { Array("L\(text)L\n.".utf8) }
        #expect(scan(pickle(String(repeating: "9", count: 4_300)), "a.pkl").outcome == .clean)
        #expect(scan(pickle(String(repeating: "9", count: 4_301)), "a.pkl").findings.map(\.rule) == ["PICKLE-BROKEN"])
        #expect(scan(pickle("0x" + String(repeating: "f", count: 9_000)), "a.pkl").outcome == .clean)
    }

    @Test func tablesAreFilledFromAssets() {
        func model(_ path: String, asset: String?) -> [UInt8] {
            let tensor = Wire().number(1, 7).text(8, path)
            let value = Wire().text(1, "value").message(2, Wire().message(8, tensor))
            let constant = Wire().text(1, "c").text(2, "Const").message(5, value)
            let table = Wire().text(1, "i").text(2, "InitializeTableFromTextFileV2").text(3, "t").text(3, "c")
            var graph = Wire().message(1, Wire().text(4, "serve").text(5, "2.15.0"))
                .message(2, Wire().messages(1, [constant, table]))
            if let asset { graph = graph.message(6, Wire().message(1, Wire().text(1, asset)).text(2, "words.txt")) }
            return Wire().number(1, 1).message(2, graph).bytes
        }
        #expect(scan(model("/home/me/words.txt", asset: "c:0"), "saved_model.pb").outcome == .clean)
        #expect(scan(model("/etc/passwd", asset: nil), "saved_model.pb").severity == .medium)
        #expect(scan(model("/etc/passwd", asset: "other:0"), "saved_model.pb").severity == .medium)
        #expect(scan(model("words.txt", asset: nil), "saved_model.pb").severity == .low)
    }

    @Test(arguments: [
        ("@model_path/weights/weight.bin", Severity.none), ("@model_path/../x", .high), ("/etc/passwd", .high),
    ])
    func constantsOfCompiledProgramsLieInside(path: String, severity: Severity) {
        let text =
            "program(1.0)\n{ func main<ios16>(tensor<fp32, [1]> x) { w = const()[val = tensor<fp16, [4]>"
            + "(BLOBFILE(path = tensor<string, []>(\"\(path)\"), offset = tensor<uint64, []>(64)))]; } -> (w); }\n"
        #expect(scan(Array(text.utf8), "model.mil").severity == severity)
    }

    @Test(arguments: [
        ("O:7:\"SoapClient\":0:{}", Severity.critical), ("a:1:{i:0;O:4:\"Evil\":0:{}}", .medium),
        ("a:1:{i:0;i:1;}", .none),
        ("{\"a\": \"_$$ND_FUNC$$_function(){}()\"}", .critical), ("\u{4}\u{8}[\u{6}c\u{15}Gem::SpecFetcher", .critical),
        ("\u{4}\u{8}o:\u{9}Evil\u{6}:\u{7}@xi\u{6}", .medium), ("\u{4}\u{8}[\u{6}i\u{6}\"\u{9}Evil", .none),
    ])
    func objectsOfOtherLanguagesAreJudged(text: String, severity: Severity) {
        #expect(scan(Array(text.utf8), "m.dat").severity == severity)
    }
}
