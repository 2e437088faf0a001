internal import AssayCore
internal import ByteParsing
package import Cards
internal import Documents

/// What a check of cards found: as text, JSON and SARIF.
package struct CardIssuesReport: Sendable {
    /// A card with what was said of it.
    package struct File: Sendable {
        package let path: String
        package let issues: [CardIssue]

        package init(path: String, issues: [CardIssue]) {
            self.path = path
            self.issues = issues
        }
    }

    package var files: [File]
    package var version: String

    package init(files: [File], version: String) {
        self.files = files
        self.version = version
    }

    /// How many issues of the level there are.
    package func count(_ level: CardIssue.Level) -> Int {
        files.reduce(0) { sum, file in sum + file.issues.count { $0.level == level } }
    }

    /// One line an issue, as compilers write them: `card.yaml:12: error CARD-TEST /path: what is wrong`.
    package func text() -> String {
        var text = ""
        for file in files {
            for issue in file.issues {
                let place = issue.line > 0 ? ":\(issue.line)" : ""
                let pointer = issue.pointer.description
                text += "\(Printable.line(file.path))\(place): \(issue.level.rawValue) \(issue.rule.rawValue) "
                text +=
                    Printable.line("\(pointer.isEmpty ? "the card" : pointer) \(issue.message)", limit: 2_000) + "\n"
            }
        }
        let counts = [
            Self.counted(count(.error), "error"), Self.counted(count(.open), "open question"),
            Self.counted(count(.warning), "warning"),
        ]
        return text + "\(Self.counted(files.count, "card")): \(counts.joined(separator: ", "))\n"
    }

    private static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

    /// For programs.
    package func json() -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", "card-check/v1")
            writer.object("summary") { writer in
                writer.member("cards", files.count)
                writer.member("errors", count(.error))
                writer.member("open", count(.open))
                writer.member("warnings", count(.warning))
            }
            writer.objects("cards", of: files) { writer, file in
                writer.member("path", file.path)
                writer.objects("issues", of: file.issues) { writer, issue in
                    writer.member("level", issue.level.rawValue)
                    writer.member("rule", issue.rule.rawValue)
                    writer.member("pointer", issue.pointer.description)
                    writer.member("line", issue.line)
                    writer.member("message", issue.message)
                }
            }
        }
        return writer.text + "\n"
    }

    /// SARIF 2.1.0, as code-scanning services take it.
    package func sarif() -> String {
        let rules = CardIssue.Rule.allCases
        let writer = SARIFLog.write(
            version: version,
            rules: { writer in
                for rule in rules {
                    writer.object { writer in
                        writer.member("id", rule.rawValue)
                        writer.object("shortDescription") { $0.member("text", rule.title) }
                    }
                }
            },
            run: { writer in
                writer.member("columnKind", "unicodeCodePoints")
                writer.array("results") { writer in
                    for file in files {
                        for issue in file.issues {
                            writer.object { writer in
                                Self.result(issue, file.path, rules.firstIndex(of: issue.rule), &writer)
                            }
                        }
                    }
                }
            })
        return writer.text + "\n"
    }

    private static func result(_ issue: CardIssue, _ path: String, _ rule: Int?, _ writer: inout JSONWriter) {
        let pointer = issue.pointer.description
        writer.member("ruleId", issue.rule.rawValue)
        writer.member("ruleIndex", rule)
        writer.member("level", issue.level == .error ? "error" : issue.level == .open ? "warning" : "note")
        writer.object("message") { writer in
            let text = "\(pointer.isEmpty ? "the card" : pointer) \(issue.message)"
            writer.member("text", Printable.line(text, limit: 2_000))
        }
        writer.array("locations") { writer in
            writer.object { writer in
                writer.object("physicalLocation") { writer in
                    writer.object("artifactLocation") { $0.member("uri", Address.of(path: path)) }
                    writer.object("region") { $0.member("startLine", max(1, issue.line)) }
                }
                writer.array("logicalLocations") { writer in
                    writer.object { writer in
                        writer.member("fullyQualifiedName", pointer)
                        writer.member("kind", "member")
                    }
                }
            }
        }
    }
}
