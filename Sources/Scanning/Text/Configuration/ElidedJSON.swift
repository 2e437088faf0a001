internal import ByteParsing

/// A copy of a large JSON text without the contents of its largest parts: a tokenizer's words and their merges, and lists
/// of numbers.
///
/// Reading all of them would cost far more memory than the rest of the file, and nothing in them is ever run. The text
/// is only followed as far as brackets and strings go; what is copied is parsed in full afterwards.
enum ElidedJSON {
    private static let names: [[UInt8]] = ["vocab", "merges", "weight_map", "added_tokens", "pieces"].map {
        Array($0.utf8)
    }

    /// Numbers from which a list of nothing else is emptied.
    private static let leastNumbers = 8

    /// The text with the objects and lists under such names emptied, and lists of numbers alone.
    static func reduce(_ region: ByteRegion, budget: Budget) throws(ParseError) -> ByteRegion {
        let bytes = region.bytes
        let count = bytes.byteCount
        try budget.spend(operations: count / 4, reading: "JSON text")
        var kept: [UInt8] = []
        var from = 0
        var index = 0
        var name: Range<Int>?
        while index < count {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            switch byte {
            case UInt8(ascii: "\""):
                let end = stringEnd(bytes, index + 1)
                name = (index + 1)..<max(index + 1, end - 1)
                index = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if let name, isElided(bytes, name), followsName(bytes, name.upperBound + 1, index) {
                    let end = containerEnd(bytes, index)
                    // Small ones inside of each other are followed once for each level.
                    try budget.spend(operations: end - index, reading: "JSON text")
                    if end - index > 65_536 {
                        kept.append(contentsOf: bytes.extracting(from..<(index + 1)).array())
                        kept.append(byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                        from = end
                        index = end
                        region.discard(before: end)
                        continue
                    }
                }
                if byte == UInt8(ascii: "["), let end = numbersEnd(bytes, index + 1) {
                    kept.append(contentsOf: bytes.extracting(from..<(index + 1)).array())
                    kept.append(UInt8(ascii: "]"))
                    from = end
                    index = end
                    continue
                }
            default: break
            }
            index += 1
        }
        guard from > 0 else { return region }
        kept.append(contentsOf: bytes.extracting(from..<count).array())
        return ByteRegion(kept)
    }

    private static func isElided(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        let text = bytes.extracting(name)
        return names.contains { text.byteCount == $0.count && text.starts(with: $0) }
    }

    /// Whether only a colon and white space lie between a name and its value.
    private static func followsName(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard start < end, end - start < 16 else { return false }
        var colons = 0
        for index in start..<end {
            switch bytes.byte(at: index) {
            case UInt8(ascii: ":"): colons += 1
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: return false
            }
        }
        return colons == 1
    }

    /// The offset after the string whose content starts at `start`.
    private static func stringEnd(_ bytes: RawSpan, _ start: Int) -> Int {
        let count = bytes.byteCount
        var index = start
        while index < count {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            if byte == UInt8(ascii: "\"") { return index + 1 }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return count
    }

    /// The offset after a list of many numbers and nothing else whose first one starts at `start`.
    ///
    /// A list that turns out to be another one was followed to where it does: no list begins before that.
    private static func numbersEnd(_ bytes: RawSpan, _ start: Int) -> Int? {
        var index = start
        var numbers = 0
        while true {
            skipSpace(bytes, &index)
            guard let end = numberEnd(bytes, index) else { return nil }
            numbers += 1
            index = end
            skipSpace(bytes, &index)
            switch bytes.byte(at: index) {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"): return numbers >= leastNumbers ? index + 1 : nil
            default: return nil
            }
        }
    }

    /// The offset after the number at `start`, as RFC 8259 has numbers.
    private static func numberEnd(_ bytes: RawSpan, _ start: Int) -> Int? {
        var index = start
        if bytes.byte(at: index) == UInt8(ascii: "-") { index += 1 }
        let isZero = bytes.byte(at: index) == UInt8(ascii: "0")
        let whole = index
        guard skipDigits(bytes, &index), !isZero || index == whole + 1 else { return nil }
        if bytes.byte(at: index) == UInt8(ascii: ".") {
            index += 1
            guard skipDigits(bytes, &index) else { return nil }
        }
        if bytes.byte(at: index) == UInt8(ascii: "e") || bytes.byte(at: index) == UInt8(ascii: "E") {
            index += 1
            if bytes.byte(at: index) == UInt8(ascii: "+") || bytes.byte(at: index) == UInt8(ascii: "-") { index += 1 }
            guard skipDigits(bytes, &index) else { return nil }
        }
        return index
    }

    private static func skipSpace(_ bytes: RawSpan, _ index: inout Int) {
        while let byte = bytes.byte(at: index), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            index += 1
        }
    }

    /// Whether digits stand at `index`, which is moved behind them.
    private static func skipDigits(_ bytes: RawSpan, _ index: inout Int) -> Bool {
        let first = index
        while let byte = bytes.byte(at: index), (0x30...0x39).contains(byte) { index += 1 }
        return index > first
    }

    /// The offset after the container that starts at `start`.
    private static func containerEnd(_ bytes: RawSpan, _ start: Int) -> Int {
        let count = bytes.byteCount
        var depth = 0
        var index = start
        while index < count {
            switch unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) {
            case UInt8(ascii: "\""):
                index = stringEnd(bytes, index + 1)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return count
    }
}
