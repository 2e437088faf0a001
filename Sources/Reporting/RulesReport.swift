package import AssayCore
internal import ByteParsing

/// The rule catalogue, listed and explained.
package struct RulesReport: Sendable {
    private let rules: [Rule]
    private let columns: Int
    private let style: TerminalStyle

    package init(_ rules: [Rule], columns: Int = 100, isColoured: Bool = false) {
        self.rules = rules
        self.columns = min(max(columns, 40), 110)
        style = TerminalStyle(isColoured: isColoured)
    }

    /// Families in the order of the catalogue.
    private var families: [(name: String, rules: [Rule])] {
        var order: [String] = []
        var byName: [String: [Rule]] = [:]
        for rule in rules {
            if byName[rule.family] == nil { order.append(rule.family) }
            byName[rule.family, default: []].append(rule)
        }
        return order.map { ($0, byName[$0] ?? []) }
    }

    /// One line a rule, grouped by family.
    package func list() -> String {
        let width = rules.map(\.id.count).max() ?? 0
        var lines: [String] = []
        for family in families {
            if !lines.isEmpty { lines.append("") }
            lines.append(style.bold(family.name))
            for rule in family.rules {
                let word = style.severity(rule.severity, rule.severity.name.padded(to: 9))
                let title = TextWrapping.wrap(rule.title, columns: columns - width - 15)
                lines.append("  " + rule.id.padded(to: width + 2) + word + (title.first ?? ""))
                for rest in title.dropFirst() {
                    lines.append(String(repeating: " ", count: width + 13) + rest)
                }
            }
        }
        lines += ["", style.dim("\(Humane.count(rules.count, "rule")); assay rules ID explains one")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everything about each rule.
    package func explain() -> String {
        var lines: [String] = []
        for rule in rules {
            if !lines.isEmpty { lines.append("") }
            lines.append(style.badge(rule.severity, rule.severity.name) + "  " + style.bold(rule.id))
            lines += ["", "  " + style.bold(rule.title), ""]
            lines += TextWrapping.wrap(rule.explanation, columns: columns - 2).map { "  " + $0 }
            lines += ["", "  " + style.bold("What to do")]
            lines += TextWrapping.wrap(rule.remedy, columns: columns - 2).map { "  " + $0 }
            lines += ["", "  " + style.bold("More")]
            for reference in References.of(rule) {
                lines.append("  " + reference.name.padded(to: 16) + style.dim(reference.address))
            }
            if !rule.nist.isEmpty {
                lines.append("  " + "NIST AI 100-2".padded(to: 16) + style.dim(rule.nist.joined(separator: ", ")))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs.
    package func json() -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", "urn:assay:rules:1")
            writer.objects("rules", of: rules) { writer, rule in
                writer.member("id", rule.id)
                writer.member("family", rule.family)
                writer.member("title", rule.title)
                writer.member("severity", rule.severity.name)
                writer.member("explanation", rule.explanation)
                writer.member("remedy", rule.remedy)
                writer.member("cwe", rule.cwe)
                writer.member("atlas", rule.atlas)
                writer.member("nist", rule.nist)
                writer.member("cve", rule.cve)
            }
        }
        return writer.text + "\n"
    }

    /// The documentation page.
    package func markdown() -> String {
        var lines = ["# Rules", ""]
        lines += [
            "Generated from the rule catalogue in `Sources/AssayData/rules` by `make docs`; edit it there.", "",
            "The severity is what a finding has unless its judge grades the case: a call that is proved to run code is "
                + "worse than a name that might.", "",
            "| rule | severity | title |", "|---|---|---|",
        ]
        for rule in rules {
            lines.append(
                "| [`\(rule.id)`](#\(rule.id.lowercased())) | \(rule.severity.name) | \(Self.plain(rule.title)) |")
        }
        for family in families {
            lines += ["", "## " + Self.plain(family.name)]
            for rule in family.rules {
                lines += ["", "### \(rule.id)", "", "**\(Self.plain(rule.title))** · \(rule.severity.name)", ""]
                lines += [Self.plain(rule.explanation), "", "*What to do.* \(Self.plain(rule.remedy))", ""]
                var more = References.of(rule).map { "[\($0.name)](\($0.address))" }
                if !rule.nist.isEmpty { more.append("NIST AI 100-2: " + rule.nist.joined(separator: ", ")) }
                lines.append(more.joined(separator: " · "))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Catalogue text that must not turn into HTML or emphasis.
    private static func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case "*", "_", "|": result += "\\" + String(character)
            default: result.append(character)
            }
        }
        return result
    }
}
