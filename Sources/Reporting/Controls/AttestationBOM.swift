internal import AssayCore
internal import ByteParsing
package import Controls

/// CycloneDX attestations (CDXA): the catalogues as standards and the assessment as declarations, in a BOM of version
/// 1.6.
///
/// `conformance.score` is the share of a control's evidence that is there, as its rationale says: CycloneDX's word for
/// a number that is no judgement of ours.
package struct AttestationBOM: Sendable {
    private let version: String

    /// - Parameter version: of the program.
    package init(version: String) { self.version = version }

    /// - Parameter time: the moment that the document bears, as RFC 3339 text in UTC.
    package func render(_ assessments: [Assessment], time: String) -> [UInt8] {
        let key = assessments.map { $0.subject.name + $0.subject.digest }.joined(separator: "\n")
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
            writer.member("bomFormat", "CycloneDX")
            writer.member("specVersion", "1.6")
            writer.member("serialNumber", "urn:uuid:" + NameBasedIdentifier.uuid("cdxa", key, time))
            writer.member("version", 1)
            writer.object("metadata") { writer in
                writer.member("timestamp", time)
                writer.object("tools") { writer in
                    writer.array("components") { writer in
                        writer.object { writer in
                            writer.member("type", "application")
                            writer.member("name", "assay")
                            writer.member("version", version)
                        }
                    }
                }
            }
            declarations(assessments, into: &writer)
            writer.object("definitions") { writer in
                writer.array("standards") { writer in
                    if let first = assessments.first {
                        for catalogue in first.catalogues { standard(catalogue, first, into: &writer) }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private func declarations(_ assessments: [Assessment], into writer: inout JSONWriter) {
        writer.object("declarations") { writer in
            writer.array("assessors") { writer in
                writer.object { writer in
                    writer.member("bom-ref", "assessor")
                    writer.member("thirdParty", false)
                    writer.object("organization") {
                        $0.member("name", "assay \(version), run by whoever holds this document")
                    }
                }
            }
            writer.array("attestations") { writer in
                for (place, assessment) in assessments.enumerated() {
                    writer.object { writer in
                        writer.member("summary", "\(assessment.subject.name): \(ControlWords.caveat)")
                        writer.member("assessor", "assessor")
                        writer.array("map") { writer in
                            for result in assessment.results where result.state != .notApplicable {
                                map(result, assessment, place, into: &writer)
                            }
                        }
                    }
                }
            }
            writer.array("claims") { writer in
                for (place, assessment) in assessments.enumerated() {
                    for result in assessment.results where Self.hasClaim(result, assessment) {
                        claim(result, assessment, place, into: &writer)
                    }
                }
            }
            writer.array("evidence") { writer in
                for (place, assessment) in assessments.enumerated() { evidence(assessment, place, into: &writer) }
            }
            writer.object("targets") { writer in
                writer.array("components") { writer in
                    for (place, assessment) in assessments.enumerated() { target(assessment, place, into: &writer) }
                }
            }
        }
    }

    private static func hasClaim(_ result: Assessment.Result, _ assessment: Assessment) -> Bool {
        result.attestation != nil
            || assessment.findings(of: result).contains { !$0.evidence.isEmpty || !$0.failures.isEmpty }
    }

    private static func reference(_ place: Int, _ parts: String...) -> String {
        "model-\(place + 1)/" + parts.joined(separator: "/")
    }

    private func map(
        _ result: Assessment.Result, _ assessment: Assessment, _ place: Int, into writer: inout JSONWriter
    ) {
        let item = assessment.item(of: result)
        let catalogue = assessment.catalogue(of: result)
        let findings = assessment.findings(of: result)
        let there = findings.count { $0.state == .present }
        let score = result.state == .present ? 1 : findings.isEmpty ? 0 : Double(there) / Double(findings.count)
        writer.object { writer in
            writer.member("requirement", "\(catalogue.id)/\(item.control.id)")
            if Self.hasClaim(result, assessment) {
                writer.member("claims", [Self.reference(place, "claim", catalogue.id, item.control.id)])
            }
            writer.object("conformance") { writer in
                writer.key("score")
                writer.double(score)
                writer.member(
                    "rationale",
                    ([
                        "The share of the evidence asked for that is there: \(there) of \(findings.count).",
                        "State: \(result.state.word).",
                    ] + result.remarks).joined(separator: " "))
            }
        }
    }

    private func claim(
        _ result: Assessment.Result, _ assessment: Assessment, _ place: Int, into writer: inout JSONWriter
    ) {
        let item = assessment.item(of: result)
        let catalogue = assessment.catalogue(of: result)
        let findings = assessment.findings(of: result)
        writer.object { writer in
            writer.member("bom-ref", Self.reference(place, "claim", catalogue.id, item.control.id))
            writer.member("target", Self.reference(place, "target"))
            writer.member("predicate", "\(item.control.title): \(result.state.word)")
            var reasons = findings.flatMap { finding in
                finding.failures.map { "\(finding.query.kind), \($0.link.name): \($0.reason)" }
            }
            if let word = result.attestation { reasons.append("\(word.line): \(word.reason)") }
            if !reasons.isEmpty { writer.member("reasoning", reasons.joined(separator: "; ")) }
            let good = Self.links(findings.flatMap(\.evidence))
            let bad = Self.links(findings.flatMap { $0.failures.map(\.link) }).filter { !good.contains($0) }
            if !good.isEmpty { writer.member("evidence", good.map { Self.reference(place, "evidence", $0) }) }
            if !bad.isEmpty { writer.member("counterEvidence", bad.map { Self.reference(place, "evidence", $0) }) }
        }
    }

    private static func links(_ links: [EvidenceIndex.Link]) -> [String] {
        var digests: [String] = []
        for link in links where !digests.contains(link.sha256) { digests.append(link.sha256) }
        return digests
    }

    private func evidence(_ assessment: Assessment, _ place: Int, into writer: inout JSONWriter) {
        var seen: Set<String> = []
        for link in assessment.evidence where seen.insert(link.sha256).inserted {
            writer.object { writer in
                writer.member("bom-ref", Self.reference(place, "evidence", link.sha256))
                writer.member("propertyName", link.kind)
                writer.member("description", "\(link.name), \(link.standing.word)")
                writer.array("data") { writer in
                    writer.object { writer in
                        writer.member("name", link.name)
                        writer.object("contents") { $0.member("url", "urn:sha256:\(link.sha256)") }
                    }
                }
                writer.member("created", link.issued.map { "\($0)T00:00:00Z" })
            }
        }
    }

    private func target(_ assessment: Assessment, _ place: Int, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "machine-learning-model")
            writer.member("bom-ref", Self.reference(place, "target"))
            writer.member("name", assessment.subject.name)
            let digests = assessment.subject.digests.sorted()
            guard !digests.isEmpty else { return }
            writer.objects("hashes", of: digests) { writer, digest in
                writer.member("alg", "SHA-256")
                writer.member("content", digest)
            }
        }
    }

    private func standard(_ catalogue: Catalogue, _ assessment: Assessment, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("bom-ref", catalogue.id)
            writer.member("name", catalogue.title)
            writer.member("version", catalogue.version)
            writer.member("description", catalogue.note)
            writer.member("owner", catalogue.source)
            writer.array("requirements") { writer in
                for item in assessment.plan.items
                where assessment.plan.catalogues[item.catalogue].id == catalogue.id {
                    writer.object { writer in
                        writer.member("bom-ref", "\(catalogue.id)/\(item.control.id)")
                        writer.member("identifier", item.control.id)
                        writer.member("title", item.control.title)
                        writer.member("text", item.control.summary)
                        writer.member(
                            "descriptions", ["Evidence: \(item.requirement.text(assessment.plan.parameters))."])
                    }
                }
            }
        }
    }
}
