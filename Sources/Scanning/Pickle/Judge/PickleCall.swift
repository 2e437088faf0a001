import ModelFormats

/// One call that a pickle makes.
struct PickleCall {
    var result: PickleValue
    var callee: PickleValue
    var arguments: PickleValue
    var keywords: PickleValue?
    var opcode: PickleOpcode
    var offset: Int
}

extension Capability {
    /// The rule that reports a call.
    var pickleRule: String {
        switch self {
        case .codeExecution: "PICKLE-CODE-EXECUTION"
        case .nativeCode: "PICKLE-NATIVE-CODE"
        case .importByString: "PICKLE-IMPORT-BY-STRING"
        case .indirectLoad: "PICKLE-INDIRECT-LOAD"
        case .codeObject: "PICKLE-CODE-OBJECT"
        case .file: "PICKLE-FILE-ACCESS"
        case .network: "PICKLE-NETWORK-ACCESS"
        case .attributeAccess: "PICKLE-ATTRIBUTE-ACCESS"
        case .processState: "PICKLE-PROCESS-STATE"
        case .unknownCall: "PICKLE-UNKNOWN-CALL"
        case .unknownClassState, .pure: "PICKLE-UNKNOWN-CLASS"
        }
    }
}
