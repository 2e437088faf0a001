internal import ByteParsing

/// The type of a serialised R object, by its number in R's own tables (R Internals, 1.1 and 1.8).
package enum RType: Int, Sendable {
    case null = 0
    case symbol = 1
    case pairList = 2
    case closure = 3
    case environment = 4
    case promise = 5
    case call = 6
    case special = 7
    case builtin = 8
    case characters = 9
    case logical = 10
    case integer = 13
    case real = 14
    case complex = 15
    case strings = 16
    case dots = 17
    case list = 19
    case expression = 20
    case bytecode = 21
    case externalPointer = 22
    case weakReference = 23
    case raw = 24
    case s4 = 25
    case alternative = 238
    case attributePairList = 239
    case attributeCall = 240
    case baseEnvironment = 241
    case emptyEnvironment = 242
    case bytecodeReference = 243
    case bytecodeDefinition = 244
    case persistent = 247
    case package = 248
    case namespace = 249
    case base = 250
    case missingArgument = 251
    case unbound = 252
    case global = 253
    case nilValue = 254
    case reference = 255
}

/// What part an object plays in the one that holds it.
package enum RRole: UInt8, Sendable {
    case top, attribute, tag, head, rest, element, parent, frame, table, state, constant, code
}

/// One serialised object: a fact about a place in the stream, never an R object.
package struct RNode: Sendable {
    package let type: RType
    package let role: RRole
    /// Index of the node that holds this one, or -1.
    package let parent: Int32
    package let offset: Int
    /// Bits above the type: for members of environments, bit 15 marks active bindings.
    package let levels: Int32
    /// For symbols, strings and functions of the interpreter: index into the texts, or -1.
    package internal(set) var text: Int32 = -1
    /// For references: the node meant, or -1.
    package internal(set) var target: Int32 = -1
    /// Elements of a vector.
    package internal(set) var count = 0
}
