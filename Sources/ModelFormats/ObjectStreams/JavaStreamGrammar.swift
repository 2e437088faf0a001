package import ByteParsing

/// Follows the grammar of a stream of Java's object serialisation (Java Object Serialization Specification, version 6.0,
/// section 6.4) to see whether it is whole.
///
/// Objects whose class writes itself without blocks (the first version of the protocol), exceptions in the stream, and
/// classes that leave out their fields although they say that they write them, are not followed: then nothing is said.
package struct JavaStreamGrammar {
    package enum Ending: Sendable, Hashable {
        /// Every object ends, with the last byte of the stream.
        case whole
        /// The stream ends within an object.
        case cut
        /// Something that is not followed, at this offset.
        case unknown(at: Int)
    }

    private struct Description {
        var name = ""
        var flags: UInt8 = 0
        /// Type codes of the fields, one a field.
        var fields: [UInt8] = []
        var parent: Int?
    }

    /// What is still to be read, the next one last.
    private enum Task {
        case content
        case description
        /// Fields of a description that is being read.
        case fields(Int, left: Int)
        case parent(of: Int)
        /// Contents up to the end of a block.
        case annotation
        case handle
        /// The fields of an object, from one on.
        case values(Int, from: Int)
        case elements(Int)
        case object, array
    }

    private typealias Stop = JavaStreamBytes.Stop

    private var bytes: JavaStreamBytes
    private let budget: Budget
    /// Whether classes that write themselves are taken to write blocks alone.
    private let areFieldsLeftOut: Bool
    /// Whether there are such classes that have fields.
    private var hasWriters = false
    private var tasks: [Task] = []
    private var descriptions: [Description] = []
    /// Descriptions by their handles.
    private var handles: [Int: Int] = [:]
    private var handleCount = 0
    /// The description that was read last; nil for none.
    private var latest: Int?

    private static let mostTasks = 1 << 17
    private static let mostDescriptions = 1 << 14
    private static let mostParents = 64

    /// - Throws: `limit` when the budget is used up.
    package static func ending(of region: ByteRegion, budget: Budget) throws(ParseError) -> Ending {
        var grammar = JavaStreamGrammar(region: region, budget: budget, areFieldsLeftOut: false)
        let ending = try grammar.run()
        guard ending != .whole, grammar.hasWriters else { return ending }
        // A class that writes itself may have left its fields out, though the stream says otherwise.
        grammar = JavaStreamGrammar(region: region, budget: budget, areFieldsLeftOut: true)
        let other = try grammar.run()
        return other == .whole || ending != .cut && other == .cut ? other : ending
    }

    private init(region: ByteRegion, budget: Budget, areFieldsLeftOut: Bool) {
        bytes = JavaStreamBytes(region)
        self.budget = budget
        self.areFieldsLeftOut = areFieldsLeftOut
    }

    private mutating func run() throws(ParseError) -> Ending {
        while true {
            if tasks.isEmpty {
                guard bytes.left > 0 else { return .whole }
                tasks.append(.content)
            }
            try budget.spend(operations: 1, reading: "Java objects")
            guard tasks.count < Self.mostTasks, let task = tasks.popLast() else { return .unknown(at: bytes.at) }
            do throws(Stop) {
                try step(task)
            } catch .cut {
                return .cut
            } catch {
                return .unknown(at: bytes.at)
            }
        }
    }

    private static func width(of type: UInt8) -> Int? {
        switch type {
        case UInt8(ascii: "B"), UInt8(ascii: "Z"): 1
        case UInt8(ascii: "C"), UInt8(ascii: "S"): 2
        case UInt8(ascii: "F"), UInt8(ascii: "I"): 4
        case UInt8(ascii: "D"), UInt8(ascii: "J"): 8
        default: nil
        }
    }

    private static func isReference(_ type: UInt8) -> Bool { type == UInt8(ascii: "L") || type == UInt8(ascii: "[") }

    // MARK: Grammar

    private mutating func step(_ task: Task) throws(Stop) {
        switch task {
        case .content: try content()
        case .description: try description(try bytes.byte())
        case .fields(let index, let left):
            guard left > 0 else { return }
            let type = try bytes.byte()
            _ = try bytes.text()
            descriptions[index].fields.append(type)
            tasks.append(.fields(index, left: left - 1))
            if Self.isReference(type) {
                tasks.append(.content)
            } else if Self.width(of: type) == nil {
                throw .unknown
            }
        case .parent(let index):
            descriptions[index].parent = latest
            latest = index
        case .annotation:
            guard let next = bytes.next else { throw .cut }
            if next == 0x78 {
                try bytes.skip(1)
            } else {
                tasks += [.annotation, .content]
            }
        case .handle: handleCount += 1
        case .values(let index, let from):
            let fields = descriptions[index].fields
            if descriptions[index].flags & 1 != 0, from == 0, !fields.isEmpty {
                hasWriters = true
                if areFieldsLeftOut, let next = bytes.next, [0x77, 0x78, 0x7A].contains(next) { return }
            }
            for position in from..<max(from, fields.count) {
                if let width = Self.width(of: fields[position]) {
                    try bytes.skip(width)
                } else {
                    tasks += [.values(index, from: position + 1), .content]
                    return
                }
            }
        case .elements(let left): if left > 0 { tasks += [.elements(left - 1), .content] }
        case .object: try object()
        case .array:
            handleCount += 1
            guard let index = latest else { throw .unknown }
            let count = Int(Int32(bitPattern: try bytes.number(UInt32.self)))
            guard count >= 0, let type = descriptions[index].name.utf8.dropFirst().first else { throw .unknown }
            if let width = Self.width(of: type) {
                try bytes.skip(count * width)
            } else if Self.isReference(type) {
                // Each element takes a byte at least.
                guard count <= bytes.left else { throw .cut }
                tasks.append(.elements(count))
            } else {
                throw .unknown
            }
        }
    }

    private mutating func content() throws(Stop) {
        let tag = try bytes.byte()
        switch tag {
        case 0x70: break
        case 0x71: try bytes.skip(4)
        case 0x72, 0x7D: try description(tag)
        case 0x73: tasks += [.object, .description]
        case 0x74:
            handleCount += 1
            try bytes.skip(Int(try bytes.number(UInt16.self)))
        case 0x75: tasks += [.array, .description]
        case 0x76: tasks += [.handle, .description]
        case 0x77: try bytes.skip(Int(try bytes.byte()))
        case 0x79:
            handles.removeAll()
            handleCount = 0
        case 0x7A: try bytes.skip(Int(try bytes.number(UInt32.self)))
        case 0x7C:
            handleCount += 1
            guard let length = Int(exactly: try bytes.number(UInt64.self)) else { throw .unknown }
            try bytes.skip(length)
        case 0x7E: tasks += [.content, .handle, .description]
        default: throw .unknown
        }
    }

    /// A class descriptor whose tag was read.
    private mutating func description(_ tag: UInt8) throws(Stop) {
        switch tag {
        case 0x70: latest = nil
        case 0x71:
            let handle = Int(try bytes.number(UInt32.self)) - 0x7E0000
            guard let known = handles[handle] else { throw .unknown }
            latest = known
        case 0x72, 0x7D:
            guard descriptions.count < Self.mostDescriptions else { throw .unknown }
            let index = descriptions.count
            descriptions.append(Description())
            if tag == 0x72 {
                descriptions[index].name = try bytes.text()
                try bytes.skip(8)
            }
            handles[handleCount] = index
            handleCount += 1
            tasks += [.parent(of: index), .description, .annotation]
            if tag == 0x72 {
                descriptions[index].flags = try bytes.byte()
                tasks.append(.fields(index, left: Int(try bytes.number(UInt16.self))))
            } else {
                descriptions[index].flags = 2
                let count = Int(try bytes.number(UInt32.self))
                guard count <= 65_535 else { throw .unknown }
                for _ in 0..<count { _ = try bytes.text() }
            }
        default: throw .unknown
        }
    }

    /// The data of an object whose class was read: those of its topmost class first.
    private mutating func object() throws(Stop) {
        handleCount += 1
        var next = latest
        var count = 0
        guard next != nil else { throw .unknown }
        while let index = next {
            count += 1
            guard count <= Self.mostParents else { throw .unknown }
            let flags = descriptions[index].flags
            if flags & 4 != 0 {
                guard flags & 8 != 0 else { throw .unknown }
                tasks.append(.annotation)
            } else if flags & 2 != 0 {
                if flags & 1 != 0 { tasks.append(.annotation) }
                tasks.append(.values(index, from: 0))
            }
            next = descriptions[index].parent
        }
    }
}
