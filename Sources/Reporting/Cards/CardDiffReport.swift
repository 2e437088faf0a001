internal import AssayCore
internal import ByteParsing
package import Cards

/// What changed between two cards: as text, JSON and Markdown.
package struct CardDiffReport: Sendable {
    private let diff: CardDiff

    package init(_ diff: CardDiff) { self.diff = diff }

    private static func title(_ topic: CardDiff.Topic) -> String {
        switch topic {
        case .subject: "What the card is about"
        case .classification: "Classification"
        case .report: "Reports"
        case .risk: "Risks"
        case .test: "Tests"
        case .mitigation: "Mitigations"
        case .evidence: "Evidence"
        case .acceptance: "Acceptances"
        case .expiry: "Dates"
        case .threatModel: "Threat model"
        case .control: "Operational controls"
        case .other: "Everything else"
        }
    }

    private static func mark(_ direction: CardDiff.Direction) -> String {
        switch direction {
        case .worse: "worse "
        case .better: "better"
        case .neutral: "      "
        }
    }

    private var topics: [(topic: CardDiff.Topic, changes: [CardDiff.Change])] {
        CardDiff.Topic.allCases.map { topic in (topic, diff.changes.filter { $0.topic == topic }) }
            .filter { !$0.changes.isEmpty }
    }

    private var summary: String {
        let worse = diff.changes.count { $0.direction == .worse }
        let better = diff.changes.count { $0.direction == .better }
        guard !diff.changes.isEmpty else { return "nothing changed" }
        return
            "\(diff.changes.count) change\(diff.changes.count == 1 ? "" : "s"): \(worse) for the worse, \(better) for the better"
    }

    /// For people at a terminal.
    package func text() -> String {
        var text = ""
        for (topic, changes) in topics {
            text += Self.title(topic) + "\n"
            for change in changes {
                text += "  \(Self.mark(change.direction))  \(Printable.line(change.sentence, limit: 1_000))\n"
            }
            text += "\n"
        }
        return text + summary + "\n"
    }

    /// For a comment on a pull request.
    package func markdown() -> String {
        var text = "# Changes of the security card\n\n\(Humane.capitalised(summary)).\n"
        for (topic, changes) in topics {
            text += "\n## \(Self.title(topic))\n\n| | what | before | after |\n|---|---|---|---|\n"
            for change in changes {
                let direction = change.direction == .neutral ? "" : change.direction.rawValue
                let cells = [change.path.joined(separator: " › "), change.before ?? "", change.after ?? ""]
                let row = [direction] + cells.map { Markup.markdown($0, limit: 500) }
                text += "| " + row.joined(separator: " | ") + " |\n"
            }
        }
        return text
    }

    /// For programs.
    package func json() -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", "card-diff/v1")
            writer.objects("changes", of: diff.changes) { writer, change in
                writer.member("topic", change.topic.rawValue)
                writer.member("direction", change.direction.rawValue)
                writer.member("path", change.path)
                writer.member("before", change.before)
                writer.member("after", change.after)
            }
        }
        return writer.text + "\n"
    }
}
