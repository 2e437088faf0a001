/// Makes values of a Python source out of others, within what that may cost: texts and lists grow as their makers like.
final class PythonWork {
    private var budget = FollowingBudget(steps: 32 << 20, bytes: 12 << 20)
    /// Whether something was left unknown because of what it would have cost.
    var isSpent: Bool { budget.isSpent }

    /// Texts up to this size are free: there are no more of them than there are tokens.
    private static let small = 64

    /// Pays for looking at the values once; false when that is too much.
    func spend(on values: [PythonValue]) -> Bool {
        budget.spend(steps: values.reduce(1) { $0 &+ Self.size($1) })
    }

    /// The value that was made from `inputs`, without its text and elements when they are too much to keep.
    func keep(_ value: PythonValue, from inputs: [PythonValue]) -> PythonValue {
        var size = 0
        if let text = value.text, !inputs.contains(where: { $0.text == text }) { size += text.utf8.count }
        if let list = value.list, !inputs.contains(where: { $0.list === list }) {
            size += list.values.count * MemoryLayout<PythonValue>.stride
        }
        guard size > Self.small else { return value }
        return budget.spend(bytes: size)
            ? value
            : PythonValue(made: value.made, held: value.held, origin: value.wholeOrigin.union(.assembled))
    }

    /// The result of a binary operator.
    func combine(_ left: PythonValue, _ symbol: String, _ right: PythonValue) -> PythonValue {
        guard spend(on: [left, right]) else {
            return PythonValue(origin: left.wholeOrigin.union(right.wholeOrigin).union(.assembled))
        }
        return keep(PythonValue.combine(left, symbol, right), from: [left, right])
    }

    private static func size(_ value: PythonValue) -> Int {
        (value.text?.utf8.count ?? 0) &+ (value.list?.values.count ?? 0)
    }
}
