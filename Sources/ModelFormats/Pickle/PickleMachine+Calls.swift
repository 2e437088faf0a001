internal import ByteParsing

extension PickleMachine {
    mutating func importName(
        _ opcode: PickleOpcode, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        switch opcode {
        case .global, .inst:
            guard let (module, afterModule) = line(bytes, at &+ 1), let (name, next) = line(bytes, afterModule)
            else { return fail(truncated(at)) }
            guard isName(bytes, module, opcode), isName(bytes, name, opcode) else {
                return fail(.malformed(at: at, reading: "name"))
            }
            let value = PickleValue(
                .global, intern(module: bytes.extracting(module), name: bytes.extracting(name), at: at))
            guard failure == nil else { return -1 }
            noteWrapper(value, at, listener)
            listener.imported(value, opcode: opcode, at: at, in: self)
            guard opcode == .inst else { return push(value, next: next) }
            guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
            let arguments = arena.make(.tuple, opcode: opcode, at: at, stack, from: mark)
            cut(to: mark)
            return makeCall(value, arguments, nil, opcode, at, next: next, listener)
        case .stackGlobal:
            guard stack.count &- fence >= 2 else { return underflow(at) }
            let name = stack.removeLast()
            let module = stack.removeLast()
            let value: PickleValue
            if let moduleRange = plainName(module), let nameRange = plainName(name) {
                value = PickleValue(
                    .global,
                    intern(module: bytes.extracting(moduleRange), name: bytes.extracting(nameRange), at: at))
            } else if let moduleText = constantName(module), let nameText = constantName(name) {
                // Bytes of an array, for as long as the array is here.
                value = unsafe PickleValue(
                    .global, intern(module: moduleText.span.bytes, name: nameText.span.bytes, at: at))
            } else if isPossibleName(module), isPossibleName(name) {
                value = arena.make(.computedGlobal, opcode: opcode, at: at, module, name)
            } else {
                return fail(.malformed(at: at, reading: "STACK_GLOBAL operands"))
            }
            guard failure == nil else { return -1 }
            noteWrapper(value, at, listener)
            listener.imported(value, opcode: opcode, at: at, in: self)
            return push(value, next: at &+ 1)
        case .ext1, .ext2, .ext4:
            let width = opcode == .ext1 ? 1 : opcode == .ext2 ? 2 : 4
            guard let raw = unsigned(bytes, at &+ 1, width: width) else { return fail(truncated(at)) }
            let code = width == 4 ? Int(Int32(truncatingIfNeeded: raw)) : Int(raw)
            guard code > 0 else { return fail(.malformed(at: at, reading: "extension code \(code)")) }
            let value = PickleValue(.extensionCode, code)
            listener.imported(value, opcode: opcode, at: at, in: self)
            return push(value, next: at &+ 1 &+ width)
        case .persid:
            guard let (id, next) = line(bytes, at &+ 1) else { return fail(truncated(at)) }
            guard isASCII(bytes, id) else {
                return fail(.malformed(at: at, reading: "persistent id"))
            }
            return push(
                arena.make(.persistent, opcode: opcode, at: at, PickleValue(.text, at)), next: next)
        default:
            guard let id = pop() else { return underflow(at) }
            return push(arena.make(.persistent, opcode: opcode, at: at, id), next: at &+ 1)
        }
    }

    /// Whether a line can be a name: UTF-8 for GLOBAL, ASCII for INST.
    private func isName(_ bytes: RawSpan, _ part: Range<Int>, _ opcode: PickleOpcode) -> Bool {
        guard PickleText.isUTF8(bytes, part.lowerBound, part.count, surrogates: false) else { return false }
        guard opcode == .inst else { return true }
        return isASCII(bytes, part)
    }

    private func isASCII(_ bytes: RawSpan, _ part: Range<Int>) -> Bool {
        for index in part where bytes.byte(at: index).map({ $0 >= 0x80 }) ?? false { return false }
        return true
    }

    /// Where a text lies that is its own UTF-8 encoding: checked when it was pushed.
    private func plainName(_ value: PickleValue) -> Range<Int>? {
        guard value.kind == .text, let range = range(of: value), range.count <= Self.textLimit else { return nil }
        return range
    }

    /// UTF-8 bytes of a constant that can be a name.
    private func constantName(_ value: PickleValue) -> [UInt8]? {
        guard let points = codePoints(value) else { return nil }
        var result: [UInt8] = []
        for point in points {
            switch point {
            case 0..<0x80: result.append(UInt8(point))
            case 0x80..<0x800: result += [UInt8(0xC0 | point >> 6), UInt8(0x80 | point & 0x3F)]
            case 0x800..<0x10000:
                result += [UInt8(0xE0 | point >> 12), UInt8(0x80 | point >> 6 & 0x3F), UInt8(0x80 | point & 0x3F)]
            default:
                result += [
                    UInt8(truncatingIfNeeded: 0xF0 | point >> 18), UInt8(0x80 | point >> 12 & 0x3F),
                    UInt8(0x80 | point >> 6 & 0x3F), UInt8(0x80 | point & 0x3F),
                ]
            }
        }
        return result
    }

    private func isPossibleName(_ value: PickleValue) -> Bool {
        value.kind == .text || value.kind == .legacyText || canAct(value)
    }

    mutating func call(_ opcode: PickleOpcode, _ at: Int, _ listener: any PickleListener) -> Int {
        switch opcode {
        case .obj:
            guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
            guard mark < stack.count else { return underflow(at) }
            let callee = stack[mark]
            guard canAct(callee) else { return notCallable(at) }
            let arguments = arena.make(.tuple, opcode: opcode, at: at, stack, from: mark &+ 1)
            cut(to: mark)
            return makeCall(callee, arguments, nil, opcode, at, next: at &+ 1, listener)
        case .newObjEx:
            guard stack.count &- fence >= 3 else { return underflow(at) }
            let keywords = stack.removeLast()
            let arguments = stack.removeLast()
            let callee = stack.removeLast()
            guard canAct(callee) else { return notCallable(at) }
            guard isIterable(arguments), isKeywords(keywords) else {
                return fail(.malformed(at: at, reading: "NEWOBJ_EX arguments"))
            }
            return makeCall(callee, arguments, keywords, opcode, at, next: at &+ 1, listener)
        default:
            guard stack.count &- fence >= 2 else { return underflow(at) }
            let arguments = stack.removeLast()
            let callee = stack.removeLast()
            guard canAct(callee) else { return notCallable(at) }
            guard isIterable(arguments) else { return fail(.malformed(at: at, reading: "arguments")) }
            return makeCall(callee, arguments, nil, opcode, at, next: at &+ 1, listener)
        }
    }

    private mutating func notCallable(_ at: Int) -> Int { fail(.malformed(at: at, reading: "callable")) }

    private func isIterable(_ value: PickleValue) -> Bool {
        switch value.kind {
        case .node, .elided, .text, .legacyText, .bytes, .byteArray: true
        default: canAct(value)
        }
    }

    private func isKeywords(_ value: PickleValue) -> Bool {
        if canAct(value) { return true }
        guard let node = arena.node(of: value) else { return value.kind == .elided && value.elidedKind == .dict }
        guard node.kind == .dict else { return false }
        let children = arena.children(of: value, limit: 4096)
        for index in stride(from: 0, to: children.count, by: 2) where !isPossibleName(children[index]) { return false }
        return true
    }

    private mutating func makeCall(
        _ callee: PickleValue, _ arguments: PickleValue, _ keywords: PickleValue?, _ opcode: PickleOpcode, _ at: Int,
        next: Int, _ listener: any PickleListener
    ) -> Int {
        let result: PickleValue
        if callee.kind == .global, keywords == nil, arena.nodes.count >= arena.nodeBudget, arena.isInert(arguments) {
            result = PickleValue(.elidedCall, callee.payload)
        } else if let keywords {
            result = arena.make(.call, opcode: opcode, at: at, callee, arguments, keywords)
        } else {
            result = arena.make(.call, opcode: opcode, at: at, callee, arguments)
        }
        if arena.isExhausted { return fail(.limit(at: at, reading: "pickle objects")) }
        listener.called(
            result, callee: callee, arguments: arguments, keywords: keywords, opcode: opcode, at: at, in: self)
        return push(result, next: next)
    }

    mutating func build(_ bytes: RawSpan, _ at: Int, _ listener: any PickleListener) -> Int {
        guard stack.count &- fence >= 2 else { return underflow(at) }
        let state = stack.removeLast()
        guard let target = stack.last else { return underflow(at) }
        guard canAct(target) else {
            // A plain value has no attributes: only an empty state passes.
            if isTrue(state), !isEmptyPair(state) { return fail(.malformed(at: at, reading: "BUILD target")) }
            return at &+ 1
        }
        arena.set(state: state, of: target)
        listener.built(target, state: state, at: at, in: self)
        return passArray(of: target, state: state, bytes, at, next: at &+ 1, listener)
    }

    /// `(None, None)` and the like: the pair of state and slot state, both empty.
    private func isEmptyPair(_ state: PickleValue) -> Bool {
        guard let node = arena.node(of: state), node.kind == .tuple, node.count == 2 else { return false }
        return arena.children(of: state, limit: 2).allSatisfy { !isTrue($0) }
    }

    /// Whether the value is something whose behaviour is unknown: a name, a call's result, a buffer.
    func canAct(_ value: PickleValue) -> Bool {
        switch value.kind {
        case .global, .extensionCode, .buffer, .elidedCall: true
        case .node:
            switch arena.node(of: value)?.kind {
            case .call, .persistent, .computedGlobal: true
            default: false
            }
        default: false
        }
    }
}
