internal import AssayCore
internal import ByteParsing
internal import Documents

/// The catalogues at hand, with the vocabulary that they are written in: the shipped ones, and the user's.
package struct ControlLibrary: Sendable {
    /// The kinds of evidence and the parameters of all catalogues.
    package private(set) var vocabulary: EvidenceVocabulary
    /// In the order in which they were added, the shipped ones first.
    package private(set) var catalogues: [Catalogue] = []

    /// The catalogues that ship with the program, in this order.
    static let files = ["a-mlsg", "ncsc-ml", "slsa", "owasp-llm-2025", "owasp-ml-2023", "nist-aml", "atlas"]

    /// - Throws: `ControlDataError`; a test reads every shipped file, so that it never does.
    package static func shipped() throws(ControlDataError) -> ControlLibrary { try read.get() }

    /// Read once.
    private static let read = Result { () throws(ControlDataError) in try readShipped() }

    private static func readShipped() throws(ControlDataError) -> ControlLibrary {
        var library = ControlLibrary()
        try library.addVocabulary(resource: "catalogs/evidence-types.yaml")
        for name in files {
            let file = "catalogs/\(name).yaml"
            try library.add(try resource(file), file: file)
        }
        return library
    }

    init() { vocabulary = EvidenceVocabulary() }

    mutating func addVocabulary(resource name: String) throws(ControlDataError) {
        let bytes = try Self.resource(name)
        let root = try DataFields.document(bytes, file: name, schema: "evidence-types/v1")
        try root.expect(only: ["schema", "note", "parameters", "types"], in: "the vocabulary")
        try vocabulary.add(root)
    }

    /// Adds a catalogue; it may bring kinds of evidence (`types`) and `parameters` of its own.
    /// - Parameter file: what errors call it.
    /// - Throws: `ControlDataError` with the line that is wrong.
    package mutating func add(_ bytes: [UInt8], file: String) throws(ControlDataError) {
        let root = try DataFields.document(bytes, file: file, schema: "control-catalog/v1")
        try vocabulary.add(root)
        let catalogue = try CatalogueReader(vocabulary: vocabulary, file: file).read(root)
        guard !catalogues.contains(where: { $0.id == catalogue.id }) else {
            throw root.error("a catalogue with the id \(catalogue.id) is there already")
        }
        catalogues.append(catalogue)
    }

    /// The catalogue with that id.
    package subscript(catalogue id: String) -> Catalogue? { catalogues.first { $0.id == id } }

    /// Every control with that id; ids are unique in a catalogue, not among all.
    package func controls(_ id: String) -> [(catalogue: Catalogue, control: Control)] {
        catalogues.flatMap { catalogue in catalogue.controls.filter { $0.id == id }.map { (catalogue, $0) } }
    }

    static func resource(_ name: String) throws(ControlDataError) -> [UInt8] {
        guard let region = Resource.named(name) else {
            throw ControlDataError(file: name, line: 0, message: "is not part of the program")
        }
        return region.array()
    }
}
