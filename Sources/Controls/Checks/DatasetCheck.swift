/// A calculation that a guideline asks for, with what it was made of: a result is evidence, with its sample sizes and
/// limits.
package struct DatasetCheck: Sendable {
    /// What is calculated; the raw values are the names of commands and of predicates.
    package enum Kind: String, Sendable, CaseIterable {
        case sampleSize = "sample-size"
        case classSize = "class-size"
        case labellers
        case independence
        case capacity
        case retention
    }

    /// What came of it.
    package enum Outcome: String, Sendable, CaseIterable {
        case passed, failed
        /// What was looked at does not decide it.
        case inconclusive
    }

    /// A number, and what it was held against.
    package struct Metric: Sendable, Hashable {
        /// On which side of the threshold a value has to lie.
        package enum Comparison: String, Sendable { case atLeast = ">=", atMost = "<=" }

        package let name: String
        /// Not a number where it is undefined: a share of nothing.
        package let value: Double
        /// What the value is held against; nil when nothing is wanted of it.
        package let threshold: Double?
        /// Nil with the threshold.
        package let comparison: Comparison?
        /// The group that it is about: a class, a labeller.
        package let group: String?

        package init(
            _ name: String, _ value: Double, _ comparison: Comparison? = nil, _ threshold: Double? = nil,
            group: String? = nil
        ) {
            self.name = name
            self.value = value
            self.comparison = comparison
            self.threshold = threshold
            self.group = group
        }

        /// Whether it is as wanted; nil when nothing is wanted of it, or it is undefined.
        var holds: Bool? {
            guard let threshold, let comparison, value.isFinite else { return nil }
            return comparison == .atLeast ? value >= threshold : value <= threshold
        }
    }

    package let kind: Kind
    /// Failed when one metric is; inconclusive when one is undefined, or none is held against anything.
    package let outcome: Outcome
    /// One sentence with the numbers.
    package let summary: String
    /// What was calculated, and what each number was held against.
    package let metrics: [Metric]
    /// How many samples were looked at.
    package let samples: Int
    /// What the result does not say.
    package let limitations: [String]
    /// Where the rule comes from.
    package let source: String

    init(
        _ kind: Kind, _ summary: String, metrics: [Metric], samples: Int, limitations: [String], source: String,
        undecided: Bool = false
    ) {
        self.kind = kind
        self.summary = summary
        self.metrics = metrics
        self.samples = samples
        self.limitations = limitations
        self.source = source
        let judged = metrics.filter { $0.threshold != nil }
        if judged.contains(where: { $0.holds == false }) {
            outcome = .failed
        } else if undecided || judged.isEmpty || judged.contains(where: { $0.holds == nil }) {
            outcome = .inconclusive
        } else {
            outcome = .passed
        }
    }
}
