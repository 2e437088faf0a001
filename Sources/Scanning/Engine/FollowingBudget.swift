/// What following the values of one source, or of one stream, may cost: steps, and bytes of what is read or made on the way.
///
/// A few lines can make as much as they like. What is over the bound stays unknown, and whoever follows says so.
struct FollowingBudget {
    private var steps: Int
    private var bytes: Int
    /// Whether something was left unknown because of what it would have cost.
    private(set) var isSpent = false

    init(steps: Int = .max, bytes: Int) {
        self.steps = steps
        self.bytes = bytes
    }

    /// Pays for steps; false when that is too much.
    mutating func spend(steps cost: Int) -> Bool { Self.spend(cost, from: &steps, &isSpent) }

    /// Pays for bytes; false when that is too much.
    mutating func spend(bytes cost: Int) -> Bool { Self.spend(cost, from: &bytes, &isSpent) }

    private static func spend(_ cost: Int, from left: inout Int, _ isSpent: inout Bool) -> Bool {
        guard cost <= left else {
            isSpent = true
            return false
        }
        left -= cost
        return true
    }
}
