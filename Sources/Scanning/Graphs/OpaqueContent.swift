internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Looks through bytes of formats that nobody documents for what does not belong there.
///
/// Only the head and the tail of a large file are looked through; that is stated in the rule's explanation.
enum OpaqueContent {
    /// Bytes at each end that are looked through.
    private static let window = 16 << 20
    /// Places of one kind that are reported or opened.
    private static let places = 16

    /// Reports programs and library names, and opens pickles, anywhere in the windows.
    static func sweep(_ item: ScanItem, as format: FormatID, in scan: Scan) throws(ParseError) {
        let region = item.region
        var windows = [region.prefix(window)]
        if region.count > window { windows.append(region.suffix(from: max(window, region.count - window))) }
        for window in windows {
            try scan.budget.spend(operations: window.count / 8, reading: "opaque content")
            let base = window.start - region.start
            var from = 0
            while let at = window.bytes.firstProgram(from: from) {
                try scan.budget.spend(operations: 1, reading: "opaque content")
                from = at + 1
                guard let program = EmbeddedProgram.header(in: window, at: at) else { continue }
                scan.report("TENSOR-PROGRAM", "holds a program (\(program.rawValue))", at: item.location.at(base + at))
            }
            for suffix in [".so\0", ".dll\0", ".dylib\0", ".so.", ".DLL\0"] {
                for at in offsets(of: Array(suffix.utf8), in: window) { library(endingAt: at, in: window, item, scan) }
            }
            for at in pickles(in: window) {
                scan.descend(
                    into: region.suffix(from: base + at), named: "pickle at 0x\(String(base + at, radix: 16))",
                    of: item, as: format)
            }
        }
    }

    /// Opens bytes that begin like a pickle.
    static func openPickle(
        in bytes: ByteRegion, named name: String, of item: ScanItem, as format: FormatID, in scan: Scan
    ) {
        guard bytes[0] == 0x80, let version = bytes[1], (2...5).contains(version) else { return }
        scan.descend(into: bytes, named: name.isEmpty ? "bytes" : name, of: item, as: format)
    }

    private static func offsets(of needle: [UInt8], in window: ByteRegion) -> [Int] {
        var found: [Int] = []
        var from = 0
        while found.count < 100_000, let at = window.firstOffset(of: needle, from: from) {
            found.append(at)
            from = at + 1
        }
        return found
    }

    /// Reports the path of a library whose extension starts at `end`.
    private static func library(endingAt end: Int, in window: ByteRegion, _ item: ScanItem, _ scan: Scan) {
        var start = end
        while start > 0, end - start < 512, let byte = window[start - 1], byte > 0x20, byte < 0x7F { start -= 1 }
        guard end > start, let name = window.slice(start, end - start)?.array(),
            name.contains(UInt8(ascii: "/")) || name.contains(UInt8(ascii: "\\")) || isForeign(name)
        else { return }
        scan.report(
            "GRAPH-NATIVE-LIBRARY",
            "names the library “\(Printable.line(String(decoding: name, as: UTF8.self), limit: 200))”",
            at: item.location.at(window.start - item.region.start + start))
    }

    /// Whether a library's bare name is none of the runtime's or the system's own.
    private static func isForeign(_ name: [UInt8]) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        guard text.hasPrefix("lib"), text.utf8.count >= 7,
            text.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-.+".unicodeScalars.contains($0))
            })
        else { return false }
        if text.hasPrefix("libnv") || text.hasPrefix("libcu") { return text.contains("plugin_") }
        return !["libc", "libm", "libstdc++", "libgcc_s", "libpthread", "libdl", "librt", "libz"].contains(text)
    }

    /// Offsets at which a pickle that names something importable seems to start.
    private static func pickles(in window: ByteRegion) -> [Int] {
        let bytes = window.bytes
        var found: [Int] = []
        var from = 0
        while found.count < places, from < bytes.byteCount,
            let step = bytes.extracting(from..<bytes.byteCount).firstOffset(of: 0x80)
        {
            let at = from + step
            from = at + 1
            guard let version = bytes.byte(at: at + 1), (2...5).contains(version), let next = bytes.byte(at: at + 2)
            else { continue }
            // FRAME with a sane length, or an opcode that programs start with, and an import soon after.
            let isFrame = next == 0x95 && bytes.byte(at: at + 8) == 0 && bytes.byte(at: at + 10) == 0
            let starts: [UInt8] = [0x63, 0x7D, 0x5D, 0x28, 0x58, 0x8C, 0x4B, 0x4E, 0x29, 0x71]
            guard isFrame || starts.contains(next), hasImport(bytes, from: at + 2) else { continue }
            found.append(at)
            from = at + 64
        }
        return found
    }

    /// Whether a GLOBAL with two plain names, or a STACK_GLOBAL after short strings, follows within 4 KiB.
    private static func hasImport(_ bytes: RawSpan, from start: Int) -> Bool {
        let end = min(bytes.byteCount, start + 4_096)
        var at = start
        var strings = 0
        while at < end, let byte = bytes.byte(at: at) {
            if byte == 0x63 || byte == 0x69, let next = plainLine(bytes, at + 1), plainLine(bytes, next) != nil {
                return true
            }
            if byte == 0x8C { strings += 1 }
            if byte == 0x93, strings >= 2 { return true }
            at += 1
        }
        return false
    }

    /// The offset after a line that is a dotted name, or nil.
    private static func plainLine(_ bytes: RawSpan, _ start: Int) -> Int? {
        var at = start
        while at - start < 256, let byte = bytes.byte(at: at) {
            switch byte {
            case 0x0A: return at > start ? at + 1 : nil
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."): at += 1
            default: return nil
            }
        }
        return nil
    }
}
