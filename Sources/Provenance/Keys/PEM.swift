internal import AssayCore

/// PEM text (RFC 7468): labelled Base64 blocks, with whatever stands between them passed over.
enum PEM {
    struct Block: Sendable, Hashable {
        let label: String
        /// Lines like `DEK-Info: …` before the Base64 (RFC 1421): the old form of an encrypted key has them.
        let headers: [String: String]
        let bytes: [UInt8]
    }

    /// Reads all blocks.
    /// - Throws: `EvidenceError` when a block does not end or is not Base64.
    static func blocks(in text: [UInt8]) throws(EvidenceError) -> [Block] {
        var blocks: [Block] = []
        var label: String?
        var body: [UInt8] = []
        var headers: [String: String] = [:]
        // Some editors put a byte order mark before the text.
        let text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text[3...] : text[...]
        for rawLine in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = trimmed(rawLine)
            if let name = marker(line, "-----BEGIN ") {
                guard label == nil else { throw EvidenceError("a PEM block does not end") }
                label = name
                body = []
                headers = [:]
            } else if let name = marker(line, "-----END ") {
                guard let open = label, open == name, let bytes = Base64.decode(body) else {
                    throw EvidenceError("a PEM block is malformed")
                }
                blocks.append(Block(label: open, headers: headers, bytes: bytes))
                label = nil
            } else if label != nil {
                if let colon = line.firstIndex(of: UInt8(ascii: ":")), body.isEmpty {
                    let value = line[(colon + 1)...].drop { $0 == 0x20 }
                    headers[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
                } else {
                    body += line
                }
            }
        }
        guard label == nil else { throw EvidenceError("a PEM block does not end") }
        return blocks
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
        return line
    }

    private static func marker(_ line: ArraySlice<UInt8>, _ start: String) -> String? {
        let dashes = Array("-----".utf8)
        guard line.starts(with: Array(start.utf8)), line.count > start.utf8.count + 5,
            line.suffix(5).elementsEqual(dashes)
        else { return nil }
        return String(decoding: line.dropFirst(start.utf8.count).dropLast(5), as: UTF8.self)
    }

    /// Writes one block with lines of 64 columns and a final line end, as openssl does.
    static func write(_ label: String, _ bytes: [UInt8]) -> String {
        var text = "-----BEGIN \(label)-----\n"
        let digits = Array(Base64.encode(bytes).utf8)
        for start in stride(from: 0, to: digits.count, by: 64) {
            text += String(decoding: digits[start..<min(start + 64, digits.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }
}
