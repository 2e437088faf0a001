internal import ByteParsing
internal import ModelFormats
internal import SecretDetection

/// Bytes that stand in text as base64 or hexadecimal and begin like a format that can carry code.
struct EncodedPayload {
    var encoding: String
    /// What the bytes begin like.
    var content: String
    var isProgram: Bool
    var isPickle: Bool { content == Self.pickle }
    var region: ByteRegion

    private static let pickle = "a pickle"

    static let shortest = 24
    static let countLimit = 8

    /// The payloads in runs of base64 or hexadecimal letters.
    static func all(in value: ByteRegion) -> [EncodedPayload] {
        let bytes = value.bytes
        var found: [EncodedPayload] = []
        var start = 0
        var index = 0
        while index <= bytes.byteCount, found.count < countLimit {
            let byte = bytes.byte(at: index)
            if let byte, EncodedText.sextet(byte) != nil {
                index += 1
                continue
            }
            if index - start >= shortest, let payload = decode(bytes, start, index) { found.append(payload) }
            index += 1
            start = index
        }
        return found
    }

    private static func decode(_ bytes: RawSpan, _ start: Int, _ end: Int) -> EncodedPayload? {
        // The first letters decide, so that ordinary words cost nothing.
        let head = bytes.extracting(start..<(start + shortest)).array()
        if let content = content(EncodedText.base64(head)) {
            let all = EncodedText.base64(bytes.extracting(start..<end).array())
            return EncodedPayload(
                encoding: "base64", content: content.name, isProgram: content.isProgram, region: ByteRegion(all))
        }
        if let first = EncodedText.hexadecimal(head), let content = content(first),
            let all = EncodedText.hexadecimal(bytes.extracting(start..<end).array())
        {
            return EncodedPayload(
                encoding: "hexadecimal", content: content.name, isProgram: content.isProgram, region: ByteRegion(all))
        }
        return nil
    }

    private static func content(_ bytes: [UInt8]) -> (name: String, isProgram: Bool)? {
        guard bytes.count >= 8 else { return nil }
        if bytes.starts(with: [0xAC, 0xED, 0, 5]) { return ("serialised Java objects", false) }
        if bytes[0] == 0x80, (2...5).contains(bytes[1]) {
            // A frame, a global or the start of a container follows the protocol.
            let starts: [UInt8] = [
                0x95, 0x63, 0x8C, 0x5D, 0x7D, 0x28, 0x58, 0x55, 0x5B, 0x29, 0x4B, 0x43, 0x8A, 0x4D, 0x4A,
            ]
            return starts.contains(bytes[2]) ? (pickle, false) : nil
        }
        if bytes[0] == UInt8(ascii: "c"), let end = bytes.firstIndex(of: 0x0A), end >= 3,
            bytes[1..<end].allSatisfy({ SecretScanner.isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
            )
        {
            return (pickle, false)
        }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return ("a zip archive", false) }
        if bytes.starts(with: [0x1F, 0x8B, 8]) { return ("a gzip stream", false) }
        if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 1]) || bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) {
            return ("a program (ELF)", true)
        }
        if bytes.starts(with: [0x4D, 0x5A, 0x90, 0, 3]) { return ("a program (PE)", true) }
        if bytes.starts(with: Array("#!/".utf8)) { return ("a script", true) }
        if bytes.starts(with: Array("import ".utf8)) || bytes.starts(with: Array("exec(".utf8))
            || bytes.starts(with: Array("__import".utf8))
        {
            return ("Python source", true)
        }
        return nil
    }
}
