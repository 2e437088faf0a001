internal import ByteParsing

/// What a symbol that was found does to the frequencies.
extension PPMdModel {
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

    mutating func next() {
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

    mutating func raiseSymbol(in context: Int, _ symbol: UInt8) {
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
}
