internal import ByteParsing

/// Random values of names that mean a secret.
extension SecretScanner {
    /// A name that means a secret before an operator, and a random value after it.
    mutating func assignment(_ bytes: RawSpan, at offset: Int) {
        var stop = offset
        while offset - stop < 8, let byte = bytes.byte(at: stop - 1), Self.beforeOperator[Int(byte)] { stop -= 1 }
        var start = stop
        while stop - start < 64, let byte = bytes.byte(at: start - 1), Self.inName[Int(byte)] { start -= 1 }
        guard stop > start else { return }
        var from = offset + 1
        while from - offset < 12, let byte = bytes.byte(at: from), Self.afterOperator[Int(byte)] { from += 1 }
        let name = Self.copy(bytes, start, stop)
        if name.count <= 5, special(name, in: bytes, at: from, nameAt: start) { return }
        guard let meaning = Self.meaning(of: name) else { return }
        if meaning == .token, loginPair(bytes, at: from) { return }
        let isSent = meaning == .token && isHeader(bytes, at: start)
        value(bytes, from: from, named: String(decoding: name, as: UTF8.self), isSent ? .secret : meaning)
    }

    private static let beforeOperator = table(" \"'\\]:\t?|=")
    private static let afterOperator = table(" \"'>=`\t\\:|")
    private static let inName: [Bool] = (0..<256).map { UInt8($0) }.map { isWord($0) || "_-.".utf8.contains($0) }

    /// Reports the value at `start` when it was drawn at random.
    mutating func value(_ bytes: RawSpan, from start: Int, named name: String, _ meaning: Meaning) {
        judgedTries = start < judgedEnd ? judgedTries + 1 : 0
        guard start >= end, judgedTries < 16 else { return }
        var stop = start
        while stop - start <= SecretShape.longest, let byte = bytes.byte(at: stop), byte > 0x20, byte < 0x7F,
            !Self.stops[Int(byte)]
        {
            if byte == UInt8(ascii: "<"), bytes.byte(at: stop + 1) == UInt8(ascii: "/") { break }
            stop += 1
        }
        judgedEnd = max(judgedEnd, stop)
        guard stop - start >= 8 else { return }
        let value = Self.copy(bytes, start, stop)
        // A value in its issuer's form is named by it.
        let before = matches.count
        prefixed(bytes, at: start, after: nil)
        guard matches.count == before else { return }
        if Self.isSecret(value, of: meaning) || meaning == .token && Self.isDrawn(value, for: name) {
            found("secret", value, at: start, name: name)
        }
    }

    private static let stops = table("\"',;`)}\\&")

    /// Whether `value` is a UUID that something called a token, in a word of its own, has for its value.
    private static func isDrawn(_ value: [UInt8], for name: String) -> Bool {
        guard SecretShape.isUUID(value[...]), SecretShape.entropy(value[...]) > 3 else { return false }
        let word = name.utf8.reversed().prefix { isWord($0) }.reversed().map { $0 | 0x20 }
        return word == Array("token".utf8)
    }

    /// Whether `value` is one that a name of this meaning would keep secret.
    package static func isSecret(_ value: [UInt8], of meaning: Meaning) -> Bool {
        let all = value[...]
        if SecretShape.isUUID(all) { return meaning == .secret && SecretShape.entropy(all) > 3 }
        // Addresses, paths, digests with their name, public keys and certificates.
        if otherStarts.begins(all) || SecretShape.isVersion(all) { return false }
        if all.first == UInt8(ascii: "/"), Wording.surprise(all) < 30 { return false }
        switch meaning {
        case .secret:
            return SecretShape.isRandom(all, shortest: 8, surprise: 8) || SecretShape.holdsRandom(all)
        case .token: return SecretShape.isRandom(all, shortest: 20, surprise: 12)
        case .key:
            return SecretShape.isRandom(all, shortest: 20, surprise: 18) && !SecretShape.isHexadecimal(all)
                && !SecretShape.holdsVersion(all)
                && !all.starts(with: "MII".utf8) && !all.contains(UInt8(ascii: "("))
        }
    }

    private static let otherStarts = Words(
        """
        http ./ ../ ~/ CiQA sha1- sha1: sha256- sha256: sha384- sha512- sha512: md5- md5: ssh- AAAAB3 AAAAC3 AAAAE2 $(
        """)

    /// How clearly a name means a secret: it may be a key of another kind, is a token or the like, or is kept secret.
    package enum Meaning { case key, token, secret }

    /// Whether a name means a secret, and how clearly.
    package static func meaning(of name: [UInt8]) -> Meaning? {
        guard name.count >= 3, name.count <= 64 else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(name.count)
        for byte in name where isWord(byte) { text.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        let isSecret = secrets.isHeld(by: text)
        let isToken = tokens.ends(text)
        guard isSecret || isToken || keys.ends(text), !otherEnds.ends(text), !others.isHeld(by: text) else {
            return nil
        }
        if isSecret { return .secret }
        if vocabulary.begins(text) { return nil }
        if isToken { return .token }
        // `pat` and `pass` are ends of other words.
        return wholeWords.ends(text) && !isLastWordWhole(name) ? nil : .key
    }

    /// Words that names are made of.
    private struct Words {
        private var all: [[UInt8]] = []
        private var byFirst = [[[UInt8]]](repeating: [], count: 256)

        init(_ text: String) {
            for word in text.split(separator: " ") {
                all.append(Array(word.utf8))
                byFirst[Int(word.utf8.first ?? 0)].append(Array(word.utf8))
            }
        }

        func isHeld(by text: [UInt8]) -> Bool {
            for start in text.indices {
                for word in byFirst[Int(text[start])] where text[start...].starts(with: word) { return true }
            }
            return false
        }

        func ends(_ text: [UInt8]) -> Bool { all.contains { text.suffix($0.count).elementsEqual($0) } }

        func begins(_ text: [UInt8]) -> Bool { all.contains { text.starts(with: $0) } }

        func begins(_ text: ArraySlice<UInt8>) -> Bool { all.contains { text.starts(with: $0) } }
    }

    private static let secrets = Words(
        """
        password passwd passphrase passcode secret apikey accesskey privatekey privkey accesstoken authtoken \
        refreshtoken apitoken bottoken bearertoken identitytoken sastoken encryptionkey signingkey authkey sharedkey masterkey \
        licensekey licencekey accountkey webhookkey servicekey storagekey subscriptionkey authorization
        """)
    private static let tokens = Words("token auth credential credentials creds pwd psw")
    private static let keys = Words("key pat pass")
    private static let wholeWords = Words("pat pass")
    /// Endings that make the name one of something about a secret, or of what verifies and is meant to be seen.
    private static let otherEnds = Words(
        """
        id ids name length size count type file path url uri version class index field policy format env var hash sha1 \
        sha256 sha512 md5 digest checksum fingerprint publickey verifytoken monkey turkey
        """)
    /// Names of what is public, or of places in a list or a table.
    private static let others = Words(
        """
        public csrf xsrf authenticity pagetoken continuationtoken synctoken cursortoken primarykey foreignkey \
        cachekey sortkey partitionkey objectkey hostkey hotkey idempotencykey websocketkey rowkey groupkey indexkey lookupkey shardkey \
        sitekey routekey requesttoken clienttoken changetoken cftoken icepwd
        """)
    /// What names of a tokenizer's tokens begin with.
    private static let vocabulary = Words(
        """
        bos eos pad unk sep cls mask image audio video special start end added next prev decoder forced boi eoi suffix \
        prefix middle box vision user system
        """)

    private static func isLastWordWhole(_ name: [UInt8]) -> Bool {
        guard let mark = name.lastIndex(where: { !isWord($0) }) else { return name.count <= 4 }
        return name.count - mark <= 5
    }

    // MARK: Services

    /// A value of a service's form after the service's name and an operator.
    mutating func serviceKey(_ bytes: RawSpan, at offset: Int) {
        var start = offset + 1
        while start - offset < 12, let byte = bytes.byte(at: start), Self.between[Int(byte)] { start += 1 }
        guard start >= end else { return }
        var stop = start
        var letters = 0
        var digits = 0
        while stop - start <= 120, let byte = bytes.byte(at: stop), Self.inKey[Int(byte)] {
            if (0x30...0x39).contains(byte) { digits += 1 } else if Self.isWord(byte) { letters += 1 }
            stop += 1
        }
        guard digits >= 1, stop - start >= 14, letters >= 2 || digits == stop - start && digits < 20 else { return }
        // The name before the operator, and the words before it.
        var to = offset
        while offset - to < 8, let byte = bytes.byte(at: to - 1), Self.beforeOperator[Int(byte)] { to -= 1 }
        var from = to
        while to - from < 56, let byte = bytes.byte(at: from - 1), Self.inPhrase[Int(byte)] { from -= 1 }
        guard from < to else { return }
        let context = ServiceKey.Context(Self.copy(bytes, from, to))
        guard let key = ServiceKey.key(in: bytes, at: start, after: context) else { return }
        found(key.issuer, Self.copy(bytes, start, key.end), at: start)
    }

    /// Bytes between an operator and the value: the rest of the operator, quotes, spaces.
    private static let between = table(" \t=>:|,?\"'`")
    private static let inKey: [Bool] = (0..<256).map { UInt8($0) }.map { isWord($0) || "_-+/=.:".utf8.contains($0) }
    private static let inPhrase: [Bool] = (0..<256).map { UInt8($0) }.map { isWord($0) || "_-. \t".utf8.contains($0) }
}
