/// The stretches of the weights file that an OpenVINO graph's constants name.
struct OpenVINOConstants {
    private var stretches: [(start: Int, end: Int)] = []

    mutating func add(_ start: Int, _ length: Int) {
        if stretches.count < 1_000_000 { stretches.append((start, start + length)) }
    }

    /// Constants are written one after the other: a far one points outside of the weights that belong to the graph.
    func gap() -> String? {
        var end = 0
        for stretch in stretches.sorted(by: { $0.start < $1.start }) {
            if stretch.start - end > 1 << 16 {
                return "a constant lies at offset \(stretch.start), where the others end at \(end)"
            }
            end = max(end, stretch.end)
        }
        return nil
    }
}
