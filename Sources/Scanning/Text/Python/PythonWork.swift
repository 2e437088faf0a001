/// What following the values of one source may cost: steps, and bytes of the texts and lists that are made on the way.
///
/// A few lines of Python can make as much text as they like; what is over the bound stays unknown, and the source is
/// reported as not read to its end.
final class PythonWork {
    private var steps = 32 << 20
    private var bytes = 24 << 20
    /// Whether something was left unknown because of what it would have cost.
    private(set) var isSpent = false

    /// Texts up to this size are free: there are no more of them than there are tokens.
    private static let small = 64

    /// Pays for looking at the values once; false when that is too much.
    func spend(on values: [PythonValue]) -> Bool {
        let cost = values.reduce(1) { $0 &+ Self.size($1) }
        guard cost <= steps else {
            isSpent = true
            return false
        }
        steps -= cost
        return true
    }

    /// The value that was made from `inputs`, without its text and elements when they are too much to keep.
    func keep(_ value: PythonValue, from inputs: [PythonValue]) -> PythonValue {
        var size = 0
        if let text = value.text, !inputs.contains(where: { $0.text == text }) { size += text.utf8.count }
        if let list = value.list, !inputs.contains(where: { $0.list === list }) {
            size += list.values.count * MemoryLayout<PythonValue>.stride
        }
        guard size > Self.small else { return value }
        guard size <= bytes else {
            isSpent = true
            return PythonValue(made: value.made, held: value.held, origin: value.wholeOrigin.union(.assembled))
        }
        bytes -= size
        return value
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
