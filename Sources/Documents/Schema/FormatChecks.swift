/// The texts that JSON Schema's `format` names.
enum FormatChecks {
    static func isDate(year: Int, month: Int, day: Int) -> Bool {
        guard (1...12).contains(month), day >= 1, year >= 0 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= days[month - 1]
    }

    /// The formats that are checked; others are refused when the schema is read.
    static let checks: [String: @Sendable (String) -> Bool] = [
        "date": { isDate(Array($0.utf8)) },
        "time": { isTime(Array($0.utf8)) },
        "date-time": { isDateTime(Array($0.utf8)) },
        "uuid": { uuid.matches($0) },
        "uri": { uri.matches($0) },
        "iri": { iri.matches($0) },
        "uri-reference": { uriReference.matches($0) },
        "iri-reference": { iriReference.matches($0) },
        "email": { $0.utf8.contains(UInt8(ascii: "@")) },
        "idn-email": { $0.utf8.contains(UInt8(ascii: "@")) },
        "json-pointer": { DocumentPointer(text: $0) != nil },
        "regex": { (try? Pattern($0)) != nil },
    ]

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    /// `full-date` of RFC 3339.
    static func isDate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes[..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8...])
        else { return false }
        return year > 0 && isDate(year: year, month: month, day: day)
    }

    /// `full-time` of RFC 3339; a leap second is one at 23:59:60 UTC.
    static func isTime(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 9, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":"),
            let hour = number(bytes[..<2]), let minute = number(bytes[3..<5]), let second = number(bytes[6..<8]),
            hour < 24, minute < 60, second <= 60
        else { return false }
        var rest = bytes[8...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return false }
            rest = rest[digits.endIndex...]
        }
        var offset = 0
        if rest.count == 1 {
            guard rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "z") else { return false }
        } else {
            let zone = Array(rest)
            guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
                zone[3] == UInt8(ascii: ":"), let hours = number(zone[1..<3]), let minutes = number(zone[4...]),
                hours < 24, minutes < 60
            else { return false }
            offset = (hours * 60 + minutes) * (zone[0] == UInt8(ascii: "-") ? -1 : 1)
        }
        return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
    }

    /// `date-time` of RFC 3339.
    static func isDateTime(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 11, bytes[10] | 0x20 == UInt8(ascii: "t") else { return false }
        return isDate(Array(bytes[..<10])) && isTime(Array(bytes[11...]))
    }

    private static let uuid = Pattern.constant("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

    /// RFC 3986, appendix A, without the inner grammar of IP addresses; RFC 3987 adds what is beyond ASCII.
    ///
    /// A path behind an authority begins with a slash, and the first segment of one without a scheme has no colon: it would
    /// be the scheme.
    /// - Parameter isRelative: whether there may be no scheme.
    private static func reference(_ isRelative: Bool, _ beyond: String) -> Pattern {
        func one(_ more: String) -> String { "(?:[-A-Za-z0-9._~!$&'()*+,;=\(more)\(beyond)]|%[0-9A-Fa-f]{2})" }
        let path = "\(one(":@/"))*"
        let rooted = "/(?:\(one(":@"))\(path))?"
        let host = "(?:\\[[0-9A-Fa-f:.vV]*\\]|\(one(""))*)"
        let hierarchy = "//(?:\(one(":"))*@)?\(host)(?::[0-9]*)?(?:/\(path))?"
        let scheme = "[A-Za-z][-+.A-Za-z0-9]*:(?:\(hierarchy)|\(rooted)|(?:\(one(":@"))\(path))?)"
        let relative = isRelative ? "|\(hierarchy)|\(rooted)|(?:\(one("@"))+(?:/\(path))?)?" : ""
        return Pattern.constant("^(?:\(scheme)\(relative))(?:\\?\(one(":@/?"))*)?(?:#\(one(":@/?"))*)?$")
    }

    private static let uri = reference(false, "")
    private static let iri = reference(false, "\\u00A0-\\u{10FFFD}")
    private static let uriReference = reference(true, "")
    private static let iriReference = reference(true, "\\u00A0-\\u{10FFFD}")
}
