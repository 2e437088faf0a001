/// Which files of a folder belong to a manifest.
package struct SigningScope: Sendable, Hashable {
    /// What section 6.2 of the specification leaves out at the top of every model.
    package static let gitPaths = [".git", ".gitattributes", ".github", ".gitignore"].map { ModelPath($0) }

    /// Paths relative to the model that are left out, with everything below them.
    package var ignored: [ModelPath]
    /// Whether a link to a file stands for the file's contents; links to folders are always refused.
    package var allowsLinks: Bool
    /// Whether such a link may lead out of the model.
    package var allowsOutsideLinks: Bool

    package init(
        ignored: [ModelPath] = SigningScope.gitPaths, allowsLinks: Bool = false, allowsOutsideLinks: Bool = false
    ) {
        self.ignored = ignored
        self.allowsLinks = allowsLinks
        self.allowsOutsideLinks = allowsOutsideLinks
    }

    func ignores(_ path: ModelPath) -> Bool { ignored.contains { path.isInside($0) } }
}
