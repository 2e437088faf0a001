/// The bounds within which one file is read. Each one that is hit is reported; none is ever passed in silence.
public struct Limits: Sendable, Hashable {
    /// How many containers deep content is followed.
    public var depth = 16
    /// Entries read in one container.
    public var entries = 1 << 17
    /// Bytes that decompression may produce for one file, over all members.
    public var inflatedBytes = 8 << 30
    /// Bytes of one decompressed member that are kept in memory at a time.
    public var memberBytes = 16 << 20
    /// Expansion ratio from which a compressed stream counts as a bomb, once it has given twice `memberBytes`: arrays of
    /// zeros expand as much as deflate allows and are honest.
    public var expansionRatio = 1_000
    /// Elementary steps (opcodes, tokens, nodes) for one file.
    public var operations = 400_000_000
    /// Bytes of text (templates, source, configuration) that are analysed in one piece.
    public var textBytes = 32 << 20
    /// Findings kept for one file; more are counted.
    public var findings = 2_000

    public init() {}

    /// Every limit, by the name that policies and workers know it by.
    public static let members: KeyValuePairs<String, any WritableKeyPath<Limits, Int> & Sendable> = [
        "depth": \.depth, "entries": \.entries, "inflatedBytes": \.inflatedBytes, "memberBytes": \.memberBytes,
        "expansionRatio": \.expansionRatio, "operations": \.operations, "textBytes": \.textBytes,
        "findings": \.findings,
    ]

    /// Whether `produced` bytes out of `consumed` are a bomb.
    public func isBomb(_ produced: Int, from consumed: Int) -> Bool {
        produced / 2 > memberBytes && produced / max(1, expansionRatio) > consumed
    }
}

/// What is left of the limits for one file: one object goes through all the readers that the file's content needs.
///
/// Not thread-safe: one file is read by one thread.
public final class Budget {
    /// What may be spent.
    public let limits: Limits
    /// Elementary steps that are left.
    public private(set) var operations: Int
    /// Bytes that decompression may still produce.
    public private(set) var inflatedBytes: Int

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
        operations = limits.operations
        inflatedBytes = limits.inflatedBytes
    }

    /// Takes `count` elementary steps.
    /// - Throws: `limit` when they are used up.
    public func spend(operations count: Int, reading what: @autoclosure () -> String = "operations") throws(ParseError)
    {
        guard count <= operations else {
            operations = 0
            throw .limit(reading: what() + " (limit: operations)")
        }
        operations &-= max(0, count)
    }

    /// Takes `count` bytes of decompressed output.
    /// - Throws: `limit` when they are used up.
    public func spend(inflated count: Int, reading what: @autoclosure () -> String = "decompressed bytes")
        throws(ParseError)
    {
        guard count <= inflatedBytes else {
            inflatedBytes = 0
            throw .limit(reading: what() + " (limit: inflatedBytes)")
        }
        inflatedBytes &-= max(0, count)
    }
}
