#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time of day: the one place that asks for it. Verdicts take it as a parameter.
enum Clock {
    /// Now, in UTC, as RFC 3339 text: `2026-11-21T12:00:00Z`.
    ///
    /// `SOURCE_DATE_EPOCH` (seconds since 1970) stands in for the clock, so that reports can be reproduced.
    static var now: String {
        let fixed = Terminal.environment("SOURCE_DATE_EPOCH").flatMap { time_t($0) }
        var seconds = fixed ?? time(nil)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func digits(_ number: CInt, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = unsafe [digits(parts.tm_year + 1900, 4), digits(parts.tm_mon + 1), digits(parts.tm_mday)]
        let time = unsafe [digits(parts.tm_hour), digits(parts.tm_min), digits(parts.tm_sec)]
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
    }

    /// Seconds since 1970.
    static var seconds: Double {
        Terminal.environment("SOURCE_DATE_EPOCH").flatMap { Double($0) } ?? Double(time(nil))
    }

    /// Today in UTC: `2026-11-21`.
    static var today: String { String(now.prefix(10)) }
}
