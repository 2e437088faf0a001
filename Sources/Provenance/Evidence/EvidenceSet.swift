package import AssayCore
internal import Crypto

/// Pieces of evidence that are verified together.
///
/// A threshold counts different signers of one statement, wherever their signatures stand: in one envelope, or in bundles
/// of their own, which hold one signature each.
package struct EvidenceSet: Sendable {
    /// The answer about one piece of evidence.
    package struct Answer: Sendable {
        /// Those whose signatures in this file hold.
        package let signers: [EvidenceSigner]
        /// Those who signed the same statement in other files of the set.
        package let others: [EvidenceSigner]
        /// Why it does not verify; nil when it does.
        package let refusal: String?
    }

    private let threshold: Int
    private let judged: [(evidence: EvidenceFile, signers: [EvidenceSigner], reasons: [String], group: [UInt8])]

    /// - Parameter threshold: how many different signers are needed, at least one.
    package init(_ evidence: [EvidenceFile], trust: EvidenceTrust, threshold: Int = 1) {
        self.threshold = max(1, threshold)
        judged = evidence.map { evidence in
            let (signers, reasons) = trust.signers(of: evidence)
            return (evidence, signers, reasons, Array(SHA256.hash(data: evidence.statement.bytes)))
        }
    }

    /// - Parameters:
    ///   - type: the predicate type that evidence has to be of, or nil.
    ///   - subjects: what it has to be about, as `EvidenceSubject` has it, or nil.
    /// - Returns: an answer for each piece of evidence, in their order.
    package func verify(type: String? = nil, subjects: [Statement.Subject]? = nil) -> [Answer] {
        var groups: [[UInt8]: [EvidenceSigner]] = [:]
        for one in judged { groups[one.group, default: []] += one.signers }
        return judged.map { one in
            let all = groups[one.group] ?? []
            var refusal: String?
            do throws(EvidenceError) {
                guard !one.signers.isEmpty else { throw EvidenceError(one.reasons.joined(separator: "; ")) }
                let count = EvidenceSigner.count(all)
                guard count >= threshold else {
                    throw EvidenceError("\(count) of those trusted signed it, and \(threshold) are needed")
                }
                try one.evidence.checkPredicate()
                if let type, one.evidence.statement.predicateType != type {
                    throw EvidenceError("it is of the type \(one.evidence.statement.predicateType)")
                }
                if let subjects { try one.evidence.checkSubject(subjects) }
            } catch {
                refusal = error.reason
            }
            return Answer(signers: one.signers, others: all.filter { !one.signers.contains($0) }, refusal: refusal)
        }
    }
}
