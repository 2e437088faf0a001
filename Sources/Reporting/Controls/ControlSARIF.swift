internal import AssayCore
internal import ByteParsing
package import Controls

/// SARIF 2.1.0 (OASIS Standard, 27 March 2020) for must-haves without evidence: what a code-scanning service shows as
/// open until the evidence is there.
package struct ControlSARIF: Sendable {
    private let version: String

    /// - Parameter version: of the program.
    package init(version: String) { self.version = version }

    /// The log, as JSON.
    package func render(_ assessments: [Assessment]) -> [UInt8] {
        var open: [(Assessment, Assessment.Result)] = []
        for assessment in assessments {
            open += assessment.results.filter {
                assessment.item(of: $0).level == .must && ($0.state == .missing || $0.state == .partial)
            }.map { (assessment, $0) }
        }
        var rules: [(id: String, item: QueryPlan.Item, catalogue: Catalogue)] = []
        var places: [String: Int] = [:]
        for (assessment, result) in open {
            let id = Self.rule(assessment, result)
            guard places[id] == nil else { continue }
            places[id] = rules.count
            rules.append((id, assessment.item(of: result), assessment.catalogue(of: result)))
        }
        let writer = SARIFLog.write(
            tool: "Assay controls", version: version,
            rules: { writer in
                for rule in rules { Self.rule(rule.id, rule.item, rule.catalogue, into: &writer) }
            },
            run: { writer in
                writer.member("columnKind", "unicodeCodePoints")
                writer.array("results") { writer in
                    for (assessment, result) in open {
                        Self.result(assessment, result, places, into: &writer)
                    }
                }
            })
        return writer.bytes + [0x0A]
    }

    private static func rule(_ assessment: Assessment, _ result: Assessment.Result) -> String {
        "\(assessment.catalogue(of: result).id)/\(assessment.item(of: result).control.id)"
    }

    private static func rule(
        _ id: String, _ item: QueryPlan.Item, _ catalogue: Catalogue, into writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("id", id)
            writer.object("shortDescription") { $0.member("text", item.control.title) }
            writer.object("fullDescription") {
                $0.member("text", "\(item.control.summary ?? item.control.title) (\(catalogue.title))")
            }
            writer.object("defaultConfiguration") { $0.member("level", "warning") }
            writer.object("properties") { writer in
                writer.member("tags", ["security", "machine-learning", catalogue.id])
            }
        }
    }

    private static func result(
        _ assessment: Assessment, _ result: Assessment.Result, _ places: [String: Int], into writer: inout JSONWriter
    ) {
        let id = rule(assessment, result)
        writer.object { writer in
            writer.member("ruleId", id)
            writer.member("ruleIndex", places[id])
            writer.member("level", result.state == .missing ? "warning" : "note")
            writer.object("message") { writer in
                var parts: [String] = []
                for finding in assessment.findings(of: result) where finding.state != .present {
                    if let failure = finding.failures.first {
                        parts.append("\(finding.query.kind): \(failure.link.name): \(failure.reason)")
                    } else {
                        parts.append("\(finding.query.kind): none; \(finding.answeredBy)")
                    }
                }
                let reasons = (parts + result.remarks).joined(separator: ". ")
                let control = assessment.item(of: result).control
                writer.member(
                    "text",
                    "\(assessment.subject.name): \(control.id) \(control.title) is \(result.state.word). \(reasons)")
            }
            writer.array("locations") { writer in
                writer.object { writer in
                    writer.object("physicalLocation") { writer in
                        writer.object("artifactLocation") {
                            $0.member("uri", Address.of(path: assessment.subject.name))
                        }
                        // A model has no lines, and services refuse a region without one.
                        writer.object("region") { $0.member("startLine", 1) }
                    }
                }
            }
            writer.object("partialFingerprints") { writer in
                writer.member("control/v1", ControlTickets.id(assessment, result))
            }
        }
    }
}
