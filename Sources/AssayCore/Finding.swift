/// Where in a file something was found.
public struct Location: Sendable, Hashable {
    /// Names of the members that lead from the file to the place, outermost first: a pickle in a zip in a tar has two.
    public var members: [String]
    /// Byte offset in the innermost member.
    public var offset: Int?
    /// The place in the format's own words: an opcode, a tensor, a JSON pointer, a line.
    public var detail: String?

    public init(members: [String] = [], offset: Int? = nil, detail: String? = nil) {
        self.members = members
        self.offset = offset
        self.detail = detail
    }

    /// The same member, at another place.
    public func at(_ offset: Int?, _ detail: String? = nil) -> Location {
        Location(members: members, offset: offset, detail: detail)
    }

    /// The place inside of a member of this one; of a name that is longer than any file system's, the beginning is told.
    public func member(_ name: String) -> Location {
        guard name.utf8.count > Self.longestName else { return Location(members: members + [name]) }
        let head = String(decoding: name.utf8.prefix(Self.longestName), as: UTF8.self)
        return Location(members: members + ["\(head)… (\(name.utf8.count) bytes)"])
    }

    /// The member that this one lies in.
    public var around: Location { Location(members: Array(members.dropLast())) }

    private static let longestName = 1024

    /// One line: `archive/data.pkl › inner.zip @ 0x1f (REDUCE)`; empty for the file as a whole.
    public var text: String {
        var parts: [String] = []
        if !members.isEmpty { parts.append(members.map { Printable.line($0, limit: 200) }.joined(separator: " › ")) }
        if let offset { parts.append("@ 0x" + String(offset, radix: 16)) }
        if let detail { parts.append("(" + Printable.line(detail, limit: 200) + ")") }
        return parts.joined(separator: " ")
    }
}

/// One thing that a rule found.
public struct Finding: Sendable, Hashable {
    /// The rule's stable id; the catalogue has its title, explanation and remedy.
    public var rule: String
    public var severity: Severity
    /// What was found here, in one sentence, with the names from the file.
    public var message: String
    /// Where in the file.
    public var location: Location
    /// Facts for people and programs, in order: the callable, the arguments, the declared size.
    public var details: [Detail]
    /// How often the same thing was found in this place's member.
    public var occurrences: Int

    /// A fact under a name.
    public struct Detail: Sendable, Hashable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        rule: String, severity: Severity, message: String, location: Location = Location(), details: [Detail] = [],
        occurrences: Int = 1
    ) {
        self.rule = rule
        self.severity = severity
        self.message = message
        self.location = location
        self.details = details
        self.occurrences = occurrences
    }
}

/// Text from hostile input, made fit to be shown.
public enum Printable {
    /// One line without control, bidirectional or invisible characters, cut at `limit` characters.
    public static func line(_ text: String, limit: Int = 400) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count >= limit { return result + "…" }
            count += 1
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                    result += "\\u{" + String(scalar.value, radix: 16) + "}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
