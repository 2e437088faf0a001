internal import ByteParsing

extension PickleMachine {
    /// A little-endian unsigned integer of 1, 2, 4 or 8 bytes.
    @inline(__always) func unsigned(_ bytes: RawSpan, _ at: Int, width: Int) -> UInt64? {
        guard at >= 0, at &+ width <= bytes.byteCount else { return nil }
        // Inside of the bytes: checked in the line above.
        switch width {
        case 1: return UInt64(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at, as: UInt8.self))
        case 2:
            return UInt64(
                UInt16(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt16.self)))
        case 4:
            return UInt64(
                UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt32.self)))
        default:
            return UInt64(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
        }
    }

    /// The line at `at` without its newline, and what follows it.
    func line(_ bytes: RawSpan, _ at: Int) -> (Range<Int>, next: Int)? {
        guard at <= bytes.byteCount else { return nil }
        var from = at
        while true {
            let end = min(bytes.byteCount, from &+ Self.lineWindow)
            if let length = bytes.extracting(from..<end).firstOffset(of: 0x0A) {
                return (at..<(from &+ length), from &+ length &+ 1)
            }
            guard end < bytes.byteCount else { return nil }
            // What is no pickle may have no line end at all: its pages need not stay.
            region.discard(before: end)
            from = end
        }
    }

    private static let lineWindow = 4 << 20

    @inline(__always)
    mutating func pushText(_ bytes: RawSpan, _ at: Int, width: Int, _ listener: any PickleListener) -> Int {
        guard let length = unsigned(bytes, at &+ 1, width: width) else { return fail(truncated(at)) }
        let start = at &+ 1 &+ width
        guard length <= UInt64(bytes.byteCount &- start) else { return fail(truncated(at)) }
        let count = Int(length)
        guard PickleText.isUTF8(bytes, start, count, surrogates: true) else {
            return fail(.malformed(at: at, reading: "UTF-8 text"))
        }
        let value = PickleValue(.text, at)
        if count >= 8 { suspect(value, bytes, start, count, listener) }
        return push(value, next: start &+ count)
    }

    mutating func pushBytes(
        _ kind: PickleValue.Kind, _ bytes: RawSpan, _ at: Int, width: Int, _ listener: any PickleListener
    ) -> Int {
        guard let length = unsigned(bytes, at &+ 1, width: width) else { return fail(truncated(at)) }
        let start = at &+ 1 &+ width
        guard length <= UInt64(bytes.byteCount &- start) else { return fail(truncated(at)) }
        let value = PickleValue(kind, at)
        suspect(value, bytes, start, Int(length), listener)
        return push(value, next: start &+ Int(length))
    }

    /// Tells the listener of a constant that begins like a pickle, a compressed stream, an archive or a program, plain or as
    /// text without spaces that may be one of them encoded.
    @inline(__always)
    private func suspect(
        _ value: PickleValue, _ bytes: RawSpan, _ start: Int, _ count: Int, _ listener: any PickleListener
    ) {
        guard count >= 8 else { return }
        // Both bytes lie inside: the value has at least eight.
        let first = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: start, as: UInt8.self)
        let second = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: start &+ 1, as: UInt8.self)
        switch first {
        case 0x80: if second > 5 { return }
        case 0xC2: if second != 0x80 { return }
        case 0x78 where second == 0x9C || second == 0xDA || second == 0x01 || second == 0x5E || second == 0xC2: break
        case 0x1F: if second != 0x8B && second != 0xC2 { return }
        case 0x42 where second == 0x5A, 0xFD where second == 0x37, 0x04 where second == 0x22, 0x28 where second == 0xB5,
            0x50 where second == 0x4B, 0x37 where second == 0x7A, 0x5D where second == 0, 0x7F where second == 0x45,
            0x4D where second == 0x5A, 0xCF where second == 0xFA, 0x93 where second == 0x4E:
            break
        case 0x63, 0x28, 0x69, 0x70, 0x76:
            // `p` and `v` are `c` and `i` by ROT13.
            let head = bytes.extracting(start..<(start &+ min(count, 128)))
            guard head.firstOffset(of: 0x0A) != nil || Self.mayBeEncoded(head) else { return }
        // A key in PEM.
        case 0x2D where second == 0x2D: break
        // A name that others look up on an object.
        case 0x5F where second == 0x5F && (count == 16 || count == 19 || count == 24 || count == 28): break
        default: guard Self.mayBeEncoded(bytes.extracting(start..<(start &+ min(count, 128)))) else { return }
        }
        listener.suspected(value, in: self)
    }

    /// Whether a text has no spaces at its beginning and is long enough to be something encoded.
    private static func mayBeEncoded(_ head: RawSpan) -> Bool {
        guard head.byteCount >= 20 else { return false }
        for index in 0..<min(head.byteCount, 48) {
            guard let byte = head.byte(at: index), byte > 0x20, byte < 0x7F else { return false }
        }
        return true
    }

    mutating func pushConstant(
        _ opcode: PickleOpcode, _ bytes: RawSpan, _ at: Int, _ listener: any PickleListener
    ) -> Int {
        if opcode == .long1 || opcode == .long4 { return pushLong(opcode, bytes, at) }
        guard let (range, next) = line(bytes, at &+ 1) else { return fail(truncated(at)) }
        let text = bytes.extracting(range)
        switch opcode {
        case .unicode:
            guard PickleText.rawUnicodeEscape(text, keeping: 0) != nil else {
                return fail(.malformed(at: at, reading: "raw-unicode-escape text"))
            }
            let value = PickleValue(.text, at)
            suspect(value, bytes, range.lowerBound, range.count, listener)
            return push(value, next: next)
        case .string:
            guard let decoded = PickleText.quoted(text, keeping: 256) else {
                return fail(.malformed(at: at, reading: "quoted string"))
            }
            let value = PickleValue(.legacyText, at)
            if decoded.count >= 8 {
                let copy = ByteRegion(decoded)
                suspect(value, copy.bytes, 0, copy.count, listener)
            }
            return push(value, next: next)
        case .float:
            guard PickleNumber.double(text) != nil else { return fail(.malformed(at: at, reading: "float")) }
            return push(PickleValue(.float, at), next: next)
        case .int:
            if text.byteCount == 2, text.byte(at: 0) == 0x30 {
                if text.byte(at: 1) == 0x30 { return push(.no, next: next) }
                if text.byte(at: 1) == 0x31 { return push(.yes, next: next) }
            }
            return pushInteger(PickleNumber.integer(text, base: 0, octal: true), at, next)
        default:
            var end = range.upperBound
            if !range.isEmpty, bytes.byte(at: end &- 1) == 0x4C { end &-= 1 }
            return pushInteger(
                PickleNumber.integer(bytes.extracting(range.lowerBound..<end), base: 0, octal: false), at, next)
        }
    }

    private mutating func pushInteger(_ parsed: PickleNumber.Parsed?, _ at: Int, _ next: Int) -> Int {
        switch parsed {
        case .small(let value): push(PickleValue(integer: value) ?? PickleValue(.bigInteger, at), next: next)
        case .big: push(PickleValue(.bigInteger, at), next: next)
        case nil: fail(.malformed(at: at, reading: "integer"))
        }
    }

    private mutating func pushLong(_ opcode: PickleOpcode, _ bytes: RawSpan, _ at: Int) -> Int {
        let width = opcode == .long1 ? 1 : 4
        guard let length = unsigned(bytes, at &+ 1, width: width) else { return fail(truncated(at)) }
        guard length <= 0x7FFF_FFFF else { return fail(.malformed(at: at, reading: "LONG length")) }
        let start = at &+ 1 &+ width
        guard Int(length) <= bytes.byteCount &- start else { return fail(truncated(at)) }
        let next = start &+ Int(length)
        if length <= 8 {
            var value: UInt64 = 0
            for index in 0..<Int(length) { value |= UInt64(bytes.byte(at: start &+ index) ?? 0) << (8 * UInt64(index)) }
            if length > 0, length < 8, value >> (8 * length - 1) & 1 == 1 { value |= ~UInt64(0) << (8 * length) }
            if let small = PickleValue(integer: Int(Int64(bitPattern: value))) { return push(small, next: next) }
        }
        return push(PickleValue(.bigInteger, at), next: next)
    }
}
