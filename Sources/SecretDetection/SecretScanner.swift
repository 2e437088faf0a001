package import ByteParsing

/// Finds credentials in text: by the issuers' prefixes, as private keys, as signed tokens, and as random values of
/// names that mean a secret.
package struct SecretScanner {
    package struct Match: Hashable, Sendable {
        package var issuer: String
        package var offset: Int
        /// The value with all but its first letters left out.
        package var masked: String
        /// The name that the value is given to, where there is one.
        package var name: String?
        /// Bytes that the value takes from `offset` on.
        package var length = 0

        package init(issuer: String, offset: Int, masked: String, name: String? = nil, length: Int = 0) {
            self.issuer = issuer
            self.offset = offset
            self.masked = masked
            self.name = name
            self.length = length
        }
    }

    var matches: [Match] = []
    var end = 0
    private let budget: Budget
    static let matchLimit = 50

    init(budget: Budget) { self.budget = budget }

    /// Finds what is in `region`, one match for each place.
    package static func matches(in region: ByteRegion, budget: Budget) throws(ParseError) -> [Match] {
        var scanner = SecretScanner(budget: budget)
        try scanner.scan(region)
        return scanner.matches
    }

    private mutating func scan(_ region: ByteRegion) throws(ParseError) {
        let bytes = region.bytes
        let count = bytes.byteCount
        let first = SecretKind.firstBytes
        try budget.spend(operations: count / 4, reading: "text in search of secrets")
        var previous: UInt8 = 0
        var index = 0
        while index < count, matches.count < Self.matchLimit {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            if index >= end {
                switch byte {
                case UInt8(ascii: "="), UInt8(ascii: ":"):
                    if byte == UInt8(ascii: ":") {
                        address(bytes, at: index)
                        botToken(bytes, at: index)
                    }
                    serviceKey(bytes, at: index)
                    if byte != UInt8(ascii: "=") || previous != UInt8(ascii: "=") { assignment(bytes, at: index) }
                case UInt8(ascii: "|"):
                    applicationToken(bytes, at: index)
                    serviceKey(bytes, at: index)
                    if previous == byte { assignment(bytes, at: index) }
                case UInt8(ascii: ">"), UInt8(ascii: ","): serviceKey(bytes, at: index)
                case UInt8(ascii: "u") where previous == UInt8(ascii: "-"): commandLine(bytes, at: index)
                case UInt8(ascii: "-") where previous != UInt8(ascii: "-"): privateKey(bytes, at: index)
                case UInt8(ascii: "e") where !Self.isWord(previous): signedToken(bytes, at: index)
                case UInt8(ascii: "B"), UInt8(ascii: "b"), UInt8(ascii: "T"), UInt8(ascii: "t"):
                    if !Self.isWord(previous) { authorisation(bytes, at: index) }
                case UInt8(ascii: "Q"): clientSecret(bytes, at: index)
                default: break
                }
                if first[Int(byte)], !Self.isWord(previous), index >= end { prefixed(bytes, at: index) }
            }
            previous = byte
            index &+= 1
        }
    }

    package static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    mutating func found(_ issuer: String, _ value: [UInt8], at offset: Int, name: String? = nil) {
        matches.append(
            Match(issuer: issuer, offset: offset, masked: Self.mask(value), name: name, length: value.count))
        end = offset + value.count
    }

    /// The first letters of a value and its length: enough to find it, not enough to use it.
    package static func mask(_ value: [UInt8]) -> String {
        let shown = min(6, value.count / 4)
        return String(decoding: value.prefix(shown), as: UTF8.self) + "… (\(value.count) characters)"
    }

    static func copy(_ bytes: RawSpan, _ start: Int, _ end: Int) -> [UInt8] {
        guard start >= 0, start <= end, end <= bytes.byteCount else { return [] }
        return bytes.extracting(start..<end).array()
    }

    mutating func prefixed(_ bytes: RawSpan, at offset: Int) {
        guard let first = bytes.byte(at: offset), let second = bytes.byte(at: offset + 1),
            let kinds = SecretKind.byFirstBytes[UInt16(first) << 8 | UInt16(second)]
        else { return }
        let rest = bytes.extracting(offset..<bytes.byteCount)
        for kind in kinds where rest.starts(with: kind.prefix) {
            let start = offset + kind.prefix.count
            var stop = start
            while stop - start <= kind.length.upperBound, let byte = bytes.byte(at: stop), kind.alphabet.contains(byte)
            {
                stop += 1
            }
            // Punctuation after the value is not part of it.
            while stop > start, let last = bytes.byte(at: stop - 1), !Self.isWord(last), last != UInt8(ascii: "="),
                stop - start > kind.length.lowerBound
            {
                stop -= 1
            }
            guard kind.length.contains(stop - start) else { continue }
            if let next = bytes.byte(at: stop), Self.isWord(next) { continue }
            let value = Self.copy(bytes, offset, stop)
            let secret = value[kind.prefix.count...]
            guard !SecretShape.isPlaceholder(secret), SecretShape.entropy(secret) >= (secret.count < 20 ? 2.3 : 2.8),
                SecretShape.wordShare(secret) < 0.75 || !secret.contains(UInt8(ascii: "_"))
            else { continue }
            // Prefixes that words can start with need a value that no word has.
            if kind.prefix.count <= 4, kind.alphabet != .hexadecimal, kind.alphabet != .upper {
                guard secret.contains(where: { (0x30...0x39).contains($0) }) || kind.issuer == "Hugging Face token",
                    SecretShape.wordShare(secret) < 0.6 || SecretShape.changes(secret) >= 4
                        || kind.issuer == "Hugging Face token"
                else { continue }
            }
            return found(kind.issuer, value, at: offset)
        }
    }

}
