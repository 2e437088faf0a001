internal import AssayCore

/// A package that a model's code asks for, as a requirements or lock file names it.
package struct Requirement: Sendable, Hashable {
    /// Where packages of that name come from.
    package enum Ecosystem: String, Sendable, Hashable { case pypi, conda }

    package let ecosystem: Ecosystem
    /// In the registry's normal form: lower case; of PyPI, with hyphens.
    package let name: String
    /// The one version that is asked for; nil where the file leaves it open.
    package let version: String?
    /// What the file says about versions, where it names none: `>=2,<3`.
    package let specifier: String
    /// The file that says so, below the model.
    package let source: String
    /// The files that may be installed, where the file names them.
    package internal(set) var hashes: [Hash] = []

    /// The digest of one file of a package.
    package struct Hash: Sendable, Hashable {
        /// As CycloneDX spells it: `SHA-256`.
        package let algorithm: String
        /// Lower-case hexadecimal.
        package let digest: String

        /// Reads pip's notation: `sha256:` and the digest. Only digests that pip takes too are read.
        init?(_ text: Substring) {
            let parts = text.split(separator: ":", maxSplits: 1)
            let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
            guard parts.count == 2, let length = lengths[String(parts[0])], parts[1].utf8.count == length,
                let bytes = Hexadecimal.decode(Array(parts[1].lowercased().utf8))
            else { return nil }
            algorithm = "SHA-" + parts[0].dropFirst(3)
            digest = Hexadecimal.encode(bytes)
        }
    }

    /// - Returns: nil for text that cannot be a package's name and version.
    init?(_ ecosystem: Ecosystem, _ name: String, version: String?, specifier: String = "", source: String) {
        guard Self.isPlain(name), name.utf8.count <= 200, version.map({ Self.isPlain($0) }) ?? true else { return nil }
        self.ecosystem = ecosystem
        self.name = ecosystem == .pypi ? Self.normal(name) : name.lowercased()
        self.version = version
        self.specifier = specifier
        self.source = source
    }

    /// The same with the version that another file names.
    func resolved(to version: String) -> Requirement {
        guard
            var one = Requirement(ecosystem, name, version: version, specifier: specifier, source: source)
        else { return self }
        one.hashes = hashes
        return one
    }

    /// The package URL: https://github.com/package-url/purl-spec.
    package var packageURL: String {
        let version = version.map { "@" + $0.replacing("+", with: "%2B").replacing("!", with: "%21") } ?? ""
        return "pkg:\(ecosystem.rawValue)/\(name)\(version)"
    }

    /// PEP 503: lower case, with runs of `-`, `_` and `.` as one hyphen.
    private static func normal(_ name: String) -> String {
        name.lowercased().split { "-_.".utf8.contains($0.utf8.first ?? 0) && $0.utf8.count == 1 }.joined(separator: "-")
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "._-+!".utf8.contains($0)
            }
    }

    /// Reads a requirement in the notation of PEP 508: `name[extra] (>=1,<2) ; marker`, or `name @ url`.
    init?(pep508 text: some StringProtocol, source: String) {
        let plain = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let trimmed = Self.trimmed(Substring(plain))
        guard let first = trimmed.first, first.isLetter || first.isNumber else { return nil }
        let name = trimmed.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        var rest = Self.trimmed(trimmed.dropFirst(name.count))
        // An address or a path, as of a repository, begins like a name.
        guard rest.first.map({ "[(<>=!~@-".contains($0) }) ?? true else { return nil }
        if rest.hasPrefix("[") { rest = Self.trimmed(rest.drop { $0 != "]" }.dropFirst()) }
        if rest.hasPrefix("("), rest.hasSuffix(")") { rest = rest.dropFirst().dropLast() }
        let words = rest.split(separator: " ").joined()
        var version: String?
        if words.hasPrefix("=="), !words.contains(","), !words.contains("*") {
            version = String(words.drop { $0 == "=" })
        }
        self.init(
            .pypi, String(name), version: version, specifier: version == nil ? String(words.prefix(200)) : "",
            source: source)
    }

    /// The text without blanks at its ends. It is walked by bytes: text from files may have very long runs of them.
    static func trimmed(_ text: Substring) -> Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        guard let first = text.utf8.firstIndex(where: { !isBlank($0) }),
            let last = text.utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[first..<text.utf8.index(after: last)]
    }
}
