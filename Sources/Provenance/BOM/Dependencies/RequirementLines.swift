internal import ByteParsing

/// A list of requirements in pip's notation, and the other lists that it names.
///
/// https://pip.pypa.io/en/stable/reference/requirements-file-format/
struct RequirementLines {
    /// Another list that a line names.
    struct Include: Hashable {
        let path: ModelPath
        /// Whether it asks for nothing, and only says which versions are taken of what others ask for (`-c`).
        let isConstraint: Bool
    }

    /// Bytes of a line that is still read: the hashes of 256 files take 40,000.
    static let lengthLimit = 1 << 18

    private(set) var requirements: [Requirement] = []
    private(set) var includes: [Include] = []
    /// Lines that ask for something that cannot be named: addresses and paths without a name, lists outside of the model.
    private(set) var unread: [String] = []

    /// - Parameter path: the list's own path, which others are relative to.
    init(_ bytes: [UInt8], path: ModelPath) {
        for line in Self.lines(Self.text(bytes)) where requirements.count < RequirementReader.limit {
            guard line.utf8.count <= Self.lengthLimit else {
                unread.append(String(line.prefix(400)))
                continue
            }
            if line.hasPrefix("-") {
                readOption(line, path)
                continue
            }
            // Options of the requirement begin with the first word that has a hyphen.
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            let options = words.drop { !$0.hasPrefix("-") }
            let named = words.prefix(words.count - options.count).joined(separator: " ")
            guard var one = Requirement(pep508: named, source: path.text) else {
                unread.append(String(named.prefix(400)))
                continue
            }
            one.hashes = Self.hashes(Array(options))
            requirements.append(one)
        }
    }

    private mutating func readOption(_ line: Substring, _ path: ModelPath) {
        if let name = Self.value(of: ["-r", "--requirement"], line) { include(name, isConstraint: false, path) }
        if let name = Self.value(of: ["-c", "--constraint"], line) { include(name, isConstraint: true, path) }
        // What is installed from a folder or a repository; other options ask for nothing.
        if Self.value(of: ["-e", "--editable"], line) != nil { unread.append(String(line)) }
    }

    private mutating func include(_ name: Substring, isConstraint: Bool, _ path: ModelPath) {
        guard let found = Self.path(Array(name.utf8), besides: path) else {
            unread.append((isConstraint ? "-c " : "-r ") + name)
            return
        }
        includes.append(Include(path: found, isConstraint: isConstraint))
    }

    /// The value of an option, as pip's own reader takes it: `-r a`, `-ra`, `--requirement a`, `--requirement=a`.
    private static func value(of names: [String], _ line: Substring) -> Substring? {
        for name in names where line.hasPrefix(name) {
            var rest = line.dropFirst(name.count)
            if name.hasPrefix("--") {
                guard let next = rest.first, "= \t".contains(next) else { continue }
                if next == "=" { rest = rest.dropFirst() }
            }
            rest = rest.drop { $0 == " " || $0 == "\t" }
            for quote in ["\"", "'"] where rest.count > 1 && rest.hasPrefix(quote) && rest.hasSuffix(quote) {
                rest = rest.dropFirst().dropLast()
            }
            return rest.isEmpty ? nil : rest
        }
        return nil
    }

    /// A path relative to the folder of another one; nil for addresses and for what leads out of the model.
    private static func path(_ name: [UInt8], besides other: ModelPath) -> ModelPath? {
        guard name.first != UInt8(ascii: "/"), !String(decoding: name, as: UTF8.self).contains("://") else {
            return nil
        }
        var parts = Array(other.components.dropLast())
        for part in ModelPath(name).components {
            if part.elementsEqual("..".utf8) {
                guard parts.popLast() != nil else { return nil }
            } else if !part.isEmpty, !part.elementsEqual(".".utf8) {
                parts.append(part)
            }
        }
        let path = ModelPath(Array(parts.joined(separator: [UInt8(ascii: "/")])))
        return path.isCanonical ? path : nil
    }

    /// `--hash=sha256:…`, which names one of the files that may be installed.
    private static func hashes(_ options: [Substring]) -> [Requirement.Hash] {
        var found: [Requirement.Hash] = []
        for (place, word) in options.enumerated() where word.hasPrefix("--hash") {
            let next = place + 1 < options.count ? options[place + 1] : ""
            let value = word.hasPrefix("--hash=") ? word.dropFirst("--hash=".count) : word == "--hash" ? next : ""
            guard let one = Requirement.Hash(value), !found.contains(one), found.count < 256 else { continue }
            found.append(one)
        }
        return found
    }

    /// Lines without comments and blanks around them; a backslash at the end continues a line.
    private static func lines(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var joined = ""
        for line in split(text) {
            let isComment = line.drop { $0 == " " || $0 == "\t" }.hasPrefix("#")
            if line.hasSuffix("\\"), !isComment {
                joined += line.dropLast() + " "
                continue
            }
            // A comment ends what was continued before it.
            lines.append(joined.isEmpty ? line : (joined + " " + line)[...])
            joined = ""
        }
        if !joined.isEmpty { lines.append(joined[...]) }
        return lines.compactMap { line in
            let bare = Requirement.trimmed(withoutComment(line))
            return bare.isEmpty ? nil : bare
        }
    }

    /// The lines of a text, whatever ends them: the ends that `Character.isNewline` knows, found without looking for characters.
    private static func split(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var start = text.startIndex
        var wasReturn = false
        for (place, scalar) in zip(text.unicodeScalars.indices, text.unicodeScalars) {
            let isEnd = 0x0A...0x0D ~= scalar.value || scalar.value == 0x85 || scalar.value | 1 == 0x2029
            if isEnd, scalar != "\n" || !wasReturn { lines.append(text[start..<place]) }
            if isEnd { start = text.unicodeScalars.index(after: place) }
            wasReturn = scalar == "\r"
        }
        lines.append(text[start...])
        return lines
    }

    /// A comment begins the line, or stands behind a blank: an address may have the symbol too.
    private static func withoutComment(_ line: Substring) -> Substring {
        var isBlank = true
        for (place, byte) in zip(line.utf8.indices, line.utf8) {
            if byte == UInt8(ascii: "#"), isBlank { return line[..<place] }
            isBlank = byte == 0x20 || byte == 0x09
        }
        return line
    }

    /// UTF-8, or UTF-16 with a byte order mark, which shells of Windows write.
    private static func text(_ bytes: [UInt8]) -> String {
        let units: (UInt8, UInt8) -> UInt16
        switch bytes.prefix(2) {
        case [0xFF, 0xFE]: units = { UInt16($0) | UInt16($1) << 8 }
        case [0xFE, 0xFF]: units = { UInt16($0) << 8 | UInt16($1) }
        default:
            let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
            return String(decoding: rest, as: UTF8.self)
        }
        let pairs = stride(from: 2, to: bytes.count - 1, by: 2).map { units(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: pairs, as: UTF16.self)
    }
}
