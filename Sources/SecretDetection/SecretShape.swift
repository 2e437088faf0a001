internal import ByteParsing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells a secret from a stand-in for one, and from what only identifies something.
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
    ///
    /// In a long value that was drawn, short words stand by chance.
    package static func isPlaceholder(_ bytes: ArraySlice<UInt8>) -> Bool {
        var run = 1
        var longest = 1
        var previous: UInt8?
        for byte in bytes {
            run = byte == previous ? run + 1 : 1
            longest = max(longest, run)
            previous = byte
        }
        if longest >= 6 || distinct(bytes) < min(8, bytes.count / 2) { return true }
        return namesStandIn(bytes) && !(bytes.count >= 60 && Wording.surprise(bytes) > 60)
    }

    /// Whether a text stands where a value should be put: the same few letters again and again, or a name for it.
    static func isStandIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        distinct(bytes) < min(5, bytes.count) || namesStandIn(bytes)
    }

    /// How many different letters there are, capitals and small ones being the same.
    private static func distinct(_ bytes: ArraySlice<UInt8>) -> Int {
        var seen = [Bool](repeating: false, count: 256)
        var count = 0
        for byte in bytes where !seen[Int(byte | 0x20)] {
            seen[Int(byte | 0x20)] = true
            count += 1
        }
        return count
    }

    private static func namesStandIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if text.first == UInt8(ascii: "<") || text.contains(UInt8(ascii: "<")) && text.contains(UInt8(ascii: ">")) {
            return true
        }
        return words.contains { contains(text, $0) }
    }

    /// Whether `text` holds `word`.
    static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard text.count >= word.count, let first = word.first else { return false }
        for start in 0...(text.count - word.count) where text[start] == first {
            if text[start..<(start + word.count)].elementsEqual(word) { return true }
        }
        return false
    }

    private static let words: [[UInt8]] = [
        "example", "your", "placeholder", "changeme", "change_me", "change-me", "replace", "insert", "xxxx", "****",
        "dummy", "redacted", "sample", "fake", "todo", "...", "${", "{{", "%s", "%(", "mytoken", "my_token",
        "my-token", "my_key", "mykey", "mysecret", "my_secret", "token_here", "key_here", "undefined", "put_", "enter_",
        "process.env", "os.environ", "getenv", "secrets.", "a-z",
    ].map { Array($0.utf8) }

    /// Whether the letters and digits mostly follow each other as in the alphabet or on the number line.
    static func isSequence(_ bytes: ArraySlice<UInt8>) -> Bool {
        var steps = 0
        var previous: UInt8?
        for byte in bytes {
            if let previous, byte &- previous == 1 { steps += 1 }
            previous = byte
        }
        return steps * 2 >= bytes.count
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

    /// Whether a value is made of hexadecimal digits, in groups or in one.
    static func isHexadecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
    }

    /// Whether a value has the form of a UUID (RFC 9562).
    static func isUUID(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count == 36, isHexadecimal(value) else { return false }
        let dashes = value.enumerated().filter { $0.element == UInt8(ascii: "-") }.map(\.offset)
        return dashes == [8, 13, 18, 23]
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

    /// Longest value that is judged.
    static let longest = 1200

    /// Whether a value has a long part that was drawn at random.
    static func holdsRandom(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.split { !SecretScanner.isWord($0) }.contains { isRandom($0, shortest: 32, surprise: 16) }
    }

    /// Whether a value begins as versions do.
    static func isVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
        let numbers = bytes.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        return numbers.count == 3
            && numbers[..<2].allSatisfy { !$0.isEmpty && $0.count < 4 && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Whether a version of three numbers or more stands in a value: what a cache is kept under names one.
    static func holdsVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split { !SecretScanner.isWord($0) && $0 != UInt8(ascii: ".") }
        return parts.contains { part in
            let numbers = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return numbers.count >= 3
                && numbers.count { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } } >= 3
        }
    }

    /// Whether a value is base64 of a text that words explain.
    private static func isEncodedText(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 16, let text = decoded(Array(bytes)) else { return false }
        return text.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && Wording.surprise(text[...]) < 8
    }

    /// Whether a value was drawn at random: it has the letters of one, no stand-in's, and chance explains it better
    /// than words do by `surprise` bits.
    static func isRandom(_ bytes: ArraySlice<UInt8>, shortest: Int, surprise: Double) -> Bool {
        guard bytes.count >= shortest, bytes.count <= longest else { return false }
        var letters = 0
        var digits = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case 0x21, 0x23...0x26, 0x28...0x2F, 0x3A...0x40, 0x5B, 0x5D...0x5F, 0x7B...0x7E: break
            default: return false
            }
        }
        guard letters >= 4, !isPlaceholder(bytes), !isSequence(bytes) else { return false }
        // Hexadecimal digits may stand behind a prefix.
        let mark = bytes.prefix(12).lastIndex { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        let body = mark.map { bytes[($0 + 1)...] } ?? bytes
        if isHexadecimal(bytes) || isHexadecimal(body) && body.count >= 16 {
            return body.count >= 12 && digits >= 2 && changes(body) >= 3 && entropy(body) >= 2.6
        }
        if isEncodedText(bytes) { return false }
        // Words take no digits inside; a value without any has to be all the less a word.
        let needed = surprise + (digits == 0 ? 8 : 0) + (bytes.count < 10 ? 4 : 0)
        return entropy(bytes) >= 2.5 && Wording.surprise(bytes) >= needed
    }
}
