/// A model that is assessed: its digests, the data that it was made from, and what its card says about it.
package struct AssessmentSubject: Sendable {
    /// The name that reports show; nothing is found by it.
    package var name: String
    /// SHA-256 digests that evidence about it names, in lower-case hexadecimal.
    package var digests: Set<String>
    /// Digests of the data and base models that its card names: evidence about data is found by these.
    package var data: Set<String>
    /// Nil when there is no Security Model Card about it.
    package var facts: CardFacts?

    package init(name: String, digests: Set<String>, data: Set<String> = [], facts: CardFacts? = nil) {
        self.name = name
        self.digests = digests
        self.data = data
        self.facts = facts
    }

    /// The digest that reports show: the first of them in order, so that runs agree.
    package var digest: String { digests.min() ?? "" }
}
