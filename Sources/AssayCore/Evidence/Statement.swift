public import ByteParsing

/// An in-toto Statement v1: what is claimed (the predicate), and about which digests (the subjects).
public struct Statement: Sendable {
    /// The `_type` of every statement.
    public static let type = "https://in-toto.io/Statement/v1"
    /// The `_type` before version 1, which has the same members; other tools still write it.
    public static let olderType = "https://in-toto.io/Statement/v0.1"

    /// What a statement is about: a name and the digests of its bytes.
    public struct Subject: Sendable, Hashable {
        public var name: String
        /// Digest algorithm to lower-case hexadecimal digits, in the order of the text.
        public var digests: [String: String]
        /// Whether it has a name: of what is known by its digest alone, `name` is empty.
        public let isNamed: Bool

        public init(name: String?, digests: [String: String]) {
            self.name = name ?? ""
            self.digests = digests
            isNamed = name != nil
        }
        public init(name: String, sha256: String) { self.init(name: name, digests: ["sha256": sha256]) }
    }

    public let subjects: [Subject]
    public let predicateType: String
    /// The predicate as it stands in the text.
    public let predicate: JSONValue
    /// The bytes that were read: what a signature is over.
    public let bytes: [UInt8]

    private static var empty: JSONValue? {
        try? JSONDocument(ByteRegion(Array("{}".utf8)), dialect: .strict).root
    }

    /// Reads a statement strictly: no byte order mark, no repeated names, bounded nesting.
    /// - Parameter allowsOlder: whether a statement of version 0.1 is one too.
    /// - Throws: `EvidenceError`
    public init(_ bytes: [UInt8], allowsOlder: Bool = false) throws(EvidenceError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count))
        } catch {
            throw EvidenceError("the statement is not strict JSON: \(error)")
        }
        let root = document.root
        let types = allowsOlder ? [Self.type, Self.olderType] : [Self.type]
        guard let found = root["_type"], types.contains(where: { found.matches(Array($0.utf8)) }) else {
            throw EvidenceError("the statement's _type is not \(Self.type)")
        }
        guard let type = root["predicateType"]?.string, !type.isEmpty else {
            throw EvidenceError("the statement has no predicateType")
        }
        // What its type says in full may be left out: it is then as if it were empty.
        guard let predicate = root["predicate"] ?? Self.empty, predicate.isObject else {
            throw EvidenceError("the statement's predicate is no object")
        }
        guard let list = root["subject"], list.isArray, list.count > 0 else {
            throw EvidenceError("the statement has no subject")
        }
        var subjects: [Subject] = []
        for element in list.elements {
            guard let digest = element["digest"], digest.isObject, digest.count > 0 else {
                throw EvidenceError("a subject has no digest")
            }
            var digests: [String: String] = [:]
            for (name, value) in digest.members {
                guard let name = name.string, let text = value.string else {
                    throw EvidenceError("a subject's digest is not a string")
                }
                guard digests.updateValue(text, forKey: name) == nil else {
                    throw EvidenceError("a subject has two digests of one kind")
                }
            }
            subjects.append(Subject(name: element["name"]?.string, digests: digests))
        }
        self.subjects = subjects
        predicateType = type
        self.predicate = predicate
        self.bytes = bytes
    }

    /// The text of a statement, two spaces a level.
    /// - Parameter predicate: writes the predicate's value.
    public static func write(
        subjects: [Subject], predicateType: String, predicate: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("_type", type)
            writer.objects("subject", of: subjects) { writer, subject in
                writer.member("name", subject.name)
                writer.object("digest") { writer in
                    for (name, value) in subject.digests.sorted(by: { $0.key < $1.key }) {
                        writer.member(name, value)
                    }
                }
            }
            writer.member("predicateType", predicateType)
            writer.key("predicate")
            predicate(&writer)
        }
        return writer.bytes
    }
}

extension JSONDocument.Dialect {
    /// The strict dialect for a text that may list very many files: what its nodes take grows with the text alone. A file of a
    /// manifest takes seven nodes and 150 bytes or more.
    /// - Parameter count: bytes of the text.
    public static func strict(for count: Int) -> Self {
        var dialect = strict
        dialect.nodes = max(dialect.nodes, count / 8)
        return dialect
    }
}
