/// A day of the Gregorian calendar: what suppressions and attestations expire on, and evidence is dated with.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Reads `2026-11-21`; nil for anything else and for days that do not exist.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day of a moment: a day, or a day followed by `T` or a space and a time (RFC 3339), as written.
    ///
    /// The time zone is not applied: an age in days is not more exact than that.
    public init?(moment text: some StringProtocol) {
        let day = text.utf8.prefix(10)
        guard day.count == 10 else { return nil }
        if let separator = text.utf8.dropFirst(10).first {
            guard [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(separator) else { return nil }
        }
        self.init(String(decoding: day, as: UTF8.self))
    }

    /// Days that have gone by since `earlier`; below zero when that day is still to come.
    public func days(since earlier: CalendarDate) -> Int { ordinal - earlier.ordinal }

    /// Days since the first of March of the year 0, whose leap day comes last.
    private var ordinal: Int {
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
    }

    private init(year: Int, month: Int, day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// That many days later, counted forward.
    public func adding(days: Int) -> CalendarDate {
        var (year, month, day) = (year, month, day)
        var left = max(0, min(days, 1_000_000))
        while left > 0 {
            let rest = Self.days(in: month, of: year) - day
            if left <= rest { return CalendarDate(year: year, month: month, day: day + left) }
            left -= rest + 1
            (month, day) = (month + 1, 1)
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    public var description: String {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    }
}
