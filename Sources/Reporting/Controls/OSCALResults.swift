internal import AssayCore
internal import ByteParsing
package import Controls

extension OSCALExport {
    /// Assessment results of several models: one result each.
    /// - Parameter modified: the moment that the document bears, as RFC 3339 text in UTC.
    package func results(_ assessments: [Assessment], modified: String) -> [UInt8] {
        let names = assessments.map { $0.subject.name + $0.subject.digest }.joined(separator: "\n")
        let plan = NameBasedIdentifier.uuid("oscal-plan", names, modified)
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.object("assessment-results") { writer in
                writer.member("uuid", NameBasedIdentifier.uuid("oscal-results", names, modified))
                metadata("Evidence for controls", "1", modified, Self.caveat, into: &writer)
                writer.object("import-ap") { writer in
                    writer.member("href", "#\(plan)")
                    writer.member(
                        "remarks", "No assessment plan was written: the profile named in each result was used.")
                }
                writer.array("results") { writer in
                    for assessment in assessments { result(assessment, into: &writer) }
                }
                writer.object("back-matter") { writer in
                    writer.array("resources") { writer in
                        writer.object { writer in
                            writer.member("uuid", plan)
                            writer.member("title", "Assessment plan")
                            writer.member("description", "What the profile selects, evaluated over the evidence given.")
                        }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private static let caveat =
        line(ControlWords.caveat)
        + " A finding is about the objective that the evidence is there, not about the control being met."

    private static func moment(_ day: CalendarDate) -> String { "\(day)T00:00:00Z" }

    private func result(_ assessment: Assessment, into writer: inout JSONWriter) {
        let subject = assessment.subject
        let key = subject.name + subject.digest
        writer.object { writer in
            writer.member("uuid", NameBasedIdentifier.uuid("oscal-result", key, assessment.day.description))
            writer.member("title", Self.line("Evidence about \(subject.name)"))
            writer.member(
                "description",
                Self.line("What \(assessment.evidence.count) pieces of evidence answer of the selected controls."))
            writer.member("start", Self.moment(assessment.day))
            writer.member("end", Self.moment(assessment.day))
            var properties: [(String, String, String?)] = [
                ("model", subject.name, Self.space), ("profile", assessment.plan.profile.id, Self.space),
            ]
            for digest in subject.digests.sorted().prefix(100) { properties.append(("sha256", digest, Self.space)) }
            for (state, count) in ControlWords.counts(assessment) {
                properties.append((state.rawValue, String(count), Self.space))
            }
            Self.properties(properties, into: &writer)
            writer.object("reviewed-controls") { writer in
                writer.array("control-selections") { writer in
                    writer.object { writer in
                        writer.array("include-controls") { writer in
                            var seen: Set<String> = []
                            for result in assessment.results {
                                let id = Self.token(assessment.item(of: result).control.id)
                                guard seen.insert(id).inserted else { continue }
                                writer.object { $0.member("control-id", id) }
                            }
                        }
                    }
                }
            }
            observations(assessment, key, into: &writer)
            findings(assessment, key, into: &writer)
            let left = assessment.results.filter { !Self.hasFinding($0, assessment) }
            if !left.isEmpty {
                let list = left.map { "\(assessment.item(of: $0).control.id) (\($0.state.word))" }
                writer.member(
                    "remarks",
                    "OSCAL's findings have the states satisfied and not-satisfied alone. Left out of the findings: "
                        + list.joined(separator: ", ") + ".")
            }
        }
    }

    /// Controls that ask for evidence and have all of it, or none.
    private static func hasFinding(_ result: Assessment.Result, _ assessment: Assessment) -> Bool {
        (result.state == .present || result.state == .missing) && !assessment.findings(of: result).isEmpty
    }

    private static func observation(_ result: Assessment.Result, _ assessment: Assessment, _ key: String) -> String {
        let item = assessment.item(of: result)
        return NameBasedIdentifier.uuid(
            "oscal-observation", key, assessment.catalogue(of: result).id, item.control.id, assessment.day.description)
    }

    /// One observation for each control that something is known about.
    private func observations(_ assessment: Assessment, _ key: String, into writer: inout JSONWriter) {
        let known = assessment.results.filter { $0.state != .missing || $0.attestation != nil || !$0.remarks.isEmpty }
        guard !known.isEmpty else { return }
        writer.array("observations") { writer in
            for result in known {
                let item = assessment.item(of: result)
                let found = assessment.findings(of: result)
                writer.object { writer in
                    writer.member("uuid", Self.observation(result, assessment, key))
                    writer.member("title", Self.line(item.control.title))
                    var parts = ["\(item.control.id): \(result.state.word)."]
                    for finding in found {
                        for failure in finding.failures {
                            parts.append("\(finding.query.kind), \(failure.link.name): \(failure.reason).")
                        }
                        if finding.state == .missing { parts.append("\(finding.query.kind): none.") }
                    }
                    if let word = result.attestation { parts.append("Attested by \(word.line). \(word.reason)") }
                    writer.member("description", Self.line((parts + result.remarks).joined(separator: " ")))
                    var methods: [String] = []
                    if result.attestation != nil { methods.append("INTERVIEW") }
                    if found.contains(where: { !$0.evidence.isEmpty || !$0.failures.isEmpty }) {
                        methods.append("EXAMINE")
                    }
                    writer.member("methods", methods.isEmpty ? ["UNKNOWN"] : methods)
                    writer.member("types", ["control-objective"])
                    evidence(found, into: &writer)
                    writer.member("collected", Self.moment(assessment.day))
                    writer.member("expires", result.attestation?.expires.map { Self.moment($0) })
                }
            }
        }
    }

    private func evidence(_ findings: [Assessment.Finding], into writer: inout JSONWriter) {
        var links: [EvidenceIndex.Link] = []
        for link in findings.flatMap({ $0.evidence + $0.failures.map(\.link) }) where !links.contains(link) {
            links.append(link)
        }
        guard !links.isEmpty else { return }
        writer.objects("relevant-evidence", of: links) { writer, link in
            writer.member("href", "urn:sha256:\(link.sha256)")
            writer.member("description", Self.line("\(link.name), \(link.kind), \(link.standing.word)"))
        }
    }

    private func findings(_ assessment: Assessment, _ key: String, into writer: inout JSONWriter) {
        let results = assessment.results.filter { Self.hasFinding($0, assessment) }
        guard !results.isEmpty else { return }
        writer.array("findings") { writer in
            for result in results {
                let item = assessment.item(of: result)
                writer.object { writer in
                    writer.member(
                        "uuid",
                        NameBasedIdentifier.uuid(
                            "oscal-finding", key, assessment.catalogue(of: result).id, item.control.id,
                            assessment.day.description))
                    writer.member("title", Self.line("\(item.control.id) \(item.control.title)"))
                    writer.member(
                        "description",
                        Self.line("\(result.state.word): \(item.requirement.text(assessment.plan.parameters))"))
                    writer.object("target") { writer in
                        writer.member("type", "objective-id")
                        writer.member("target-id", Self.token(item.control.id) + "_obj")
                        writer.object("status") { writer in
                            writer.member("state", result.state == .present ? "satisfied" : "not-satisfied")
                            writer.member(
                                "remarks", result.state == .present ? "The evidence is there." : "There is no evidence."
                            )
                        }
                    }
                    if result.state == .present {
                        writer.array("related-observations") { writer in
                            writer.object {
                                $0.member("observation-uuid", Self.observation(result, assessment, key))
                            }
                        }
                    }
                }
            }
        }
    }
}
