internal import AssayCore
internal import ByteParsing

/// A condition over one piece of evidence: its predicate's content, its age, and who signed it.
///
/// The language is small on purpose: paths, comparisons, existence, counting, ages, all, any and not. It has no
/// variables, no loops beyond `*`, and a budget of values that one evaluation may look at.
package indirect enum Condition: Sendable, Hashable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// One of the values that the path reaches passes the test.
    case some(QueryPath, ValueTest)
    /// The path reaches something, and everything that it reaches passes the test.
    case every(QueryPath, ValueTest)
    /// One of the objects that the path reaches meets the condition, whose paths start there.
    case has(QueryPath, Condition)
    /// At least that many values are reached.
    case count(QueryPath, atLeast: Quantity)
    case exists(QueryPath)
    case missing(QueryPath)
    /// The evidence is at most that many days old.
    case age(atMost: Quantity)
    /// The predicate does not say when it was made.
    case undated
    /// A key that the reader trusts signed it.
    case verified
    /// The value at the path, a digest, is one of the subjects'.
    case digestOfSubject(QueryPath)
}

/// What is asked of one value.
package enum ValueTest: Sendable, Hashable {
    case equals(Scalar)
    case oneOf([Scalar])
    case atLeast(Quantity)
    case atMost(Quantity)
    case moreThan(Quantity)
    case lessThan(Quantity)
    /// A shell pattern over the whole text, in any case of ASCII letters.
    case matches(String)
    /// A day that lies at most that many days back.
    case age(atMost: Quantity)
    /// A day that has gone by, or not.
    case expired(Bool)
}

/// A text, number or truth value that a predicate's value is compared with.
package enum Scalar: Sendable, Hashable, CustomStringConvertible {
    case text(String)
    case number(Double)
    case boolean(Bool)

    package var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): Quantity.text(number)
        case .boolean(let value): value ? "true" : "false"
        }
    }

    func equals(_ value: JSONValue) -> Bool {
        switch self {
        case .text(let text): value.matches(Array(text.utf8))
        case .number(let number): value.double == number
        case .boolean(let wanted): value.bool == wanted
        }
    }
}

/// A number, or the name of a parameter that a profile may set.
package enum Quantity: Sendable, Hashable {
    case number(Double)
    case parameter(String)

    func value(_ parameters: [String: Double]) -> Double {
        switch self {
        case .number(let number): number
        // Readers accept only parameters that the vocabulary has; of one that got lost, nothing is enough.
        case .parameter(let id): parameters[id] ?? .nan
        }
    }

    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    }
}

/// What an evaluation knows beside the predicate, and what it may still spend.
struct Evaluation {
    let today: CalendarDate
    let parameters: [String: Double]
    let issued: CalendarDate?
    let standing: EvidenceRecord.Standing
    let subjects: [Statement.Subject]
    /// Values that may still be looked at.
    var left = 200_000

    init(_ record: EvidenceRecord, today: CalendarDate, parameters: [String: Double]) {
        self.today = today
        self.parameters = parameters
        issued = record.issued
        standing = record.standing
        subjects = record.statement.subjects
    }

    mutating func spend() -> Bool {
        left -= 1
        return left >= 0
    }
}
