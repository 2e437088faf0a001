package import ByteParsing

/// The parts of a Core ML specification that make an app load other code or other files.
///
/// Pipelines and the bodies of branches and loops are followed with a list. Not read: weights, and the programs of
/// `mlProgram` beyond the files that their values lie in.
///
/// Source: `Model.proto`, `NeuralNetwork.proto`, `MIL.proto` of coremltools.
package struct CoreMLModel: Sendable {
    package enum Reference: Sendable, Hashable {
        case customModel, customLayer, linkedModel, linkedPath, blobFile
    }

    package struct Found: Sendable {
        package let kind: Reference
        /// The class or file.
        package let name: [UInt8]
        package let offset: Int
    }

    package private(set) var specificationVersion = 0
    package private(set) var found: [Found] = []
    package private(set) var texts: [(key: String, range: Range<Int>)] = []
    /// Field numbers of the model kinds met, outermost first.
    package private(set) var kinds: [Int] = []
    package private(set) var layers = 0
    package private(set) var failure: ParseError?

    private enum Message {
        case model, description, metadata, pipeline, wrappedPipeline, network, layer, custom(Reference), linked,
            linkedFile
        case text(Reference), branch, loop, program, function, block, operation, value, entry(Int), argument, binding,
            blob
    }

    private let region: ByteRegion
    private var pending: [(message: Message, range: Range<Int>)] = []

    package init(_ region: ByteRegion, budget: Budget) {
        self.region = region
        pending = [(.model, 0..<region.count)]
        do throws(ParseError) {
            while let next = pending.popLast() {
                do throws(ParseError) {
                    try walk(next.range, of: next.message, budget: budget)
                } catch let error where error.code != .limit {
                    // What stands before the fault, and in other messages, is there for lenient loaders.
                    failure = failure ?? error
                }
            }
        } catch {
            failure = error
        }
    }

    private mutating func walk(_ range: Range<Int>, of message: Message, budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "model")
            guard pending.count < 4_000_000, found.count < 100_000, texts.count < 100_000 else {
                throw .limit(at: field.range.lowerBound, reading: "model")
            }
            take(field, of: message)
        }
    }

    private mutating func push(_ message: Message, _ field: ProtobufField) {
        if field.wire == .bytes { pending.append((message, field.range)) }
    }

    private func text(_ field: ProtobufField) -> String {
        region.slice(field.range.lowerBound, min(field.range.count, 64))?.text(limit: 64) ?? ""
    }

    private mutating func add(_ kind: Reference, _ field: ProtobufField) {
        guard field.wire == .bytes, let bytes = region.slice(field.range.lowerBound, min(field.range.count, 4_096))
        else { return }
        found.append(Found(kind: kind, name: bytes.array(), offset: field.range.lowerBound))
    }

    private mutating func take(_ field: ProtobufField, of message: Message) {
        switch (message, field.number) {
        case (.model, 1): specificationVersion = field.integer
        case (.model, 2): push(.description, field)
        case (.model, 200...10_000): takeKind(field)
        case (.description, 100): push(.metadata, field)
        case (.metadata, 1...4):
            if field.wire == .bytes {
                texts.append((["shortDescription", "version", "author", "license"][field.number - 1], field.range))
            }
        case (.metadata, 100): push(.entry(100), field)
        case (.entry(100), 2): if field.wire == .bytes { texts.append(("userDefined", field.range)) }
        case (.wrappedPipeline, 1): push(.pipeline, field)
        case (.pipeline, 1): push(.model, field)
        case (.network, 1): push(.layer, field)
        case (.layer, 1): layers += 1
        case (.layer, 500): push(.custom(.customLayer), field)
        case (.layer, 605): push(.branch, field)
        case (.layer, 615): push(.loop, field)
        case (.branch, 1...2), (.loop, 3...4): push(.network, field)
        case (.custom(let kind), 10): add(kind, field)
        case (.custom, 30): push(.entry(30), field)
        case (.linked, 1): push(.linkedFile, field)
        case (.linkedFile, 1): push(.text(.linkedModel), field)
        case (.linkedFile, 2): push(.text(.linkedPath), field)
        case (.text(let kind), 1): add(kind, field)
        default: takeProgram(field, of: message)
        }
    }

    private mutating func takeKind(_ field: ProtobufField) {
        guard field.wire == .bytes else { return }
        if kinds.count < 1_000 { kinds.append(field.number) }
        switch field.number {
        case 200, 201: push(.wrappedPipeline, field)
        case 202: push(.pipeline, field)
        case 303, 403, 500: push(.network, field)
        case 502: push(.program, field)
        case 555: push(.custom(.customModel), field)
        case 556: push(.linked, field)
        default: break
        }
    }

    /// Follows a program down to the files that its constants lie in.
    private mutating func takeProgram(_ field: ProtobufField, of message: Message) {
        switch (message, field.number) {
        case (.program, 2): push(.entry(2), field)
        case (.entry(2), 2): push(.function, field)
        case (.function, 3): push(.entry(3), field)
        case (.entry(3), 2): push(.block, field)
        case (.block, 3): push(.operation, field)
        case (.operation, 1):
            // What the converter makes of an operator that an app's own class computes.
            if field.wire == .bytes, text(field) == "custom_layer" { add(.customLayer, field) }
        case (.operation, 2): push(.entry(5), field)
        case (.operation, 5), (.program, 4), (.function, 4), (.block, 4): push(.entry(6), field)
        case (.operation, 4): push(.block, field)
        case (.entry(5), 2): push(.argument, field)
        case (.entry(6), 2): push(.value, field)
        case (.argument, 1): push(.binding, field)
        case (.value, 5): push(.blob, field)
        case (.binding, 2): push(.value, field)
        case (.blob, 1): add(.blobFile, field)
        default: break
        }
    }

    private static let schema: KeyValuePairs<Int, ProtobufField.Wire> = [1: .varint, 2: .bytes, 10: .varint]
    private static let kindNumbers: Set<Int> = [
        200, 201, 202, 300, 301, 302, 303, 304, 400, 401, 402, 403, 404, 500, 501, 502, 555, 556, 560, 600, 601, 602,
        603, 604, 606, 607, 609, 610, 900, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 3000,
    ]

    /// Whether the bytes have a model's version, description and one of its kinds.
    package static func isPresent(in region: ByteRegion) -> Bool {
        let shape = ProtobufShape(region)
        guard shape.fits(schema), let version = shape.value(1), version < 100, shape.has(2, .bytes) else {
            return false
        }
        return shape.numbers.contains { kindNumbers.contains($0) && shape.has($0, .bytes) }
    }
}
