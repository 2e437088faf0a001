internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges graphs in protocol buffer text: TensorFlow's `saved_model.pbtxt` and `graph.pbtxt`, and Caffe's networks.
///
/// The text is not parsed into a tree. What matters stands in `op` and `type` fields and in Caffe's `python_param`;
/// they are found wherever they are, so that no nesting hides one. Comments are not told apart: a name in one is judged.
struct TextGraphAnalyser: Analyser {
    let format: FormatID = "graph-text"

    func recognise(_ item: ScanItem) -> Recognition {
        let head = item.region.prefix(1 << 16)
        guard let first = head[0], first >= 0x09, first < 0x80, first != UInt8(ascii: "{") else { return .no }
        let named = ["pbtxt", "prototxt"].contains(item.fileExtension)
        guard named || Self.hasMark(head) else { return .no }
        return named ? .likely : .possible
    }

    /// What stands before the brace of the messages that graphs are made of.
    private static let marks: [StaticString] = [
        "node ", "node", "meta_graphs ", "meta_graphs", "graph_def ", "layer ", "layer", "layers ", "node_def ",
    ]

    /// Whether one of the marks occurs: one search for the brace that they all end with.
    private static func hasMark(_ head: ByteRegion) -> Bool {
        let bytes = head.bytes
        var at = 0
        while let step = bytes.extracting(at...).firstOffset(of: UInt8(ascii: "{")) {
            let brace = at + step
            at = brace + 1
            // The last letters of all the marks.
            let letter = bytes.byte(at: brace - 1) == 0x20 ? bytes.byte(at: brace - 2) : bytes.byte(at: brace - 1)
            switch letter {
            case UInt8(ascii: "e"), UInt8(ascii: "s"), UInt8(ascii: "f"), UInt8(ascii: "r"): break
            default: continue
            }
            if marks.contains(where: { bytes.starts(with: $0, at: brace - $0.utf8CodeUnitCount) }) { return true }
        }
        return false
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "graph text") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "graph text")
        let isGraph = item.region.firstOffset(of: Array("node".utf8)) != nil
        var seen = Set<String>()
        if isGraph {
            let functions = functions(in: item.region)
            for (value, offset) in try Self.values(of: "op", in: item.region, scan.budget)
            where Self.mayBeOperator(value) && seen.insert(value).inserted {
                // A name that TensorFlow lacks may be a function's, which is judged by what is in it.
                guard OperatorTable.tensorFlow(value) != nil || !functions.contains(value) else { continue }
                TensorFlowJudge.judge(value, node: value, at: item.location.at(offset, value), in: scan)
            }
        }
        if item.region.firstOffset(of: Array("python_param".utf8)) != nil {
            for (value, offset) in try Self.values(of: "module", in: item.region, scan.budget) {
                scan.report(
                    "GRAPH-CODE-EXECUTION",
                    "a Python layer imports the module “\(Printable.line(value, limit: 100))” and runs a class of it",
                    at: item.location.at(offset, value), severity: .high)
            }
        }
    }

    /// Whether an operator can be called so: letters, digits and the marks of namespaces.
    private static func mayBeOperator(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: ">"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"):
                true
            default: byte >= 0x80
            }
        }
    }

    /// Names that the text gives to functions: any `name` beside an operator's.
    private func functions(in region: ByteRegion) -> Set<String> {
        guard region.firstOffset(of: Array("signature".utf8)) != nil else { return [] }
        return Set(((try? Self.values(of: "name", in: region, Budget())) ?? []).map(\.0))
    }

    /// Quoted values of the field `key`, with where they start.
    static func values(of key: String, in region: ByteRegion, _ budget: Budget) throws(ParseError) -> [(String, Int)] {
        var found: [(String, Int)] = []
        let needle = Array(key.utf8)
        var from = 0
        while let at = region.firstOffset(of: needle, from: from) {
            try budget.spend(operations: 1, reading: "graph text")
            from = at + needle.count
            if at > 0, let before = region[at - 1], isWord(before) { continue }
            var position = skipSpace(region, from)
            guard region[position] == UInt8(ascii: ":") else { continue }
            position = skipSpace(region, position + 1)
            // The elements of a list are values like one that is given alone.
            let isList = region[position] == UInt8(ascii: "[")
            if isList { position = skipSpace(region, position + 1) }
            repeat {
                let start = position + 1
                guard let value = quoted(region, &position) else { break }
                found.append((value, start))
                guard isList, region[position] == UInt8(ascii: ",") else { break }
                position = skipSpace(region, position + 1)
                try budget.spend(operations: 1, reading: "graph text")
            } while position < region.count
            from = min(position, region.count)
        }
        return found
    }

    /// Quoted pieces that follow each other are one value; nil when none stands at `position`.
    private static func quoted(_ region: ByteRegion, _ position: inout Int) -> String? {
        var bytes: [UInt8] = []
        var isQuoted = false
        while let quote = region[position], quote == 0x22 || quote == 0x27, bytes.count < 512 {
            isQuoted = true
            position += 1
            let start = position
            while position - start < 512, let byte = region[position], byte != quote, byte != 0x0A {
                position += 1
                guard byte == UInt8(ascii: "\\"), let next = region[position] else {
                    bytes.append(byte)
                    continue
                }
                position += 1
                bytes.append(escape(next, region, &position))
            }
            position = skipSpace(region, position + 1)
        }
        return isQuoted ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The byte that an escape stands for: octal and hexadecimal digits, or the character itself.
    private static func escape(_ first: UInt8, _ region: ByteRegion, _ position: inout Int) -> UInt8 {
        func digit(_ byte: UInt8, _ base: UInt32) -> UInt32? {
            let value: UInt32
            switch byte {
            case 0x30...0x39: value = UInt32(byte) - 0x30
            case 0x41...0x46, 0x61...0x66: value = UInt32(byte | 0x20) - 0x57
            default: return nil
            }
            return value < base ? value : nil
        }
        let isHexadecimal = first | 0x20 == UInt8(ascii: "x")
        let base: UInt32 = isHexadecimal ? 16 : 8
        var value: UInt32 = 0
        if !isHexadecimal {
            guard let start = digit(first, 8) else { return first }
            value = start
        }
        for _ in 0..<2 {
            guard let byte = region[position], let next = digit(byte, base) else { break }
            value = value * base + next
            position += 1
        }
        return UInt8(truncatingIfNeeded: value)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }

    /// Passes over white space and comments.
    private static func skipSpace(_ region: ByteRegion, _ start: Int) -> Int {
        var at = start
        while let byte = region[at] {
            if byte == UInt8(ascii: "#") {
                while let next = region[at], next != 0x0A { at += 1 }
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                at += 1
            } else {
                break
            }
        }
        return at
    }
}
