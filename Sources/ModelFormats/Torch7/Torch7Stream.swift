package import ByteParsing

/// Torch7's own serialisation (`.t7`), binary and text: tables, tensors, storages and functions of Lua.
///
/// Read iteratively. Values of storages are passed over. Nothing about Lua code is decoded: that a function is there is
/// the fact, since loading a function is loading code. Source: the Torch7 File documentation.
package struct Torch7Stream: Sendable {
    package struct Function: Sendable {
        package let offset: Int
        /// The dumped chunk: bytecode or source.
        package let chunk: ByteRegion
    }

    package private(set) var classes: [String] = []
    package private(set) var functions: [Function] = []
    package private(set) var objects = 0
    package private(set) var texts: [String] = []
    /// Why the reading stopped early.
    package private(set) var failure: ParseError?
    package let isText: Bool

    /// How the bytes start: as a Torch object, which is certain, or as a table or value, which many files do.
    package enum Start: Sendable { case object, table }

    package static func start(of region: ByteRegion) -> Start? {
        if region.little(Int32.self, at: 0) == 4, region.little(Int32.self, at: 4) == 1,
            let length = region.little(Int32.self, at: 8), 0 < length, length < 256
        {
            if region.starts(with: Array("V 1".utf8), at: 12) { return .object }
            for prefix in ["torch.", "nn.", "cudnn.", "cunn."]
            where region.starts(with: Array(prefix.utf8), at: 12) {
                return .object
            }
        }
        if region.starts(with: "4\n1\n3\nV 1\n") { return .object }
        if region.little(Int32.self, at: 0) == 3, region.little(Int32.self, at: 4) == 1,
            let size = region.little(Int32.self, at: 8), 0...1_000_000 ~= size,
            let key = region.little(Int32.self, at: 12), 1...8 ~= key
        {
            return .table
        }
        if region.starts(with: "3\n1\n") { return .table }
        // A bare function, in the binary form and in the text form.
        for type in 6...8 as ClosedRange<Int32>
        where region.little(Int32.self, at: 0) == type || region.starts(with: Array("\(type)\n".utf8)) {
            for mark in ["\u{1B}LJ", "\u{1B}Lua"] where region.prefix(64).firstOffset(of: Array(mark.utf8)) != nil {
                return .object
            }
        }
        return nil
    }

    private enum Step {
        case value
        /// Pairs of a table that are left.
        case pairs(Int)
    }

    package init(_ region: ByteRegion, budget: Budget) {
        isText = region[1] == 0x0A
        var input = Torch7Input(region, isText: isText, budget: budget)
        do throws(ParseError) {
            try read(&input)
        } catch {
            failure = error
        }
    }

    private mutating func read(_ input: inout Torch7Input) throws(ParseError) {
        var steps: [Step] = [.value]
        var seen = Set<Int>()
        while let step = steps.popLast() {
            try input.budget.spend(operations: 1, reading: "Torch7 objects")
            if case .pairs(let left) = step {
                if left > 1 { steps.append(.pairs(left - 1)) }
                steps.append(.value)
                steps.append(.value)
                continue
            }
            objects += 1
            let offset = input.at
            switch try input.int("Torch7 type") {
            case 0: break
            case 1: try input.skip(numbers: 1, width: 8)
            case 2:
                let text = try input.string("Torch7 string")
                if texts.count < 10_000 { texts.append(text.text(limit: 512)) }
            case 3:
                guard seen.insert(try input.int("Torch7 index")).inserted else { break }
                let count = try input.int("Torch7 table")
                guard count >= 0, count <= input.remaining else {
                    throw .malformed(at: offset, reading: "Torch7 table")
                }
                if count > 0 { steps.append(.pairs(count)) }
            case 4:
                guard seen.insert(try input.int("Torch7 index")).inserted else { break }
                var name = try input.string("Torch7 class")
                if name.starts(with: Array("V ".utf8)) { name = try input.string("Torch7 class") }
                let className = name.text(limit: 512)
                if classes.count < 10_000 { classes.append(className) }
                try readObject(className, &input, &steps)
            case 5: _ = try input.int("Torch7 boolean")
            case 6: try readFunction(offset, &input, &steps)
            case 7, 8:
                guard seen.insert(try input.int("Torch7 index")).inserted else { break }
                try readFunction(offset, &input, &steps)
            case let type: throw .malformed(at: offset, reading: "Torch7 type \(type)")
            }
        }
    }

    private mutating func readFunction(
        _ offset: Int, _ input: inout Torch7Input, _ steps: inout [Step]
    ) throws(ParseError) {
        // The fact stands even when its chunk is cut off.
        functions.append(Function(offset: offset, chunk: input.rest.prefix(4_096)))
        let chunk = try input.string("Torch7 function")
        functions[functions.count - 1] = Function(offset: offset, chunk: chunk)
        steps.append(.value)
    }

    private func readObject(
        _ name: String, _ input: inout Torch7Input, _ steps: inout [Step]
    ) throws(ParseError) {
        let short = name.hasPrefix("torch.") ? name.dropFirst(6) : ""
        if short.hasSuffix("Storage") {
            let count = try input.long("Torch7 storage")
            let width =
                switch short {
                case "ByteStorage", "CharStorage": 1
                case "ShortStorage", "HalfStorage": 2
                case "IntStorage", "FloatStorage", "CudaStorage": 4
                default: 8
                }
            try input.skip(numbers: count, width: width)
        } else if short.hasSuffix("Tensor") {
            let rank = try input.int("Torch7 tensor")
            guard 0...64 ~= rank else { throw .malformed(at: input.at, reading: "Torch7 tensor rank") }
            try input.skip(numbers: 2 * rank + 1, width: 8)
            steps.append(.value)
        } else {
            steps.append(.value)
        }
    }
}

/// Binary or text numbers of a Torch7 file.
struct Torch7Input {
    private let region: ByteRegion
    private let isText: Bool
    let budget: Budget
    private(set) var at = 0

    init(_ region: ByteRegion, isText: Bool, budget: Budget) {
        self.region = region
        self.isText = isText
        self.budget = budget
    }

    var remaining: Int { region.count - at }
    var rest: ByteRegion { region.suffix(from: at) }

    private mutating func word(_ what: String) throws(ParseError) -> String {
        while let byte = region[at], byte <= 0x20 { at += 1 }
        let start = at
        while let byte = region[at], byte > 0x20, at - start < 64 { at += 1 }
        guard at > start, let text = region.slice(start, at - start)?.text() else {
            throw .truncated(at: start, reading: what)
        }
        at += 1
        return text
    }

    mutating func int(_ what: String) throws(ParseError) -> Int {
        if isText {
            guard let value = Int(try word(what)) else { throw .malformed(at: at, reading: what) }
            return value
        }
        guard let value = region.little(Int32.self, at: at) else { throw .truncated(at: at, reading: what) }
        at += 4
        return Int(value)
    }

    mutating func long(_ what: String) throws(ParseError) -> Int {
        if isText { return try int(what) }
        guard let value = region.little(Int64.self, at: at) else { throw .truncated(at: at, reading: what) }
        at += 8
        return Int(value)
    }

    mutating func string(_ what: String) throws(ParseError) -> ByteRegion {
        let length = try int(what)
        guard let part = region.slice(min(at, region.count), length) else { throw .truncated(at: at, reading: what) }
        at += length + (isText ? 1 : 0)
        return part
    }

    mutating func skip(numbers count: Int, width: Int) throws(ParseError) {
        guard count >= 0 else { throw .malformed(at: at, reading: "Torch7 numbers") }
        if isText {
            guard count <= remaining else { throw .truncated(at: at, reading: "Torch7 numbers") }
            for _ in 0..<count {
                try budget.spend(operations: 1, reading: "Torch7 numbers")
                _ = try word("Torch7 numbers")
            }
            return
        }
        guard let bytes = count.multiplied(checked: width), bytes <= remaining else {
            throw .truncated(at: at, reading: "Torch7 numbers")
        }
        at += bytes
    }
}
