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
    mutating func signedToken(_ bytes: RawSpan, at offset: Int) {
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
        // The results in model cards carry the signature of whoever measured them, for everybody to verify.
        let before = Self.copy(bytes, max(0, offset - 20), offset).map { $0 | 0x20 }
        if before[...].firstRange(of: Array("verifytoken".utf8)) != nil { return }
        found("JSON Web Token", Self.copy(bytes, offset, stop), at: offset)
    }

    /// Azure client secrets: `…8Q~…`.
    mutating func clientSecret(_ bytes: RawSpan, at offset: Int) {
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

    /// A bot's token: its number, a colon and 35 characters that begin with `A`.
    mutating func botToken(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "A") else { return }
        var start = offset
        while offset - start < 17, let byte = bytes.byte(at: start - 1), (0x30...0x39).contains(byte) { start -= 1 }
        var stop = offset + 1
        while stop - offset < 40, let byte = bytes.byte(at: stop), SecretKind.Alphabet.dashed.contains(byte) {
            stop += 1
        }
        guard (5...16).contains(offset - start), stop - offset == 36 else { return }
        let value = Self.copy(bytes, offset + 1, stop)
        guard SecretShape.entropy(value[...]) > 3.5, SecretShape.wordShare(value[...]) < 0.6 else { return }
        found("Telegram bot token", Self.copy(bytes, start, stop), at: start)
    }

    /// An application's access token: its number, a bar, and 27 to 40 characters.
    mutating func applicationToken(_ bytes: RawSpan, at offset: Int) {
        var start = offset
        while offset - start < 18, let byte = bytes.byte(at: start - 1), (0x30...0x39).contains(byte) { start -= 1 }
        guard (15...16).contains(offset - start) else { return }
        var stop = offset + 1
        while stop - offset < 44, let byte = bytes.byte(at: stop), SecretKind.Alphabet.dashed.contains(byte) {
            stop += 1
        }
        let value = Self.copy(bytes, offset + 1, stop)
        guard (27...40).contains(value.count), SecretShape.entropy(value[...]) > 3.5,
            value.contains(where: { (0x30...0x39).contains($0) })
        else { return }
        found("Facebook token", Self.copy(bytes, start, stop), at: start)
    }

    /// A password in an address: `scheme://user:password@host` (RFC 3986, section 3.2.1).
    mutating func address(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byte(at: offset + 1) == UInt8(ascii: "/"), bytes.byte(at: offset + 2) == UInt8(ascii: "/") else {
            return
        }
        let start = offset + 3
        var stop = start
        var colon: Int?
        var at: Int?
        while stop - start < 512, let byte = bytes.byte(at: stop), byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "/"),
            byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#"), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"),
            byte != UInt8(ascii: "<"), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\\")
        {
            if byte == UInt8(ascii: ":"), at == nil, colon == nil { colon = stop }
            if byte == UInt8(ascii: "@") { at = stop }
            stop += 1
        }
        guard let colon, let at, colon < at, stop > at + 1 else { return }
        let user = Self.copy(bytes, start, colon)
        let password = Self.copy(bytes, colon + 1, at)
        let host = String(decoding: Self.copy(bytes, at + 1, stop), as: UTF8.self).lowercased()
        guard Self.isPassword(password, of: user, least: 6), !host.hasPrefix("example"), !host.contains("example.com"),
            !host.contains("example.org")
        else { return }
        found("address with a password", password, at: colon + 1)
    }

    /// Whether `password` is meant: no placeholder, no variable, no word that only says what should stand there.
    static func isPassword(_ password: [UInt8], of user: [UInt8], least: Int) -> Bool {
        guard password.count >= least, password.count <= 200, password != user else { return false }
        let text = String(decoding: password, as: UTF8.self).lowercased()
        if ordinary.contains(text) || SecretShape.isStandIn(password[...]) { return false }
        let marks = Set("$%{}()[]<>*".utf8)
        guard let first = password.first, !marks.contains(first) else { return false }
        return !text.hasPrefix("pass") && !text.hasSuffix("password") && !text.hasPrefix("your")
    }

    private static let ordinary: Set<String> = [
        "password", "passwd", "secret", "token", "pass", "pwd", "postgres", "root", "admin", "guest", "test", "user",
        "changeme", "change_me", "secretpassword", "mypassword", "mysecret", "apikey", "api_key", "string", "username",
        "mongodb", "mysql", "rabbitmq", "redis", "example", "foobar", "x-oauth-basic",
    ]

    /// `curl -u user:password` and `--user`.
    mutating func commandLine(_ bytes: RawSpan, at offset: Int) {
        let rest = bytes.extracting(offset..<bytes.byteCount)
        var from = offset + 1
        if rest.starts(with: Self.userOption) {
            from = offset + Self.userOption.count
        } else if let before = bytes.byte(at: offset - 2), before > 0x20 {
            return
        }
        let quotes = Set(" =\"'\\\t\n/".utf8)
        let begin = from
        while from - begin < 8, let byte = bytes.byte(at: from), quotes.contains(byte) { from += 1 }
        guard from > begin else { return }
        var stop = from
        var colon: Int?
        while stop - from < 200, let byte = bytes.byte(at: stop), byte > 0x20 {
            if byte == UInt8(ascii: ":"), colon == nil { colon = stop }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), colon.map({ stop > $0 + 1 }) ?? true { break }
            stop += 1
        }
        guard let colon, isCurl(bytes, before: offset) else { return }
        let user = Self.copy(bytes, from, colon)
        var password = Self.copy(bytes, colon + 1, stop)
        if let quote = password.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            password.removeFirst()
        }
        // An empty password leaves the token in the user's place.
        let value = password.isEmpty ? user : password
        guard Self.isPassword(value, of: password.isEmpty ? [] : user, least: 8),
            user.first != UInt8(ascii: "$"), user.first != UInt8(ascii: "{") || value.count > 12
        else { return }
        found("password on a command line", value, at: password.isEmpty ? from : stop - value.count)
    }

    private static let userOption = Array("user".utf8)
    private static let curl = Array("curl".utf8)

    private func isCurl(_ bytes: RawSpan, before offset: Int) -> Bool {
        let start = max(0, offset - 400)
        return bytes.extracting(start..<offset).firstOffset(of: Self.curl, from: 0) != nil
    }

    /// `Authorization: Bearer …`, `Basic …`, `Token …`: the credential behind the scheme's name (RFC 7235).
    mutating func authorisation(_ bytes: RawSpan, at offset: Int) {
        for (word, isBasic) in Self.schemes {
            guard bytes.byte(at: offset + word.count) == 0x20 else { continue }
            let start = Self.copy(bytes, offset, min(bytes.byteCount, offset + word.count)).map { $0 | 0x20 }
            guard start == word else { continue }
            let before = Self.copy(bytes, max(0, offset - 32), offset).map { $0 | 0x20 }
            let isHeader = before[...].firstRange(of: Self.header) != nil
            guard isHeader || word == Self.bearerWord else { return }
            if isBasic {
                basic(bytes, from: offset + word.count + 1)
            } else {
                value(bytes, from: offset + word.count + 1, named: "Authorization", shortest: isHeader ? 16 : 20)
            }
            return
        }
    }

    private static let bearerWord = Array("bearer".utf8)
    private static let header = Array("authorization".utf8)
    private static let schemes: [(word: [UInt8], isBasic: Bool)] = [
        (Array("bearer".utf8), false), (Array("basic".utf8), true), (Array("token".utf8), false),
    ]

    /// `user:password` in base64 (RFC 7617).
    private mutating func basic(_ bytes: RawSpan, from start: Int) {
        var stop = start
        while stop - start < 400, let byte = bytes.byte(at: stop), SecretKind.Alphabet.dotted.contains(byte),
            byte != UInt8(ascii: "."), byte != UInt8(ascii: "-")
        {
            stop += 1
        }
        let value = Self.copy(bytes, start, stop)
        if value.count >= 40, SecretShape.entropy(value[...]) > 4.2, value.starts(with: Array("ey".utf8)) == false,
            SecretShape.decoded(value).map({ !$0.contains(UInt8(ascii: ":")) }) ?? false
        {
            return found("password in a header", value, at: start)
        }
        guard value.count >= 12, let pair = SecretShape.decoded(value),
            let colon = pair.firstIndex(of: UInt8(ascii: ":")),
            pair[..<colon].allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else { return }
        let (user, password) = (Array(pair[..<colon]), Array(pair[(colon + 1)...]))
        guard
            Self.isPassword(password, of: user, least: 6) || password.isEmpty && Self.isPassword(user, of: [], least: 8)
        else { return }
        found("password in a header", value, at: start)
    }
}
