internal import ByteParsing

/// Secrets in settings and documents, where a key and its value stand in a form of their own.
extension SecretScanner {
    /// Values whose short names mean a secret in a document of a certain kind; whether one was looked at.
    mutating func special(_ name: [UInt8], in bytes: RawSpan, at from: Int, nameAt start: Int) -> Bool {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "value":
            // `<add key="Password" value="…"/>`, `name: DB_PASSWORD` and `value: …`: the name stands before.
            guard let owner = Self.pairedName(bytes, before: start), let meaning = Self.meaning(of: owner),
                meaning != .key
            else { return true }
            password(bytes, at: from, named: owner, meaning)
            return true
        case "kind":
            kubernetesSecret(bytes, at: from)
            return true
        case "d" where name == [0x64], "k" where name == [0x6B]:
            // A private or a shared key in JSON (RFC 7517, RFC 7518).
            let stop = Self.run(bytes, from: from, .urlBase64, limit: 1024)
            guard stop - from >= 40 else { return true }
            let around = bytes.extracting(max(0, start - 800)..<min(bytes.byteCount, stop + 800))
            guard around.firstOffset(of: Self.keyType, from: 0) != nil else { return true }
            let value = Self.copy(bytes, from, stop)
            if Wording.surprise(value[...]) > 12 { found("private JSON Web Key", value, at: from) }
            return true
        default: return false
        }
    }

    private static let keyType = Array("\"kty\"".utf8)

    /// The value of the attribute or the entry `name` or `key` that stands shortly before `offset`.
    private static func pairedName(_ bytes: RawSpan, before offset: Int) -> [UInt8]? {
        let start = max(0, offset - 120)
        for mark in (start..<offset).reversed() where isMark(bytes.byte(at: mark)) {
            var stop = mark
            while stop > start, bytes.byte(at: stop - 1) == UInt8(ascii: "\"") || bytes.byte(at: stop - 1) == 0x20 {
                stop -= 1
            }
            var first = stop
            while first > start, stop - first < 5, isWord(bytes.byte(at: first - 1) ?? 0) { first -= 1 }
            guard stop - first == 3 || stop - first == 4 else { continue }
            let label = copy(bytes, first, stop).map { $0 | 0x20 }
            guard label == Self.nameLabel || label == Self.keyLabel else { continue }
            let name = copy(bytes, mark + 1, offset).drop { " \"'\\".utf8.contains($0) }.prefix {
                isWord($0) || "_-.".utf8.contains($0)
            }
            return Array(name)
        }
        return nil
    }

    private static let nameLabel = Array("name".utf8)
    private static let keyLabel = Array("key".utf8)

    private static func isMark(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") }

    /// The value at `start`, which its quotes or a space end.
    private mutating func password(_ bytes: RawSpan, at start: Int, named name: [UInt8], _ meaning: Meaning) {
        let before = bytes.byte(at: start - 1) ?? 0
        let quote = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") ? before : 0x20
        var stop = start
        while stop - start < 200, let byte = bytes.byte(at: stop), byte >= 0x20, byte != quote { stop += 1 }
        let value = Self.copy(bytes, start, stop)
        let label = name.map { $0 | 0x20 }
        let isMeant =
            SecretShape.contains(label, Array("passw".utf8))
            ? Self.isPassword(value, of: [], least: 8) && SecretShape.entropy(value[...]) > 2.5
                && !value.contains(0x20) : Self.isSecret(value, of: meaning)
        if isMeant { found("secret", value, at: start, name: String(decoding: name, as: UTF8.self)) }
    }

    /// The values of a Kubernetes Secret, in base64: `kind: Secret` and `data:` before or after it.
    private mutating func kubernetesSecret(_ bytes: RawSpan, at from: Int) {
        let kind = Self.copy(bytes, from, min(bytes.byteCount, from + 6)).map { $0 | 0x20 }
        guard kind == Array("secret".utf8), !Self.isWord(bytes.byte(at: from + 6) ?? 0), manifestTries < 64 else {
            return
        }
        manifestTries += 1
        let start = max(end, from - 2048)
        let window = bytes.extracting(start..<min(bytes.byteCount, from + 4096))
        guard let hit = window.firstOffset(of: Self.dataLabel, from: 0) else { return }
        var at = start + hit + Self.dataLabel.count
        guard let next = bytes.byte(at: at), next == UInt8(ascii: ":") || next == UInt8(ascii: "\"") else { return }
        // Each entry is a name, a colon and the value.
        for _ in 0..<20 {
            while let byte = bytes.byte(at: at), !Self.isWord(byte), at - from < 4096 { at += 1 }
            var name = at
            while let byte = bytes.byte(at: name), Self.isWord(byte) || "_-.".utf8.contains(byte), name - at < 64 {
                name += 1
            }
            var value = name
            while let byte = bytes.byte(at: value), " \t\r\n\"':|>+".utf8.contains(byte), value - name < 48 {
                value += 1
            }
            guard value > name, Self.copy(bytes, name, value).contains(UInt8(ascii: ":")) else { return }
            let stop = Self.run(bytes, from: value, .base64, limit: 2048)
            let text = Self.copy(bytes, value, stop)
            if text.count >= 10, value >= end, Self.isEnd(bytes.byte(at: stop)), !SecretShape.isStandIn(text[...]),
                let plain = SecretShape.decoded(text), !SecretShape.isStandIn(plain[...]),
                SecretShape.changes(text[...]) > 0
            {
                return found("Kubernetes secret", text, at: value)
            }
            at = max(stop, value)
        }
    }

    private static let dataLabel = Array("data".utf8)

    /// A name and its password in base64 as the value of `auth`, as in the settings of container tools and of npm.
    mutating func loginPair(_ bytes: RawSpan, at start: Int) -> Bool {
        let stop = Self.run(bytes, from: start, .base64, limit: 400)
        guard stop - start >= 12, Self.isEnd(bytes.byte(at: stop)) else { return false }
        let value = Self.copy(bytes, start, stop)
        guard Self.isLogin(value) else { return false }
        found("password in settings", value, at: start)
        return true
    }

    /// `--password x`, `--api-key x`: an option whose name means a secret, and the word after it.
    mutating func option(_ bytes: RawSpan, at offset: Int) {
        let stop = Self.run(bytes, from: offset + 1, .dashed, limit: 32)
        guard bytes.byte(at: stop) == 0x20,
            bytes.byte(at: offset - 2).map({ $0 <= 0x20 || $0 == UInt8(ascii: "\"") }) ?? true
        else { return }
        let name = Self.copy(bytes, offset + 1, stop)
        guard let meaning = Self.meaning(of: name), meaning != .key else { return }
        var from = stop
        while from - stop < 4, let byte = bytes.byte(at: from), " \"'".utf8.contains(byte) { from += 1 }
        value(bytes, from: from, named: String(decoding: name, as: UTF8.self), meaning)
    }

    /// `machine x login y password z`, the words of `.netrc`.
    mutating func loginPassword(_ bytes: RawSpan, at offset: Int) {
        let rest = bytes.extracting(offset..<bytes.byteCount)
        guard rest.starts(with: Self.passwordWord) else { return }
        let before = bytes.extracting(max(0, offset - 160)..<offset)
        guard before.firstOffset(of: Self.loginWord, from: 0) != nil else { return }
        let start = offset + Self.passwordWord.count
        var stop = start
        while stop - start < 200, let byte = bytes.byte(at: stop), byte > 0x20 { stop += 1 }
        let value = Self.copy(bytes, start, stop)
        guard Self.isPassword(value, of: [], least: 6), Wording.surprise(value[...]) > 8 else { return }
        found("password of a login", value, at: start)
    }

    /// `ENV API_KEY x` and `… ERROR API_KEY x …`: a variable whose name ends so, a space, and its value.
    mutating func variable(_ bytes: RawSpan, at offset: Int) {
        let rest = bytes.extracting(offset..<bytes.byteCount)
        for ending in Self.variableEnds where rest.starts(with: ending) {
            let stop = offset + ending.count
            let start = Self.run(bytes, to: offset, .word, limit: 48)
            let name = Self.copy(bytes, start, stop - 1)
            guard !name.contains(where: { (0x61...0x7A).contains($0) }), let meaning = Self.meaning(of: name) else {
                return
            }
            return value(bytes, from: stop, named: String(decoding: name, as: UTF8.self), meaning)
        }
    }

    private static let variableEnds = ["_KEY ", "_TOKEN ", "_SECRET ", "_PASSWORD ", "_PAT "].map { Array($0.utf8) }

    private static let passwordWord = Array("password ".utf8)
    private static let loginWord = Array("login ".utf8)

    /// Whether the name at `start` is that of a header on a command line: `-H "Token: …"`.
    func isHeader(_ bytes: RawSpan, at start: Int) -> Bool {
        let before = Self.copy(bytes, max(0, start - 12), start)
        guard let last = before.last, last == UInt8(ascii: "\"") || last == UInt8(ascii: "'") else { return false }
        let words = before.dropLast().reversed().drop { $0 == 0x20 || $0 == UInt8(ascii: "=") }
        return words.starts(with: "H-".utf8) || words.starts(with: "redaeh--".utf8)
    }
}
