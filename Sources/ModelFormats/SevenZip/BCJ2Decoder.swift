internal import ByteParsing

/// 7-Zip's filter for x86 programs with four streams: the program without the targets of its calls and jumps, those of
/// calls, those of jumps, and a range coder's bits that say which branches were taken out.
///
/// Source: the description in 7-Zip's `Methods.txt` and the public-domain `Bcj2.c` of the LZMA SDK 9.20. The main stream
/// is the decoder's input; the others are held whole.
final class BCJ2Decoder: StreamDecoder {
    private let calls: ByteRegion
    private let jumps: ByteRegion
    private let bits: ByteRegion
    private var callOffset = 0
    private var jumpOffset = 0
    private var bitOffset = 0
    private var range: UInt32 = .max
    private var code: UInt32 = 0
    /// One probability for each byte before a call, one for jumps, one for conditional jumps.
    private var probabilities = [UInt32](repeating: 1024, count: 258)
    private var previous: UInt8 = 0
    /// Position in the output, which branch targets are relative to.
    private var position: UInt32 = 0
    /// Bytes of a target that did not fit the output yet, the next one lowest.
    private var target: UInt32 = 0
    private var targetBytes = 0
    private var isDamaged = false

    init(calls: ByteRegion, jumps: ByteRegion, bits: ByteRegion) throws(ParseError) {
        self.calls = calls
        self.jumps = jumps
        self.bits = bits
        guard bits.count >= 5 else { throw .truncated(reading: "BCJ2 range coder") }
        for index in 0..<5 { code = code << 8 | UInt32(bits[index] ?? 0) }
        bitOffset = 5
    }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        guard !isDamaged else { throw .malformed(reading: "BCJ2 stream") }
        var at = 0
        var written = 0
        while written < output.count {
            if targetBytes > 0 {
                unsafe output[written] = UInt8(truncatingIfNeeded: target)
                target >>= 8
                targetBytes -= 1
                written += 1
                position &+= 1
                continue
            }
            guard at < input.count else { break }
            let byte = unsafe input[at]
            at += 1
            unsafe output[written] = byte
            written += 1
            position &+= 1
            let isBranch = byte & 0xFE == 0xE8 || previous == 0x0F && byte & 0xF0 == 0x80
            guard isBranch else {
                previous = byte
                continue
            }
            let index = byte == 0xE8 ? Int(previous) : byte == 0xE9 ? 256 : 257
            guard let isTaken = bit(index), !isTaken || takeTarget(ofCall: byte == 0xE8) else {
                // What was produced before the damage counts: report it first, fail at the next step.
                isDamaged = true
                return StreamStep(consumed: at, produced: written, isAtEnd: false)
            }
            if !isTaken { previous = byte }
        }
        return StreamStep(consumed: at, produced: written, isAtEnd: at == input.count && targetBytes == 0)
    }

    /// Reads an absolute target and keeps it as a relative one.
    private func takeTarget(ofCall isCall: Bool) -> Bool {
        guard let absolute = isCall ? calls.big(UInt32.self, at: callOffset) : jumps.big(UInt32.self, at: jumpOffset)
        else { return false }
        if isCall { callOffset += 4 } else { jumpOffset += 4 }
        target = absolute &- (position &+ 4)
        targetBytes = 4
        previous = UInt8(truncatingIfNeeded: target >> 24)
        return true
    }

    /// The range coder's next bit, or nil at the end of its bytes.
    private func bit(_ index: Int) -> Bool? {
        let probability = probabilities[index]
        let bound = (range >> 11) &* probability
        let isSet = code >= bound
        if isSet {
            range &-= bound
            code &-= bound
            probabilities[index] = probability - probability >> 5
        } else {
            range = bound
            probabilities[index] = probability + (2048 - probability) >> 5
        }
        if range < 1 << 24 {
            guard let next = bits[bitOffset] else { return nil }
            bitOffset += 1
            range <<= 8
            code = code << 8 | UInt32(next)
        }
        return isSet
    }
}
