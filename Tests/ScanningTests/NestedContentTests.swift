import AssayCore
import ByteParsing
import Foundation
import Scanning
import Testing

/// Pickles that lie in other content by way of compression and text encodings.
@Suite struct NestedContentTests {
    private func scan(_ bytes: [UInt8], _ name: String = "model.bin", limits: Limits = Limits()) -> FileReport {
        var settings = ScanSettings()
        settings.limits = limits
        return FileScanner(settings: settings).scan(ByteRegion(bytes), path: name)
    }

    @Test(arguments: NestedSamples.all.indices)
    func pickleInsideIsFound(_ index: Int) throws {
        let sample = NestedSamples.all[index]
        let report = scan(sample.bytes)
        #expect(report.severity >= .medium, "\(sample.name)")
        #expect(report.findings.contains { $0.message.contains("system") }, "\(sample.name)")
    }

    /// Text and bytes that only look like something encoded.
    @Test(arguments: [
        String(repeating: "a", count: 64), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sklearn.ensemble._forest.RandomForestClassifier.predict_probability", "VGhpcyBpcyBqdXN0IGEgc2VudGVuY2Uu",
        "https://example.org/models/a/very/long/path/that/has/no/spaces/at/all.bin",
        "BZh is how a bzip2 stream begins, and PK how an archive does",
    ])
    func ordinaryConstantsAreClean(_ text: String) {
        let stream: [UInt8] = [0x80, 4, 0x8C, UInt8(text.utf8.count)] + Array(text.utf8) + [0x94, 0x2E]
        #expect(scan(stream).outcome == .clean, "\(text)")
    }

    @Test func whatACallDecompressesIsBounded() {
        // zlib.decompress of 4 MiB of zeros, when members may have 64 KiB.
        var limits = Limits()
        limits.memberBytes = 1 << 16
        limits.inflatedBytes = 1 << 20
        let length = (0..<4).map { UInt8(truncatingIfNeeded: Self.zeros.count >> (8 * $0)) }
        let stream: [UInt8] =
            [0x80, 3] + Array("czlib\ndecompress\n".utf8) + [0x42] + length + Self.zeros + [0x85, 0x52, 0x2E]
        #expect(scan(stream, limits: limits).outcome == .incomplete)
        #expect(scan(stream).outcome == .clean)
    }

    /// `zlib.compress(bytes(4 << 20), 9)`: a table of codes, matches of zeros, the checksum.
    private static let zeros: [UInt8] =
        [0x78, 0xDA, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 1]
        + [UInt8](repeating: 0, count: 4_063) + [0x7C, 0x1B, 3, 0xC0, 0, 1]
}
