#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Why a model's files could not be listed or hashed.
package struct TreeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kept a tree from being hashed.
    package enum Kind: String, Sendable, Hashable {
        /// The operating system refused; nothing is known about the file.
        case system
        /// A symbolic link where links are not allowed.
        case link
        /// A link to a folder: its contents are never part of a manifest.
        case folderLink
        /// A link whose target lies outside of the model.
        case outsideLink
        /// A link without a target.
        case brokenLink
        /// A FIFO, socket or device.
        case special
        /// A name that is not UTF-8 cannot be written into a manifest.
        case name
        /// The file changed between two looks at it.
        case changed
        /// More entries or a deeper tree than is followed.
        case limit
        /// No regular file at all.
        case empty
    }

    package let kind: Kind
    /// The file or folder, below the model.
    package let path: ModelPath
    /// The system's words, or the limit that was met; else empty.
    package let detail: String

    package init(_ kind: Kind, _ path: ModelPath, _ detail: String = "") {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    static func system(_ path: ModelPath, _ number: CInt) -> TreeError {
        TreeError(.system, path, unsafe String(cString: strerror(number)))
    }

    /// Whether this says nothing about the model, only that it could not be judged.
    package var isInconclusive: Bool { [.system, .changed, .limit].contains(kind) }

    package var description: String {
        switch kind {
        case .system: "\(path): \(detail)"
        case .link: "\(path) is a symbolic link, which --allow-symlinks would follow"
        case .folderLink: "\(path) is a link to a folder: what lies behind it cannot be signed"
        case .outsideLink:
            "\(path) is a link to a file outside of the model (\(detail)), which --allow-outside-symlinks would follow"
        case .brokenLink: "\(path) is a link to nothing"
        case .special: "\(path) is neither a file nor a folder"
        case .name: "\(path): the name is not UTF-8"
        case .changed: "\(path) changed while it was being read"
        case .limit: "\(path): \(detail)"
        case .empty: "there is no file to sign"
        }
    }
}
