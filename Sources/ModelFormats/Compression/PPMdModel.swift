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
    private static let maximalFrequency = 124

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
    private var initialRunLength: Int32 = 0
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
    private mutating func setSuccessor(_ state: Int, _ value: Int) {
        memory.setShort(state + 2, value & 0xFFFF)
        memory.setShort(state + 4, value >> 16)
    }

    /// The state of a context that has this symbol; 0 when none has it, which no sound model comes to.
    private mutating func state(of context: Int, with symbol: UInt8) -> Int {
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

    /// A symbol of a context with several states was found: the first of them, or another.
    mutating func learn(first isFirst: Bool) {
        if isFirst {
            previousSuccess = 2 * frequency(found) > frequencySum(context) ? 1 : 0
            runLength &+= Int32(previousSuccess)
        }
        setFrequencySum(context, frequencySum(context) + 4)
        setFrequency(found, frequency(found) + 4)
        if isFirst {
            if frequency(found) > Self.maximalFrequency { rescale() }
        } else if frequency(found) > frequency(found - 6) {
            memory.swapStates(found, found - 6)
            found -= 6
            if frequency(found) > Self.maximalFrequency { rescale() }
        }
        next()
    }

    /// The symbol of a context with one state was found.
    mutating func learnOnly() {
        let value = frequency(found)
        setFrequency(found, value + (value < 128 ? 1 : 0))
        previousSuccess = 1
        runLength &+= 1
        next()
    }

    /// A symbol was found after an escape.
    mutating func learnAfterEscape() {
        setFrequencySum(context, frequencySum(context) + 4)
        setFrequency(found, frequency(found) + 4)
        if frequency(found) > Self.maximalFrequency { rescale() }
        runLength = initialRunLength
        update()
    }

    private mutating func next() {
        let successor = successor(found)
        if orderFall == 0, successor > memory.text {
            context = successor
            longest = successor
        } else {
            update()
        }
    }

    /// Halves the frequencies of the context and drops the states whose becomes zero.
    private mutating func rescale() {
        let first = states(context)
        let count = stateCount(context)
        guard count > 1, found >= first, memory.contains(first, count * 6) else { return memory.isBroken = true }
        memory.moveState(found, to: first)
        var escape = frequencySum(context) - frequency(first)
        let adder = orderFall != 0 ? 1 : 0
        setFrequency(first, (frequency(first) + 4 + adder) >> 1)
        var sum = frequency(first)
        var state = first
        for _ in 1..<count {
            state += 6
            escape -= frequency(state)
            setFrequency(state, (frequency(state) + adder) >> 1)
            sum += frequency(state)
            if frequency(state) > frequency(state - 6) {
                var place = state - 6
                while place != first, frequency(state) > frequency(place - 6) { place -= 6 }
                memory.moveState(state, to: place)
            }
        }
        var dropped = 0
        while dropped < count - 1, frequency(state) == 0 {
            dropped += 1
            state -= 6
        }
        if dropped > 0 {
            escape += dropped
            let left = count - dropped
            setStateCount(context, left)
            let units = (count + 1) / 2
            if left == 1 {
                let symbol = symbol(first)
                let successor = successor(first)
                var frequency = frequency(first)
                repeat {
                    frequency -= frequency >> 1
                    escape >>= 1
                } while escape > 1
                memory.free(first, units: units)
                found = onlyState(context)
                memory.setByte(found, symbol)
                setFrequency(found, frequency)
                setSuccessor(found, successor)
                return
            }
            if units != (left + 1) / 2 {
                memory.setWord(context + 4, memory.shrink(first, from: units, to: (left + 1) / 2))
            }
        }
        setFrequencySum(context, sum + escape - escape >> 1)
        found = states(context)
    }

    /// Makes the contexts that follow after the found state in the contexts below; nil when memory is full.
    private mutating func makeSuccessors(skipping: Bool) -> Int? {
        let branch = successor(found)
        let wanted = symbol(found)
        var current = context
        var waiting: [Int] = skipping ? [] : [found]
        while suffix(current) != 0, !memory.isBroken {
            current = suffix(current)
            let state = state(of: current, with: wanted)
            let next = successor(state)
            if next != branch {
                current = next
                if waiting.isEmpty { return current }
                break
            }
            guard waiting.count < 64 else {
                memory.isBroken = true
                return nil
            }
            waiting.append(state)
        }
        let symbol = memory.byte(branch)
        var frequency: Int
        if stateCount(current) == 1 {
            frequency = self.frequency(onlyState(current))
        } else {
            let own = self.frequency(state(of: current, with: symbol)) - 1
            let others = frequencySum(current) - stateCount(current) - own
            if 2 * own <= others {
                frequency = 1 + (5 * own > others ? 1 : 0)
            } else {
                guard others > 0 else {
                    memory.isBroken = true
                    return nil
                }
                frequency = 1 + (2 * own + 3 * others - 1) / (2 * others)
            }
        }
        for state in waiting.reversed() {
            guard !memory.isBroken, let made = memory.allocateContext() else { return nil }
            setStateCount(made, 1)
            memory.setByte(made + 2, symbol)
            setFrequency(made + 2, frequency)
            setSuccessor(made + 2, branch + 1)
            memory.setWord(made + 8, current)
            setSuccessor(state, made)
            current = made
        }
        return current
    }

    /// Puts the found symbol into the contexts that did not have it, and makes the next context.
    private mutating func update() {
        guard !memory.isBroken else { return }
        let symbol = symbol(found)
        if frequency(found) < Self.maximalFrequency / 4, suffix(context) != 0 {
            raiseSymbol(in: suffix(context), symbol)
        }
        if orderFall == 0 {
            guard let made = makeSuccessors(skipping: true) else { return restart() }
            context = made
            longest = made
            setSuccessor(found, made)
            return
        }
        guard memory.appendText(symbol) else { return restart() }
        var next = memory.text
        var reached = successor(found)
        if reached != 0 {
            if reached <= next {
                guard let made = makeSuccessors(skipping: false) else { return restart() }
                reached = made
            }
            orderFall -= 1
            if orderFall == 0 {
                next = reached
                if longest != context { memory.text -= 1 }
            }
        } else {
            setSuccessor(found, next)
            reached = context
        }
        let count = stateCount(context)
        let rest = frequencySum(context) - count - (frequency(found) - 1)
        var current = longest
        while current != context, !memory.isBroken {
            guard add(symbol, to: current, successor: next, among: count, rest: rest) else { return restart() }
            current = suffix(current)
        }
        context = reached
        longest = reached
    }

    private mutating func raiseSymbol(in context: Int, _ symbol: UInt8) {
        var state = state(of: context, with: symbol)
        if stateCount(context) == 1 {
            if frequency(state) < 32 { setFrequency(state, frequency(state) + 1) }
            return
        }
        if state != states(context), frequency(state) >= frequency(state - 6) {
            memory.swapStates(state, state - 6)
            state -= 6
        }
        if frequency(state) < Self.maximalFrequency - 9 {
            setFrequency(state, frequency(state) + 2)
            setFrequencySum(context, frequencySum(context) + 2)
        }
    }

    /// Adds a state to a context; false when memory is full.
    private mutating func add(
        _ symbol: UInt8, to current: Int, successor: Int, among count: Int, rest: Int
    ) -> Bool {
        let own = stateCount(current)
        if own != 1 {
            if own & 1 == 0 {
                guard let grown = memory.grow(states(current), units: own / 2) else { return false }
                memory.setWord(current + 4, grown)
            }
            let sum = frequencySum(current)
            setFrequencySum(
                current, sum + (2 * own < count ? 1 : 0) + (4 * own <= count && sum <= 8 * own ? 2 : 0))
        } else {
            guard let made = memory.allocate(units: 1) else { return false }
            memory.copy(onlyState(current), to: made, count: 6)
            memory.setWord(current + 4, made)
            let old = frequency(made)
            setFrequency(made, old < Self.maximalFrequency / 4 - 1 ? old * 2 : Self.maximalFrequency - 4)
            setFrequencySum(current, frequency(made) + initialEscape + (count > 3 ? 1 : 0))
        }
        let sum = frequencySum(current)
        var weight = 2 * frequency(found) * (sum + 6)
        let scale = rest + sum
        if weight < 6 * scale {
            weight = 1 + (weight > scale ? 1 : 0) + (weight >= 4 * scale ? 1 : 0)
            setFrequencySum(current, sum + 3)
        } else {
            weight = 4 + (weight >= 9 * scale ? 1 : 0) + (weight >= 12 * scale ? 1 : 0) + (weight >= 15 * scale ? 1 : 0)
            setFrequencySum(current, sum + weight)
        }
        let state = states(current) + 6 * own
        memory.setByte(state, symbol)
        setFrequency(state, weight)
        setSuccessor(state, successor)
        setStateCount(current, own + 1)
        return true
    }
}
