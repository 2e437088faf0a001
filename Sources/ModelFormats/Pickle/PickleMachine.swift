package import ByteParsing

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
    /// The names that were imported.
    package var globals: [PickleGlobal] { names.globals }
    private var names = PickleNameTable()
    var arena = PickleArena()

    var stack: [PickleValue] = []
    /// Stack heights at which the open marks lie; `fence` is the last of them, or 0.
    var marks: [Int] = []
    var fence = 0
    private(set) var memo = PickleMemo()

    private(set) var failure: ParseError?
    /// End of the frame that is open, or 0.
    var frameEnd = 0
    /// Whether the loader reads an array behind the frame that is open, before any further opcode.
    var owesArray = false
    /// Whether joblib's wrapper of arrays was imported.
    var metWrapper = false
    /// Whether arrays in the stream are passed over, as joblib does it; a plain unpickler runs them.
    package var followsArrays = true
    /// Whether what was passed over began like opcodes.
    package var passedOpcodes = false
    /// Wrappers that wait for their state, or are somewhere else.
    var wrappersAtLarge = 0
    private var noted: Set<PickleAnomaly> = []
    /// Streams within the stream: joblib writes a pickle of its own for each array of objects.
    var suspended: [Suspended] = []

    struct Suspended {
        let stack: [PickleValue]
        let marks: [Int]
        let memo: PickleMemo
    }

    /// Values on the stack and marks that are kept before the stream counts as an attack.
    static let heightLimit = 3 << 20
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
        memo.removeAll()
        failure = nil
        frameEnd = 0
        owesArray = false
        metWrapper = false
        passedOpcodes = false
        wrappersAtLarge = 0
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
                if frameEnd != 0, next > frameEnd, !leaveFrame(at, listener) { break }
                at = next
                continue
            }
            guard let opcode = PickleOpcode(rawValue: code) else {
                failure = .malformed(at: at, reading: "opcode 0x" + String(code, radix: 16))
                break
            }
            if opcode == .stop {
                if owesArray, at >= frameEnd, !leaveFrame(at, listener) { break }
                guard stack.count > fence else {
                    failure = .malformed(at: at, reading: "STOP on an empty stack")
                    break
                }
                let value = stack.removeLast()
                if stack.count > 1_000 { note(.leftovers, at, listener) }
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
            if frameEnd != 0, next > frameEnd, !leaveFrame(at, listener) { break }
            at = next
        }
        try budget.spend(operations: executed & 0x3FFF, reading: "pickle opcodes")
        let error = failure ?? .malformed(at: at, reading: "opcode")
        if error.code == .limit { throw error }
        return PickleEnding(value: nil, error: error, end: at, opcodes: executed)
    }

    /// Notes an opcode across the frame's end; false when opcodes end where an array is owed, of which the place, and
    /// with it that of all further opcodes, is the loader's own secret.
    @inline(never) private mutating func leaveFrame(_ at: Int, _ listener: any PickleListener) -> Bool {
        if at < frameEnd { note(.frame, at, listener) }
        if owesArray { _ = fail(.malformed(at: frameEnd, reading: "array behind a frame that goes on")) }
        frameEnd = 0
        return !owesArray
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

    // MARK: Memo and names

    /// Stores the topmost value under `index`.
    @inline(__always)
    mutating func remember(_ index: UInt64, _ at: Int, next: Int, _ listener: any PickleListener) -> Int {
        guard stack.count > fence, let value = stack.last else { return underflow(at) }
        if memo.isFar(index), memo.isImplausible(index) { note(.memoIndex(index), at, listener) }
        guard memo.store(value, under: index) else { return fail(.limit(at: at, reading: "pickle memo")) }
        return next
    }

    /// Pushes what was stored under `index`.
    @inline(__always) mutating func recall(_ index: UInt64, _ at: Int, next: Int) -> Int {
        guard let value = memo[index] else { return fail(.malformed(at: at, reading: "memo entry \(index)")) }
        if metWrapper { meet(value) }
        return push(value, next: next)
    }

    /// The index of a name in the table of imports.
    mutating func intern(module: RawSpan, name: RawSpan, at offset: Int) -> Int {
        if let index = names.index(module: module, name: name, at: offset) { return index }
        failure = .limit(at: offset, reading: "imported names")
        return 0
    }

    // MARK: Streams within the stream

    mutating func suspend() {
        suspended.append(Suspended(stack: stack, marks: marks, memo: memo))
        stack = []
        marks = []
        fence = 0
        memo = PickleMemo()
        frameEnd = 0
    }

    private mutating func resume() -> Bool {
        guard let outer = suspended.popLast() else { return false }
        stack = outer.stack
        marks = outer.marks
        fence = marks.last ?? 0
        memo = outer.memo
        return true
    }
}
