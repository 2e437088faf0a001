internal import ByteParsing

/// Which opcode does what: the frequent ones first.
extension PickleMachine {
    /// Executes one of the opcodes that most streams consist of, straight from its byte; nil for all others.
    @inline(__always)
    mutating func quickStep(_ code: UInt8, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener) -> Int? {
        switch code {
        case PickleOpcode.shortBinUnicode.rawValue: pushText(bytes, at, width: 1, listener)
        case PickleOpcode.binUnicode.rawValue: pushText(bytes, at, width: 4, listener)
        case PickleOpcode.memoize.rawValue: remember(UInt64(memo.count), at, next: at &+ 1, listener)
        case PickleOpcode.binInt1.rawValue where at &+ 2 <= bytes.byteCount:
            // The condition says that the byte is there.
            push(
                PickleValue(.integer, Int(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at &+ 1, as: UInt8.self))),
                next: at &+ 2)
        case PickleOpcode.binGet.rawValue where at &+ 2 <= bytes.byteCount:
            recall(
                UInt64(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at &+ 1, as: UInt8.self)), at, next: at &+ 2)
        case PickleOpcode.binPut.rawValue where at &+ 2 <= bytes.byteCount:
            remember(
                UInt64(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at &+ 1, as: UInt8.self)), at, next: at &+ 2,
                listener)
        case PickleOpcode.none.rawValue: push(.none, next: at &+ 1)
        case PickleOpcode.newTrue.rawValue: push(.yes, next: at &+ 1)
        case PickleOpcode.newFalse.rawValue: push(.no, next: at &+ 1)
        case PickleOpcode.tuple1.rawValue: pushTuple(1, .tuple1, at, listener)
        case PickleOpcode.tuple2.rawValue: pushTuple(2, .tuple2, at, listener)
        case PickleOpcode.tuple3.rawValue: pushTuple(3, .tuple3, at, listener)
        default: nil
        }
    }

    /// Executes one opcode; the result is the offset of the next one, or -1 with `failure` set.
    @inline(__always)
    mutating func step(
        _ opcode: PickleOpcode, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        switch opcode {
        case .binUnicode: return pushText(bytes, at, width: 4, listener)
        case .shortBinUnicode: return pushText(bytes, at, width: 1, listener)
        case .binPut, .longBinPut, .binGet, .longBinGet:
            let isWide = opcode == .longBinPut || opcode == .longBinGet
            guard let index = unsigned(bytes, at &+ 1, width: isWide ? 4 : 1) else { return fail(truncated(at)) }
            let next = at &+ (isWide ? 5 : 2)
            return opcode == .binPut || opcode == .longBinPut
                ? remember(index, at, next: next, listener) : recall(index, at, next: next)
        case .memoize: return remember(UInt64(memo.count), at, next: at &+ 1, listener)
        case .mark:
            guard marks.count < Self.heightLimit else { return fail(.limit(at: at, reading: "pickle marks")) }
            if marks.count == 1000 { note(.marks, at, listener) }
            marks.append(stack.count)
            fence = stack.count
            return at &+ 1
        case .binInt1, .binInt2:
            let width = opcode == .binInt1 ? 1 : 2
            guard let value = unsigned(bytes, at &+ 1, width: width) else { return fail(truncated(at)) }
            return push(PickleValue(.integer, Int(value)), next: at &+ 1 &+ width)
        case .binInt:
            guard let value = unsigned(bytes, at &+ 1, width: 4) else { return fail(truncated(at)) }
            return push(
                PickleValue(.integer, Int(Int32(truncatingIfNeeded: value))), next: at &+ 5)
        case .binFloat:
            guard at &+ 9 <= bytes.byteCount else { return fail(truncated(at)) }
            return push(PickleValue(.float, at), next: at &+ 9)
        case .none: return push(.none, next: at &+ 1)
        case .newTrue: return push(.yes, next: at &+ 1)
        case .newFalse: return push(.no, next: at &+ 1)
        case .emptyDict: return push(arena.make(.dict, opcode: opcode, at: at), next: at &+ 1)
        case .emptyList: return push(arena.make(.list, opcode: opcode, at: at), next: at &+ 1)
        case .emptyTuple: return push(arena.make(.tuple, opcode: opcode, at: at), next: at &+ 1)
        case .emptySet: return push(arena.make(.set, opcode: opcode, at: at), next: at &+ 1)
        case .setItems: return setItems(at, listener)
        case .setItem: return setItem(at, listener)
        case .append: return append(at, listener)
        case .appends: return appends(at, listener)
        case .tuple1: return pushTuple(1, opcode, at, listener)
        case .tuple2: return pushTuple(2, opcode, at, listener)
        case .tuple3: return pushTuple(3, opcode, at, listener)
        case .tuple, .list, .frozenSet, .dict: return collect(opcode, at, listener)
        default: return rareStep(opcode, bytes, at, listener)
        }
    }

    @inline(never)
    private mutating func rareStep(
        _ opcode: PickleOpcode, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        switch opcode {
        case .pop:
            if let mark = marks.last, mark == stack.count {
                _ = openMark()
            } else if pop() == nil {
                return underflow(at)
            }
            return at &+ 1
        case .popMark:
            guard let mark = openMark() else { return fail(.malformed(at: at, reading: "MARK")) }
            cut(to: mark)
            return at &+ 1
        case .dup:
            guard stack.count > fence, let value = stack.last else { return underflow(at) }
            if metWrapper { meet(value) }
            return push(value, next: at &+ 1)
        case .get, .put:
            guard let (line, next) = line(bytes, at &+ 1) else { return fail(truncated(at)) }
            let index = PickleNumber.integer(
                bytes.extracting(line), base: 10, octal: false)
            guard case .small(let value) = index, value >= 0 else {
                return fail(.malformed(at: at, reading: "memo index"))
            }
            return opcode == .put
                ? remember(UInt64(value), at, next: next, listener) : recall(UInt64(value), at, next: next)
        case .proto:
            guard let version = bytes.byte(at: at &+ 1) else { return fail(truncated(at)) }
            guard version <= 5 else { return fail(.malformed(at: at, reading: "protocol \(version)")) }
            return at &+ 2
        case .frame:
            guard !owesArray else { return fail(.malformed(at: at, reading: "frame where an array is owed")) }
            guard let length = unsigned(bytes, at &+ 1, width: 8) else { return fail(truncated(at)) }
            if length > UInt64(bytes.byteCount &- at &- 9) {
                note(.frame, at, listener)
            } else {
                frameEnd = at &+ 9 &+ Int(length)
                if length == 0 { frameEnd = 0 }
            }
            return at &+ 9
        case .binUnicode8: return pushText(bytes, at, width: 8, listener)
        case .shortBinBytes: return pushBytes(.bytes, bytes, at, width: 1, listener)
        case .binBytes: return pushBytes(.bytes, bytes, at, width: 4, listener)
        case .binBytes8: return pushBytes(.bytes, bytes, at, width: 8, listener)
        case .byteArray8: return pushBytes(.byteArray, bytes, at, width: 8, listener)
        case .shortBinString, .binString:
            let width = opcode == .binString ? 4 : 1
            if width == 4, let length = unsigned(bytes, at &+ 1, width: 4), length > 0x7FFF_FFFF {
                return fail(.malformed(at: at, reading: "BINSTRING length"))
            }
            return pushBytes(.legacyText, bytes, at, width: width, listener)
        case .string, .unicode, .int, .long, .float, .long1, .long4:
            return pushConstant(opcode, bytes, at, listener)
        case .global, .inst, .stackGlobal, .ext1, .ext2, .ext4, .persid, .binPersid:
            return importName(opcode, bytes, at, listener)
        case .reduce, .newObj, .newObjEx, .obj: return call(opcode, at, listener)
        case .build: return build(bytes, at, listener)
        case .addItems: return addItems(at, listener)
        case .nextBuffer: return push(PickleValue(.buffer, at), next: at &+ 1)
        case .readonlyBuffer:
            guard stack.count > fence, let value = stack.last else { return underflow(at) }
            switch value.kind {
            case .bytes, .buffer: break
            case .byteArray:
                stack[stack.count &- 1] = arena.make(.view, opcode: opcode, at: at, value)
            default:
                guard canAct(value) || arena.node(of: value)?.kind == .view else {
                    return fail(.malformed(at: at, reading: "buffer"))
                }
            }
            return at &+ 1
        default:
            return fail(.malformed(at: at, reading: "opcode"))
        }
    }
}
