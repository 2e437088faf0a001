/// Encodings by which bytes stand in text, as Python's modules `base64`, `binascii` and `codecs` undo them.
enum TextEncoding: CaseIterable {
    case base64, hexadecimal, base85, ascii85, base32, rot13

    /// Characters of a text that tell whether the rest is worth decoding: a multiple of every encoding's group.
    static let telling = 120
    /// Characters that are looked at first: a multiple of every group too.
    private static let glance = 40
    /// Texts shorter than this are no encoded content.
    private static let shortest = 8

    /// The name in findings.
    var name: String {
        switch self {
        case .base64: "base64"
        case .hexadecimal: "hexadecimal"
        case .base85: "base85"
        case .ascii85: "ASCII85"
        case .base32: "base32"
        case .rot13: "ROT13"
        }
    }

    func decode(_ text: [UInt8]) -> [UInt8]? {
        switch self {
        case .base64: EncodedText.base64(text)
        case .hexadecimal: EncodedText.hexadecimal(text)
        case .base85: EncodedText.base85(text)
        case .ascii85: EncodedText.ascii85(text)
        case .base32: EncodedText.base32(text)
        // Only text is ever taken for text that was turned.
        case .rot13: text.allSatisfy(Self.isPlain) ? EncodedText.rot13(text) : nil
        }
    }

    /// Whether undoing up to `depth` encodings of a text's beginning leads to what `isContent` takes.
    static func leads(_ start: [UInt8], depth: Int, to isContent: ([UInt8]) -> Bool) -> Bool {
        guard depth > 0, start.count >= shortest else { return false }
        let first = Array(start.prefix(glance))
        return allCases.contains { encoding in
            guard let glimpse = encoding.decode(first), glimpse.count >= 4, glimpse != first else { return false }
            if isContent(glimpse) { return true }
            // What is encoded again is text without spaces.
            guard glimpse.count >= shortest, glimpse.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
                let decoded = encoding.decode(encoding.groups(of: start))
            else { return false }
            return leads(decoded, depth: encoding == .rot13 ? min(1, depth - 1) : depth - 1, to: isContent)
        }
    }

    /// The bytes behind up to `depth` encodings that `isContent` takes, and the encodings' names, the outermost last.
    static func undone(
        _ bytes: [UInt8], depth: Int, isContent: ([UInt8]) -> Bool
    ) -> (bytes: [UInt8], names: [String])? {
        let start = Array(bytes.prefix(telling))
        if isContent(start) { return (bytes, []) }
        guard depth > 0, bytes.count >= shortest else { return nil }
        for encoding in allCases {
            guard let head = encoding.decode(encoding.groups(of: start)), head.count >= 4, head != start,
                isContent(head) || leads(head, depth: depth - 1, to: isContent),
                let decoded = encoding.decode(bytes),
                let found = undone(decoded, depth: depth - 1, isContent: isContent)
            else { continue }
            return (found.bytes, found.names + [encoding.name])
        }
        return nil
    }

    /// Whether a byte is an ASCII letter, sign, space or line end.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The text up to the end of a group, so that a beginning decodes as the whole does.
    private func groups(of text: [UInt8]) -> [UInt8] {
        let group: Int
        switch self {
        case .base64: group = 4
        case .hexadecimal: group = 2
        case .base85, .ascii85: group = 5
        case .base32: group = 8
        case .rot13: group = 1
        }
        return text.count < Self.telling ? text : Array(text.prefix(text.count / group * group))
    }
}
