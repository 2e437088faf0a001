internal import ByteParsing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells a random value from words, placeholders and identifiers.
package enum SecretShape {
    /// Bits a byte by the frequencies of its bytes (Shannon).
    package static func entropy(_ bytes: ArraySlice<UInt8>) -> Double {
        guard !bytes.isEmpty else { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }

    /// Whether a value stands for a secret instead of being one.
    package static func isPlaceholder(_ bytes: ArraySlice<UInt8>) -> Bool {
        var distinct = Set<UInt8>()
        var run = 1
        var longest = 1
        var previous: UInt8?
        for byte in bytes {
            distinct.insert(byte | 0x20)
            run = byte == previous ? run + 1 : 1
            longest = max(longest, run)
            previous = byte
        }
        if longest >= 6 || distinct.count < min(8, bytes.count / 2) { return true }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return words.contains { text.contains($0) }
    }

    /// Whether a text stands where a value should be put: the same few letters again and again, or a name for it.
    static func isStandIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        if Set(bytes.map { $0 | 0x20 }).count < min(5, bytes.count) { return true }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return words.contains { text.contains($0) }
    }

    /// What base64 text stands for, or nil.
    static func decoded(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in text where byte != UInt8(ascii: "=") {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
            case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: return nil
            }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return result
    }

    private static let words = [
        "example", "your", "placeholder", "changeme", "change_me", "change-me", "replace", "insert", "xxxx", "****",
        "dummy", "redacted", "sample", "fake", "todo", "...", "${", "{{", "<", ">", "%s", "%(", "mytoken", "my_token",
        "my-token", "my_key", "mykey", "mysecret", "my_secret", "token_here", "key_here", "undefined", "put_", "enter_",
        "process.env", "os.environ", "getenv", "secrets.",
    ]

    /// Share of the bytes that lie in runs of at least four letters of one kind, as words do.
    static func wordShare(_ bytes: ArraySlice<UInt8>) -> Double {
        var inWords = 0
        var run = 0
        var kind: UInt8 = 0
        func kindOf(_ byte: UInt8) -> UInt8 {
            switch byte {
            case 0x61...0x7A: 1
            case 0x41...0x5A: 2
            default: 0
            }
        }
        func close() { if run >= 4 { inWords += run } }
        for byte in bytes {
            let next = kindOf(byte)
            // A capital at the start belongs to the word.
            if next != 0, next == kind || run == 1 && kind == 2 && next == 1 {
                run += 1
            } else {
                close()
                run = next == 0 ? 0 : 1
            }
            kind = next
        }
        close()
        return bytes.isEmpty ? 0 : Double(inWords) / Double(bytes.count)
    }

    /// How often letters and digits take turns: in words with a number they hardly do.
    static func changes(_ value: ArraySlice<UInt8>) -> Int {
        var changes = 0
        var wasDigit: Bool?
        for byte in value {
            let isDigit = (0x30...0x39).contains(byte)
            guard isDigit || SecretScanner.isWord(byte) else { continue }
            if let wasDigit, wasDigit != isDigit { changes += 1 }
            wasDigit = isDigit
        }
        return changes
    }

    /// Whether a value looks drawn at random: enough of it, enough variety, no words.
    static func isRandom(_ bytes: ArraySlice<UInt8>, shortest: Int) -> Bool {
        guard bytes.count >= shortest, bytes.count <= 400 else { return false }
        var letters = 0
        var digits = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "="), UInt8(ascii: "+"),
                UInt8(ascii: "/"), UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"),
                UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "*"):
                break
            default: return false
            }
        }
        guard digits >= 2, letters >= 4, !isPlaceholder(bytes) else { return false }
        let needed = bytes.count >= 24 ? 3.3 : bytes.count >= 16 ? 3.0 : 2.8
        // Under a name that says secret, random letters that happen to stand together are no words.
        let isMixed = wordShare(bytes) < 0.55 || shortest <= 10 && changes(bytes) >= 3
        return entropy(bytes) >= needed && isMixed
    }
}
