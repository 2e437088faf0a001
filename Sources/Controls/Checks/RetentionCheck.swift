package import AssayCore
package import Documents

extension DatasetCheck {
    /// Whether a retention period has run out.
    ///
    /// Source: NCSC principle 2.3 (retention and destruction are recorded) and 5.1 (dispose of what is not kept).
    package static func retention(_ dates: [(name: String, until: CalendarDate)], today: CalendarDate) -> DatasetCheck {
        let expired = dates.filter { $0.until < today }.sorted { $0.until < $1.until }
        let metrics = dates.map { one in
            Metric("days-left", Double(one.until.days(since: today)), .atLeast, 0, group: one.name)
        }
        let summary =
            dates.isEmpty
            ? "no retention period was found"
            : expired.first.map { "\(expired.count) of \(dates.count) periods have run out, the first on \($0.until)" }
                ?? "none of \(dates.count) periods has run out"
        return DatasetCheck(
            .retention, summary, metrics: metrics, samples: dates.count,
            limitations: ["Says what was written down, not whether the data is still there."],
            source: "NCSC 2.3, 5.1")
    }

    /// The day until which a card, of a model or of data, says that its subject is kept.
    package static func retention(of card: DocumentValue) -> CalendarDate? {
        for path in [
            "/securityConsiderations/lifecycle/retentionUntil", "/retention/until", "/retention/expires",
            "/lifecycle/retentionUntil", "/retentionUntil",
        ] {
            if let day = card.at(pointer: path)?.string.flatMap({ CalendarDate(moment: $0) }) { return day }
        }
        return nil
    }
}
