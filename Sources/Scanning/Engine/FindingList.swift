internal import AssayCore

/// The findings of one file: those that are alike are counted instead of kept, and of more than are kept, the worst stay.
struct FindingList {
    private(set) var all: [Finding] = []
    private let most: Int
    /// Where the finding stands that others are like.
    private var places: [Key: Int] = [:]
    /// The least severity among the findings, as far as it is known.
    private var leastSeverity = Severity.none

    private struct Key: Hashable {
        let rule: String
        let severity: Severity
        let message: String
        let members: [String]
    }

    private static let longestText = 4 << 10

    init(most: Int) { self.most = most }

    /// - Returns: false when a finding had to be left out: this one, or a milder one whose place it took.
    mutating func add(
        _ rule: String, _ severity: Severity, _ message: String, at location: Location, details: [Finding.Detail]
    ) -> Bool {
        let message = Self.cut(message)
        let key = Key(rule: rule, severity: severity, message: message, members: location.members)
        if let place = places[key] {
            all[place].occurrences += 1
            return true
        }
        func finding() -> Finding {
            Finding(
                rule: rule, severity: severity, message: message,
                location: location.at(location.offset, location.detail.map(Self.cut)),
                details: details.map { .init($0.name, Self.cut($0.value)) })
        }
        guard all.count >= most else {
            places[key] = all.count
            all.append(finding())
            return true
        }
        if let place = milder(than: severity) {
            for (other, taken) in places where taken == place { places[other] = nil }
            places[key] = place
            all[place] = finding()
        }
        return false
    }

    /// Whether a finding of that severity that is unlike the others would be kept.
    func hasRoom(for severity: Severity) -> Bool { all.count < most || severity > leastSeverity }

    /// The place of the mildest finding, if it is milder.
    private mutating func milder(than severity: Severity) -> Int? {
        guard severity > leastSeverity,
            let place = all.indices.min(by: { all[$0].severity < all[$1].severity })
        else { return nil }
        leastSeverity = all[place].severity
        return severity > leastSeverity ? place : nil
    }

    /// Text of a finding, which may quote names of any length, cut to what somebody would read.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        let head = text.unicodeScalars.prefix(longestText / 4)
        return "\(String(String.UnicodeScalarView(head)))… (\(text.utf8.count) bytes)"
    }
}
