package import ByteParsing

/// A name that a pickle imports: GLOBAL, INST or STACK_GLOBAL with constant operands.
package struct PickleGlobal: Sendable {
    /// What is imported: the same object for the same name.
    package let names: PickleName
    /// Offset of the first opcode that imports it.
    package let offset: Int
    let hash: UInt64
    package var module: String { names.module }
    package var name: String { names.name }

    /// Code points of module and name, lone surrogates included.
    package var codePoints: (module: [UInt32], name: [UInt32]) {
        let parts = names.key.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count == 2 else { return ([], []) }
        func decode(_ bytes: [UInt8]) -> [UInt32] {
            let region = ByteRegion(bytes)
            return PickleText.utf8(region.bytes, limit: bytes.count)
        }
        return (decode(parts[0]), decode(parts[1]))
    }
}

/// The unpickling machine of CPython (`Modules/_pickle.c`, `Lib/pickle.py`) over symbolic values: it runs every opcode
/// of protocols 0 to 5 and calls nothing. What would be imported, called and given state is told to a listener.
///
/// Where the C and the Python unpickler differ, the machine follows the one that goes on, so that it sees whatever
/// either of them would do; frames are noted and not enforced for the same reason.
///
/// Not followed: `find_class` and `reducer_override` of particular loaders, and `__reduce__` side effects of real
/// classes, which don't exist for symbolic values.
package struct PickleMachine: ~Copyable {
    /// The bytes that the stream lies in; all offsets count from its start.
    package let region: ByteRegion
    package private(set) var globals: [PickleGlobal] = []
    /// Indices of names by their hash, once there are too many to look through.
    private var globalIndex: [UInt64: Int] = [:]
    var arena = PickleArena()

    var stack: [PickleValue] = []
    /// Stack heights at which the open marks lie; `fence` is the last of them, or 0.
    var marks: [Int] = []
    var fence = 0
    /// Memo entries by index, `PickleValue.absent` where none was stored.
    private var memo: [PickleValue] = []
    private var farMemo: [UInt64: PickleValue] = [:]
    private var memoCount = 0

    private(set) var failure: ParseError?
    /// End of the frame that is open, or 0.
    private var frameEnd = 0
    private var noted: Set<PickleAnomaly> = []
    /// Streams within the stream: joblib writes a pickle of its own for each array of objects.
    var suspended: [Suspended] = []

    struct Suspended {
        let stack: [PickleValue]
        let marks: [Int]
        let memo: [PickleValue]
        let farMemo: [UInt64: PickleValue]
        let memoCount: Int
    }

    /// Values on the stack, marks and memo entries that are kept before the stream counts as an attack.
    static let heightLimit = 3 << 20
    /// Different names that one stream may import.
    static let mostNames = 1 << 16
    /// Names that are looked through one by one.
    private static let fewNames = 16
    static let textLimit = 1 << 20

    package init(_ region: ByteRegion) { self.region = region }

    /// Keeps every argument, for comparisons with another implementation; memory then grows with the stream.
    package mutating func keepEverything() {
        arena.inertBudget = .max
        arena.nodeBudget = .max
    }

    /// Clears the stack and the memo for the next stream; names and nodes stay.
    package mutating func reset() {
        stack.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        fence = 0
        memo.removeAll(keepingCapacity: true)
        farMemo = [:]
        memoCount = 0
        failure = nil
        frameEnd = 0
        suspended = []
    }

    /// Executes the stream that starts at `start`.
    ///
    /// - Throws: `limit` when the budget of operations is used up; a broken stream is a result, not an error.
    package mutating func run(
        from start: Int, opcodes limit: Int = .max, budget: Budget, to listener: any PickleListener
    ) throws(ParseError) -> PickleEnding {
        let region = region
        let bytes = region.bytes
        var at = start
        var executed = 0
        var discarded = start
        while true {
            guard at >= 0, at < bytes.byteCount else {
                failure = .truncated(at: at, reading: "opcode")
                break
            }
            if executed >= limit { return PickleEnding(value: nil, error: nil, end: at, opcodes: executed) }
            if executed & 0x3FFF == 0x3FFF {
                try budget.spend(operations: 0x4000, reading: "pickle opcodes")
                if at &- discarded > 4 << 20 {
                    region.discard(before: at &- (1 << 16))
                    discarded = at
                }
            }
            executed &+= 1
            // `at` lies inside of the bytes: checked at the head of the loop.
            let code = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at, as: UInt8.self)
            if let next = quickStep(code, bytes, at, listener) {
                if next < 0 { break }
                if frameEnd != 0, next > frameEnd { leaveFrame(at, listener) }
                at = next
                continue
            }
            guard let opcode = PickleOpcode(rawValue: code) else {
                failure = .malformed(at: at, reading: "opcode 0x" + String(code, radix: 16))
                break
            }
            if opcode == .stop {
                guard stack.count > fence else {
                    failure = .malformed(at: at, reading: "STOP on an empty stack")
                    break
                }
                let value = stack.removeLast()
                if resume() {
                    // The inner stream's value takes the place of the array's wrapper.
                    if stack.count > fence { stack[stack.count &- 1] = value }
                    at &+= 1
                    continue
                }
                try budget.spend(operations: executed & 0x3FFF, reading: "pickle opcodes")
                return PickleEnding(value: value, error: nil, end: at &+ 1, opcodes: executed)
            }
            let next = step(opcode, bytes, at, listener)
            if next < 0 { break }
            if frameEnd != 0, next > frameEnd { leaveFrame(at, listener) }
            at = next
        }
        try budget.spend(operations: executed & 0x3FFF, reading: "pickle opcodes")
        let error = failure ?? .malformed(at: at, reading: "opcode")
        if error.code == .limit { throw error }
        return PickleEnding(value: nil, error: error, end: at, opcodes: executed)
    }

    @inline(never) private mutating func leaveFrame(_ at: Int, _ listener: any PickleListener) {
        if at < frameEnd { note(.frame, at, listener) }
        frameEnd = 0
    }

    // MARK: Stack

    @inline(__always) mutating func push(_ value: PickleValue, next: Int) -> Int {
        guard stack.count < Self.heightLimit else { return fail(.limit(at: next, reading: "pickle stack")) }
        stack.append(value)
        return next
    }

    @inline(__always) mutating func pop() -> PickleValue? {
        stack.count > fence ? stack.removeLast() : nil
    }

    /// Takes everything from the stack that lies at `height` or above it.
    @inline(__always) mutating func cut(to height: Int) {
        if stack.count &- height > 16 { return stack.removeSubrange(height...) }
        while stack.count > height { stack.removeLast() }
    }

    @inline(never) mutating func fail(_ error: ParseError) -> Int {
        if failure == nil { failure = error }
        return -1
    }

    @inline(never) mutating func underflow(_ at: Int) -> Int {
        fail(.malformed(at: at, reading: "stack underflow"))
    }

    @inline(never) func truncated(_ at: Int) -> ParseError { .truncated(at: at, reading: "opcode argument") }

    mutating func note(_ anomaly: PickleAnomaly, _ at: Int, _ listener: any PickleListener) {
        guard noted.count < 64, noted.insert(anomaly).inserted else { return }
        listener.noted(anomaly, at: at, in: self)
    }

    /// Takes the last mark and says where its items start; the items stay on the stack.
    mutating func openMark() -> Int? {
        guard let mark = marks.popLast() else { return nil }
        fence = marks.last ?? 0
        return mark
    }

    /// Takes the last mark and everything above it.
    private mutating func popMark() -> [PickleValue]? {
        guard let mark = openMark() else { return nil }
        let items = Array(stack[mark...])
        cut(to: mark)
        return items
    }

    // MARK: Memo

    private mutating func remember(_ index: UInt64, _ at: Int, next: Int, _ listener: any PickleListener) -> Int {
        guard stack.count > fence, let value = stack.last else { return underflow(at) }
        if index < UInt64(memo.count) {
            let place = Int(index)
            if memo[place] == .absent { memoCount &+= 1 }
            memo[place] = value
        } else if index <= UInt64(memo.count &+ 1024) {
            guard memo.count < Self.heightLimit else { return fail(.limit(at: at, reading: "pickle memo")) }
            while memo.count < Int(index) { memo.append(.absent) }
            memo.append(value)
            memoCount &+= 1
        } else {
            if index > UInt64(memoCount &+ 1) << 4 &+ (1 << 20) { note(.memoIndex(index), at, listener) }
            guard farMemo.count < Self.heightLimit / 16 else {
                return fail(.limit(at: at, reading: "pickle memo"))
            }
            if farMemo.updateValue(value, forKey: index) == nil { memoCount &+= 1 }
        }
        return next
    }

    private mutating func recall(_ index: UInt64, _ at: Int, next: Int) -> Int {
        if index < UInt64(memo.count), memo[Int(index)] != .absent { return push(memo[Int(index)], next: next) }
        if let value = farMemo[index] { return push(value, next: next) }
        return fail(.malformed(at: at, reading: "memo entry \(index)"))
    }

    // MARK: Names

    /// The index of a name in the table of imports.
    mutating func intern(module: RawSpan, name: RawSpan, at offset: Int) -> Int {
        let hash = PickleName.hash(module: module, name: name)
        if globals.count <= Self.fewNames {
            for index in globals.indices
            where globals[index].hash == hash && globals[index].names.matches(module, name) { return index }
        } else if let known = globalIndex[hash], globals[known].names.matches(module, name) {
            return known
        }
        guard globals.count < Self.mostNames else {
            failure = .limit(at: offset, reading: "imported names")
            return 0
        }
        globals.append(
            PickleGlobal(names: .of(module: module, name: name, hash: hash), offset: offset, hash: hash))
        if globals.count == Self.fewNames + 1 {
            for index in globals.indices { globalIndex[globals[index].hash] = index }
        } else if globals.count > Self.fewNames {
            globalIndex[hash] = globals.count - 1
        }
        return globals.count - 1
    }

    // MARK: Streams within the stream

    mutating func suspend() {
        suspended.append(
            Suspended(stack: stack, marks: marks, memo: memo, farMemo: farMemo, memoCount: memoCount))
        stack = []
        marks = []
        fence = 0
        memo = []
        farMemo = [:]
        memoCount = 0
        frameEnd = 0
    }

    private mutating func resume() -> Bool {
        guard let outer = suspended.popLast() else { return false }
        stack = outer.stack
        marks = outer.marks
        fence = marks.last ?? 0
        memo = outer.memo
        farMemo = outer.farMemo
        memoCount = outer.memoCount
        return true
    }

    // MARK: Opcodes

    /// Executes one of the opcodes that most streams consist of, straight from its byte; nil for all others.
    @inline(__always)
    private mutating func quickStep(_ code: UInt8, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener) -> Int?
    {
        switch code {
        case PickleOpcode.shortBinUnicode.rawValue: pushText(bytes, at, width: 1, listener)
        case PickleOpcode.binUnicode.rawValue: pushText(bytes, at, width: 4, listener)
        case PickleOpcode.memoize.rawValue: remember(UInt64(memoCount), at, next: at &+ 1, listener)
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
    private mutating func step(
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
        case .memoize: return remember(UInt64(memoCount), at, next: at &+ 1, listener)
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
