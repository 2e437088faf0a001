internal import ByteParsing

/// Passwords where people log in with them: addresses, command lines, headers, settings.
extension SecretScanner {
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
        let isWord =
            password.allSatisfy { (0x61...0x7A).contains($0) } && Wording.surprise(password[...]) < 8
            && !SecretShape.isHexadecimal(password[...])
        guard !isWord, Self.isPassword(password, of: user, least: 6), !host.hasPrefix("example"),
            !host.contains("example.com"),
            !host.contains("example.org")
        else { return }
        found("address with a password", password, at: colon + 1)
    }

    /// Whether `password` is meant: no placeholder, no variable, no word that only says what should stand there.
    static func isPassword(_ password: [UInt8], of user: [UInt8], least: Int) -> Bool {
        guard password.count >= least, password.count <= 200, password != user else { return false }
        let text = String(decoding: password, as: UTF8.self).lowercased()
        if ordinary.contains(text) || SecretShape.isStandIn(password[...]) { return false }
        guard let first = password.first, let last = password.last else { return false }
        if first == UInt8(ascii: "{"), last == UInt8(ascii: "}") {
            return SecretShape.isRandom(password.dropFirst().dropLast(), shortest: 8, surprise: 8)
        }
        if openings[Int(first)] { return false }
        // Words that say what should stand there.
        if Wording.surprise(password[...]) < 0, ["secret", "password", "token", "key"].contains(where: text.contains) {
            return false
        }
        return !text.hasPrefix("pass") && !text.hasSuffix("password") && !text.hasPrefix("your")
    }

    private static let openings = table("$%{}()[]<>*")

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
            let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            // Both may stand in quotes of their own.
            if isQuote, colon.map({ stop > $0 + 1 }) ?? (bytes.byte(at: stop + 1) != UInt8(ascii: ":")) { break }
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
            let isHeader = SecretShape.contains(before, Self.header)
            guard isHeader || word == Self.bearerWord else { return }
            if isBasic {
                basic(bytes, from: offset + word.count + 1)
            } else {
                value(bytes, from: offset + word.count + 1, named: "Authorization", isHeader ? .secret : .token)
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
        let stop = Self.run(bytes, from: start, .base64, limit: 400)
        guard bytes.byte(at: stop) != UInt8(ascii: ".") else { return }
        let value = Self.copy(bytes, start, stop)
        if value.count >= 40, SecretShape.entropy(value[...]) > 4.2,
            SecretShape.decoded(value).map({ !$0.contains(UInt8(ascii: ":")) }) ?? false
        {
            return found("password in a header", value, at: start)
        }
        if Self.isLogin(value) { found("password in a header", value, at: start) }
    }

    /// Whether base64 text stands for a name and its password.
    static func isLogin(_ value: [UInt8]) -> Bool {
        guard value.count >= 12, Wording.surprise(value[...]) > 4, let pair = SecretShape.decoded(value),
            let colon = pair.firstIndex(of: UInt8(ascii: ":")), pair[..<colon].allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
            pair.first != UInt8(ascii: "{")
        else { return false }
        let (user, password) = (Array(pair[..<colon]), Array(pair[(colon + 1)...]))
        return isPassword(password, of: user, least: 6) || password.isEmpty && isPassword(user, of: [], least: 8)
    }
}
