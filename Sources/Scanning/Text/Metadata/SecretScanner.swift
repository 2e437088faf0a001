internal import ByteParsing

/// Finds credentials in text: by the issuers' prefixes, as private keys, as signed tokens, and as random values of
/// names that mean a secret.
struct SecretScanner {
    struct Match: Hashable {
        var issuer: String
        var offset: Int
        /// The value with all but its first letters left out.
        var masked: String
        /// The name that the value is given to, where there is one.
        var name: String?
    }

    private(set) var matches: [Match] = []
    private var end = 0
    private let budget: Budget
    static let matchLimit = 50

    init(budget: Budget) { self.budget = budget }

    /// Finds what is in `region`, one match for each place.
    static func matches(in region: ByteRegion, budget: Budget) throws(ParseError) -> [Match] {
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
                    if byte == UInt8(ascii: "="), previous == UInt8(ascii: "=") { break }
                    assignment(bytes, at: index)
                case UInt8(ascii: "-") where previous != UInt8(ascii: "-"): privateKey(bytes, at: index)
                case UInt8(ascii: "e") where !Self.isWord(previous): signedToken(bytes, at: index)
                case UInt8(ascii: "B"), UInt8(ascii: "b"):
                    if !Self.isWord(previous) { bearer(bytes, at: index) }
                case UInt8(ascii: "Q"): clientSecret(bytes, at: index)
                default: break
                }
                if first[Int(byte)], !Self.isWord(previous), index >= end { prefixed(bytes, at: index) }
            }
            previous = byte
            index &+= 1
        }
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private mutating func found(_ issuer: String, _ value: [UInt8], at offset: Int, name: String? = nil) {
        matches.append(Match(issuer: issuer, offset: offset, masked: Self.mask(value), name: name))
        end = offset + value.count
    }

    /// The first letters of a value and its length: enough to find it, not enough to use it.
    static func mask(_ value: [UInt8]) -> String {
        let shown = min(6, value.count / 4)
        return String(decoding: value.prefix(shown), as: UTF8.self) + "… (\(value.count) characters)"
    }

    private static func copy(_ bytes: RawSpan, _ start: Int, _ end: Int) -> [UInt8] {
        guard start >= 0, start <= end, end <= bytes.byteCount else { return [] }
        return bytes.extracting(start..<end).array()
    }

    private mutating func prefixed(_ bytes: RawSpan, at offset: Int) {
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
                    SecretShape.wordShare(secret) < 0.6 || kind.issuer == "Hugging Face token"
                else { continue }
            }
            return found(kind.issuer, value, at: offset)
        }
    }

    /// PEM: an armoured private key with a body (RFC 7468; OpenPGP too), line ends as bytes or escaped.
    private mutating func privateKey(_ bytes: RawSpan, at offset: Int) {
        let rest = bytes.extracting(offset..<bytes.byteCount)
        guard rest.starts(with: Self.armour) else { return }
        let label = rest.extracting(0..<min(rest.byteCount, 80))
        guard let key = label.firstOffset(of: Self.privateLabel, from: 0) else { return }
        var body = 0
        var index = offset + key + Self.privateLabel.count
        let limit = min(bytes.byteCount, index + 4096)
        var value: [UInt8] = []
        while index < limit, let byte = bytes.byte(at: index) {
            if byte == UInt8(ascii: "\\"), let next = bytes.byte(at: index + 1),
                next == UInt8(ascii: "n") || next == UInt8(ascii: "r")
            {
                index += 2
                continue
            }
            if Self.isWord(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") {
                body += 1
                if value.count < 256 { value.append(byte) }
            } else if byte == UInt8(ascii: "-"), body > 8 {
                break
            }
            index += 1
        }
        guard body >= 40, !SecretShape.isPlaceholder(value[...]), SecretShape.entropy(value[...]) > 4 else { return }
        matches.append(
            Match(issuer: "private key", offset: offset, masked: "PEM of \(body) letters", name: nil))
        end = index
    }

    private static let armour = Array("-----BEGIN".utf8)
    private static let privateLabel = Array("PRIVATE KEY".utf8)

    /// A JSON Web Token (RFC 7519): three parts, the first two of them JSON objects in base64url.
    private mutating func signedToken(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "y"), bytes.byte(at: offset + 2) == UInt8(ascii: "J") else {
            return
        }
        var stop = offset
        var dots: [Int] = []
        while stop - offset < 4096, let byte = bytes.byte(at: stop) {
            if byte == UInt8(ascii: ".") {
                dots.append(stop)
            } else if !(Self.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "="))
            {
                break
            }
            stop += 1
        }
        guard dots.count >= 2, dots[0] - offset >= 10, dots[1] - dots[0] >= 10, stop - dots[1] > 20,
            bytes.byte(at: dots[0] + 1) == UInt8(ascii: "e"), bytes.byte(at: dots[0] + 2) == UInt8(ascii: "y")
        else { return }
        found("JSON Web Token", Self.copy(bytes, offset, stop), at: offset)
    }

    private mutating func bearer(_ bytes: RawSpan, at offset: Int) {
        guard let space = bytes.byte(at: offset + 6), space == 0x20 else { return }
        let word = Self.copy(bytes, offset, min(bytes.byteCount, offset + 6)).map { $0 | 0x20 }
        guard word == Self.bearerWord else { return }
        value(bytes, from: offset + 7, named: "Authorization", shortest: 20)
    }

    private static let bearerWord = Array("bearer".utf8)

    /// Azure client secrets: `…8Q~…`.
    private mutating func clientSecret(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "~"), let digit = bytes.byte(at: offset - 1),
            (0x30...0x39).contains(digit), offset >= 4
        else { return }
        var stop = offset + 2
        while let byte = bytes.byte(at: stop), SecretKind.Alphabet.dotted.contains(byte) || byte == UInt8(ascii: "~") {
            stop += 1
        }
        let value = Self.copy(bytes, offset - 4, stop)
        guard (36...46).contains(value.count), SecretShape.entropy(value[...]) > 3.3 else { return }
        found("Azure client secret", value, at: offset - 4)
    }

    // MARK: Names and values

    /// A name that means a secret before `=` or `:` and a random value after it.
    private mutating func assignment(_ bytes: RawSpan, at offset: Int) {
        var stop = offset
        while let byte = bytes.byte(at: stop - 1),
            byte == 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
                || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":") || byte == 0x09, offset - stop < 8
        {
            stop -= 1
        }
        var start = stop
        while stop - start < 64, let byte = bytes.byte(at: start - 1),
            Self.isWord(byte) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        {
            start -= 1
        }
        guard stop - start >= 3 else { return }
        let name = Self.copy(bytes, start, stop)
        guard let meaning = Self.meaning(of: name) else { return }
        var from = offset + 1
        while let byte = bytes.byte(at: from),
            byte == 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
                || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "`") || byte == 0x09,
            from - offset < 8
        {
            from += 1
        }
        value(bytes, from: from, named: String(decoding: name, as: UTF8.self), shortest: meaning == .strong ? 10 : 20)
    }

    private mutating func value(_ bytes: RawSpan, from start: Int, named name: String, shortest: Int) {
        var stop = start
        while stop - start <= 400, let byte = bytes.byte(at: stop), byte > 0x20, byte < 0x7F,
            byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"), byte != UInt8(ascii: ","), byte != UInt8(ascii: ";"),
            byte != UInt8(ascii: "`"), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\\")
        {
            stop += 1
        }
        let value = Self.copy(bytes, start, stop)
        guard Self.isSecret(value, shortest: shortest) else { return }
        // A value with an issuer's prefix is named by it.
        let before = matches.count
        prefixed(bytes, at: start)
        if matches.count == before { found("secret", value, at: start, name: name) }
    }

    static func isSecret(_ value: [UInt8], shortest: Int) -> Bool {
        guard SecretShape.isRandom(value[...], shortest: shortest) else { return false }
        // UUIDs, digests with their name and versions identify things.
        let text = String(decoding: value, as: UTF8.self)
        if value.count == 36, value.filter({ $0 == UInt8(ascii: "-") }).count == 4 { return false }
        if text.hasPrefix("sha") || text.hasPrefix("http") || text.hasPrefix("/") || text.hasPrefix("./") {
            return false
        }
        return true
    }

    enum Meaning { case weak, strong }

    /// Whether a name means a secret, and how clearly.
    static func meaning(of name: [UInt8]) -> Meaning? {
        guard name.count >= 3, name.count <= 64 else { return nil }
        var text = ""
        for byte in name where byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".") {
            text.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
        }
        if weakEnds.contains(where: { text.hasSuffix($0) }) { return nil }
        if strong.contains(where: { text.contains($0) }) { return .strong }
        if text.hasSuffix("token") || text.hasSuffix("auth") || text.hasSuffix("credential")
            || text.hasSuffix("credentials")
            || text.hasSuffix("pwd") || text.hasSuffix("apitoken")
        {
            return vocabulary.contains(where: { text.hasPrefix($0) }) ? nil : .weak
        }
        return nil
    }

    private static let strong = [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "secretkey", "privatekey", "clientsecret",
        "accesstoken", "authtoken", "refreshtoken", "apitoken", "encryptionkey", "signingkey", "authkey", "sharedkey",
        "masterkey", "licensekey", "accountkey", "webhookkey", "servicekey",
    ]
    /// Endings that make the name one of something about a secret.
    private static let weakEnds = [
        "id", "ids", "name", "length", "size", "count", "type", "file", "path", "url", "uri", "version", "class",
        "index", "field", "policy", "format", "env", "var", "hash", "publickey",
    ]
    /// Names of a tokenizer's tokens.
    private static let vocabulary = [
        "bos", "eos", "pad", "unk", "sep", "cls", "mask", "image", "audio", "video", "special", "start", "end", "added",
        "next", "prev", "decoder", "forced", "boi", "eoi", "suffix", "prefix", "middle", "box", "vision", "user",
        "system",
    ]
}
