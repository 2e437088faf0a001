/// What is known of the nodes of a pickle beyond the pickle itself, within bounds.
///
/// Of long texts and bytes the latest are kept: a pickle of arrays makes as many as it has arrays, and what made the
/// early ones was looked at when it was called.
struct PickleNotes {
    private var values: [Int: PickleDenotation] = [:]
    /// Nodes with long texts, the oldest first, from `start`.
    private var long: [Int] = []
    private var start = 0
    private var bytes = 0

    private static let mostNodes = 1 << 18
    private static let mostBytes = 8 << 20
    /// Bytes from which a text is long.
    private static let longFrom = 256

    var isEmpty: Bool { values.isEmpty }

    /// What is known of the node; setting it forgets older long ones.
    subscript(node: Int) -> PickleDenotation? {
        get { values[node] }
        set {
            if let old = values[node] {
                if old.size >= Self.longFrom { bytes -= old.size }
            } else if values.count >= Self.mostNodes {
                return
            }
            values[node] = newValue
            guard let size = newValue?.size, size >= Self.longFrom else { return }
            bytes += size
            long.append(node)
            while bytes > Self.mostBytes, start < long.count - 1 { forgetOldest() }
        }
    }

    private mutating func forgetOldest() {
        let node = long[start]
        start += 1
        if let old = values[node], old.size >= Self.longFrom {
            bytes -= old.size
            values[node] = nil
        }
        if start > 1024, start > long.count / 2 {
            long.removeFirst(start)
            start = 0
        }
    }
}
