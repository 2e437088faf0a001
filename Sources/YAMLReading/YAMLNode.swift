/// A value in a YAML text, with the line that it starts on.
public struct YAMLNode: Sendable {
    /// The kinds of nodes (YAML 1.2, chapter 3).
    public enum Content: Sendable {
        /// Plain and quoted scalars alike: what a scalar means is up to who asks for it.
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    /// An entry of a mapping.
    public struct Member: Sendable {
        public let name: String
        public let line: Int
        public let value: YAMLNode
    }

    public let content: Content
    /// Counted from 1.
    public let line: Int

    public var scalar: String? {
        guard case .scalar(let text) = content else { return nil }
        return text
    }

    public var elements: [YAMLNode]? {
        guard case .sequence(let elements) = content else { return nil }
        return elements
    }

    public var members: [Member]? {
        guard case .mapping(let members) = content else { return nil }
        return members
    }
}

/// Why a YAML text was not read.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1.
    public let line: Int
    public let message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    public var description: String { "line \(line): \(message)" }
}
