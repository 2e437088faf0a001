/// What the analysis knows of a Python value without running anything.
struct PythonValue {
    /// Where a value came from, as far as that matters to a verdict.
    struct Origin: OptionSet {
        let rawValue: UInt8
        /// Decoded from base64, hexadecimal, a cipher, a compressed stream: what hides code.
        static let decoded = Origin(rawValue: 1)
        /// Came over the network.
        static let downloaded = Origin(rawValue: 2)
        /// Read from a file.
        static let file = Origin(rawValue: 4)
        /// Credentials, environment variables, files that hold secrets.
        static let secret = Origin(rawValue: 8)
        /// A name or text that was put together from pieces.
        static let assembled = Origin(rawValue: 16)
        /// A code object.
        static let code = Origin(rawValue: 32)
    }

    /// The value of a constant string or bytes.
    var text: String?
    var number: Int?
    /// The global that it is: `os.system`.
    var name: String?
    /// The global whose call made it: `requests.get`.
    var made: String?
    /// Elements of a list or tuple, when they are few.
    var items: [PythonValue]?
    var origin: Origin = []

    static let unknown = PythonValue()
    static let mostItems = 4096
    static let longestText = 1 << 20

    static func text(_ text: String, _ origin: Origin = []) -> PythonValue {
        text.utf8.count <= longestText
            ? PythonValue(text: text, origin: origin) : PythonValue(origin: origin)
    }
    static func number(_ number: Int) -> PythonValue { PythonValue(number: number) }
    static func name(_ name: String, _ origin: Origin = []) -> PythonValue { PythonValue(name: name, origin: origin) }

    /// The value's origin and that of its elements.
    var wholeOrigin: Origin { (items ?? []).reduce(into: origin) { $0.formUnion($1.origin) } }

    /// The attribute `attribute` of it.
    func attribute(_ attribute: String) -> PythonValue {
        if let name {
            // `vars(x)` and `x.__dict__` hold what attribute access gives.
            return .name(name.hasSuffix(".__dict__") ? name : name + "." + attribute, origin)
        }
        if let made { return PythonValue(made: made + "()." + attribute, origin: origin) }
        // The text stays with its method: folding the call needs it.
        return PythonValue(text: text, made: text == nil ? nil : "str." + attribute, origin: origin)
    }

    /// The result of a binary operator.
    static func combine(_ left: PythonValue, _ symbol: String, _ right: PythonValue) -> PythonValue {
        let origin = left.wholeOrigin.union(right.wholeOrigin)
        if symbol == "+" {
            if let first = left.text, let second = right.text {
                return .text(first + second, origin.union(.assembled))
            }
            if let first = left.number, let second = right.number {
                let (sum, overflow) = first.addingReportingOverflow(second)
                return overflow ? .unknown : .number(sum)
            }
            if let first = left.items, let second = right.items, first.count + second.count <= mostItems {
                return PythonValue(items: first + second, origin: origin)
            }
        }
        if let first = left.number, let second = right.number {
            switch symbol {
            case "-": return .number(first &- second)
            case "*": return .number(first &* second)
            case "^": return .number(first ^ second)
            case "|": return .number(first | second)
            case "&": return .number(first & second)
            default: break
            }
        }
        if symbol == "%", let format = left.text {
            let values = right.items ?? [right]
            if let text = format.percentFormatted(values.map(\.text)) { return .text(text, origin.union(.assembled)) }
        }
        // A constant at the front says what the whole is about.
        return PythonValue(text: nil, origin: origin)
    }
}

extension String {
    /// `"%s%s" % (a, b)` with constant strings, or nil when it is anything else.
    fileprivate func percentFormatted(_ values: [String?]) -> String? {
        let pieces = split(separator: "%s", omittingEmptySubsequences: false)
        guard pieces.count == values.count + 1, pieces.count > 1 else { return nil }
        var result = String(pieces[0])
        for (piece, value) in zip(pieces.dropFirst(), values) {
            guard let value else { return nil }
            result += value + piece
        }
        return result
    }
}
