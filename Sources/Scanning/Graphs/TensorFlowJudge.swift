internal import AssayCore

/// Says what a TensorFlow operator does when the graph runs, wherever the graph is kept.
enum TensorFlowJudge {
    /// Reports the operator `type` unless it only computes.
    static func judge(_ type: String, node: String, at location: Location, in scan: Scan) {
        let name = Printable.line(type, limit: 100)
        let subject = "the operator \(name) (“\(Printable.line(node, limit: 80))”)"
        func report(_ rule: String, _ severity: Severity, _ what: String) {
            scan.report(
                rule, "\(subject) \(what)", at: location, severity: severity, details: [.init("operator", type)])
        }
        switch OperatorTable.tensorFlow(type) {
        case .code: report("GRAPH-CODE-EXECUTION", .critical, "calls Python code")
        case .writeAny: report("GRAPH-FILE-WRITE", .critical, "writes any file with any content")
        case .write: report("GRAPH-FILE-WRITE", .high, "writes files that its inputs name")
        case .writeOwn, .summary: report("GRAPH-FILE-WRITE", .medium, "writes files that its inputs name")
        case .readAny: report("GRAPH-FILE-READ", .high, "reads or lists any file")
        case .read: report("GRAPH-FILE-READ", .medium, "reads files that its inputs name")
        case .network: report("GRAPH-NETWORK", .high, "works with other processes over the network")
        case .exchange: report("GRAPH-NETWORK", .low, "exchanges tensors with other processes of its session")
        case .process: report("GRAPH-PROCESS", .medium, "ends or reconfigures the process it runs in")
        case .debug: report("GRAPH-FILE-WRITE", .medium, "is the debugger's, and sends tensors to files and addresses")
        case .registered:
            report("GRAPH-CUSTOM-OPERATOR", .medium, "calls native code that the process knows under a name")
        case .companion: report("GRAPH-CUSTOM-OPERATOR", .low, "needs an additional native library")
        case .compute: break
        case nil: report("GRAPH-CUSTOM-OPERATOR", .medium, "is none of TensorFlow's and needs a native library")
        }
    }
}
