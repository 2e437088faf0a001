internal import ByteParsing

/// Credentials that are known by their structure.
extension SecretScanner {
    /// PEM: an armoured private key with a body (RFC 7468; OpenPGP too), line ends as bytes or escaped.
    mutating func privateKey(_ bytes: RawSpan, at offset: Int) {
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
            } else if byte == UInt8(ascii: "-"), bytes.byte(at: index + 1) == byte, body > 8 {
                break
            }
            index += 1
        }
        guard body >= 40, !SecretShape.isPlaceholder(value[...]), SecretShape.entropy(value[...]) > 4,
            Wording.surprise(value[...]) > 16
        else { return }
        matches.append(
            Match(issuer: "private key", offset: offset, masked: "PEM of \(body) letters", name: nil))
        end = index
    }

    private static let armour = Array("-----BEGIN".utf8)
    private static let privateLabel = Array("PRIVATE KEY".utf8)

    /// A JSON Web Token (RFC 7519): three parts, the first two of them JSON objects in base64url.
    ///
    /// Such a part begins with `ey` or `ew`, which is `{` and a mark or a space.
    mutating func signedToken(_ bytes: RawSpan, at offset: Int) {
        guard let second = bytes.byte(at: offset + 1), Self.opens(second), offset >= tokenEnd else { return }
        let head = Self.run(bytes, from: offset, .urlBase64, limit: 4096)
        guard bytes.byte(at: head) == UInt8(ascii: "."), tokenTries < 64 else {
            // No place in this run begins a token.
            tokenEnd = head
            return
        }
        guard head - offset >= 10, bytes.byte(at: head + 1) == UInt8(ascii: "e"),
            let third = bytes.byte(at: head + 2), Self.opens(third)
        else { return }
        tokenTries += 1
        // Slashes may stand escaped.
        var body = head + 1
        while body - head < 8192, let byte = bytes.byte(at: body),
            LetterClass.urlBase64.contains(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
        {
            body += 1
        }
        guard body - head > 10, bytes.byte(at: body) == UInt8(ascii: ".") else { return }
        let stop = Self.run(bytes, from: body + 1, .urlBase64, limit: 4096)
        let isJSON = Self.isObject(bytes, at: offset) && Self.isObject(bytes, at: head + 1)
        let value = Self.copy(bytes, offset, stop)
        guard isJSON ? stop - body > 20 : value.count >= 40 && Wording.surprise(value[...]) > 30 else { return }
        // The results in model cards carry the signature of whoever measured them, for everybody to verify.
        let before = Self.copy(bytes, max(0, offset - 20), offset).map { $0 | 0x20 }
        if SecretShape.contains(before, Array("verifytoken".utf8)) { return }
        tokenTries = 0
        found("JSON Web Token", value, at: offset)
    }

    private static func opens(_ second: UInt8) -> Bool { second == UInt8(ascii: "y") || second == UInt8(ascii: "w") }

    /// Whether base64 at `offset` begins with `{"` and a letter.
    private static func isObject(_ bytes: RawSpan, at offset: Int) -> Bool {
        bytes.byte(at: offset + 2) == UInt8(ascii: "J")
    }

    /// A token in base64 a second time: `eyJ` is `ZXlK` then, and the name of the head's first member follows.
    mutating func encodedToken(_ bytes: RawSpan, at offset: Int) {
        guard bytes.extracting(offset..<bytes.byteCount).starts(with: Self.encodedStart),
            let token = SecretShape.decoded(Self.copy(bytes, offset, min(bytes.byteCount, offset + 12))),
            let head = SecretShape.decoded(Array(token.prefix(8))), head.starts(with: Array("{\"".utf8)),
            head.count == 6, head[2..<4].allSatisfy({ (0x61...0x7A).contains($0 | 0x20) })
        else { return }
        var stop = offset
        while stop - offset < 4096, let byte = bytes.byte(at: stop),
            LetterClass.base64.contains(byte) || byte == UInt8(ascii: "\\")
        {
            stop += 1
        }
        guard stop - offset >= 50 else { return }
        found("JSON Web Token in base64", Self.copy(bytes, offset, stop), at: offset)
    }

    private static let encodedStart = Array("ZXlK".utf8)

    /// Azure client secrets: `…8Q~…`; and Azure's keys that carry the mark of their kind, `…JQQJ9…`.
    mutating func clientSecret(_ bytes: RawSpan, at offset: Int) {
        if bytes.extracting(offset..<bytes.byteCount).starts(with: Self.azureMark),
            bytes.byte(at: offset - 1) == UInt8(ascii: "J")
        {
            return azureKey(bytes, at: offset - 1)
        }
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "~"), let digit = bytes.byte(at: offset - 1),
            (0x30...0x39).contains(digit), offset >= 4
        else { return }
        var stop = offset + 2
        while stop - offset < 40, let byte = bytes.byte(at: stop), Self.inClientSecret[Int(byte)] { stop += 1 }
        let value = Self.copy(bytes, offset - 4, stop)
        if let before = bytes.byte(at: offset - 5), Self.inClientSecret[Int(before)] { return }
        guard (37...40).contains(value.count), value[..<3].allSatisfy({ Self.inClientSecret[Int($0)] }),
            Self.isEnd(bytes.byte(at: stop)) || bytes.byte(at: stop) == UInt8(ascii: ","),
            SecretShape.entropy(value[...]) > 3.3
        else { return }
        found("Azure client secret", value, at: offset - 4)
    }

    private static let inClientSecret: [Bool] = (0..<256).map { UInt8($0) }.map {
        isWord($0) || "_-.~".utf8.contains($0)
    }
    private static let azureMark = Array("QQJ9".utf8)

    /// 52 letters, `JQQJ9`, and 23 or 27 letters more.
    private mutating func azureKey(_ bytes: RawSpan, at offset: Int) {
        let start = Self.run(bytes, to: offset, .alphanumeric, limit: 53)
        let stop = Self.run(bytes, from: offset, .alphanumeric, limit: 40)
        guard offset - start == 52, (28...36).contains(stop - offset) else { return }
        found("Azure key", Self.copy(bytes, start, stop), at: start)
    }

    /// Azure's older keys, which carry the mark of their service near the end: `…+ASt…==`.
    mutating func signedKey(_ bytes: RawSpan, at offset: Int) {
        let rest = bytes.extracting(offset..<bytes.byteCount)
        for mark in Self.serviceMarks where rest.starts(with: mark.text) {
            let start = Self.run(bytes, to: offset, .base64, limit: mark.before + 1)
            var stop = Self.run(bytes, from: offset, .base64, limit: 24)
            guard offset - start == mark.before else { continue }
            while bytes.byte(at: stop) == UInt8(ascii: "="), stop - offset < 24 { stop += 1 }
            let value = Self.copy(bytes, start, stop)
            guard value.count == mark.length, SecretShape.entropy(value[...]) > 4,
                !Self.isWord(bytes.byte(at: stop) ?? 0)
            else { continue }
            return found("Azure key", value, at: start)
        }
    }

    /// A service's mark, the letters before it, and the length of the key.
    private static let serviceMarks: [(text: [UInt8], before: Int, length: Int)] = [
        ("+ASt", 76, 88), ("ACDb", 76, 88), ("+ABa", 76, 88), ("+AMC", 76, 88), ("+ARm", 33, 44), ("+ASb", 33, 44),
        ("+AEh", 33, 44), ("AIoT", 33, 44), ("+ACR", 42, 52), ("AzSe", 42, 52), ("AzFu", 44, 56), ("AzCa", 33, 44),
    ].map { (Array($0.0.utf8), $0.1, $0.2) }

    /// A licence key whose mark stands at its end: `…_mmk`.
    mutating func licenceKey(_ bytes: RawSpan, at offset: Int) {
        guard bytes.extracting(offset..<bytes.byteCount).starts(with: Self.licenceMark),
            !Self.isWord(bytes.byte(at: offset + 4) ?? 0)
        else { return }
        let start = Self.run(bytes, to: offset, .word, limit: 37)
        let value = Self.copy(bytes, start, offset + 4)
        guard value.count == 40, value[6] == UInt8(ascii: "_"), Wording.surprise(value[..<36]) > 6 else { return }
        found("MaxMind key", value, at: start)
    }

    private static let licenceMark = Array("_mmk".utf8)

    /// Hexadecimal keys with a mark or groups behind them: `…-us12`, `…-5a1ca682-e5796d6b`, `…-NRMA`, `…FFFFNRAL`.
    mutating func markedKey(_ bytes: RawSpan, at offset: Int) {
        guard let next = bytes.byte(at: offset + 1) else { return }
        let rest = bytes.extracting(offset..<bytes.byteCount)
        let found: (issuer: String, length: Int, before: Int)?
        switch next {
        case UInt8(ascii: "u") where rest.starts(with: "-us"):
            let stop = Self.run(bytes, from: offset + 3, .digits, limit: 3)
            found = (1...2).contains(stop - offset - 3) ? ("Mailchimp key", stop - offset, 32) : nil
        case UInt8(ascii: "N") where rest.starts(with: "-NRMA"): found = ("New Relic key", 5, 36)
        case UInt8(ascii: "R") where rest.starts(with: "NRAL"): found = ("New Relic key", 4, 28)
        default:
            let group = Self.run(bytes, from: offset + 1, .hexadecimal, limit: 9)
            guard group == offset + 9, bytes.byte(at: group) == UInt8(ascii: "-") else { return }
            let stop = Self.run(bytes, from: group + 1, .hexadecimal, limit: 9)
            found = stop == group + 9 ? ("Mailgun key", 18, 32) : nil
        }
        guard let found, !Self.isWord(bytes.byte(at: offset + found.length) ?? 0) else { return }
        let start = Self.run(bytes, to: offset, .hexadecimal, limit: 44)
        guard offset - start >= found.before, offset - start <= 40, found.before != 32 || offset - start == 32 else {
            return
        }
        let value = Self.copy(bytes, start, offset + found.length)
        guard SecretShape.entropy(value[...]) > 2.8 else { return }
        self.found(found.issuer, value, at: start)
    }

    /// A bot's token: its number, a colon and 35 characters that begin with `A`.
    mutating func botToken(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "A") else { return }
        let start = Self.run(bytes, to: offset, .digits, limit: 17)
        let stop = Self.run(bytes, from: offset + 1, .dashed, limit: 40)
        guard (5...16).contains(offset - start), stop - offset == 36 else { return }
        let value = Self.copy(bytes, offset + 1, stop)
        guard SecretShape.entropy(value[...]) > 3.5, Wording.surprise(value[...]) > 8 else { return }
        found("Telegram bot token", Self.copy(bytes, start, stop), at: start)
    }

    /// An application's access token: its number, a bar (or its escape), and 27 to 40 characters.
    mutating func applicationToken(_ bytes: RawSpan, at offset: Int) {
        let start = Self.run(bytes, to: offset, .digits, limit: 18)
        guard (15...16).contains(offset - start) else { return }
        let stop = Self.run(bytes, from: offset + 1, .dashed, limit: 44)
        let value = Self.copy(bytes, offset + 1, stop)
        guard (27...40).contains(value.count), SecretShape.entropy(value[...]) > 3.5,
            SecretShape.changes(value[...]) >= 2
        else { return }
        found("Facebook token", Self.copy(bytes, start, stop), at: start)
    }
}

extension LetterClass {
    static let urlBase64 = LetterClass(.urlBase64)
    static let base64 = LetterClass(.base64)
    static let alphanumeric = LetterClass(.alphanumeric)
    static let word = LetterClass(.word)
    static let dashed = LetterClass(.dashed)
    static let digits = LetterClass(.digits)
    static let hexadecimal = LetterClass(.hexadecimal)
}
