internal import ByteParsing

/// What constants say: they are kept as places in the stream and read back when somebody asks.
extension PickleMachine {
    /// The raw bytes of a constant with a declared length; nil for other values.
    package func range(of value: PickleValue) -> Range<Int>? {
        guard value.kind == .text || value.kind == .legacyText || value.kind == .bytes || value.kind == .byteArray
        else { return nil }
        let at = value.payload
        let bytes = region.bytes
        guard let code = bytes.byte(at: at), let opcode = PickleOpcode(rawValue: code) else { return nil }
        let width: Int
        switch opcode {
        case .shortBinUnicode, .shortBinBytes, .shortBinString: width = 1
        case .binUnicode, .binBytes, .binString: width = 4
        case .binUnicode8, .binBytes8, .byteArray8: width = 8
        default: return nil
        }
        guard let length = unsigned(bytes, at &+ 1, width: width) else { return nil }
        let start = at &+ 1 &+ width
        guard length <= UInt64(max(0, bytes.byteCount &- start)) else { return nil }
        return start..<(start &+ Int(length))
    }

    /// Whether a text can start with an ASCII letter: false is certain, and found without reading the text.
    package func mayStart(_ value: PickleValue, with letter: UInt8) -> Bool {
        guard let range = range(of: value) else { return true }
        return !range.isEmpty && region.bytes.byte(at: range.lowerBound) == letter
    }

    /// The constant on top of the stack: while one is being pushed, what was pushed before it.
    package var top: PickleValue? { stack.last }

    private func argument(_ value: PickleValue) -> Range<Int>? { line(region.bytes, value.payload &+ 1)?.0 }

    /// Code points of a text, at most `limit`; a Python 2 string counts as Latin-1. Nil for other values.
    package func codePoints(_ value: PickleValue, limit: Int = textLimit) -> [UInt32]? {
        let bytes = region.bytes
        switch value.kind {
        case .text:
            if let range = range(of: value) { return PickleText.utf8(bytes.extracting(range), limit: limit) }
            return argument(value).flatMap { PickleText.rawUnicodeEscape(bytes.extracting($0), limit: limit) }
        case .legacyText: return byteArray(value, limit: limit)?.map(UInt32.init)
        default: return nil
        }
    }

    /// A text as a string, lone surrogates replaced; nil for other values.
    package func string(_ value: PickleValue, limit: Int = textLimit) -> String? {
        if value.kind == .text, let range = range(of: value) {
            // Whole, or the first letters of a long text when they are ASCII.
            let end = range.lowerBound + min(range.count, max(0, limit))
            let bytes = region.bytes.extracting(range.lowerBound..<end).array()
            let isPlain =
                range.count <= limit
                ? PickleText.isUTF8(region.bytes, range.lowerBound, range.count, surrogates: false)
                : bytes.allSatisfy { $0 < 0x80 }
            if isPlain { return String(decoding: bytes, as: UTF8.self) }
        }
        return codePoints(value, limit: limit).map { points in
            var text = String.UnicodeScalarView()
            for point in points { text.append(Unicode.Scalar(point) ?? "\u{FFFD}") }
            return String(text)
        }
    }

    /// The bytes of a bytes-like constant or Python 2 string, at most `limit`; nil for other values.
    package func byteArray(_ value: PickleValue, limit: Int = textLimit) -> [UInt8]? {
        guard value.kind == .bytes || value.kind == .byteArray || value.kind == .legacyText else { return nil }
        let bytes = region.bytes
        if let range = range(of: value) {
            return bytes.extracting(range.lowerBound..<min(range.upperBound, range.lowerBound &+ limit)).array()
        }
        return argument(value).flatMap { PickleText.quoted(bytes.extracting($0), limit: limit) }
    }

    /// A floating-point constant.
    package func double(_ value: PickleValue) -> Double? {
        guard value.kind == .float else { return nil }
        if region[value.payload] == PickleOpcode.binFloat.rawValue {
            return region.big(UInt64.self, at: value.payload &+ 1).map(Double.init(bitPattern:))
        }
        return argument(value).flatMap { PickleNumber.double(region.bytes.extracting($0)) }
    }

    /// An integer of more than 56 bits: little-endian two's complement, as short as it can be; 4 KiB at most.
    package func bigInteger(_ value: PickleValue) -> [UInt8]? {
        guard value.kind == .bigInteger, let code = region[value.payload] else { return nil }
        var result: [UInt8]
        if code == PickleOpcode.long1.rawValue || code == PickleOpcode.long4.rawValue {
            let width = code == PickleOpcode.long1.rawValue ? 1 : 4
            guard let length = unsigned(region.bytes, value.payload &+ 1, width: width) else { return nil }
            guard let slice = region.slice(value.payload &+ 1 &+ width, min(Int(length), 4096)) else { return nil }
            result = slice.array()
        } else {
            guard var range = argument(value) else { return nil }
            if code == PickleOpcode.long.rawValue, !range.isEmpty, region[range.upperBound - 1] == 0x4C {
                range = range.lowerBound..<(range.upperBound - 1)
            }
            switch PickleNumber.integer(region.bytes.extracting(range), base: 0, octal: true) {
            case .small(let number):
                result = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            case .big(let magnitude, let isNegative):
                result = magnitude + [0]
                if isNegative {
                    var carry = 1
                    for index in result.indices {
                        let sum = Int(~result[index]) + carry
                        result[index] = UInt8(truncatingIfNeeded: sum)
                        carry = sum >> 8
                    }
                }
            case nil: return nil
            }
        }
        while result.count > 1, let last = result.last,
            last == 0 && result[result.count - 2] < 0x80 || last == 0xFF && result[result.count - 2] >= 0x80
        {
            result.removeLast()
        }
        return result
    }
}
