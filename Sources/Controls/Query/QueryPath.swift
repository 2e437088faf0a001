internal import ByteParsing

/// A path into a predicate: names separated by `/`, where `*` stands for every element of an array or member of an
/// object.
package struct QueryPath: Sendable, Hashable, CustomStringConvertible {
    enum Step: Sendable, Hashable {
        case name([UInt8])
        case every
    }

    /// Steps that a path may have.
    static let limit = 12
    /// `*` steps that a path may have.
    static let wildcards = 3

    let steps: [Step]
    package let description: String

    /// Nil for an empty path, an empty name, or too many steps.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= Self.limit, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        steps = parts.map { $0.elementsEqual("*".utf8) ? .every : .name(Array($0)) }
        guard steps.count(where: { $0 == .every }) <= Self.wildcards else { return nil }
        description = text
    }

    /// Hands each value that the path reaches to `body`, until it returns false or the budget is spent.
    func forEach(in root: JSONValue, _ evaluation: inout Evaluation, _ body: (JSONValue, inout Evaluation) -> Bool) {
        _ = walk(root, steps[...], &evaluation, body)
    }

    // The depth is that of the path, which is bounded.
    private func walk(
        _ value: JSONValue, _ left: ArraySlice<Step>, _ evaluation: inout Evaluation,
        _ body: (JSONValue, inout Evaluation) -> Bool
    ) -> Bool {
        guard let step = left.first else { return value.isNull || body(value, &evaluation) }
        switch step {
        case .name(let name):
            for (key, inner) in value.members where key.matches(name) {
                return walk(inner, left.dropFirst(), &evaluation, body)
            }
            return true
        case .every:
            if value.isArray {
                for element in value.elements {
                    guard evaluation.spend(), walk(element, left.dropFirst(), &evaluation, body) else { return false }
                }
            } else {
                for (_, inner) in value.members {
                    guard evaluation.spend(), walk(inner, left.dropFirst(), &evaluation, body) else { return false }
                }
            }
            return true
        }
    }
}
