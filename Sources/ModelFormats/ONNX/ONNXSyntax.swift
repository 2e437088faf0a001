internal import ByteParsing

/// ONNX's own textual syntax: `y = domain.Operator <attribute = value> (x)`, and lists of texts for external data.
///
/// Read by its tokens: what is assigned from a name that opens a bracket is an operator, and texts in pairs with a colon
/// are entries of external data.
enum ONNXSyntax {
    private enum Token: Equatable {
        case name(String), text(String), mark(UInt8)
    }

    static func walk(_ region: ByteRegion, budget: Budget, into reader: inout ONNXTextReader) throws(ParseError) {
        let bytes = region.bytes
        var at = 0
        /// The tokens before the one at hand, the last first.
        var last: [Token] = []
        while let (token, start) = try next(bytes, &at) {
            try budget.spend(operations: 1, reading: "ONNX text")
            if case .mark(let mark) = token, mark == UInt8(ascii: "(") || mark == UInt8(ascii: "<"), last.count >= 2,
                case .name(let name) = last[0], last[1] == .mark(UInt8(ascii: "="))
            {
                let parts = name.split(separator: ".", omittingEmptySubsequences: false)
                try reader.use(
                    .init(domain: parts.dropLast().joined(separator: "."), type: parts.last.map(String.init) ?? ""),
                    node: "", function: -1, at: start)
            }
            if case .text(let value) = token, last.count >= 2, last[0] == .mark(UInt8(ascii: ":")),
                case .text(let key) = last[1], ["location", "offset", "length", "checksum", "basepath"].contains(key)
            {
                try reader.external("", key, value, at: start)
            }
            last.insert(token, at: 0)
            if last.count > 2 { last.removeLast() }
        }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func next(_ bytes: RawSpan, _ at: inout Int) throws(ParseError) -> (Token, Int)? {
        while let byte = bytes.byte(at: at), byte == 0x20 || (0x09...0x0D).contains(byte) || byte == UInt8(ascii: "#") {
            if byte == UInt8(ascii: "#") {
                while let other = bytes.byte(at: at), other != 0x0A { at += 1 }
            } else {
                at += 1
            }
        }
        let start = at
        guard let first = bytes.byte(at: at) else { return nil }
        if first == UInt8(ascii: "\"") {
            at += 1
            var text: [UInt8] = []
            while let byte = bytes.byte(at: at), byte != first {
                at += 1
                let isEscaped = byte == UInt8(ascii: "\\")
                if let kept = isEscaped ? bytes.byte(at: at) : byte, text.count < 4_096 { text.append(kept) }
                if isEscaped { at += 1 }
            }
            guard at < bytes.byteCount else { throw .truncated(at: start, reading: "ONNX text") }
            at += 1
            return (.text(String(decoding: text, as: UTF8.self)), start)
        }
        guard isName(first) else {
            at += 1
            return (.mark(first), start)
        }
        while let byte = bytes.byte(at: at), isName(byte) { at += 1 }
        let end = min(at, start + 512)
        return (.name(String(decoding: bytes.extracting(start..<end).array(), as: UTF8.self)), start)
    }
}
