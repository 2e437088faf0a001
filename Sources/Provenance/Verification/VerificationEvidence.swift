internal import AssayCore
package import ByteParsing

/// A verification as evidence: an in-toto statement about the files that were there, whatever the outcome.
///
/// `Schemas/signature-verification-v1.schema.json` describes the predicate.
package struct VerificationEvidence: Sendable {
    /// Version of the program that verified.
    package var toolVersion: String
    /// When the verification ended, RFC 3339.
    package var time: String

    package init(toolVersion: String, time: String) {
        self.toolVersion = toolVersion
        self.time = time
    }

    /// The statement, or nil when no file could be read: a statement about nothing would say nothing.
    package func statement(about report: VerificationReport) -> [UInt8]? {
        guard !report.subjects.isEmpty else { return nil }
        return Statement.write(subjects: report.subjects, predicateType: PredicateType.signatureVerification.uri) {
            writer in
            writer.object { writer in
                writer.object("tool") { writer in
                    writer.member("name", "assay")
                    writer.member("version", toolVersion)
                }
                writer.member("finished", time)
                report.write(into: &writer)
            }
        }
    }
}

extension VerificationReport {
    /// The members of the answer's object: also what the evidence has as its predicate.
    package func write(into writer: inout JSONWriter) {
        writer.member("outcome", outcome.rawValue)
        writer.member("reasons", reasons)
        writer.member("method", method)
        writer.object("signature") { writer in
            writer.object("digest") { $0.member("sha256", signatureDigest) }
        }
        write("signer", signer, to: &writer)
        writer.object("trust") { writer in
            if !trust.isEmpty { writer.member("basis", trust) }
            writer.objects("given", of: anchors) { writer, anchor in
                writer.member("kind", anchor.kind)
                writer.object("digest") { $0.member("sha256", anchor.sha256) }
            }
        }
        if let signed { write(signed, to: &writer) }
        if let comparison { write(comparison, to: &writer) }
        writer.member("notCovered", uncovered.map(\.text))
        write("followedLinks", followedLinks, to: &writer)
        writer.member("notes", caveats)
    }

    private func write(_ signed: Signed, to writer: inout JSONWriter) {
        writer.object("signed") { writer in
            writer.member("name", signed.name)
            if let root = signed.rootDigest {
                writer.object("rootDigest") { $0.member("sha256", root) }
            }
            if let digest = signed.fileDigest {
                writer.object("fileDigest") { $0.member("sha256", digest) }
            }
            writer.member("files", signed.files)
            writer.member("algorithm", signed.algorithm.rawValue)
            writer.member("shardSize", signed.shardSize)
        }
    }

    private func write(_ comparison: ManifestComparison, to writer: inout JSONWriter) {
        writer.object("files") { writer in
            writer.member("unchanged", comparison.unchanged)
            writer.member("changed", comparison.changed.map(\.text))
            writer.member("removed", comparison.removed.map(\.text))
            writer.member("added", comparison.added.map(\.text))
            writer.array("renamed") { writer in
                for renaming in comparison.renamed {
                    writer.object {
                        $0.member("from", renaming.from.text)
                        $0.member("to", renaming.to.text)
                    }
                }
            }
        }
    }

    private func write(_ name: String, _ facts: [Fact], to writer: inout JSONWriter) {
        writer.object(name) { writer in for fact in facts { writer.member(fact.name, fact.value) } }
    }
}
