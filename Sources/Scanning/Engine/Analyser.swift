package import AssayCore
package import ByteParsing

/// One piece of content on its way through the scan: a file, a member of an archive, bytes found inside a value.
package struct ScanItem: Sendable {
    /// The bytes.
    package let region: ByteRegion
    /// Last path component or member name: a hint for the reader, never a reason to skip.
    package let name: String
    /// Whole path of the file, or of the member in its container, with `/` between components.
    package let path: String
    package let location: Location
    /// How many containers lie around it.
    package let depth: Int
    /// Formats of the containers around it, outermost first.
    package let containers: [FormatID]
    /// Extension of the name in lower case, without the dot.
    package let fileExtension: String
    /// What more than one analyser asks of the bytes.
    package let facts: ItemFacts

    package init(
        region: ByteRegion, path: String, location: Location = Location(), depth: Int = 0, containers: [FormatID] = []
    ) {
        self.region = region
        self.path = path
        let name = Self.lastComponent(of: path)
        self.name = name
        fileExtension = Self.fileExtension(of: name)
        facts = ItemFacts(region, name: name, fileExtension: fileExtension)
        self.location = location
        self.depth = depth
        self.containers = containers
    }

    /// What stands behind the last slash that something stands behind; the whole of a path of slashes alone.
    private static func lastComponent(of path: String) -> String {
        let slash = UInt8(ascii: "/")
        guard let last = path.utf8.lastIndex(where: { $0 != slash }) else { return path }
        let whole = path.utf8[...last]
        guard let separator = whole.lastIndex(of: slash) else { return String(path[...last]) }
        return String(path[whole.index(after: separator)...last])
    }

    private static func fileExtension(of name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return "" }
        return name[name.utf8.index(after: dot)...].lowercased()
    }
}

/// A format's stable name in reports, for instance `pickle`, `pytorch-zip`, `safetensors`.
package struct FormatID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }
}

/// How sure a probe is that the bytes are of its format.
package enum Recognition: Int, Comparable, Sendable {
    /// Not this format.
    case no
    /// A weak sign (name hint, plausible first bytes): analysed too, but does not name the file.
    case possible
    /// The structure was checked far enough that a loader of this format would take it.
    case likely
    /// A magic number or an equally strong structural check.
    case certain
    package static func < (left: Recognition, right: Recognition) -> Bool { left.rawValue < right.rawValue }
}

/// Judges one format: a cheap probe, the analysis that turns a reader's facts into findings, and an outline for people.
///
/// Every item is shown to every analyser: a polyglot is judged as everything it is.
package protocol Analyser: Sendable {
    /// Name of the format for reports.
    var format: FormatID { get }
    /// Looks at a few bytes (start, end, magic places) and says whether this format could be meant. Must be cheap and
    /// must not allocate in proportion to the input.
    func recognise(_ item: ScanItem) -> Recognition
    /// Reads the item within the scan's budget and reports findings. A `ParseError` that is thrown becomes a finding
    /// (`SCAN-MALFORMED`, or `SCAN-INCOMPLETE` for a limit); what was reported before it stays.
    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError)
    /// The inside as a tree for `assay inspect`.
    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline
}

extension Analyser {
    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        Outline(format.rawValue, "\(item.region.count) bytes")
    }
}

/// A tree of facts that a person can read.
package struct Outline: Sendable {
    package var title: String
    package var detail: String
    package var children: [Outline]

    package init(_ title: String, _ detail: String = "", children: [Outline] = []) {
        self.title = title
        self.detail = detail
        self.children = children
    }

    /// `1 link`, `2 links`, `1 branch`, `2 branches`.
    package static func count(_ count: Int, _ one: String) -> String {
        "\(count) \(one)" + (count == 1 ? "" : one.hasSuffix("h") ? "es" : "s")
    }
}
