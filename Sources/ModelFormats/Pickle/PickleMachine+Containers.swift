internal import ByteParsing

extension PickleMachine {
    private enum Target { case list, dict, set, byteArray, actor, other }

    private func target(_ value: PickleValue) -> Target {
        switch value.kind {
        case .byteArray: return .byteArray
        case .elided: return target(value.elidedKind)
        case .node:
            guard let node = arena.node(of: value) else { return .other }
            return node.kind.acts ? .actor : target(node.kind)
        default: return canAct(value) ? .actor : .other
        }
    }

    private func target(_ kind: PickleNode.Kind) -> Target {
        switch kind {
        case .list: .list
        case .dict: .dict
        case .set: .set
        default: .other
        }
    }

    mutating func pushTuple(
        _ count: Int, _ opcode: PickleOpcode, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        guard stack.count &- fence >= count else { return underflow(at) }
        let start = stack.count &- count
        let value = arena.make(.tuple, opcode: opcode, at: at, stack, from: start)
        cut(to: start)
        stack.append(value)
        weigh(value, at, listener)
        return at &+ 1
    }

    /// TUPLE, LIST, DICT and FROZENSET: a container of everything above the mark.
    mutating func collect(_ opcode: PickleOpcode, _ at: Int, _ listener: any PickleListener) -> Int {
        guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
        let kind: PickleNode.Kind
        switch opcode {
        case .tuple: kind = .tuple
        case .list: kind = .list
        case .frozenSet: kind = .frozenSet
        default: kind = .dict
        }
        if kind == .dict {
            guard (stack.count &- mark) & 1 == 0 else {
                return fail(.malformed(at: at, reading: "odd number of items for DICT"))
            }
            guard hasHashableKeys(from: mark) else { return unhashable(at) }
        }
        if kind == .frozenSet {
            for index in mark..<stack.count where !arena.isHashable(stack[index]) { return unhashable(at) }
        }
        let value = arena.make(kind, opcode: opcode, at: at, stack, from: mark)
        cut(to: mark)
        weigh(value, at, listener)
        return push(value, next: at &+ 1)
    }

    private func hasHashableKeys(from mark: Int) -> Bool {
        var index = mark
        while index < stack.count {
            if !stack[index].isInert || stack[index].kind == .byteArray || stack[index].kind == .elided,
                !arena.isHashable(stack[index])
            {
                return false
            }
            index &+= 2
        }
        return true
    }

    private mutating func unhashable(_ at: Int) -> Int { fail(.malformed(at: at, reading: "unhashable key")) }

    mutating func setItems(_ at: Int, _ listener: any PickleListener) -> Int {
        guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
        guard mark > fence else { return underflow(at) }
        let next = store(from: mark, .setItems, at, listener)
        if next > 0 { cut(to: mark) }
        return next
    }

    mutating func setItem(_ at: Int, _ listener: any PickleListener) -> Int {
        guard stack.count &- fence >= 3 else { return underflow(at) }
        let start = stack.count &- 2
        let next = store(from: start, .setItem, at, listener)
        if next > 0 { cut(to: start) }
        return next
    }

    /// Pairs above `start` go to the mapping below it.
    private mutating func store(
        from start: Int, _ opcode: PickleOpcode, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        let count = stack.count &- start
        if count == 0 { return at &+ 1 }
        guard count & 1 == 0 else { return fail(.malformed(at: at, reading: "odd number of items for SETITEMS")) }
        let container = stack[start &- 1]
        switch target(container) {
        case .dict:
            guard hasHashableKeys(from: start) else { return unhashable(at) }
            arena.add(stack, from: start, to: container)
            weigh(container, at, listener)
        case .list:
            var index = start
            while index < stack.count {
                let size = Int(arena.node(of: container)?.count ?? 0)
                guard let position = stack[index].integer ?? truth(stack[index]), position < size, position >= -size
                else { return fail(.malformed(at: at, reading: "list index")) }
                arena.replace(position < 0 ? position + size : position, of: container, with: stack[index &+ 1])
                index &+= 2
            }
        case .byteArray:
            var index = start
            while index < stack.count {
                let size = range(of: container)?.count ?? 0
                guard let position = stack[index].integer ?? truth(stack[index]), position < size, position >= -size,
                    isByte(stack[index &+ 1])
                else { return fail(.malformed(at: at, reading: "byte assignment")) }
                index &+= 2
            }
        case .actor: listener.stored(stack[start...], into: container, opcode: opcode, at: at, in: self)
        default: return fail(.malformed(at: at, reading: "item assignment"))
        }
        return at &+ 1
    }

    private func isByte(_ value: PickleValue) -> Bool {
        (value.integer ?? truth(value)).map { (0...255).contains($0) } ?? false
    }

    private func truth(_ value: PickleValue) -> Int? {
        value.kind == .yes ? 1 : value.kind == .no ? 0 : nil
    }

    mutating func append(_ at: Int, _ listener: any PickleListener) -> Int {
        guard stack.count &- fence >= 2 else { return underflow(at) }
        let start = stack.count &- 1
        let next = extend(from: start, .append, at, listener)
        if next > 0 { stack.removeLast() }
        return next
    }

    mutating func appends(_ at: Int, _ listener: any PickleListener) -> Int {
        guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
        guard mark > fence else { return underflow(at) }
        let next = extend(from: mark, .appends, at, listener)
        if next > 0 { cut(to: mark) }
        return next
    }

    private mutating func extend(
        from start: Int, _ opcode: PickleOpcode, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        if start == stack.count { return at &+ 1 }
        let container = stack[start &- 1]
        switch target(container) {
        case .list:
            arena.add(stack, from: start, to: container)
            weigh(container, at, listener)
        case .byteArray:
            // The bytes themselves are not followed: whoever loads a pickle from them is reported for that.
            for index in start..<stack.count where !isByte(stack[index]) {
                return fail(.malformed(at: at, reading: "byte"))
            }
        case .actor: listener.stored(stack[start...], into: container, opcode: opcode, at: at, in: self)
        default: return fail(.malformed(at: at, reading: "append to something that is no list"))
        }
        return at &+ 1
    }

    mutating func addItems(_ at: Int, _ listener: any PickleListener) -> Int {
        guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
        guard mark > fence else { return underflow(at) }
        if mark == stack.count { return at &+ 1 }
        let container = stack[mark &- 1]
        switch target(container) {
        case .set:
            for index in mark..<stack.count where !arena.isHashable(stack[index]) { return unhashable(at) }
            arena.add(stack, from: mark, to: container)
            weigh(container, at, listener)
        case .actor: listener.stored(stack[mark...], into: container, opcode: .addItems, at: at, in: self)
        default: return fail(.malformed(at: at, reading: "items added to something that is no set"))
        }
        cut(to: mark)
        return at &+ 1
    }

    /// Notes references that multiply and nesting that overflows loaders' stacks.
    @inline(__always)
    private mutating func weigh(_ value: PickleValue, _ at: Int, _ listener: any PickleListener) {
        guard value.kind == .node, let node = arena.node(of: value) else { return }
        if node.weight > 4_294_967_296 { note(.expansion, at, listener) }
        if node.depth == 255 { note(.depth, at, listener) }
    }

    /// Whether Python would count the value as true.
    func isTrue(_ value: PickleValue) -> Bool {
        switch value.kind {
        case .none, .no: return false
        case .integer: return value.integer != 0
        case .float: return double(value) != 0
        case .text: return !(codePoints(value, limit: 1) ?? []).isEmpty
        case .legacyText, .bytes, .byteArray: return !(byteArray(value, limit: 1) ?? []).isEmpty
        case .bigInteger: return bigInteger(value) != [0]
        case .node:
            guard let node = arena.node(of: value) else { return true }
            switch node.kind {
            case .list, .tuple, .dict, .set, .frozenSet: return node.count > 0
            default: return true
            }
        default: return true
        }
    }
}
