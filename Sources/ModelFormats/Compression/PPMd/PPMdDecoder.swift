internal import ByteParsing

/// Decodes PPMd, variant H, behind 7z's range coder: method 03 04 01, whose properties are the order and the memory.
///
/// The stream has no end of its own: the container says how many bytes come out.
final class PPMdDecoder: StreamDecoder {
    /// Memory that a stream may ask for: what 7-Zip's highest level does. Only what the model reaches becomes resident.
    static let memoryLimit = 192 << 20
    private static let smallestMemory = 1 << 11
    private static let top: UInt32 = 1 << 24

    var model: PPMdModel
    private let unpackedSize: Int
    private var produced = 0
    private var range: UInt32 = 0xFFFF_FFFF
    private var code: UInt32 = 0
    private var isStarted = false
    /// Whether the input ended too early: all of it is offered at each step, so no more will come.
    private var isCutOff = false
    private var isDamaged = false
    /// Symbols that were ruled out by the longer contexts.
    var isMasked = [Bool](repeating: false, count: 256)
    var candidates: [Int] = []

    /// - Parameter properties: the coder's five bytes.
    /// - Throws: `malformed` for properties that no coder has, `limit` when they ask for too much memory.
    init(properties: ByteRegion, unpackedSize: Int) throws(ParseError) {
        guard properties.count >= 5, let order = properties[0], let memory = properties.little(UInt32.self, at: 1),
            PPMdModel.orders.contains(Int(order)), Int(memory) >= Self.smallestMemory
        else { throw .malformed(reading: "PPMd properties") }
        guard Int(memory) <= Self.memoryLimit else {
            throw .limit(reading: "PPMd data that needs \(Int(memory) >> 20) MiB of memory")
        }
        model = PPMdModel(order: Int(order), memory: Int(memory))
        self.unpackedSize = unpackedSize
        candidates.reserveCapacity(256)
    }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        guard !isCutOff else { return StreamStep(consumed: 0, produced: 0, isAtEnd: false) }
        guard !isDamaged else { throw .malformed(reading: "PPMd stream") }
        var reader = unsafe InputReader(bytes: input)
        if !isStarted {
            isStarted = true
            guard unsafe reader.next() == 0 else { throw .malformed(reading: "PPMd stream") }
            for _ in 0..<4 { code = code << 8 | UInt32(unsafe reader.next()) }
        }
        var written = 0
        while written < output.count, produced < unpackedSize, unsafe !reader.isPastEnd {
            guard let symbol = unsafe symbol(&reader), !model.memory.isBroken else {
                // What was produced before the damage counts: report it first, fail at the next step.
                isDamaged = true
                guard written == 0 else { break }
                throw .malformed(reading: "PPMd stream")
            }
            unsafe output[written] = symbol
            written += 1
            produced += 1
        }
        // The last symbol before the end was made of bytes that are not there.
        isCutOff = unsafe reader.isPastEnd
        return unsafe StreamStep(
            consumed: min(reader.at, input.count), produced: written, isAtEnd: produced >= unpackedSize && !isCutOff)
    }

    @unsafe struct InputReader {
        let bytes: UnsafeRawBufferPointer
        var at = 0
        var isPastEnd: Bool { unsafe at > bytes.count }

        init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

        mutating func next() -> UInt8 {
            let byte: UInt8 = unsafe at < bytes.count ? bytes[at] : 0
            unsafe at += 1
            return byte
        }
    }

    // MARK: Range coder

    func threshold(_ total: Int) -> Int {
        range /= max(1, UInt32(truncatingIfNeeded: total))
        return Int(code / max(1, range))
    }

    @unsafe func decode(_ start: Int, _ size: Int, _ reader: inout InputReader) {
        code &-= UInt32(truncatingIfNeeded: start) &* range
        range &*= UInt32(truncatingIfNeeded: size)
        unsafe normalise(&reader)
    }

    @unsafe private func normalise(_ reader: inout InputReader) {
        for _ in 0..<2 where range < Self.top {
            code = code << 8 | UInt32(unsafe reader.next())
            range <<= 8
        }
    }

    // MARK: Symbols

    private static let escapes = [25, 14, 9, 7, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2]

    /// The next symbol; nil when the stream is none that a coder wrote.
    @unsafe private func symbol(_ reader: inout InputReader) -> UInt8? {
        let count = model.stateCount(model.context)
        if count != 1 {
            if let symbol = unsafe symbolOfMany(count, &reader) { return symbol }
            if isDamaged { return nil }
        } else {
            if let symbol = unsafe onlySymbol(&reader) { return symbol }
        }
        return unsafe symbolAfterEscape(&reader)
    }

    @unsafe private func symbolOfMany(_ count: Int, _ reader: inout InputReader) -> UInt8? {
        let sum = model.frequencySum(model.context)
        let target = threshold(sum)
        var state = model.states(model.context)
        var high = model.frequency(state)
        if target < high {
            unsafe decode(0, high, &reader)
            model.found = state
            let symbol = model.symbol(state)
            model.learn(first: true)
            return symbol
        }
        model.previousSuccess = 0
        for _ in 1..<max(1, count) {
            state += 6
            let frequency = model.frequency(state)
            high += frequency
            guard high > target else { continue }
            unsafe decode(high - frequency, frequency, &reader)
            model.found = state
            let symbol = model.symbol(state)
            model.learn(first: false)
            return symbol
        }
        guard target < sum else {
            isDamaged = true
            return nil
        }
        model.highBits = model.symbol(model.found) >= 0x40 ? 8 : 0
        unsafe decode(high, sum - high, &reader)
        for index in isMasked.indices { isMasked[index] = false }
        let first = model.states(model.context)
        for index in 0..<count { isMasked[Int(model.symbol(first + 6 * index))] = true }
        return nil
    }

    @unsafe private func onlySymbol(_ reader: inout InputReader) -> UInt8? {
        let state = model.onlyState(model.context)
        let below = model.stateCount(model.suffix(model.context))
        model.highBits = model.symbol(model.found) >= 0x40 ? 8 : 0
        let kind = below <= 1 ? 0 : below == 2 ? 2 : below <= 11 ? 4 : 6
        let place =
            ((model.frequency(state) - 1) & 0x7F) * 64 + model.previousSuccess + kind + model.highBits
            + (model.symbol(state) >= 0x40 ? 16 : 0) + Int(model.runLength >> 26) & 0x20
        let probability = Int(model.binary[place])
        let mean = (probability + 32) >> 7
        let bound = (range >> 14) &* UInt32(probability)
        if code < bound {
            range = bound
            unsafe normalise(&reader)
            model.binary[place] = UInt16(truncatingIfNeeded: probability + 128 - mean)
            model.found = state
            let symbol = model.symbol(state)
            model.learnOnly()
            return symbol
        }
        code &-= bound
        range &-= bound
        unsafe normalise(&reader)
        model.binary[place] = UInt16(truncatingIfNeeded: probability - mean)
        model.initialEscape = Self.escapes[(probability - mean) >> 10 & 15]
        for index in isMasked.indices { isMasked[index] = false }
        isMasked[Int(model.symbol(state))] = true
        model.previousSuccess = 0
        return nil
    }
}
