internal import ByteParsing

/// The model of PPMd, variant H (Dmitry Shkarin, 2001), as 7z's method 03 04 01 uses it: contexts of up to `order` symbols
/// in a memory of fixed size, which is emptied when it is full.
///
/// Coder and decoder agree only if they run out of memory at the same symbol: the allocator is part of the format. Memory
/// is one block with units of 12 bytes; references are offsets in it, 0 for none. Every access is checked: one outside of
/// the block sets `isBroken` and reads as 0.
struct PPMdModel: ~Copyable {
    static let unit = 12
    static let orders = 2...64
    static let maximalFrequency = 124

    let order: Int
    var memory: PPMdMemory
    /// The context in which the next symbol is looked for, and the longest one.
    var context = 0
    var longest = 0
    /// The state (symbol, frequency, successor) that was found last.
    var found = 0
    /// How far the context is below the full order.
    var orderFall = 0
    var initialEscape = 0
    var previousSuccess = 0
    var highBits = 0
    var runLength: Int32 = 0
    var initialRunLength: Int32 = 0
    /// Probabilities of contexts with one symbol: 128 frequencies by 64 circumstances.
    var binary = [UInt16](repeating: 0, count: 128 * 64)
    /// Secondary estimates of the escape: 25 by 16, and one for contexts of all symbols.
    var escapes = [Escape](repeating: Escape(), count: 25 * 16 + 1)

    struct Escape {
        var sum: UInt16 = 0
        var shift: UInt8 = 0
        var count: UInt8 = 0

        /// Learns from a symbol that was found after the escape.
        mutating func update() {
            guard shift < 7 else { return }
            count &-= 1
            guard count == 0 else { return }
            sum <<= 1
            count = 3 << shift
            shift += 1
        }
    }

    /// - Parameter memory: bytes, which the caller has held against a limit.
    init(order: Int, memory size: Int) {
        self.order = order
        memory = PPMdMemory(size: size)
        escapes[25 * 16] = Escape(sum: 0, shift: 7, count: 64)
        restart()
    }

    // MARK: Records

    // A context: number of states, sum of frequencies, reference to the states, reference to the shorter context. With
    // one state alone, the state stands in place of the sum and the reference.

    func stateCount(_ context: Int) -> Int { memory.short(context) }
    func frequencySum(_ context: Int) -> Int { memory.short(context + 2) }
    func states(_ context: Int) -> Int { memory.word(context + 4) }
    func suffix(_ context: Int) -> Int { memory.word(context + 8) }
    func onlyState(_ context: Int) -> Int { context + 2 }
    func symbol(_ state: Int) -> UInt8 { memory.byte(state) }
    func frequency(_ state: Int) -> Int { Int(memory.byte(state + 1)) }
    func successor(_ state: Int) -> Int { memory.short(state + 2) | memory.short(state + 4) << 16 }

    mutating func setStateCount(_ context: Int, _ value: Int) { memory.setShort(context, value) }
    mutating func setFrequencySum(_ context: Int, _ value: Int) { memory.setShort(context + 2, value) }
    mutating func setFrequency(_ state: Int, _ value: Int) {
        memory.setByte(state + 1, UInt8(truncatingIfNeeded: value))
    }
    mutating func setSuccessor(_ state: Int, _ value: Int) {
        memory.setShort(state + 2, value & 0xFFFF)
        memory.setShort(state + 4, value >> 16)
    }

    /// The state of a context that has this symbol; 0 when none has it, which no sound model comes to.
    mutating func state(of context: Int, with symbol: UInt8) -> Int {
        if stateCount(context) == 1 { return onlyState(context) }
        let first = states(context)
        for index in 0..<stateCount(context) where self.symbol(first + 6 * index) == symbol { return first + 6 * index }
        memory.isBroken = true
        return 0
    }

    // MARK: Start

    private static let binaryEscapes = [0x3CDD, 0x1F3F, 0x59BF, 0x48F3, 0x64A1, 0x5ABC, 0x6632, 0x6051]

    mutating func restart() {
        memory.restart()
        orderFall = order
        initialRunLength = -Int32(min(order, 12)) - 1
        runLength = initialRunLength
        previousSuccess = 0
        context = memory.topUnit()
        longest = context
        found = memory.bottomUnits(128)
        memory.setWord(context + 8, 0)
        setStateCount(context, 256)
        setFrequencySum(context, 257)
        memory.setWord(context + 4, found)
        for symbol in 0..<256 {
            let state = found + 6 * symbol
            memory.setByte(state, UInt8(symbol))
            setFrequency(state, 1)
            setSuccessor(state, 0)
        }
        for frequency in 0..<128 {
            for kind in 0..<8 {
                let value = UInt16((1 << 14) - Self.binaryEscapes[kind] / (frequency + 2))
                for step in stride(from: 0, to: 64, by: 8) { binary[frequency * 64 + kind + step] = value }
            }
        }
        for row in 0..<25 {
            for column in 0..<16 {
                escapes[row * 16 + column] = Escape(sum: UInt16((5 * row + 10) << 3), shift: 3, count: 4)
            }
        }
    }

    // MARK: Learning
}
