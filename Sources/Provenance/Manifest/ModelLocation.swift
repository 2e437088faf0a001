#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where other files lie as seen from a model: for signature files and ignored paths, which users name as they see them.
package struct ModelLocation: Sendable {
    private let model: [UInt8]
    private let resolvedModel: [UInt8]

    /// - Parameter path: the model, as seen from the working directory.
    package init(_ path: String) {
        model = Self.absolute(path)
        resolvedModel = Self.resolved(model)
    }

    /// The path below the model that `path` names, or nil when it lies elsewhere.
    ///
    /// The last component is not followed when it is a link: the link itself lies in the model.
    package func relative(_ path: String) -> ModelPath? {
        let absolute = Self.absolute(path)
        if let found = Self.remove(model, from: absolute) { return found }
        let parent = ModelPath(absolute).components.dropLast().joined(separator: [UInt8(ascii: "/")])
        let name = ModelPath(absolute).name.bytes
        return Self.remove(resolvedModel, from: Self.resolved(Array(parent)) + [UInt8(ascii: "/")] + name)
    }

    private static func remove(_ folder: [UInt8], from path: [UInt8]) -> ModelPath? {
        guard path.count > folder.count + 1, ModelPath(path).isInside(ModelPath(folder)) else { return nil }
        return ModelPath(Array(path[(folder.count + 1)...]))
    }

    /// The path from the root, with `.`, `..` and repeated separators taken out of its text.
    private static func absolute(_ path: String) -> [UInt8] {
        var parts: [[UInt8]] = []
        var text = Array(path.utf8)
        if text.first != UInt8(ascii: "/") {
            var buffer = [CChar](repeating: 0, count: 4097)
            let found = unsafe buffer.withUnsafeMutableBufferPointer { unsafe getcwd($0.baseAddress, $0.count) != nil }
            if found { text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) } + [UInt8(ascii: "/")] + text }
        }
        for part in text.split(separator: UInt8(ascii: "/")) where !part.elementsEqual([0x2E]) {
            if part.elementsEqual([0x2E, 0x2E]) { parts = parts.dropLast() } else { parts.append(Array(part)) }
        }
        return [UInt8(ascii: "/")] + parts.joined(separator: [UInt8(ascii: "/")])
    }

    /// The path with all links followed, or as it is when it does not exist.
    private static func resolved(_ path: [UInt8]) -> [UInt8] {
        guard let found = unsafe path.withCPath({ unsafe realpath($0, nil) }) else { return path }
        defer { unsafe free(found) }
        return unsafe Array(String(cString: found).utf8)
    }
}
