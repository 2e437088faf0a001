/// The syntax tree of a Jinja template: nodes in one list, children before their parents.
package struct JinjaTemplate: Sendable {
    /// Position of a node in `nodes`.
    package typealias ID = Int

    /// Arguments of a call, filter or test.
    package struct Arguments: Sendable, Hashable {
        package var positional: [ID] = []
        package var keyword: [Keyword] = []
        /// `*args`
        package var unpacked: ID?
        /// `**kwargs`
        package var unpackedKeywords: ID?

        package struct Keyword: Sendable, Hashable {
            package var name: String
            package var value: ID
        }

        package init() {}
        var all: [ID] { positional + keyword.map(\.value) + [unpacked, unpackedKeywords].compactMap(\.self) }
    }

    package struct Pair: Sendable, Hashable {
        package var first: ID
        package var second: ID
    }

    package struct Operand: Sendable, Hashable {
        package var symbol: String
        package var value: ID
    }

    package struct Branch: Sendable, Hashable {
        /// nil for `else`
        package var test: ID?
        package var body: [ID]
    }

    package struct Loop: Sendable, Hashable {
        package var target: ID
        package var sequence: ID
        package var test: ID?
        package var isRecursive: Bool
        package var body: [ID]
        package var otherwise: [ID]
    }

    /// A macro's or call block's parameters; defaults belong to the last ones.
    package struct Signature: Sendable, Hashable {
        package var parameters: [String] = []
        package var defaults: [ID] = []
    }

    package struct Import: Sendable, Hashable {
        package var name: String
        package var alias: String
    }

    package enum Node: Sendable, Hashable {
        // Expressions.
        case name(String)
        case string(String)
        case integer(String)
        case float(String)
        case bool(Bool)
        case none
        case tuple([ID])
        case list([ID])
        case dictionary([Pair])
        case attribute(ID, String)
        case item(ID, ID)
        case slice(ID?, ID?, ID?)
        case call(ID, Arguments)
        /// The operand is nil in `{% filter %}` and `{% set %}` blocks: the body's text.
        case filter(ID?, String, Arguments)
        case test(ID, String, Arguments)
        case unary(String, ID)
        case binary(String, ID, ID)
        case concatenation([ID])
        case comparison(ID, [Operand])
        case conditional(test: ID, then: ID, otherwise: ID?)
        case namespaceReference(String, String)
        // Statements.
        case data(String)
        case output([ID])
        case loop(Loop)
        case choice([Branch])
        case set(ID, ID)
        case setBlock(ID, filter: ID?, [ID])
        case macro(String, Signature, [ID])
        case callBlock(Signature, ID, [ID])
        case filterBlock(ID, [ID])
        case with([Pair], [ID])
        case autoescape(ID, [ID])
        case block(String, [ID])
        case extends(ID)
        case include(ID)
        case importAs(ID, String)
        case importNames(ID, [Import])
        /// `break` or `continue`
        case control(String)
        case evaluate(ID)
        /// `{% generation %}`, which marks what the assistant wrote.
        case generation([ID])
        /// A tag that neither jinja2 nor the usual extensions know, with the expressions in it.
        case unknown(String, [ID])
    }

    package internal(set) var nodes: [Node] = []
    /// Where each node starts, in Unicode scalars.
    package internal(set) var offsets: [Int] = []
    /// Height of the tree under each node.
    var heights: [Int] = []
    package internal(set) var body: [ID] = []
    package internal(set) var unknownTags: [String] = []

    /// Height of a tree that is still read. jinja2 itself runs out of stack at about 250.
    package static let heightLimit = 300

    package subscript(id: ID) -> Node { nodes[id] }
}
