package import ByteParsing

/// The opcodes of a stream one after the other, without executing them: for people.
package struct PickleDisassembly: Sendable {
    /// One opcode with its argument as text.
    package struct Line: Sendable, Hashable {
        package var offset: Int
        package var opcode: PickleOpcode
        package var argument: String
        /// Offset of the next opcode.
        package var next: Int
    }

    private let region: ByteRegion
    private static let shown = 120

    package init(_ region: ByteRegion) { self.region = region }

    /// The opcode at `offset`, or nil where none is or its argument does not fit.
    package func line(at offset: Int) -> Line? {
        guard let byte = region[offset], let opcode = PickleOpcode(rawValue: byte) else { return nil }
        let start = offset + 1
        switch opcode {
        case .int, .long, .float, .string, .unicode, .get, .put, .persid:
            guard let (text, next) = textLine(start) else { return nil }
            return Line(offset: offset, opcode: opcode, argument: text, next: next)
        case .global, .inst:
            guard let (module, middle) = textLine(start), let (name, next) = textLine(middle) else { return nil }
            return Line(offset: offset, opcode: opcode, argument: "'\(module) \(name)'", next: next)
        case .binInt1, .binGet, .binPut, .ext1, .proto: return number(UInt8.self, opcode, offset)
        case .binInt2, .ext2: return number(UInt16.self, opcode, offset)
        case .binInt, .ext4: return number(Int32.self, opcode, offset)
        case .longBinGet, .longBinPut: return number(UInt32.self, opcode, offset)
        case .frame: return number(UInt64.self, opcode, offset)
        case .binFloat:
            guard let bits = region.big(UInt64.self, at: start) else { return nil }
            return Line(
                offset: offset, opcode: opcode, argument: "\(Double(bitPattern: bits))", next: start + 8)
        case .shortBinBytes, .shortBinString, .shortBinUnicode, .long1: return counted(1, opcode, offset)
        case .binBytes, .binString, .binUnicode, .long4: return counted(4, opcode, offset)
        case .binBytes8, .binUnicode8, .byteArray8: return counted(8, opcode, offset)
        default: return Line(offset: offset, opcode: opcode, argument: "", next: start)
        }
    }

    private func textLine(_ start: Int) -> (String, next: Int)? {
        guard let end = region.firstOffset(of: [0x0A], from: start), let slice = region.slice(start, end - start)
        else { return nil }
        return (slice.text(limit: Self.shown), end + 1)
    }

    private func number<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ opcode: PickleOpcode, _ offset: Int
    ) -> Line? {
        guard let value = region.little(type, at: offset + 1) else { return nil }
        return Line(offset: offset, opcode: opcode, argument: "\(value)", next: offset + 1 + MemoryLayout<T>.size)
    }

    private func counted(_ width: Int, _ opcode: PickleOpcode, _ offset: Int) -> Line? {
        let declared: UInt64?
        switch width {
        case 1: declared = region.little(UInt8.self, at: offset + 1).map(UInt64.init)
        case 4: declared = region.little(UInt32.self, at: offset + 1).map(UInt64.init)
        default: declared = region.little(UInt64.self, at: offset + 1)
        }
        guard let length = declared.flatMap(Int.init(exactly:)), let slice = region.slice(offset + 1 + width, length)
        else { return nil }
        let text: String
        switch opcode {
        case .binUnicode, .shortBinUnicode, .binUnicode8, .shortBinString, .binString:
            text = "'" + slice.text(limit: Self.shown) + (length > Self.shown ? "…'" : "'")
        default:
            let digits = Array("0123456789abcdef".utf8)
            text =
                String(
                    decoding: slice.prefix(32).array().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
                    as: UTF8.self) + (length > 32 ? "… (\(length) bytes)" : "")
        }
        return Line(offset: offset, opcode: opcode, argument: text, next: offset + 1 + width + length)
    }
}
