internal import ByteParsing

/// The files of a model for reading their contents, through the same open folder as the digests.
struct ModelFiles: Sendable {
    private let tree: ModelTree

    init(_ path: String, scope: SigningScope) throws(TreeError) { tree = try ModelTree(path, scope: scope) }

    var paths: [ModelPath] { tree.files.map(\.path) }

    /// The contents, mapped; nil when the file cannot be opened any more.
    func region(_ path: ModelPath) -> ByteRegion? {
        guard let file = tree.files.first(where: { $0.path == path }), let opened = try? tree.root.open(file) else {
            return nil
        }
        return try? ByteRegion.map(descriptor: opened.raw, count: file.identity.size)
    }
}
