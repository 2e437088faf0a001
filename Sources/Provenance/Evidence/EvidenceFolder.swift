package import AssayCore

/// The files in a folder, for commands that read evidence from one.
package enum EvidenceFolder {
    /// All regular files at or below `path`, sorted; links are not followed.
    /// - Throws: `EvidenceError` when the folder cannot be read.
    package static func files(_ path: String) throws(EvidenceError) -> [String] {
        do throws(TreeError) {
            let tree = try ModelTree(path, scope: SigningScope(ignored: []))
            if tree.root.isSingleFile { return [path] }
            if let problem = tree.problems.first(where: \.isInconclusive) { throw problem }
            let folder = path.hasSuffix("/") ? path : path + "/"
            return tree.files.map { folder + $0.path.text }
        } catch {
            throw EvidenceError(error.description)
        }
    }
}
