/// The name of a file in a model: UTF-8 bytes relative to the model's folder, `/` between components.
///
/// Compared and sorted as bytes, which for UTF-8 is the order of code points that the specification asks for: Swift's
/// `String` would merge names that differ only in their normal form.
package struct ModelPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// With `/` between components, and none at either end.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { bytes = Array(text.utf8) }

    /// The text; lossless for every path that `isCanonical`.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
    package var description: String { text }

    /// The order of manifests: by bytes.
    package static func < (left: ModelPath, right: ModelPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    package var components: [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }

    /// Whether the bytes are UTF-8.
    package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// Whether this is the one spelling that section 6.1.2 allows: UTF-8, relative, without `.`, `..`, empty
    /// components or a NUL.
    package var isCanonical: Bool {
        guard !bytes.isEmpty, isUTF8, !bytes.contains(0) else { return false }
        return components.allSatisfy { component in
            !component.isEmpty && !component.elementsEqual([0x2E]) && !component.elementsEqual([0x2E, 0x2E])
        }
    }

    /// The path of a component below this one.
    package func appending(_ component: [UInt8]) -> ModelPath {
        bytes.isEmpty ? ModelPath(component) : ModelPath(bytes + [UInt8(ascii: "/")] + component)
    }

    /// Whether this path is `other` or lies below it.
    package func isInside(_ other: ModelPath) -> Bool {
        bytes.starts(with: other.bytes)
            && (bytes.count == other.bytes.count || bytes[other.bytes.count] == UInt8(ascii: "/"))
    }

    /// What an ignored path in a statement names, in whatever spelling.
    enum Ignored: Equatable {
        case path(ModelPath)
        /// It is absolute or has `..`: it leads out of the model, and nothing inside is named by it.
        case nothing
        case everything
        case malformed
    }

    /// Reads an ignored path as `model_signing` does: `.`, empty components and a slash at the end say nothing, and `..` is not
    /// resolved. Section 6.2.1 has the plain spelling alone.
    var ignored: Ignored {
        guard isUTF8, !bytes.contains(0) else { return .malformed }
        if bytes.first == UInt8(ascii: "/") { return .nothing }
        let parts = components.filter { !$0.isEmpty && !$0.elementsEqual([0x2E]) }
        if parts.contains(where: { $0.elementsEqual([0x2E, 0x2E]) }) { return .nothing }
        return parts.isEmpty ? .everything : .path(ModelPath(Array(parts.joined(separator: [UInt8(ascii: "/")]))))
    }

    /// Whether a reader could take the path for a pattern: section 6.2.1 keeps these symbols out of ignored paths.
    var looksLikePattern: Bool { bytes.contains { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B } }

    /// The last component.
    package var name: ModelPath { ModelPath(Array(components.last ?? [])) }
}
