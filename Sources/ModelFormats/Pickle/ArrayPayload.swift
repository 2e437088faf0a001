internal import ByteParsing

/// What NumPy's types in a pickle say of an array's elements.
extension PickleMachine {
    /// Item size and object flag of a pickled `numpy.dtype`.
    package func dtype(_ value: PickleValue) -> ArrayElement? {
        guard arena.node(of: value)?.kind == .call, let callee = arena.child(0, of: value),
            let name = global(callee), name.name.hasPrefix("dtype") || name.name.hasSuffix("DType"),
            let arguments = arena.child(1, of: value)
        else { return nil }
        let code = arena.child(0, of: arguments).flatMap { string($0, limit: 64) }.flatMap { DTypeCode($0) }
        var size = code?.size ?? 0
        var hasObjects = code?.hasObjects ?? false
        if let state = arena.state(of: value) {
            // (version, byte order, subarray, names, fields, item size, alignment, flags[, metadata])
            if let last = arena.child(7, of: state) {
                // NumPy heeds it for types that have no size of their own (`arraydescr_setstate`).
                if code?.isFlexible ?? true, let declared = arena.child(5, of: state)?.integer, declared >= 0 {
                    size = declared
                }
                if let flags = last.integer, flags & 0x01 == 0x01 { hasObjects = true }
            }
        }
        return ArrayElement(size: size, hasObjects: hasObjects)
    }

    /// The imported name behind a value.
    package func global(_ value: PickleValue) -> PickleGlobal? {
        guard value.kind == .global || value.kind == .elidedCall, value.payload < globals.count else { return nil }
        return globals[value.payload]
    }

    /// Whether a value can't act: a constant, or a container of such.
    package func isInert(_ value: PickleValue) -> Bool { arena.isInert(value) }

    /// The node behind a value, if it has one.
    package func node(_ value: PickleValue) -> PickleNode? { arena.node(of: value) }
    /// Children of a node, at most `limit`.
    package func children(_ value: PickleValue, limit: Int = 4096) -> [PickleValue] {
        arena.children(of: value, limit: limit)
    }
    package func child(_ position: Int, of value: PickleValue) -> PickleValue? { arena.child(position, of: value) }
    /// The state that BUILD gave last.
    package func state(_ value: PickleValue) -> PickleValue? { arena.state(of: value) }
}

/// What one element of an array is.
package struct ArrayElement: Sendable, Equatable {
    /// In bytes.
    package let size: Int
    /// Whether it is, or has in it, a pointer to an object.
    package let hasObjects: Bool
}

/// A type code of NumPy's array interface: `f8`, `<i4`, `|S10`, `O`.
package struct DTypeCode: Sendable, Hashable {
    /// Bytes of one element.
    package let size: Int
    package let hasObjects: Bool
    /// Whether a type of this code can have any size: texts, bytes and structures.
    let isFlexible: Bool

    package init?(_ text: String) {
        var bytes = Array(text.utf8)
        if let first = bytes.first, [0x3C, 0x3E, 0x3D, 0x7C].contains(first) { bytes.removeFirst() }
        guard let kind = bytes.first else { return nil }
        var number = 0
        var hasNumber = false
        for (index, byte) in bytes.dropFirst().enumerated() {
            if byte == 0x5B {
                // Dates and times have a unit; nothing else has brackets.
                guard kind == UInt8(ascii: "M") || kind == UInt8(ascii: "m"),
                    Self.isUnit(bytes.dropFirst(index + 2))
                else { return nil }
                break
            }
            guard (0x30...0x39).contains(byte), index < 12 else { return nil }
            number = number * 10 + Int(byte - 0x30)
            hasNumber = true
        }
        hasObjects = kind == UInt8(ascii: "O")
        isFlexible = "SaUV".utf8.contains(kind)
        switch kind {
        case UInt8(ascii: "O"): size = 8
        case UInt8(ascii: "U"): size = number * 4
        case UInt8(ascii: "?"): size = 1
        case UInt8(ascii: "M"), UInt8(ascii: "m"): size = hasNumber ? number : 8
        case UInt8(ascii: "b"), UInt8(ascii: "B"): size = hasNumber ? number : 1
        case UInt8(ascii: "f"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "c"), UInt8(ascii: "S"),
            UInt8(ascii: "V"), UInt8(ascii: "a"):
            guard hasNumber else { return nil }
            size = number
        default: return nil
        }
    }

    private static let units: Set<String> = [
        "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "μs", "ns", "ps", "fs", "as", "generic",
    ]

    /// What stands in brackets: a unit with a number before it and a divisor behind it, perhaps.
    private static func isUnit(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.last == UInt8(ascii: "]") else { return false }
        let parts = String(decoding: bytes.dropLast(), as: UTF8.self)
            .split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let unit = parts.first?.drop(while: { $0.isASCII && $0.isNumber }), units.contains(String(unit)) else {
            return false
        }
        return parts.count == 1 || parts[1].allSatisfy { $0.isASCII && $0.isNumber } && !parts[1].isEmpty
    }
}
