/// A calculation that a guideline asks for, with what it was made of: a result is evidence, with its sample sizes and
/// limits.
public struct DatasetCheck: Sendable {
    /// What is calculated; the raw values are the names of commands and of predicates.
    public enum Kind: String, Sendable, CaseIterable {
        case sampleSize = "sample-size"
        case classSize = "class-size"
        case labellers
        case independence
        case capacity
        case retention
    }

    /// What came of it.
    public enum Outcome: String, Sendable, CaseIterable {
        case passed, failed
        /// What was looked at does not decide it.
        case inconclusive
    }

    /// A number, and what it was held against.
    public struct Metric: Sendable, Hashable {
        /// On which side of the threshold a value has to lie.
        public enum Comparison: String, Sendable { case atLeast = ">=", atMost = "<=" }

        public let name: String
        public let value: Double
        public let threshold: Double?
        public let comparison: Comparison?
        /// The group that it is about: a class, a labeller.
        public let group: String?

        public init(
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

    public let kind: Kind
    public let outcome: Outcome
    /// One sentence with the numbers.
    public let summary: String
    public let metrics: [Metric]
    /// How many samples were looked at.
    public let samples: Int
    /// What the result does not say.
    public let limitations: [String]
    /// Where the rule comes from.
    public let source: String

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
