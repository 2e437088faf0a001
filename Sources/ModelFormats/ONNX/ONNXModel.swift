package import ByteParsing

/// The parts of an ONNX model that say what loading it does: operators, files it names, texts.
///
/// Node and attribute comments are left out: exporters fill them with their own stack traces.
/// All graphs are followed: the main one, those of If, Loop and Scan bodies, of functions and of training. Not read: tensor
/// values and type information.
///
/// Source: `onnx.proto` of the ONNX repository, IR version 13.
package struct ONNXModel: Sendable {
    /// An operator type and how often it is used.
    package struct Operator: Sendable, Hashable {
        package let domain: String
        package let type: String

        package init(domain: String, type: String) {
            self.domain = domain
            self.type = type
        }
    }

    package struct Use: Sendable {
        package var count: Int
        /// Name and offset of the first node.
        package let node: String
        package let offset: Int
    }

    /// A tensor whose values stand in another file.
    package struct External: Sendable {
        package let tensor: String
        package let key: String
        package let value: [UInt8]
        package let offset: Int
    }

    package struct Text: Sendable {
        package let key: String
        package let range: Range<Int>
    }

    package struct Function: Sendable, Hashable {
        package let domain: String
        package let name: String
        package let offset: Int
    }

    package struct Tensor: Sendable {
        package let name: String
        package let type: Int
        package let dimensions: [Int]
        package let isExternal: Bool
        package let offset: Int
    }

    package internal(set) var irVersion = 0
    package internal(set) var producer = ""
    package internal(set) var operators: [Operator: Use] = [:]
    package internal(set) var operatorSets: [(domain: String, version: Int)] = []
    package internal(set) var external: [External] = []
    package internal(set) var texts: [Text] = []
    /// Strings of attributes and byte tensors that are long enough to be a file.
    package internal(set) var blobs: [Text] = []
    /// Strings of attributes whose names say that they are file names.
    package internal(set) var pathAttributes: [Text] = []
    package internal(set) var functions: [Function] = []
    /// Initializers of the main graph.
    package internal(set) var tensors: [Tensor] = []
    /// Tensors whose dimensions and values do not fit each other.
    package internal(set) var inconsistent: [Text] = []
    package internal(set) var inputs: [String] = []
    package internal(set) var outputs: [String] = []
    /// Where the main graph's inputs and outputs are described: for `ONNXValue`.
    package internal(set) var inputRanges: [Range<Int>] = []
    package internal(set) var outputRanges: [Range<Int>] = []
    /// Calls from one function to another, by index into `functions`: a loop in them has no end.
    package internal(set) var calls: [(function: Int, callee: Operator)] = []
    /// Why the walk stopped, or nil; what was read before stays.
    package internal(set) var failure: ParseError?

    package init(_ region: ByteRegion, budget: Budget) {
        var walk = ONNXWalk(region)
        walk.run(budget: budget)
        self = walk.model
    }

    init() {}
}
