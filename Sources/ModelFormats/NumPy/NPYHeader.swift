package import ByteParsing

/// The header of a NumPy array file (`numpy/lib/format.py`, versions 1.0 to 3.0).
///
/// Not read: the array's elements. An array of objects is a pickle, which starts at `dataOffset`.
package struct NPYHeader: Sendable, Hashable {
    package let major: Int
    package let minor: Int
    /// Elements along each axis.
    package let shape: [Int]
    package let isFortranOrder: Bool
    /// Bytes of one element.
    package let itemSize: Int
    /// Whether elements are Python objects, or records with objects in them.
    package let hasObjects: Bool
    /// The declared type, as written.
    package let type: String
    /// Where the elements begin.
    package let dataOffset: Int

    package static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    /// Longest header that is read; NumPy itself refuses more than 10,000 bytes unless it is told otherwise.
    private static let longest = 1 << 20

    /// Bytes of all elements, or nil on overflow.
    package var dataSize: Int? { shape.checkedProduct()?.multiplied(checked: itemSize) }

    package init(_ region: ByteRegion) throws(ParseError) {
        guard region.starts(with: Self.magic) else { throw .malformed(at: 0, reading: "npy magic") }
        guard let major = region[6], let minor = region[7] else { throw .truncated(at: 6, reading: "npy version") }
        guard (1...3).contains(major), minor == 0 else {
            throw .unsupported(at: 6, reading: "npy version \(major).\(minor)")
        }
        self.major = Int(major)
        self.minor = Int(minor)
        let width = major == 1 ? 2 : 4
        guard let length = Self.statedLength(region, width) else {
            throw .truncated(at: 8, reading: "npy header length")
        }
        guard length <= Self.longest else { throw .limit(at: 8, reading: "npy header") }
        guard let text = region.slice(8 + width, length) else { throw .truncated(at: 8, reading: "npy header") }
        dataOffset = 8 + width + length
        let bytes = text.array()
        // Version 3 is UTF-8; before it, any byte is a character.
        guard major < 3 || String(validating: bytes, as: UTF8.self) != nil else {
            throw .malformed(at: 8 + width, reading: "npy header text")
        }
        guard case .dictionary(let pairs) = try PythonLiteral.read(bytes) else {
            throw .malformed(at: 8 + width, reading: "npy header")
        }
        var type: PythonLiteral?
        var shape: [Int]?
        var order: Bool?
        for pair in pairs {
            switch (pair.key, pair.value) {
            case (.text("descr"), let value): type = value
            case (.text("fortran_order"), .bool(let value)): order = value
            case (.text("shape"), .sequence(let axes)):
                var sizes: [Int] = []
                for axis in axes {
                    guard case .integer(let size) = axis, size >= 0 else {
                        throw .malformed(at: 8 + width, reading: "npy shape")
                    }
                    sizes.append(size)
                }
                shape = sizes
            case (.text("shape"), .integer(let size)) where size >= 0: shape = [size]
            default: throw .malformed(at: 8 + width, reading: "npy header key")
            }
        }
        guard let type, let shape, let order else { throw .malformed(at: 8 + width, reading: "npy header keys") }
        isFortranOrder = order
        self.shape = shape
        (itemSize, hasObjects) = try Self.layout(of: type, at: 8 + width, depth: 0)
        if case .text(let code) = type { self.type = code } else { self.type = "record" }
    }

    /// The header's text as its stated length has it, cut at the end of the bytes; nil when there is none.
    package static func text(_ region: ByteRegion) -> ByteRegion? {
        let width = region[6] == 1 ? 2 : 4
        guard let length = statedLength(region, width), length <= longest else { return nil }
        return region.suffix(from: 8 + width).prefix(length)
    }

    private static func statedLength(_ region: ByteRegion, _ width: Int) -> Int? {
        width == 2
            ? region.little(UInt16.self, at: 8).map(Int.init) : region.little(UInt32.self, at: 8).map(Int.init)
    }

    /// Size of one element of a type: a code, or a list of fields `(name, type[, shape])`.
    private static func layout(
        of type: PythonLiteral, at offset: Int, depth: Int
    ) throws(ParseError) -> (size: Int, hasObjects: Bool) {
        guard depth < 16 else { throw .limit(at: offset, reading: "npy type") }
        switch type {
        case .text(let code):
            guard let layout = DTypeCode(code) else { throw .malformed(at: offset, reading: "npy type \(code)") }
            return (layout.size, layout.hasObjects)
        case .sequence(let parts):
            // `(type, shape)` or a list of fields.
            if parts.count == 2, case .text = parts[0], case .sequence(let axes) = parts[1],
                axes.allSatisfy({ if case .integer = $0 { true } else { false } })
            {
                return try repeated(parts[0], axes, at: offset, depth: depth)
            }
            var size = 0
            var hasObjects = false
            for part in parts {
                guard case .sequence(let field) = part, field.count >= 2 else {
                    throw .malformed(at: offset, reading: "npy record")
                }
                var inner = try layout(of: field[1], at: offset, depth: depth + 1)
                if field.count > 2 {
                    if case .sequence(let axes) = field[2] {
                        inner = try repeated(field[1], axes, at: offset, depth: depth)
                    } else if case .integer(let count) = field[2] {
                        inner = try repeated(field[1], [.integer(count)], at: offset, depth: depth)
                    }
                }
                guard let sum = size.adding(checked: inner.size) else {
                    throw .overflow(at: offset, reading: "npy record")
                }
                size = sum
                hasObjects = hasObjects || inner.hasObjects
            }
            return (size, hasObjects)
        default: throw .malformed(at: offset, reading: "npy type")
        }
    }

    private static func repeated(
        _ type: PythonLiteral, _ axes: [PythonLiteral], at offset: Int, depth: Int
    ) throws(ParseError) -> (size: Int, hasObjects: Bool) {
        let inner = try layout(of: type, at: offset, depth: depth + 1)
        var size = inner.size
        for axis in axes {
            guard case .integer(let count) = axis, count >= 0, let product = size.multiplied(checked: count) else {
                throw .overflow(at: offset, reading: "npy record")
            }
            size = product
        }
        return (size, inner.hasObjects)
    }
}
