internal import ByteParsing

/// What may stand before a node: its tag and its anchor; and aliases.
extension YAMLScanner {
    /// `%TAG !handle! prefix`
    mutating func readDirective() {
        var end = at
        while !isBreak(byte(end)) { end += 1 }
        let words = string(at..<end).split(separator: " ")
        if words.count >= 3, words[1].hasPrefix("!"), handles.count < 64 {
            handles[String(words[1])] = String(words[2])
        }
        at = end
    }

    private func wordEnd(_ from: Int) -> Int {
        var end = from
        while let next = byte(end), !isBlank(next) {
            if !flow.isEmpty, ",]}[{".utf8.contains(next) { break }
            end += 1
        }
        return end
    }

    mutating func readTag() throws(ParseError) {
        if byte(at + 1) == UInt8(ascii: "<") {
            var end = at + 2
            while let next = byte(end), next != UInt8(ascii: ">"), !isBreak(next) { end += 1 }
            try add(.tag(Self.decoded(string((at + 2)..<end))))
            at = min(text.count, end + 1)
            return
        }
        let end = wordEnd(at + 1)
        let tag = string(at..<end)
        at = end
        let decoded = Self.decoded(tag)
        for (handle, prefix) in handles where handle != "!" && decoded.hasPrefix(handle) {
            return try add(.tag(Self.decoded(prefix) + decoded.dropFirst(handle.count)))
        }
        if decoded.hasPrefix("!!") { return try add(.tag("tag:yaml.org,2002:" + decoded.dropFirst(2))) }
        if let prefix = handles["!"], decoded.count > 1 {
            return try add(.tag(Self.decoded(prefix) + decoded.dropFirst()))
        }
        if decoded.count > 1 { try add(.tag(decoded)) }
    }

    /// `%xx` in a tag stands for a byte.
    private static func decoded(_ tag: String) -> String {
        guard tag.utf8.contains(UInt8(ascii: "%")) else { return tag }
        var result: [UInt8] = []
        let bytes = Array(tag.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    mutating func readAnchor() {
        let end = wordEnd(at + 1)
        let name = string((at + 1)..<end)
        at = end
        guard weights.count < 100_000 else { return }
        anchor = name
        nextAnchor = name
        scalars[name] = nil
        weights[name] = 1
    }

    /// An alias stands for a collection, which was judged where it stands, or for a scalar, which is judged here again: as
    /// the key or the value that it is now.
    mutating func readAlias(_ column: Int) throws(ParseError) {
        let end = wordEnd(at + 1)
        let name = string((at + 1)..<end)
        guard !name.isEmpty, weights[name] != nil else {
            // A plain scalar with an asterisk: `*.txt`.
            return try finish(readPlain(), column, isPlain: true)
        }
        at = end
        let weight = weights[name] ?? 1
        grow(by: weight)
        try add(.alias(name, weight: weight))
        if let value = scalars[name] { try finish(value, column, isPlain: true) }
    }

    /// What is under the last anchor grows: its aliases stand for all of that.
    mutating func grow(by weight: Int) {
        guard let anchor else { return }
        weights[anchor] = min((weights[anchor] ?? 1).adding(checked: weight) ?? .max, 1 << 60)
    }
}
