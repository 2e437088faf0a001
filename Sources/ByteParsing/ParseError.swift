/// Why a reader stopped, where it was, and what it was reading.
///
/// Equality looks at the code alone, so that tests can compare against the factories.
public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; a struct over a private enumeration, so that new kinds are not source-breaking.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String { case truncated, malformed, overflow, unsupported, limit }
        private let kind: Kind
        /// The input ended before the value did.
        public static let truncated = Code(kind: .truncated)
        /// The bytes break a rule of the format.
        public static let malformed = Code(kind: .malformed)
        /// Arithmetic on declared sizes left the representable range.
        public static let overflow = Code(kind: .overflow)
        /// A legal construct that this reader does not follow.
        public static let unsupported = Code(kind: .unsupported)
        /// A budget was used up: the input may be fine, the reading is incomplete.
        public static let limit = Code(kind: .limit)
        public var description: String { kind.rawValue }
    }

    public let code: Code
    /// Byte offset in the region that was being read.
    public let offset: Int
    /// What was being read, in the words of the format's specification.
    public let reading: String

    public init(_ code: Code, at offset: Int, reading: String) {
        self.code = code
        self.offset = offset
        self.reading = reading
    }

    /// The input ends inside of what was being read.
    @inline(never) public static func truncated(at offset: Int = 0, reading: String = "") -> ParseError {
        ParseError(.truncated, at: offset, reading: reading)
    }
    /// The bytes are not what the format allows.
    @inline(never) public static func malformed(at offset: Int = 0, reading: String = "") -> ParseError {
        ParseError(.malformed, at: offset, reading: reading)
    }
    /// A number is too large to be worked with.
    @inline(never) public static func overflow(at offset: Int = 0, reading: String = "") -> ParseError {
        ParseError(.overflow, at: offset, reading: reading)
    }
    /// The format allows it, and it is not read.
    @inline(never) public static func unsupported(at offset: Int = 0, reading: String = "") -> ParseError {
        ParseError(.unsupported, at: offset, reading: reading)
    }
    /// Reading on would cost more than the budget allows.
    @inline(never) public static func limit(at offset: Int = 0, reading: String = "") -> ParseError {
        ParseError(.limit, at: offset, reading: reading)
    }

    public static func == (left: ParseError, right: ParseError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
    public var description: String { "\(code) at byte \(offset) while reading \(reading)" }
}
