internal import ByteParsing

/// How contexts come to be, and where the model goes after a symbol.
extension PPMdModel {
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
    mutating func update() {
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
