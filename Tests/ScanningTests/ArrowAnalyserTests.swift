import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Schemas as PyArrow 26 writes them: a column `y` in a column `x`, with texts.
@Suite struct ArrowAnalyserTests {
    /// `arrow.py_extension_type`, described by a pickle that runs a command.
    private static let pickled = schema(
        """
        /////2ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAENFAAA
        ABwAAAAEAAAAAQAAACgAAAABAAAAeAAAAAQABgAEAAAAAAASABgACAAGAAcADAAAABAAFAASAAAAAAABAhQAAADAAAAACAAAABAAAAAAAAAAAQAAAHkA
        AAACAAAAWAAAAAQAAAC4////JAAAAAQAAAAVAAAAY29zCnN5c3RlbQooUydpZCcKdFIuAAAAGAAAAEFSUk9XOmV4dGVuc2lvbjptZXRhZGF0YQAAAAAI
        AAwABAAIAAgAAAAkAAAABAAAABcAAABhcnJvdy5weV9leHRlbnNpb25fdHlwZQAUAAAAQVJST1c6ZXh0ZW5zaW9uOm5hbWUAAAAACAAMAAgABwAIAAAA
        AAAAAUAAAAAAAAAA
        """)
    private static let plain = schema(
        """
        //////AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAENFAAA
        ABwAAAAEAAAAAQAAACgAAAABAAAAeAAAAAQABgAEAAAAAAASABgACAAGAAcADAAAABAAFAASAAAAAAABAhQAAABUAAAACAAAABAAAAAAAAAAAQAAAHkA
        AAABAAAADAAAAAgADAAEAAgACAAAABQAAAAEAAAABgAAAG1ldHJlcwAABAAAAHVuaXQAAAAACAAMAAgABwAIAAAAAAAAAUAAAAA=
        """)

    private static func schema(_ text: String) -> [UInt8] { EncodedText.base64(Array(text.utf8)) }

    /// A stream, a file without its footer, and a Parquet file that keeps the schema as a text.
    private static func forms(of schema: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        [
            ("stream", schema + [255, 255, 255, 255, 0, 0, 0, 0]), ("a.feather", Array("ARROW1\0\0".utf8) + schema),
            ("b.parquet", parquet([("ARROW:schema", base64(schema))])),
        ]
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                result.append(index <= group.count ? letters[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return result
    }

    private static func parquet(_ metadata: [(String, [UInt8])]) -> [UInt8] {
        var pairs: [UInt8] = []
        for (key, value) in metadata {
            pairs += [0x18] + Wire.varint(UInt64(key.utf8.count)) + Array(key.utf8)
            pairs += [0x18] + Wire.varint(UInt64(value.count)) + value + [0]
        }
        // Version, number of rows, metadata.
        let head: [UInt8] = [0x15, 4, 0x26, 0, 0x29, UInt8(metadata.count) << 4 | 0x0C]
        let footer = head + pairs + [0]
        let length = (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> (8 * $0)) }
        return Array("PAR1".utf8) + footer + length + Array("PAR1".utf8)
    }

    private func scan(_ bytes: [UInt8], _ name: String) -> FileReport {
        FileScanner().scan(ByteRegion(bytes), path: name)
    }

    @Test func aTypeThatIsAPickleIsJudgedAsOne() {
        for (name, bytes) in Self.forms(of: Self.pickled) {
            let report = scan(bytes, name)
            #expect(report.format == (name == "b.parquet" ? "parquet" : "arrow"))
            #expect(report.severity == .critical, "\(name): \(report.findings.map(\.message))")
            #expect(report.findings.contains { $0.rule == "ARROW-PICKLED-TYPE" && $0.severity == .medium }, "\(name)")
        }
    }

    @Test func ordinaryColumnsAreClean() {
        for (name, bytes) in Self.forms(of: Self.plain) {
            let report = scan(bytes, name)
            #expect(report.outcome == .clean, "\(name): \(report.findings.map(\.message))")
        }
    }

    /// Another type's description is a text like any other.
    @Test func pickledTypesAreKnownByTheirName() {
        var bytes = Self.pickled
        if let at = bytes.indices.first(where: { bytes[$0...].starts(with: Array("py_ext".utf8)) }) { bytes[at] = 0x71 }
        #expect(scan(bytes, "stream").findings.allSatisfy { $0.rule != "ARROW-PICKLED-TYPE" })
    }

    @Test func textsAreJudged() {
        let report = scan(Self.parquet([("pandas", Array("AKIAQ7LMX4VRT2NBW6KD".utf8))]), "a.parquet")
        #expect(report.findings.contains { $0.rule == "SECRET-EXPOSED" })
    }

    @Test func damagedFilesEnd() {
        for (name, bytes) in Self.forms(of: Self.pickled) {
            for index in bytes.indices {
                #expect(scan(Array(bytes.prefix(index)), name).outcome != .error)
                var changed = bytes
                changed[index] ^= 0xFF
                #expect(scan(changed, name).outcome != .error)
            }
        }
    }

    @Test func theOutlineNamesColumns() throws {
        let analyser = ArrowAnalyser(container: .parquet)
        let item = ScanItem(region: ByteRegion(Self.parquet([("ARROW:schema", Self.base64(Self.plain))])), path: "a")
        let outline = try analyser.outline(item, budget: Budget())
        #expect(outline.children.first?.children.first?.title == "column y")
        #expect(outline.children.first?.children.first?.children.first?.detail == "metres")
    }
}
