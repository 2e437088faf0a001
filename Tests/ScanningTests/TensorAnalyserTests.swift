import AssayCore
import ByteParsing
import Scanning
import Testing

@Suite struct TensorAnalyserTests {
    private func scan(_ bytes: [UInt8], _ name: String) -> FileReport {
        FileScanner().scan(ByteRegion(bytes), path: name)
    }

    private func safetensors(_ header: String, _ data: [UInt8]) -> [UInt8] {
        let text = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
    }

    @Test func ordinarySafetensorsAreClean() {
        let report = scan(
            safetensors(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, [1, 2]), "m.safetensors")
        #expect(report.outcome == .clean)
        #expect(report.format == "safetensors")
    }

    @Test func formatIsRecognisedWithoutAName() {
        let report = scan(safetensors("{}", []), "weights")
        #expect(report.format == "safetensors")
    }

    @Test func aProgramInATensorIsFound() {
        let program: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]
        let report = scan(
            safetensors(#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, program), "m.safetensors")
        #expect(report.findings.map(\.rule) == ["TENSOR-PROGRAM"])
        #expect(report.severity == .high)
    }

    @Test func aNameAloneIsNotEnough() {
        #expect(scan(Array("no tensors at all".utf8), "m.safetensors").outcome == .flagged)
        #expect(scan(Array("no tensors at all".utf8), "m.gguf").outcome == .flagged)
    }

    @Test(arguments: [("../../x.safetensors", Severity.high), ("https://h/x", .medium), ("x.safetensors", .none)])
    func shardNamesAreJudged(shard: String, severity: Severity) {
        let report = scan(Array(#"{"weight_map":{"a":"\#(shard)"}}"#.utf8), "model.safetensors.index.json")
        #expect(report.severity == severity)
    }

    @Test func nothingPassesAfterABrokenPair() {
        var bytes = Array("GGUF".utf8) + [3, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0]
        bytes += [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        let report = scan(bytes, "m.gguf")
        #expect(report.findings.map(\.rule) == ["TENSOR-MEMORY-SAFETY"])
    }
}
