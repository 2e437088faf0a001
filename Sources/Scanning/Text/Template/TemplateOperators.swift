internal import ByteParsing

/// Python's operators and slices, as far as constants go.
enum TemplateOperators {
    /// Elements of a repeated text or list, bits of a power.
    static func size(_ symbol: String, _ left: TemplateValue, _ right: TemplateValue) -> Int? {
        if symbol == "**" {
            guard let base = left.integer, let exponent = right.integer, exponent > 0, base > 1 || base < -1 else {
                return nil
            }
            return exponent.multiplied(checked: 64 - base.magnitude.leadingZeroBitCount) ?? .max
        }
        guard let count = right.integer ?? left.integer else { return nil }
        for side in [left, right] {
            switch side {
            case .string(let text): return count.multiplied(checked: text.utf8.count) ?? .max
            case .list(let parts): return count.multiplied(checked: parts.count) ?? .max
            default: continue
            }
        }
        return nil
    }

    /// The result of an operator on two values.
    static func fold(_ symbol: String, _ left: TemplateValue, _ right: TemplateValue) -> TemplateValue {
        switch (symbol, left, right) {
        case (_, .escaped, _), (_, _, .escaped): return .escaped
        case ("+", .list(let first), .list(let second)): return .listed(first + second)
        case ("+", .string, _), ("+", _, .string), ("+", .partial, _), ("+", _, .partial), ("+", .computed, _),
            ("+", _, .computed), ("+", .engineText, _), ("+", _, .engineText):
            return .joined(left, right)
        case ("%", .string(let format), _):
            let values = if case .list(let parts) = right { parts } else { [right] }
            let named = if case .dictionary(let entries) = right { entries } else { [TemplateValue.Entry]() }
            if let text = TemplateFormatting.percent(format, values, named: named) { return .text(text) }
            return (values + named.map(\.value)).contains(where: \.isData) ? .partial(format) : .computed
        case ("*", .string(let text), .integer(let count)), ("*", .integer(let count), .string(let text)):
            let size = max(0, count).multiplied(checked: text.utf8.count) ?? .max
            return size <= TemplateValue.textLimit ? .string(String(repeating: text, count: max(0, count))) : .computed
        case ("*", .list(let parts), .integer(let count)), ("*", .integer(let count), .list(let parts)):
            let size = max(0, count).multiplied(checked: parts.count) ?? .max
            guard size <= TemplateValue.elementLimit else { return .computed }
            return .listed(Array(repeatElement(parts, count: max(0, count)).joined()))
        case (_, .integer(let first), .integer(let second)): return arithmetic(symbol, first, second)
        case ("+", .data, .data), ("+", .data, .list), ("+", .list, .data): return .data
        default: return left.isConstant && right.isConstant ? .number : left.isData || right.isData ? .data : .computed
        }
    }

    private static func arithmetic(_ symbol: String, _ left: Int, _ right: Int) -> TemplateValue {
        func floor(_ left: Int, _ right: Int) -> (quotient: Int, remainder: Int)? {
            guard right != 0, !(left == .min && right == -1) else { return nil }
            let quotient = left / right
            let remainder = left % right
            return remainder != 0 && (remainder < 0) != (right < 0)
                ? (quotient - 1, remainder + right) : (quotient, remainder)
        }
        let result: Int? =
            switch symbol {
            case "+": left.adding(checked: right)
            case "-": left.subtracting(checked: right)
            case "*": left.multiplied(checked: right)
            case "//": floor(left, right)?.quotient
            case "%": floor(left, right)?.remainder
            case "**": (0...64).contains(right) ? repeatElement(left, count: right).checkedProduct() : nil
            default: nil
            }
        return result.map { .integer($0) } ?? .number
    }

    /// Python's slice.
    static func slice(_ elements: [TemplateValue], _ from: Int?, _ to: Int?, _ step: Int?) -> [TemplateValue] {
        let count = elements.count
        let step = max(-count - 1, min(count + 1, step ?? 1))
        guard step != 0, count > 0 else { return [] }
        func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int {
            max(low, min(high, value < 0 ? max(value, -count - 1) + count : value))
        }
        var picked: [TemplateValue] = []
        if step > 0 {
            let end = clamp(to ?? count, 0, count)
            var index = clamp(from ?? 0, 0, count)
            while index < end {
                picked.append(elements[index])
                index += step
            }
        } else {
            let end = to.map { clamp($0, -1, count - 1) } ?? -1
            var index = clamp(from ?? count - 1, -1, count - 1)
            while index > end {
                picked.append(elements[index])
                index += step
            }
        }
        return picked
    }

    /// How many numbers a range has, or nil for ranges without a step or at the edge of what is representable.
    static func count(from: Int, to: Int, by step: Int) -> Int? {
        guard step != 0, from.magnitude < 1 << 60, to.magnitude < 1 << 60, step.magnitude < 1 << 60 else { return nil }
        let distance = step > 0 ? to - from : from - to
        let stride = abs(step)
        return max(0, (distance + stride - 1) / stride)
    }
}
