package import ByteParsing

/// The classes that a stream of Java's object serialisation names (Java Object Serialization Specification, version 6.0,
/// chapter 6): what reading it creates, each by code of its own.
///
/// The stream is not parsed as a whole: classes may write data in ways that only they know. Class descriptors have a mark,
/// a name, a number and flags, and are found wherever they are; so are the interfaces of proxies and texts.
package struct JavaStream: Sendable {
    package struct Name: Sendable, Hashable {
        package enum Kind: Sendable { case type, proxy, text }
        package let kind: Kind
        package let value: String
        package let offset: Int
    }

    /// Names in the order in which they stand, each once.
    package private(set) var names: [Name] = []
    /// Whether there were more than are kept.
    package private(set) var isCut = false

    private static let kept = 20_000

    package static func begins(_ region: ByteRegion) -> Bool {
        guard region.starts(with: [0xAC, 0xED, 0, 5]), let first = region[4] else { return false }
        return (0x70...0x7E).contains(first)
    }

    /// - Throws: `malformed` without the mark, `limit` when the budget is used up.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.begins(region) else { throw .malformed(reading: "Java object stream") }
        try budget.spend(operations: region.count / 16, reading: "Java object stream")
        var seen: Set<String> = []
        var at = 4
        while at < region.count, let tag = region[at] {
            let found: (kind: Name.Kind, values: [String])? =
                switch tag {
                case 0x72: Self.type(region, at).map { (.type, [$0]) }
                case 0x7D: Self.interfaces(region, at).map { (.proxy, $0) }
                case 0x74: Self.text(region, at + 1, isName: false).map { (.text, [$0.value]) }
                default: nil
                }
            for value in found?.values ?? [] where seen.insert(value).inserted {
                guard names.count < Self.kept else {
                    isCut = true
                    return
                }
                try budget.spend(operations: 16, reading: "Java object stream")
                names.append(Name(kind: found?.kind ?? .type, value: value, offset: at))
            }
            at += 1
        }
    }

    /// The name of a class descriptor: its number and plausible flags and fields follow.
    private static func type(_ region: ByteRegion, _ at: Int) -> String? {
        guard let (name, end) = text(region, at + 1, isName: true), let flags = region[end + 8], flags & 0xE0 == 0,
            let fields = region.big(UInt16.self, at: end + 9), fields < 2_000
        else { return nil }
        return name
    }

    private static func interfaces(_ region: ByteRegion, _ at: Int) -> [String]? {
        guard let count = region.big(UInt32.self, at: at + 1), (1...64).contains(count) else { return nil }
        var names: [String] = []
        var next = at + 5
        for _ in 0..<count {
            guard let (name, end) = text(region, next, isName: true) else { return nil }
            names.append(name)
            next = end
        }
        return names
    }

    /// A text with its length before it, and where it ends.
    private static func text(_ region: ByteRegion, _ at: Int, isName: Bool) -> (value: String, end: Int)? {
        guard let length = region.big(UInt16.self, at: at), length >= (isName ? 2 : 6), length <= 512,
            let bytes = region.slice(at + 2, Int(length))
        else { return nil }
        let span = bytes.bytes
        for index in 0..<span.byteCount {
            guard let byte = span.byte(at: index) else { return nil }
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"):
                continue
            case UInt8(ascii: "["), UInt8(ascii: ";"), UInt8(ascii: "/"): continue
            default: if isName || byte < 0x20 || byte > 0x7E { return nil }
            }
        }
        return (bytes.text(), at + 2 + Int(length))
    }
}
