/// How a plain YAML scalar says its type.
package enum ScalarSchema: Sendable {
    /// The core schema of YAML 1.2.2 (section 10.3): `true`, `null`, numbers; all else is text.
    case core
    /// YAML 1.1 as PyYAML's safe loader resolves it: `no` is false, `1:30` is 90, `2024-05-01` a date. It also follows
    /// anchors, aliases and merge keys, and lets the last of repeated names win, as that loader does.
    case yaml11
}

/// What a plain scalar is.
enum ResolvedScalar: Equatable {
    case null
    case boolean(Bool)
    /// Digits as JSON writes them, or `.inf`, `-.inf`, `.nan`.
    case number(String)
    case timestamp
    case text
    /// It has the form of a type and no value of it.
    case impossible(String)
}

extension ScalarSchema {
    func resolve(_ text: String) -> ResolvedScalar {
        guard let first = text.utf8.first else { return .null }
        switch text {
        case "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case "yes", "Yes", "YES", "on", "On", "ON": return self == .yaml11 ? .boolean(true) : .text
        case "no", "No", "NO", "off", "Off", "OFF": return self == .yaml11 ? .boolean(false) : .text
        case "=" where self == .yaml11: return .impossible("= is the type of YAML 1.1 that nothing is of")
        default: break
        }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
        default: return .text
        }
        var number = NumberNotation(Array(text.utf8))
        return self == .core ? number.core() : number.yaml11()
    }
}

/// Takes a scalar for a number, and writes it as JSON does.
private struct NumberNotation {
    private let bytes: [UInt8]
    private let sign: String
    /// What follows the sign.
    private let body: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let hasSign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        sign = bytes.first == UInt8(ascii: "-") ? "-" : ""
        body = hasSign ? bytes.dropFirst() : bytes[...]
    }

    private var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func core() -> ResolvedScalar {
        if let special = special() { return special }
        let isUnsigned = body.count == bytes.count
        if isUnsigned, let digits = radix("0o", 8, allowsUnderscore: false) { return integer(digits, 8) }
        if isUnsigned, let digits = radix("0x", 16, allowsUnderscore: false) { return integer(digits, 16) }
        return decimal(body, needsPoint: false, needsExponentSign: false) ?? .text
    }

    mutating func yaml11() -> ResolvedScalar {
        if let special = special() { return special }
        if let digits = radix("0b", 2, allowsUnderscore: true) { return integer(digits, 2) }
        if let digits = radix("0x", 16, allowsUnderscore: true) { return integer(digits, 16) }
        if body.count > 1, body.first == UInt8(ascii: "0"), let digits = radix("0", 8, allowsUnderscore: true) {
            // Nothing but underscores after it leaves the zero.
            return digits.isEmpty ? .number("0") : integer(digits, 8)
        }
        if let date = timestamp() { return date }
        if body.contains(UInt8(ascii: ":")) { return sexagesimal() }
        // Underscores go anywhere after the first digit but the exponent.
        let first = body.first
        guard first == UInt8(ascii: ".") || first.map({ (0x30...0x39).contains($0) }) == true else { return .text }
        if first == UInt8(ascii: ".") {
            // A number that starts with a point has no sign, and a digit next.
            guard body.count == bytes.count, body.dropFirst().first.map({ (0x30...0x39).contains($0) }) == true else {
                return .text
            }
        }
        let exponent = body.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? body.endIndex
        guard !body[exponent...].contains(UInt8(ascii: "_")) else { return .text }
        let plain = body.filter { $0 != UInt8(ascii: "_") }
        let hasPoint = plain.contains(UInt8(ascii: "."))
        if !hasPoint {
            // 08 and 09 are no octals, and no decimals either.
            guard body.count == 1 || first != UInt8(ascii: "0") else { return .text }
            guard plain.allSatisfy({ (0x30...0x39).contains($0) }) else { return .text }
        }
        return decimal(plain[...], needsPoint: hasPoint, needsExponentSign: true) ?? .text
    }

    private func special() -> ResolvedScalar? {
        switch String(decoding: body, as: UTF8.self) {
        case ".inf", ".Inf", ".INF": .number(sign + ".inf")
        case ".nan", ".NaN", ".NAN": body.count == bytes.count ? .number(".nan") : .text
        default: nil
        }
    }

    /// The digits after a prefix, when there are any and nothing else.
    private func radix(_ prefix: String, _ radix: UInt8, allowsUnderscore: Bool) -> [UInt8]? {
        guard body.starts(with: prefix.utf8) else { return nil }
        let digits = body.dropFirst(prefix.utf8.count)
        guard !digits.isEmpty else { return nil }
        var kept: [UInt8] = []
        for digit in digits {
            if allowsUnderscore, digit == UInt8(ascii: "_") { continue }
            let value: UInt8 =
                switch digit {
                case 0x30...0x39: digit - 0x30
                case 0x41...0x46: digit - 0x41 + 10
                case 0x61...0x66: digit - 0x61 + 10
                default: 255
                }
            guard value < radix else { return nil }
            kept.append(digit)
        }
        return kept
    }

    private func integer(_ digits: [UInt8], _ radix: Int) -> ResolvedScalar {
        guard let value = UInt64(String(decoding: digits, as: UTF8.self), radix: radix) else {
            return .impossible("\(text) is no number of 64 bits")
        }
        return .number(value == 0 ? "0" : sign + String(value))
    }

    /// Digits, a point, an exponent: what JSON would write, or nil when it is something else.
    private func decimal(_ body: ArraySlice<UInt8>, needsPoint: Bool, needsExponentSign: Bool) -> ResolvedScalar? {
        var at = body.startIndex
        func digits() -> ArraySlice<UInt8> { body[at...].prefix { (0x30...0x39).contains($0) } }
        var whole = digits()
        at = whole.endIndex
        var fraction: ArraySlice<UInt8>?
        if at < body.endIndex, body[at] == UInt8(ascii: ".") {
            at += 1
            fraction = digits()
            at = fraction?.endIndex ?? at
        }
        guard !whole.isEmpty || fraction?.isEmpty == false, fraction != nil || !needsPoint else { return nil }
        var exponent = ""
        if at < body.endIndex {
            guard body[at] | 0x20 == UInt8(ascii: "e") else { return nil }
            exponent = String(decoding: [body[at]], as: UTF8.self)
            at += 1
            if at < body.endIndex, body[at] == UInt8(ascii: "+") || body[at] == UInt8(ascii: "-") {
                exponent.append(body[at] == UInt8(ascii: "-") ? "-" : "+")
                at += 1
            } else if needsExponentSign {
                return nil
            }
            let power = digits()
            guard !power.isEmpty, power.endIndex == body.endIndex else { return nil }
            exponent += String(decoding: power, as: UTF8.self)
        }
        while whole.count > 1, whole.first == 0x30 { whole.removeFirst() }
        var result = sign + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
        if let fraction { result += "." + (fraction.isEmpty ? "0" : String(decoding: fraction, as: UTF8.self)) }
        return .number(result + exponent)
    }

    /// `1:30` and `1:30:05.5`: to the base of sixty.
    private func sexagesimal() -> ResolvedScalar {
        let plain = body.filter { $0 != UInt8(ascii: "_") }
        let parts = plain.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let first = parts.first?.first, (0x30...0x39).contains(first), parts.count > 1 else { return .text }
        var value = 0.0
        var whole: Int? = 0
        for (position, part) in parts.enumerated() {
            let isLast = position == parts.count - 1
            var integer = part
            if isLast, let point = part.firstIndex(of: UInt8(ascii: ".")) {
                integer = part[..<point]
                guard part[(point + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) else { return .text }
                whole = nil
            }
            guard !integer.isEmpty, integer.allSatisfy({ (0x30...0x39).contains($0) }) else { return .text }
            if position > 0 {
                guard integer.count <= 2, integer.count == 1 || integer[integer.startIndex] <= 0x35 else {
                    return .text
                }
            }
            value = value * 60 + (Double(String(decoding: part, as: UTF8.self) + (part.last == 0x2E ? "0" : "")) ?? 0)
            if let so = whole, let digits = Int(String(decoding: integer, as: UTF8.self)) {
                let (product, overflow) = so.multipliedReportingOverflow(by: 60)
                let (sum, more) = product.addingReportingOverflow(digits)
                whole = overflow || more ? nil : sum
            }
        }
        // An integer in this notation starts with another digit than zero.
        if let whole {
            guard first != 0x30 else { return .text }
            return .number(sign + String(whole))
        }
        return .number(sign + "\(value)")
    }

    /// A date, or a date and a time as YAML 1.1's timestamp type has them.
    private func timestamp() -> ResolvedScalar? {
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 8, bytes[4] == dash, bytes[..<4].allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let isDate =
            bytes.count == 10 && bytes[7] == dash && bytes[5..<7].allSatisfy { (0x30...0x39).contains($0) }
            && bytes[8...].allSatisfy { (0x30...0x39).contains($0) }
        guard isDate || Self.instant.matches(text) else { return nil }
        let parts = bytes.prefix { $0 != UInt8(ascii: "T") && $0 != UInt8(ascii: "t") && $0 != 0x20 && $0 != 0x09 }
            .split(separator: dash).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard parts.count == 3, FormatChecks.isDate(year: parts[0], month: parts[1], day: parts[2]) else {
            return .impossible("\(text) is no date")
        }
        return .timestamp
    }

    /// The regular expression of the type's page on yaml.org.
    private static let instant = Pattern.constant(
        #"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?$"#
    )
}
