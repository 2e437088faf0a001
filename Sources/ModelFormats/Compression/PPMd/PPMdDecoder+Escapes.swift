/// What follows an escape: a symbol of a shorter context, among those that the longer ones did not rule out.
extension PPMdDecoder {
    @unsafe func symbolAfterEscape(_ reader: inout InputReader) -> UInt8? {
        while !model.memory.isBroken {
            let masked = model.stateCount(model.context)
            repeat {
                model.orderFall += 1
                model.context = model.suffix(model.context)
                // The end of the stream, as a coder may mark it.
                guard model.context != 0 else { return nil }
            } while model.stateCount(model.context) == masked
            let count = model.stateCount(model.context)
            guard count > masked else { return nil }
            candidates.removeAll(keepingCapacity: true)
            var high = 0
            var state = model.states(model.context)
            for _ in 0..<count {
                if !isMasked[Int(model.symbol(state))] {
                    candidates.append(state)
                    high += model.frequency(state)
                }
                state += 6
            }
            guard candidates.count == count - masked else { return nil }
            let place = escapePlace(count: count, masked: masked)
            let estimate = escapeEstimate(place)
            let total = high + estimate
            let target = threshold(total)
            if target < high {
                var reached = 0
                for candidate in candidates {
                    reached += model.frequency(candidate)
                    guard reached > target else { continue }
                    let frequency = model.frequency(candidate)
                    unsafe decode(reached - frequency, frequency, &reader)
                    model.escapes[place].update()
                    model.found = candidate
                    let symbol = model.symbol(candidate)
                    model.learnAfterEscape()
                    return symbol
                }
            }
            guard target >= high, target < total else { return nil }
            unsafe decode(high, total - high, &reader)
            model.escapes[place].sum &+= UInt16(truncatingIfNeeded: total)
            for candidate in candidates { isMasked[Int(model.symbol(candidate))] = true }
        }
        return nil
    }

    /// Which of the secondary estimates goes with the context.
    private func escapePlace(count: Int, masked: Int) -> Int {
        guard count != 256 else { return 25 * 16 }
        let left = count - masked
        let below = model.stateCount(model.suffix(model.context))
        // The difference has no sign: a shorter context that lost symbols counts as one that has very many.
        return Self.rows[(left - 1) & 0xFF] * 16 + (below < count || left < below - count ? 1 : 0)
            + (model.frequencySum(model.context) < 11 * count ? 2 : 0) + (masked > left ? 4 : 0) + model.highBits
    }

    private func escapeEstimate(_ place: Int) -> Int {
        guard place < 25 * 16 else { return 1 }
        let estimate = model.escapes[place].sum >> UInt16(model.escapes[place].shift)
        model.escapes[place].sum &-= estimate
        return max(1, Int(estimate))
    }

    /// Row of the estimates by the number of symbols that are left: 0, 1, 2, then each one more often than the last.
    private static let rows: [Int] = {
        var rows = [0, 1, 2]
        var row = 3
        var left = 1
        while rows.count < 256 {
            rows.append(row)
            left -= 1
            if left == 0 {
                row += 1
                left = row - 2
            }
        }
        return rows
    }()
}
