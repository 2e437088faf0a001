package import ByteParsing

/// Operators of a PaddlePaddle program and the file names in their attributes.
///
/// Not read: variables and values; parameters lie in files of their own.
///
/// Source: `framework.proto` of PaddlePaddle.
package struct PaddleProgram: Sendable {
    package struct Use: Sendable {
        package var count: Int
        package let offset: Int
    }

    package struct Attribute: Sendable {
        package let type: String
        package let name: String
        package let value: [UInt8]
        package let offset: Int
    }

    package private(set) var operators: [String: Use] = [:]
    package private(set) var attributes: [Attribute] = []
    package private(set) var blocks = 0
    package private(set) var failure: ParseError?

    package init(_ region: ByteRegion, budget: Budget) {
        do throws(ParseError) {
            var program = ProtobufReader(region.bytes, 0..<region.count)
            while let block = try program.next() {
                guard block.number == 1, block.wire == .bytes else { continue }
                blocks += 1
                var reader = ProtobufReader(region.bytes, block.range)
                while let field = try reader.next() {
                    try budget.spend(operations: 1, reading: "BlockDesc")
                    if field.number == 4, field.wire == .bytes { try readOperator(field.range, region, budget) }
                }
            }
        } catch {
            failure = error
        }
    }

    private mutating func readOperator(_ range: Range<Int>, _ region: ByteRegion, _ budget: Budget) throws(ParseError) {
        var reader = ProtobufReader(region.bytes, range)
        var type = ""
        var entries: [Range<Int>] = []
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "OpDesc")
            guard field.wire == .bytes else { continue }
            if field.number == 3 {
                type = region.slice(field.range.lowerBound, field.range.count)?.text(limit: 256) ?? ""
            }
            if field.number == 4 { entries.append(field.range) }
        }
        if operators[type] != nil {
            operators[type]?.count += 1
        } else {
            guard operators.count < 100_000 else { throw .limit(at: range.lowerBound, reading: "operators") }
            operators[type] = Use(count: 1, offset: range.lowerBound)
        }
        for entry in entries { try readAttribute(entry, type, region, budget) }
    }

    private mutating func readAttribute(
        _ range: Range<Int>, _ type: String, _ region: ByteRegion, _ budget: Budget
    ) throws(ParseError) {
        var reader = ProtobufReader(region.bytes, range)
        var name = ""
        var value: Range<Int>?
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "attribute")
            guard field.wire == .bytes else { continue }
            if field.number == 1 {
                name = region.slice(field.range.lowerBound, field.range.count)?.text(limit: 256) ?? ""
            }
            if field.number == 5 || field.number == 8 { value = field.range }
        }
        guard let value, name.contains("path") || name.contains("file"), attributes.count < 100_000,
            let bytes = region.slice(value.lowerBound, min(value.count, 4_096))
        else { return }
        attributes.append(Attribute(type: type, name: name, value: bytes.array(), offset: value.lowerBound))
    }

    private static let programSchema: KeyValuePairs<Int, ProtobufField.Wire> = [1: .bytes, 4: .bytes, 5: .bytes]
    private static let blockSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .varint, 2: .varint, 3: .bytes, 4: .bytes, 5: .varint,
    ]

    /// Whether the bytes are a program: blocks with an index, a parent and operators.
    package static func isPresent(in region: ByteRegion) -> Bool {
        let shape = ProtobufShape(region)
        guard shape.fits(programSchema), let block = shape.longest(1) else { return false }
        let inside = ProtobufShape(region, block, limit: 65_536)
        guard inside.fits(blockSchema), inside.has(1, .varint),
            inside.has(2, .varint), inside.isWhole
        else { return false }
        guard let operation = inside.longest(4) else {
            return inside.longest(3).map { ProtobufShape(region, $0).has(1, .bytes) } ?? false
        }
        let type = ProtobufShape(region, operation).last(3)
        guard let type, let name = region.slice(type.lowerBound, type.count) else { return false }
        return Identifier.isPlain(name)
    }
}
