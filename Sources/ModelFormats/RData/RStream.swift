package import ByteParsing

/// R's serialisation format, versions 2 and 3, in its three codings: XDR (`X`), native binary (`B`) and text (`A`);
/// alone (`.rds`) or after the mark of a workspace (`.RData`).
///
/// Read iteratively into a flat list of nodes. Values of numeric vectors are passed over; of string vectors the first
/// text is kept. Nothing is evaluated, and no name is looked up anywhere. Source: R Internals, section 1.8, and
/// the order in which R reads each type.
package struct RStream: Sendable {
    package private(set) var nodes: [RNode] = []
    package private(set) var texts: [String] = []
    package private(set) var version = 0
    package private(set) var isWorkspace = false
    /// Why the reading stopped before the end; what was read stands.
    package private(set) var failure: ParseError?
    /// Bytes after the first object.
    package private(set) var trailing = 0

    /// Offset of the stream's format letter, or nil when the bytes are something else.
    package static func start(of region: ByteRegion) -> Int? {
        for mark in ["RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n", "RDB2\n", "RDB3\n"] as [StaticString]
        where region[0] == UInt8(ascii: "R") && region.starts(with: mark) {
            return 5
        }
        guard let letter = region[0], region[1] == 0x0A else { return nil }
        switch letter {
        case UInt8(ascii: "X"):
            guard let version = region.big(UInt32.self, at: 2), version == 2 || version == 3 else { return nil }
        case UInt8(ascii: "B"):
            guard let version = region.little(UInt32.self, at: 2), version == 2 || version == 3 else { return nil }
        case UInt8(ascii: "A"):
            guard region[2] == 0x32 || region[2] == 0x33, region[3] == 0x0A else { return nil }
        default: return nil
        }
        return 0
    }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard let start = RStream.start(of: region) else { throw .malformed(reading: "R stream") }
        isWorkspace = start > 0
        guard let letter = region[start] else { throw .truncated(at: start, reading: "R stream") }
        var input = RInput(region, at: start + 2, coding: letter, budget: budget)
        version = try input.int("R stream version")
        _ = try input.int("R stream writer")
        _ = try input.int("R stream reader")
        if version == 3 {
            let length = try input.int("R stream encoding")
            try input.skip(length, "R stream encoding")
        } else if version != 2 {
            throw .unsupported(at: start, reading: "R stream version \(version)")
        }
        do throws(ParseError) {
            try readObjects(&input)
        } catch {
            failure = error
        }
    }

    // MARK: Reading

    /// What is still to be read, innermost last.
    private enum Step {
        case item(RRole, parent: Int)
        /// An item inside bytecode constants, whose type number comes first.
        case language(RRole, parent: Int)
        /// Elements left of a list, a string vector, or bytecode constants.
        case elements(Int, RRole, parent: Int)
        case constants(Int, parent: Int)
        case bytecode(parent: Int)
        case bytecodeConstants(parent: Int)
    }

    private static let nodeLimit = 600_000

    private mutating func readObjects(_ input: inout RInput) throws(ParseError) {
        var steps: [Step] = [.item(.top, parent: -1)]
        var references: [Int] = []
        while true {
            guard let step = steps.popLast() else {
                // Anything after the object is read too: a loader that is called twice would.
                if trailing == 0 { trailing = input.remaining }
                guard input.remaining >= 4 else { return }
                steps.append(.item(.top, parent: -1))
                continue
            }
            try input.budget.spend(operations: 1, reading: "R objects")
            switch step {
            case .elements(let left, let role, let parent):
                if left > 1 { steps.append(.elements(left - 1, role, parent: parent)) }
                if left > 0 { steps.append(.item(role, parent: parent)) }
            case .constants(let left, let parent):
                guard left > 0 else { break }
                steps.append(.constants(left - 1, parent: parent))
                let type = try input.int("R bytecode constant")
                switch type {
                case RType.bytecode.rawValue: steps.append(.bytecode(parent: parent))
                case 6, 2, 239, 240, 243, 244: try language(type, .constant, parent, &input, &steps)
                default: steps.append(.item(.constant, parent: parent))
                }
            case .bytecode(let parent):
                steps.append(.bytecodeConstants(parent: parent))
                steps.append(.item(.code, parent: parent))
            case .bytecodeConstants(let parent):
                let count = try input.int("R bytecode constants")
                guard count >= 0 else { throw .malformed(at: input.at, reading: "R bytecode constants") }
                steps.append(.constants(count, parent: parent))
            case .language(let role, let parent):
                let type = try input.int("R bytecode language")
                switch type {
                case 6, 2, 239, 240, 243, 244: try language(type, role, parent, &input, &steps)
                default: steps.append(.item(role, parent: parent))
                }
            case .item(let role, let parent):
                try item(role, parent, &input, &steps, &references)
            }
        }
    }

    /// Calls and pair lists among bytecode constants, which R writes without reference tables of their own.
    private mutating func language(
        _ code: Int, _ role: RRole, _ parent: Int, _ input: inout RInput, _ steps: inout [Step]
    ) throws(ParseError) {
        var code = code
        if code == 243 {
            _ = try input.int("R bytecode reference")
            try append(.bytecodeReference, role, parent, 0, input.at)
            return
        }
        if code == 244 {
            _ = try input.int("R bytecode definition")
            code = try input.int("R bytecode definition")
        }
        let hasAttributes = code == 239 || code == 240
        let type: RType = code == 6 || code == 240 ? .call : .pairList
        let index = try append(type, role, parent, 0, input.at)
        steps.append(.language(.rest, parent: index))
        steps.append(.language(.head, parent: index))
        steps.append(.item(.tag, parent: index))
        if hasAttributes { steps.append(.item(.attribute, parent: index)) }
    }

    @discardableResult
    private mutating func append(
        _ type: RType, _ role: RRole, _ parent: Int, _ levels: Int, _ offset: Int
    ) throws(ParseError) -> Int {
        guard nodes.count < RStream.nodeLimit else { throw .limit(at: offset, reading: "R objects") }
        nodes.append(
            RNode(
                type: type, role: role, parent: Int32(truncatingIfNeeded: parent), offset: offset,
                levels: Int32(truncatingIfNeeded: levels)))
        return nodes.count - 1
    }

    private mutating func keep(_ text: String) -> Int32 {
        texts.append(text)
        return Int32(truncatingIfNeeded: texts.count - 1)
    }

    private mutating func item(
        _ role: RRole, _ parent: Int, _ input: inout RInput, _ steps: inout [Step], _ references: inout [Int]
    ) throws(ParseError) {
        let offset = input.at
        let flags = try input.int("R object")
        guard let type = RType(rawValue: flags & 0xFF) else {
            throw .malformed(at: offset, reading: "R object type \(flags & 0xFF)")
        }
        let hasAttributes = flags & 0x200 != 0
        let hasTag = flags & 0x400 != 0
        // Elements of string vectors are many: kept with their vector, not as nodes.
        if type == .characters, role == .element, nodes.indices.contains(parent), nodes[parent].type == .strings {
            let text = try input.text(limit: 512)
            if let text, nodes[parent].text < 0 {
                nodes[parent].text = keep(text)
            }
            if hasAttributes { steps.append(.item(.attribute, parent: parent)) }
            return
        }
        let index = try append(type, role, parent, flags >> 12, offset)
        switch type {
        case .nilValue, .null, .global, .unbound, .missingArgument, .base, .emptyEnvironment, .baseEnvironment: break
        case .symbol:
            references.append(index)
            // The name follows as a character object.
            let inner = try input.int("R symbol")
            guard inner & 0xFF == RType.characters.rawValue else { throw .malformed(at: offset, reading: "R symbol") }
            nodes[index].text = keep(try input.text(limit: 512) ?? "NA")
        case .reference:
            let number = flags >> 8 != 0 ? flags >> 8 : try input.int("R reference")
            guard number > 0, number <= references.count else { throw .malformed(at: offset, reading: "R reference") }
            nodes[index].target = Int32(truncatingIfNeeded: references[number - 1])
        case .environment:
            _ = try input.int("R environment")
            references.append(index)
            for role: RRole in [.attribute, .table, .frame, .parent] { steps.append(.item(role, parent: index)) }
        case .pairList, .call, .closure, .promise, .dots:
            steps.append(.item(.rest, parent: index))
            steps.append(.item(.head, parent: index))
            if hasTag { steps.append(.item(.tag, parent: index)) }
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
        case .namespace, .package, .persistent:
            references.append(index)
            _ = try input.int("R name list")
            let count = try input.int("R name list")
            guard count >= 0, count <= input.remaining else { throw .malformed(at: offset, reading: "R name list") }
            nodes[index].count = count
            for position in 0..<count {
                try input.budget.spend(operations: 1, reading: "R name list")
                guard try input.int("R name") & 0xFF == RType.characters.rawValue else {
                    throw .malformed(at: offset, reading: "R name list")
                }
                let text = try input.text(limit: 512) ?? "NA"
                if position == 0 { nodes[index].text = keep(text) }
            }
        case .externalPointer:
            references.append(index)
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
            steps.append(.item(.tag, parent: index))
            steps.append(.item(.head, parent: index))
        case .weakReference:
            references.append(index)
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
        case .special, .builtin:
            let length = try input.int("R function name")
            nodes[index].text = keep(try input.string(length, limit: 512))
        case .characters:
            if let text = try input.text(limit: 512) { nodes[index].text = keep(text) }
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
        case .logical, .integer, .real, .complex, .raw:
            let count = try input.length()
            nodes[index].count = count
            try input.skip(values: count, of: type)
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
        case .strings, .list, .expression:
            let count = try input.length()
            // Every element takes bytes: a count beyond what is left is a lie.
            guard count <= input.remaining else { throw .truncated(at: offset, reading: "R vector") }
            nodes[index].count = count
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
            if count > 0 { steps.append(.elements(count, .element, parent: index)) }
        case .bytecode:
            _ = try input.int("R bytecode")
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
            steps.append(.bytecode(parent: index))
        case .s4:
            if hasAttributes { steps.append(.item(.attribute, parent: index)) }
        case .alternative:
            for role: RRole in [.attribute, .state, .head] { steps.append(.item(role, parent: index)) }
        case .attributePairList, .attributeCall, .bytecodeReference, .bytecodeDefinition:
            throw .malformed(at: offset, reading: "R object type \(type.rawValue)")
        }
    }
}
