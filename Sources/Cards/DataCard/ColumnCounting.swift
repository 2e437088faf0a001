internal import ByteParsing
internal import Documents

/// How often each value of one column stands there.
struct Tally {
    private(set) var counts: [[UInt8]: Int] = [:]
    private(set) var missing = 0
    /// Whether there were more values than are told apart.
    private(set) var isCut = false

    mutating func take(_ value: [UInt8]?) {
        guard let value else { return missing += 1 }
        if counts[value] == nil, counts.count >= TableStatistics.distinct { return isCut = true }
        counts[value, default: 0] += 1
    }

    var total: Int { counts.values.reduce(0, +) }

    /// The most frequent first; equals by their bytes.
    var ranked: [(value: [UInt8], count: Int)] {
        counts.map { ($0.key, $0.value) }.sorted { one, other in
            one.1 == other.1 ? one.0.lexicographicallyPrecedes(other.0) : one.1 > other.1
        }
    }
}

/// The counts of one column.
struct ColumnCounting {
    let name: String
    var missing = 0
    private var present = 0
    private var values: Set<[UInt8]> = []
    private var isCut = false
    private var numbers = 0
    private var integers = 0
    private var booleans = 0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private var mean = 0.0
    /// Sum of squared distances from the mean (Welford 1962).
    private var squares = 0.0

    init(name: String) { self.name = name }

    /// Counts a cell.
    /// - Returns: its bytes, or nil when it is missing.
    mutating func take(_ cell: RecordReader.Cell) -> [UInt8]? {
        let bytes: [UInt8]
        var isText = true
        switch cell {
        case .missing:
            missing += 1
            return nil
        case .boolean(let value): bytes = Array((value ? "true" : "false").utf8)
        case .number(let digits): (bytes, isText) = (digits, false)
        case .text(let text): bytes = text
        }
        if isText, Self.isMissing(bytes) {
            missing += 1
            return nil
        }
        present += 1
        if values.count < TableStatistics.distinct {
            values.insert(bytes)
        } else if !isCut, !values.contains(bytes) {
            isCut = true
        }
        if case .boolean = cell { booleans += 1 } else { number(bytes) }
        return bytes
    }

    private mutating func number(_ bytes: [UInt8]) {
        guard let first = bytes.first, bytes.count < 64, "+-.0123456789".utf8.contains(first) else {
            let word = String(decoding: bytes.prefix(6), as: UTF8.self).lowercased()
            if word == "true" || word == "false" { booleans += 1 }
            return
        }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return }
        numbers += 1
        if bytes.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }) {
            integers += 1
        }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        let distance = value - mean
        mean += distance / Double(numbers)
        squares += distance * (value - mean)
    }

    private static let absent: [[UInt8]] = ["NA", "N/A", "NaN", "nan", "null", "None"].map { Array($0.utf8) }
    private static func isMissing(_ bytes: [UInt8]) -> Bool {
        bytes.count <= 4 && (bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } || absent.contains(bytes))
    }

    var document: DocumentValue {
        let type =
            if present == 0 {
                "empty"
            } else if integers == present {
                "integer"
            } else if numbers == present {
                "number"
            } else if booleans == present {
                "boolean"
            } else {
                numbers + booleans > 0 ? "mixed" : "text"
            }
        var value = DocumentValue.object([
            "name": .string(name), "type": .string(type), "missing": .integer(missing),
            "distinct": .integer(values.count),
        ])
        if isCut { value["distinctIsMinimum"] = true }
        if numbers > 0, numbers == present {
            value["minimum"] = .double(minimum)
            value["maximum"] = .double(maximum)
            if mean.isFinite { value["mean"] = .double(mean) }
            if numbers > 1, squares.isFinite {
                value["standardDeviation"] = .double((squares / Double(numbers - 1)).squareRoot())
            }
        }
        return value
    }
}
