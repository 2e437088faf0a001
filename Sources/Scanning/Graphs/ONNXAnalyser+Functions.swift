internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Functions that a model defines: those that stand in for operators, call themselves, or unfold without end.
extension ONNXAnalyser {
    /// Nodes that a model may unfold to before it counts as made to exhaust its reader.
    private static let expansionLimit = 50_000_000

    func judgeFunctions(of model: ONNXModel, _ item: ScanItem, in scan: Scan) {
        var index: [ONNXModel.Operator: Int] = [:]
        for (position, function) in model.functions.enumerated() {
            let place = item.location.at(function.offset, function.name)
            let name = Printable.line(function.name, limit: 80)
            if index.updateValue(position, forKey: .init(domain: function.domain, type: function.name)) != nil {
                scan.report("TENSOR-NAME-REPEATED", "the function \(name) is defined more than once", at: place)
            }
            if OperatorTable.isONNX(domain: function.domain, type: function.name) {
                scan.report("GRAPH-FUNCTION", "the function \(name) stands in for an operator of ONNX", at: place)
            }
        }
        var callees = [[Int: Int]](repeating: [:], count: model.functions.count)
        var sizes = [Int](repeating: 1, count: model.functions.count)
        for call in model.calls where call.function < callees.count {
            if let callee = index[call.callee] {
                callees[call.function][callee, default: 0] += 1
            } else {
                sizes[call.function] += 1
            }
        }
        // Depth first with a list: a function is counted after what it calls; meeting an open one is a circle.
        var state = [UInt8](repeating: 0, count: callees.count)
        for start in callees.indices where state[start] == 0 {
            var open: [(function: Int, rest: [Int])] = [(start, Array(callees[start].keys))]
            state[start] = 1
            while let last = open.indices.last {
                let current = open[last].function
                guard let next = open[last].rest.popLast() else {
                    for (callee, count) in callees[current] {
                        sizes[current] =
                            sizes[current].adding(
                                checked: sizes[callee].multiplied(checked: count) ?? Int.max / 2) ?? Int.max / 2
                    }
                    state[current] = 2
                    open.removeLast()
                    continue
                }
                if state[next] == 1 {
                    let function = model.functions[next]
                    scan.report(
                        "GRAPH-FUNCTION", "the function \(Printable.line(function.name, limit: 80)) calls itself",
                        at: item.location.at(function.offset, function.name))
                } else if state[next] == 0 {
                    state[next] = 1
                    open.append((next, Array(callees[next].keys)))
                }
            }
        }
        if let largest = sizes.max(), largest > Self.expansionLimit {
            scan.report("GRAPH-FUNCTION", "the model's functions unfold to \(largest) nodes or more", at: item.location)
        }
    }
}
