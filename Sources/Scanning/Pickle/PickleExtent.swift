internal import ModelFormats

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How much a value of a pickle is, as far as its magnitude can be known without computing it.
enum PickleExtent: Equatable {
    /// A number: its value, infinite where a double doesn't hold it, and its length in bits.
    case number(Double, bits: Double)
    /// A text, bytes or a container, by its elements.
    case sequence(Double)
    /// Yields so many elements when it is asked; infinite when it never ends.
    case iterator(Double)

    static func number(_ value: Double) -> PickleExtent { .number(value, bits: log2(max(1, value.magnitude)) + 1) }

    /// A number as a text writes it, or nil when it is none.
    static func number(written text: String, base: Int = 10) -> PickleExtent? {
        var digits = text.lowercased().filter { $0 != "_" && $0 != " " && $0 != "+" }[...]
        if base == 10, digits.contains("e") {
            guard let mark = digits.firstIndex(of: "e"), let exponent = Double(digits[digits.index(after: mark)...]),
                Double(digits[..<mark]) != nil
            else { return nil }
            return .number(pow(10, exponent), bits: max(1, exponent) * log2(10))
        }
        for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)]
        where (base == radix || base == 0) && digits.hasPrefix(prefix) {
            digits = digits.dropFirst(2)
            return number(written: String(digits), base: radix)
        }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isHexDigit || $0 == "-" || $0 == "." }) else { return nil }
        if base == 10, let value = Double(digits) {
            return .number(value, bits: Double(digits.count) * log2(10))
        }
        guard (2...36).contains(base) else { return nil }
        let bits = Double(digits.count) * log2(Double(base))
        return .number(Int(digits, radix: base).map(Double.init) ?? exp2(bits), bits: bits)
    }

    var value: Double? {
        if case .number(let value, _) = self { return value }
        return nil
    }
    var bits: Double? {
        if case .number(_, let bits) = self { return bits }
        return nil
    }
    /// Elements that it holds or yields.
    var elements: Double? {
        switch self {
        case .number: nil
        case .sequence(let count), .iterator(let count): count
        }
    }
    var isEndless: Bool { elements == .infinity }
}

/// Extents of what the calls of a pickle return, within bounds.
struct PickleExtents {
    private var values: [Int: PickleExtent] = [:]
    /// Of calls that were not kept: the largest of each callable.
    private var elided: [Int: PickleExtent] = [:]
    private static let most = 1 << 17

    subscript(value: PickleValue) -> PickleExtent? {
        get {
            switch value.kind {
            case .node: values[value.payload]
            case .elidedCall: elided[value.payload]
            default: nil
            }
        }
        set {
            switch value.kind {
            case .node: if values.count < Self.most { values[value.payload] = newValue }
            case .elidedCall:
                guard elided.count < Self.most, let new = newValue else { return }
                let size = new.value ?? new.elements ?? 0
                if let old = elided[value.payload], old.value ?? old.elements ?? 0 >= size { return }
                elided[value.payload] = new
            default: break
            }
        }
    }
}
