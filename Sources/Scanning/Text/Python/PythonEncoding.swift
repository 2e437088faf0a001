import ByteParsing

/// The encoding that a Python source declares in a comment of its first two lines (PEP 263).
///
/// Python decodes the file by it before anything else: in `utf-7` or `rot13` a comment for the reader can be a
/// statement for the interpreter.
enum PythonEncoding {
    /// The declared name, or nil.
    static func declared(in source: ByteRegion) -> String? {
        let head = source.prefix(1024).array()
        for line in head.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
        {
            let text = line.drop { $0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf }
            guard text.first == UInt8(ascii: "#"), let name = name(in: String(decoding: text, as: UTF8.self)) else {
                continue
            }
            return name
        }
        return nil
    }

    /// Whether text in the encoding reads as what its bytes show: ASCII keeps its meaning.
    static func isPlain(_ name: String) -> Bool {
        let name = name.lowercased().replacing("_", with: "-")
        let plain = [
            "utf-8", "utf8", "ascii", "us-ascii", "latin", "iso-8859", "iso8859", "cp125", "windows-125", "koi8",
            "euc-",
            "shift", "sjis", "gb", "big5", "mbcs", "utf-8-sig", "u8", "l1", "8859", "macroman", "mac-roman", "cp437",
            "cp850", "cp9", "cp86", "tis-620", "emacs-mule",
        ]
        return plain.contains { name.hasPrefix($0) }
    }

    private static func name(in comment: String) -> String? {
        guard let range = comment.firstRange(of: "coding") else { return nil }
        let rest = comment[range.upperBound...]
        guard let mark = rest.first, mark == ":" || mark == "=" else { return nil }
        let value = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        let name = value.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        return name.isEmpty ? nil : String(name)
    }
}
