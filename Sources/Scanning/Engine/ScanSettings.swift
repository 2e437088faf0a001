public import ByteParsing

/// What a scan is told before it starts.
public struct ScanSettings: Sendable, Hashable {
    public var limits = Limits()
    /// Qualified names (`module.name`, `module.*`) that the policy vouches for.
    public var allowedNames: [String] = []
    /// Qualified names that the policy forbids: naming one is critical.
    public var deniedNames: [String] = []
    /// Whether each file's SHA-256 is computed; reads every byte.
    public var computesDigests = false

    public init() {}
}
