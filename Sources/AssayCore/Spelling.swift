/// Names that somebody may have meant.
public enum Spelling {
    /// The name that is nearest to `word`, if it is near: a third of its letters may differ.
    public static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let near = names.map { (name: $0, steps: distance(word, $0)) }.min { $0.steps < $1.steps }
        guard let near, near.steps <= max(1, near.name.count / 3) else { return nil }
        return near.name
    }

    /// Letters to insert, remove, exchange or swap with their neighbour (optimal string alignment) until both are alike.
    public static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.prefix(40)), Array(right))
        var rows = [Array(0...right.count)]
        for (row, letter) in left.enumerated() {
            var line = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    line[column] + 1, rows[row][column + 1] + 1, rows[row][column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, rows[row - 1][column - 1] + 1)
                }
                line.append(cost)
            }
            rows.append(line)
        }
        return rows[left.count][right.count]
    }
}
