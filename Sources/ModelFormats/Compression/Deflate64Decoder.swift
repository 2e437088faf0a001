internal import ByteParsing

/// "Enhanced deflating" (ZIP's method 9, 7z's 04 01 09): DEFLATE with a window of 64 KiB, distances up to 65,536 and
/// copies of up to 65,538 bytes.
///
/// Like RFC 1951 but for three rows of its tables: length code 285 is 3 with 16 further bits, distance codes 30 and 31
/// exist. APPNOTE 5.5 describes it; zlib's `infback9` and 7-Zip read the same.
final class Deflate64Decoder: StreamDecoder {
    private enum Block {
        case none
        case stored(left: Int)
        case coded
    }

    private static let windowSize = 1 << 16

    private var window = [UInt8](repeating: 0, count: windowSize)
    /// Bytes produced so far; where the next one goes in the window.
    private var produced = 0
    private var block = Block.none
    private var isLastBlock = false
    private var isAtEnd = false
    /// Whether the input ended in the middle of something: all of it is offered at each step, so no more will come.
    private var isCutOff = false
    /// A copy that did not fit the output yet.
    private var copy = (length: 0, distance: 0)
    private var lengths = HuffmanCode()
    private var distances = HuffmanCode()
    /// Bits that were taken from the input and not used, the next one lowest.
    private var bits: UInt64 = 0
    private var bitCount = 0

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        guard !isCutOff else { return StreamStep(consumed: 0, produced: 0, isAtEnd: false) }
        var at = 0
        var written = 0
        do throws(Halt) {
            while written < output.count, !isAtEnd {
                if copy.length > 0 {
                    let byte = window[(produced &- copy.distance) & (Self.windowSize - 1)]
                    copy.length -= 1
                    emit(byte)
                    unsafe output[written] = byte
                    written += 1
                    continue
                }
                switch block {
                case .none: try unsafe beginBlock(input, &at)
                case .stored(let left):
                    if left == 0 {
                        endBlock()
                    } else {
                        let byte = UInt8(truncatingIfNeeded: try unsafe take(8, input, &at))
                        block = .stored(left: left - 1)
                        emit(byte)
                        unsafe output[written] = byte
                        written += 1
                    }
                case .coded:
                    if let byte = try unsafe symbol(input, &at) {
                        emit(byte)
                        unsafe output[written] = byte
                        written += 1
                    }
                }
            }
        } catch {
            switch error {
            case .inputEnded:
                at = input.count
                isCutOff = true
            // What was produced before the damage counts: report it first, fail at the next step.
            case .damaged where written == 0: throw .malformed(reading: "deflate64 stream")
            case .damaged: break
            }
        }
        // Whole bytes that were looked at only belong to whatever follows.
        if isAtEnd {
            at -= min(at, bitCount / 8)
            bitCount = 0
        }
        return StreamStep(consumed: at, produced: written, isAtEnd: isAtEnd)
    }

    private enum Halt: Error {
        case inputEnded
        case damaged
    }

    private func emit(_ byte: UInt8) {
        window[produced & (Self.windowSize - 1)] = byte
        produced &+= 1
    }

    private func endBlock() {
        block = .none
        isAtEnd = isLastBlock
    }

    // MARK: Blocks

    @unsafe private func beginBlock(_ input: UnsafeRawBufferPointer, _ at: inout Int) throws(Halt) {
        isLastBlock = try unsafe take(1, input, &at) == 1
        switch try unsafe take(2, input, &at) {
        case 0:
            _ = try unsafe take(bitCount & 7, input, &at)
            let length = try unsafe take(16, input, &at)
            guard try unsafe take(16, input, &at) == ~length & 0xFFFF else { throw .damaged }
            block = .stored(left: length)
        case 1:
            var fixed = [UInt8](repeating: 8, count: 288)
            for symbol in 144..<256 { fixed[symbol] = 9 }
            for symbol in 256..<280 { fixed[symbol] = 7 }
            lengths = HuffmanCode(fixed[...])
            distances = HuffmanCode([UInt8](repeating: 5, count: 32)[...])
            block = .coded
        case 2:
            try unsafe readCodes(input, &at)
            block = .coded
        default: throw .damaged
        }
    }

    @unsafe private func readCodes(_ input: UnsafeRawBufferPointer, _ at: inout Int) throws(Halt) {
        let lengthCount = try unsafe take(5, input, &at) + 257
        let distanceCount = try unsafe take(5, input, &at) + 1
        let codeCount = try unsafe take(4, input, &at) + 4
        var sizes = [UInt8](repeating: 0, count: 19)
        for index in 0..<codeCount {
            sizes[Self.codeOrder[index]] = UInt8(truncatingIfNeeded: try unsafe take(3, input, &at))
        }
        let code = HuffmanCode(sizes[...])
        guard code.isUsable else { throw .damaged }
        var all: [UInt8] = []
        while all.count < lengthCount + distanceCount {
            let symbol = try unsafe decode(code, input, &at)
            var value: UInt8 = 0
            var count = 1
            switch symbol {
            case ..<16: value = UInt8(symbol)
            case 16:
                guard let last = all.last else { throw .damaged }
                value = last
                count = 3 + (try unsafe take(2, input, &at))
            case 17: count = 3 + (try unsafe take(3, input, &at))
            default: count = 11 + (try unsafe take(7, input, &at))
            }
            guard all.count + count <= lengthCount + distanceCount else { throw .damaged }
            all.append(contentsOf: repeatElement(value, count: count))
        }
        lengths = HuffmanCode(all[..<lengthCount])
        distances = HuffmanCode(all[lengthCount...])
        guard lengths.isUsable, distances.isUsable else { throw .damaged }
    }

    /// The next literal; nil when it was a copy or the end of the block.
    @unsafe private func symbol(_ input: UnsafeRawBufferPointer, _ at: inout Int) throws(Halt) -> UInt8? {
        let symbol = try unsafe decode(lengths, input, &at)
        if symbol < 256 { return UInt8(symbol) }
        if symbol == 256 {
            endBlock()
            return nil
        }
        guard symbol <= 285 else { throw .damaged }
        let length = Self.lengthCodes[symbol - 257]
        let size = length.base + (try unsafe take(length.bits, input, &at))
        let code = try unsafe decode(distances, input, &at)
        guard code < 32 else { throw .damaged }
        // 1, 2, 3, 4, 5-6, 7-8, 9-12, ...: two codes for each number of further bits.
        let further = max(0, code / 2 - 1)
        let base = code < 2 ? code + 1 : (2 + code % 2) << further + 1
        let distance = base + (try unsafe take(further, input, &at))
        guard distance <= min(produced, Self.windowSize) else { throw .damaged }
        copy = (size, distance)
        return nil
    }

    // MARK: Bits

    @unsafe private func need(_ count: Int, _ input: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        while bitCount < count {
            guard at < input.count else { return false }
            bits |= UInt64(unsafe input[at]) << UInt64(bitCount)
            at += 1
            bitCount += 8
        }
        return true
    }

    /// The next `count` bits, at most 16.
    @unsafe private func take(
        _ count: Int, _ input: UnsafeRawBufferPointer, _ at: inout Int
    ) throws(Halt) -> Int {
        guard unsafe need(count, input, &at) else { throw .inputEnded }
        let value = Int(bits & (1 << UInt64(count) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    @unsafe private func decode(
        _ code: HuffmanCode, _ input: UnsafeRawBufferPointer, _ at: inout Int
    ) throws(Halt) -> Int {
        // Near the end fewer bits than the longest code may be left: zeros stand in for them.
        _ = unsafe need(HuffmanCode.longest, input, &at)
        guard let (symbol, length) = code.symbol(for: bits) else { throw .damaged }
        guard length <= bitCount else { throw .inputEnded }
        bits >>= UInt64(length)
        bitCount -= length
        return symbol
    }

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private static let lengthCodes: [(base: Int, bits: Int)] = (0..<29).map { code in
        if code < 8 { return (code + 3, 0) }
        if code == 28 { return (3, 16) }
        let further = code / 4 - 1
        return ((4 + code % 4) << further + 3, further)
    }
}
