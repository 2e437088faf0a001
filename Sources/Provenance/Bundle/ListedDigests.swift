internal import AssayCore
internal import ByteParsing

/// The digests that a statement lists, taken one by one.
struct ListedDigests {
    private(set) var list = ResourceList()
    /// What the digests say that they are.
    private(set) var algorithms = Set<String>()

    private static let dialect: JSONDocument.Dialect = {
        var dialect = JSONDocument.Dialect.strict
        // An entry stands three levels deep in its statement.
        dialect.depth -= 3
        return dialect
    }()

    /// Takes the text of one entry; false when it is malformed.
    mutating func take(_ text: RawSpan) -> Bool {
        guard let document = try? JSONDocument(ByteRegion(copying: text), dialect: Self.dialect) else { return false }
        do throws(EvidenceError) {
            try take(document.root)
            return true
        } catch {
            return false
        }
    }

    /// - Throws: `EvidenceError` when a member is missing, or the digest is not of the length of those before.
    mutating func take(_ element: JSONValue) throws(EvidenceError) {
        guard let name = element["name"], name.kind == .string else { throw EvidenceError("a file has no name") }
        guard let algorithm = element["algorithm"]?.string,
            algorithms.contains(algorithm) || algorithms.count < 8 && algorithms.insert(algorithm).inserted
        else { throw EvidenceError("a digest's algorithm is missing, or the digests have too many") }
        guard let text = element["digest"], text.kind == .string, let digest = Hexadecimal.decode(text.stringBytes),
            list.append(ModelPath(name.stringBytes), digest)
        else { throw EvidenceError("the digest of \(Printable.line(name.string ?? "")) is malformed") }
    }
}
