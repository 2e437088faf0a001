/// The nodes that a pickle makes, and their children, in two flat arrays.
///
/// Children come in chunks (a header word with the next chunk's index and the number of words, then the words), so
/// that appending never copies. Past `inertBudget` words only children that can act are kept; past `nodeBudget` nodes,
/// containers of inert constants get no node at all. Memory thus stays flat however long the stream is, and nothing
/// that could be called is ever forgotten before the hard limits are hit.
struct PickleArena {
    private(set) var nodes: [PickleNode] = []
    private var words: [UInt64] = [0]
    /// Containers that began as elided and then got something that can act, by offset.
    private var materialised: [Int: Int] = [:]
    /// Room for the children of small nodes.
    private var few: [PickleValue] = []
    var inertBudget = 1 << 19
    var nodeBudget = 1 << 18
    static let hardNodes = 3 << 18
    static let hardWords = 2 << 20
    /// Set once a hard limit was hit: what follows is not kept.
    private(set) var isExhausted = false

    init() {}

    subscript(index: Int) -> PickleNode? { index < nodes.count ? nodes[index] : nil }

    /// The node behind a value, if it has one.
    func index(of value: PickleValue) -> Int? {
        switch value.kind {
        case .node: value.payload < nodes.count ? value.payload : nil
        case .elided: materialised.isEmpty ? nil : materialised[value.elidedOffset]
        default: nil
        }
    }

    func node(of value: PickleValue) -> PickleNode? { index(of: value).map { nodes[$0] } }

    /// Makes an empty container.
    @inline(__always)
    mutating func make(_ kind: PickleNode.Kind, opcode: PickleOpcode, at offset: Int) -> PickleValue {
        if nodes.count >= nodeBudget { return .elided(kind, at: offset) }
        return add(PickleNode(kind, opcode: opcode.rawValue, at: offset))
    }

    private mutating func add(_ node: PickleNode) -> PickleValue {
        guard nodes.count < Self.hardNodes else {
            isExhausted = true
            return .elided(node.kind == .call ? .tuple : node.kind, at: node.offset)
        }
        nodes.append(node)
        return PickleValue(.node, nodes.count &- 1)
    }

    /// Makes a container of the values from `start` on, or a call.
    mutating func make(
        _ kind: PickleNode.Kind, opcode: PickleOpcode, at offset: Int, _ values: [PickleValue], from start: Int
    ) -> PickleValue {
        let isContainer = kind != .call && kind != .computedGlobal
        if nodes.count >= nodeBudget, isContainer, areInert(values, from: start) { return .elided(kind, at: offset) }
        let value = add(PickleNode(kind, opcode: opcode.rawValue, at: offset))
        if value.kind == .node { store(values, from: start, into: value.payload, keeping: !isContainer) }
        return value
    }

    /// Makes a node of one to three children.
    mutating func make(
        _ kind: PickleNode.Kind, opcode: PickleOpcode, at offset: Int, _ first: PickleValue,
        _ second: PickleValue? = nil, _ third: PickleValue? = nil
    ) -> PickleValue {
        // Taken out, so that it is not shared while it is filled.
        var children: [PickleValue] = []
        swap(&children, &few)
        children.append(first)
        if let second { children.append(second) }
        if let third { children.append(third) }
        let value = make(kind, opcode: opcode, at: offset, children, from: 0)
        children.removeAll(keepingCapacity: true)
        swap(&children, &few)
        return value
    }

    private func areInert(_ values: [PickleValue], from start: Int) -> Bool {
        for index in start..<values.count where !isInert(values[index]) { return false }
        return true
    }

    /// Whether a value can't act: a constant, or a container of such.
    func isInert(_ value: PickleValue) -> Bool {
        if value.isInert { return value.kind != .elided || materialised.isEmpty || index(of: value) == nil }
        guard value.kind == .node, value.payload < nodes.count else { return false }
        let node = nodes[value.payload]
        return !node.isLive && node.kind != .call && node.kind != .persistent && node.kind != .computedGlobal
    }

    /// Adds the values from `start` on to a container.
    mutating func add(_ values: [PickleValue], from start: Int, to container: PickleValue) {
        guard start < values.count else { return }
        if let index = index(of: container) {
            store(values, from: start, into: index, keeping: false)
        } else if container.kind == .elided, !areInert(values, from: start) {
            let made = add(PickleNode(container.elidedKind, opcode: 0, at: container.elidedOffset))
            guard made.kind == .node else { return }
            materialised[container.elidedOffset] = made.payload
            nodes[made.payload].isElided = true
            store(values, from: start, into: made.payload, keeping: false)
        }
    }

    private mutating func store(_ values: [PickleValue], from start: Int, into index: Int, keeping: Bool) {
        var node = nodes[index]
        let count = values.count &- start
        node.count = node.count &+ UInt32(truncatingIfNeeded: count)
        var weight: Float = 0
        var depth: UInt8 = 0
        var isLive = false
        var isHashable = true
        for position in start..<values.count {
            let child = values[position]
            guard child.kind == .node, child.payload < nodes.count else {
                weight += 1
                if child.kind == .byteArray || child.kind == .elided && !isHashableKind(child.elidedKind) {
                    isHashable = false
                }
                if !child.isInert { isLive = true }
                continue
            }
            let inner = nodes[child.payload]
            weight += inner.weight
            if inner.depth >= depth { depth = inner.depth == 255 ? 255 : inner.depth + 1 }
            if inner.isLive || inner.kind.acts { isLive = true }
            if !inner.isHashable || !isHashableKind(inner.kind) { isHashable = false }
        }
        node.weight += weight
        if depth > node.depth { node.depth = depth }
        if isLive { node.isLive = true }
        if !isHashable, node.kind == .tuple { node.isHashable = false }
        if keeping || words.count &+ count <= inertBudget {
            append(values, from: start, to: &node)
        } else {
            // Only what can act is kept now.
            var kept: [PickleValue] = []
            for position in start..<values.count where !isInert(values[position]) { kept.append(values[position]) }
            node.isElided = true
            append(kept, from: 0, to: &node)
        }
        nodes[index] = node
    }

    private mutating func append(_ values: [PickleValue], from start: Int, to node: inout PickleNode) {
        let count = values.count &- start
        guard count > 0 else { return }
        guard words.count &+ count < Self.hardWords else {
            isExhausted = true
            node.isElided = true
            return
        }
        let header = UInt32(truncatingIfNeeded: words.count)
        words.append(UInt64(UInt32(truncatingIfNeeded: count)))
        for position in start..<values.count { words.append(values[position].bits) }
        if node.first == 0 {
            node.first = header
        } else {
            words[Int(node.last)] |= UInt64(header) << 32
        }
        node.last = header
    }

    func isHashableKind(_ kind: PickleNode.Kind) -> Bool {
        switch kind {
        case .list, .dict, .set: false
        default: true
        }
    }

    /// Whether Python could use the value as a key.
    func isHashable(_ value: PickleValue) -> Bool {
        switch value.kind {
        case .byteArray: false
        case .elided: isHashableKind(value.elidedKind)
        case .node:
            value.payload < nodes.count
                && (nodes[value.payload].isHashable && isHashableKind(nodes[value.payload].kind))
        default: true
        }
    }

    /// The children that were kept, at most `limit`.
    func children(of value: PickleValue, limit: Int = .max) -> [PickleValue] {
        guard let node = node(of: value) else { return [] }
        var result: [PickleValue] = []
        var chunk = Int(node.first)
        while chunk != 0, chunk < words.count, result.count < limit {
            let header = words[chunk]
            let count = Int(header & 0xFFFF_FFFF)
            var at = chunk + 1
            let end = min(chunk + 1 + count, words.count)
            while at < end, result.count < limit {
                result.append(PickleValue(bits: words[at]))
                at += 1
            }
            chunk = Int(header >> 32)
        }
        return result
    }

    /// The child at `position`, without making an array.
    func child(_ position: Int, of value: PickleValue) -> PickleValue? {
        guard position >= 0, let node = node(of: value) else { return nil }
        var left = position
        var chunk = Int(node.first)
        while chunk != 0, chunk < words.count {
            let header = words[chunk]
            let count = Int(header & 0xFFFF_FFFF)
            if left < count {
                let at = chunk + 1 + left
                return at < words.count ? PickleValue(bits: words[at]) : nil
            }
            left -= count
            chunk = Int(header >> 32)
        }
        return nil
    }

    /// Replaces the child at `position`.
    mutating func replace(_ position: Int, of value: PickleValue, with new: PickleValue) {
        guard let index = index(of: value) else { return }
        var left = position
        var chunk = Int(nodes[index].first)
        while chunk != 0, chunk < words.count {
            let count = Int(words[chunk] & 0xFFFF_FFFF)
            if left < count, chunk + 1 + left < words.count {
                words[chunk + 1 + left] = new.bits
                if !isInert(new) { nodes[index].isLive = true }
                return
            }
            left -= count
            chunk = Int(words[chunk] >> 32)
        }
    }

    /// Remembers the state that BUILD gave to a call's result.
    mutating func set(state: PickleValue, of value: PickleValue) {
        guard let index = index(of: value), words.count < Self.hardWords else { return }
        if nodes[index].state != 0, Int(nodes[index].state) < words.count {
            words[Int(nodes[index].state)] = state.bits
            return
        }
        nodes[index].state = UInt32(truncatingIfNeeded: words.count)
        words.append(state.bits)
    }

    func state(of value: PickleValue) -> PickleValue? {
        guard let node = node(of: value), node.state != 0, Int(node.state) < words.count else { return nil }
        return PickleValue(bits: words[Int(node.state)])
    }
}
