internal import ByteParsing

/// Random values of names that mean a secret.
extension SecretScanner {
    /// A name that means a secret before `=` or `:` and a random value after it.
    mutating func assignment(_ bytes: RawSpan, at offset: Int) {
        var stop = offset
        while let byte = bytes.byte(at: stop - 1),
            byte == 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
                || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":") || byte == 0x09 || byte == UInt8(ascii: "?")
                || byte == UInt8(ascii: "|"), offset - stop < 8
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
                || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "`") || byte == 0x09
                || byte == UInt8(ascii: "\\"),
            from - offset < 8
        {
            from += 1
        }
        let text = String(decoding: name, as: UTF8.self)
        value(bytes, from: from, named: text, shortest: meaning == .strong ? 10 : 20)
    }

    mutating func value(_ bytes: RawSpan, from start: Int, named name: String, shortest: Int) {
        guard start >= end else { return }
        var stop = start
        while stop - start <= 400, let byte = bytes.byte(at: stop), byte > 0x20, byte < 0x7F,
            byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"), byte != UInt8(ascii: ","), byte != UInt8(ascii: ";"),
            byte != UInt8(ascii: "`"), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\\")
        {
            stop += 1
        }
        let value = Self.copy(bytes, start, stop)
        guard Self.isSecret(value, shortest: shortest) || Self.isKey(name) && Self.isIdentifier(value) else { return }
        // A value with an issuer's prefix is named by it.
        let before = matches.count
        prefixed(bytes, at: start)
        if matches.count == before { found("secret", value, at: start, name: name) }
    }

    package static func isSecret(_ value: [UInt8], shortest: Int) -> Bool {
        guard SecretShape.isRandom(value[...], shortest: shortest) else { return false }
        // UUIDs, digests with their name and versions identify things.
        let text = String(decoding: value, as: UTF8.self)
        if value.count == 36, value.filter({ $0 == UInt8(ascii: "-") }).count == 4 { return false }
        if text.hasPrefix("sha") || text.hasPrefix("http") || text.hasPrefix("/") || text.hasPrefix("./") {
            return false
        }
        return true
    }

    /// Whether a name can only be that of a key: services give out UUIDs as such.
    private static func isKey(_ name: String) -> Bool {
        let letters = name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." }
        return letters.hasSuffix("apikey") || letters.hasSuffix("secretkey") || letters.hasSuffix("clientsecret")
    }

    /// Whether a value is a UUID that somebody drew.
    private static func isIdentifier(_ value: [UInt8]) -> Bool {
        let dashes = value.indices.filter { value[$0] == UInt8(ascii: "-") }
        return value.count == 36 && dashes == [8, 13, 18, 23] && SecretShape.entropy(value[...]) > 3
            && value.allSatisfy(ServiceKey.Alphabet.uuid.contains)
    }

    package enum Meaning { case weak, strong }

    /// Whether a name means a secret, and how clearly.
    package static func meaning(of name: [UInt8]) -> Meaning? {
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
    /// Endings that make the name one of something about a secret, or of what verifies and is meant to be seen.
    private static let weakEnds = [
        "id", "ids", "name", "length", "size", "count", "type", "file", "path", "url", "uri", "version", "class",
        "index", "field", "policy", "format", "env", "var", "hash", "publickey", "verifytoken",
    ]
    /// Names of a tokenizer's tokens.
    private static let vocabulary = [
        "bos", "eos", "pad", "unk", "sep", "cls", "mask", "image", "audio", "video", "special", "start", "end", "added",
        "next", "prev", "decoder", "forced", "boi", "eoi", "suffix", "prefix", "middle", "box", "vision", "user",
        "system",
    ]

    // MARK: Services

    /// A value of a service's form after the service's name and an operator.
    mutating func serviceKey(_ bytes: RawSpan, at offset: Int) {
        var start = offset + 1
        while start - offset < 12, let byte = bytes.byte(at: start), Self.between[Int(byte)] { start += 1 }
        guard start >= end else { return }
        var stop = start
        var digits = 0
        while stop - start <= 96, let byte = bytes.byte(at: stop),
            ServiceKey.Alphabet.spread.contains(byte) || Self.isWord(byte)
        {
            if (0x30...0x39).contains(byte) { digits += 1 }
            stop += 1
        }
        let padded = stop - start
        guard padded >= 14, digits >= 2 else { return }
        if let next = bytes.byte(at: stop), !Self.ending[Int(next)] { return }
        let value = Self.copy(bytes, start, stop)
        if Self.isMailchimpKey(value) { return found("Mailchimp key", value, at: start) }
        guard ServiceKey.lengths.contains(value.count), SecretShape.entropy(value[...]) >= 2.5,
            SecretShape.changes(value[...]) >= 2, !SecretShape.isStandIn(value[...])
        else { return }
        // The line before the operator, without the marks between words.
        var from = offset
        while offset - from < 56, let byte = bytes.byte(at: from - 1), byte != 0x0A, byte != UInt8(ascii: ";") {
            from -= 1
        }
        let context = ServiceKey.Context(Self.copy(bytes, from, offset))
        guard let issuer = ServiceKey.issuer(of: value[...], after: context) else { return }
        found(issuer, value, at: start)
    }

    /// 32 hexadecimal digits and the data centre.
    private static func isMailchimpKey(_ value: [UInt8]) -> Bool {
        guard (36...37).contains(value.count), value[32...].starts(with: Array("-us".utf8)) else { return false }
        return value[..<32].allSatisfy(ServiceKey.Alphabet.hexadecimal.contains)
            && value[35...].allSatisfy { (0x30...0x39).contains($0) } && SecretShape.entropy(value[..<32]) > 2.8
    }

    /// Bytes between an operator and the value: the rest of the operator, quotes, spaces.
    private static let between: [Bool] = table(" \t=>:|,?\"'`")
    /// Bytes that end a value.
    private static let ending: [Bool] = table(" \t\r\n\"'`;,)}]<>\\&")

    private static func table(_ text: String) -> [Bool] {
        var table = [Bool](repeating: false, count: 256)
        for byte in text.utf8 { table[Int(byte)] = true }
        return table
    }
}
