/// Names and values as queries and forms have them (`application/x-www-form-urlencoded`).
enum FormEncoding {
    /// Everything but the unreserved characters of RFC 3986 is escaped.
    static func escape(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { escape($0.0) + "=" + escape($0.1) }.joined(separator: "&")
    }

    /// Reads pairs; nil when an escape is broken, a text is no UTF-8 or a name stands twice.
    static func decode(_ text: some Sequence<UInt8>) -> [String: String]? {
        var result: [String: String] = [:]
        for pair in Array(text).split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = unescape(parts[0]), let value = unescape(parts.count > 1 ? parts[1] : []),
                result.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return result
    }

    private static func unescape(_ text: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(0x20)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }
                guard digits.count == 2, let value = Hexadecimal.decode(digits) else { return nil }
                rest = rest.dropFirst(2)
                result += value
            default: result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }
}
