internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges the `schema.json` of skops files: a tree of nodes, each of which names a type and the way to build it.
///
/// skops asks its user to trust types by name; earlier versions could be led past that question. So each node is judged
/// by what its name can do, and node kinds that reach attributes or call by name are judged by their arguments too.
package struct SkopsAnalyser: Analyser {
    package let format: FormatID = "skops"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        if item.name == "schema.json", item.depth > 0 { return .possible }
        return ConfigurationText.mayHold("__loader__", item.region) ? .possible : .no
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let config: KerasConfig
        do throws(ParseError) {
            config = try KerasConfig(item.region, limit: scan.limits.textBytes)
        } catch {
            if error.code == .limit || item.name == "schema.json" { throw error }
            return
        }
        for value in config.document.root.descendants {
            try scan.budget.spend(operations: 1, reading: "skops schema")
            guard let node = SkopsNode(value) else { continue }
            if item.depth == 0 { scan.format = format }
            SkopsJudge(item: item, scan: scan).judge(node)
        }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let config = try KerasConfig(item.region, limit: budget.limits.textBytes)
        var nodes: [Outline] = []
        for value in config.document.root.descendants {
            try budget.spend(operations: 1, reading: "skops schema")
            guard let node = SkopsNode(value), nodes.count < 10_000 else { continue }
            nodes.append(Outline(node.loader, node.module + "." + node.name))
        }
        return Outline("skops schema", Outline.count(nodes.count, "node"), children: nodes)
    }
}

/// One node of a skops schema.
struct SkopsNode {
    let value: JSONValue
    let loader: String
    let module: String
    let name: String

    init?(_ value: JSONValue) {
        guard value.isObject, let loader = value["__loader__"]?.string else { return nil }
        self.value = value
        self.loader = loader
        module = value["__module__"]?.string ?? ""
        name = value["__class__"]?.string ?? ""
    }
}

struct SkopsJudge {
    let item: ScanItem
    let scan: Scan

    func judge(_ node: SkopsNode) {
        switch node.loader {
        case "MethodNode": judgeMethod(node)
        case "OperatorFuncNode": judgeOperator(node)
        case "FunctionNode":
            judgeName(node, module: node.module, name: node.name)
            // Older versions keep the function's place in the content.
            if let content = node.value["content"], let name = content["function"]?.string {
                judgeName(node, module: content["module_path"]?.string ?? node.module, name: name)
            }
        case "TypeNode":
            judgeName(node, module: node.module, name: node.name)
            if let content = node.value["content"], let name = content["__class__"]?.string {
                judgeName(node, module: content["__module__"]?.string ?? "", name: name)
            }
        case "CachedNode": break
        default:
            if !SkopsJudge.knownLoaders.contains(node.loader) {
                report(node, "SKOPS-NODE", "the node kind \(node.loader) is not one of skops's own", .medium)
            }
            judgeName(node, module: node.module, name: node.name)
        }
    }

    private func judgeMethod(_ node: SkopsNode) {
        let content = node.value["content"]
        let function = content?["func"]?.string ?? ""
        let owner = content?["obj"].flatMap(SkopsNode.init)
        if function.hasPrefix("_") || !function.utf8.allSatisfy(SkopsJudge.isIdentifier) || function.isEmpty {
            report(node, "SKOPS-NODE", "a method node reaches the attribute \(function) of an object", .high)
        } else if let owner, owner.module != node.module || owner.name != node.name {
            report(
                node, "SKOPS-NODE",
                "a method node says \(node.module).\(node.name) and holds \(owner.module).\(owner.name)", .high)
        } else {
            report(node, "SKOPS-NODE", "the method \(function) of \(node.module).\(node.name) is kept as a value", .low)
        }
        judgeName(node, module: node.module, name: node.name)
    }

    private func judgeOperator(_ node: SkopsNode) {
        // Versions up to 0.11 take the function from `operator` whatever module is shown to the user.
        if node.module != "operator", node.module != "_operator" {
            report(
                node, "SKOPS-NODE",
                "an operator node shows \(node.module).\(node.name) and calls operator.\(node.name)",
                .high)
            judgeName(node, module: node.module, name: node.name)
        }
        switch node.name {
        case "itemgetter": break
        case "attrgetter", "methodcaller":
            let words = (node.value["attrs"] ?? node.value["content"])?.descendants.compactMap(\.string) ?? []
            let reaches = words.contains { $0.contains("__") && !$0.hasSuffix("__") || SkopsJudge.hiddenNames($0) }
            report(
                node, "SKOPS-NODE", "operator.\(node.name) reaches attributes by name", reaches ? .high : .medium)
        default:
            let knowledge = CallableKnowledge.of(module: "operator", name: node.name)
            report(
                node, "SKOPS-NODE", "an operator node calls operator.\(node.name)",
                max(.medium, knowledge.capability.calledSeverity))
        }
    }

    private func judgeName(_ node: SkopsNode, module: String, name: String) {
        if name.isEmpty && module.isEmpty { return }
        if module == "builtins", SkopsJudge.primitives.contains(name) { return }
        let knowledge = CallableKnowledge.of(module: module, name: name)
        let qualified = module + "." + name
        // An object is created without its constructor and given its state.
        let isCreated = node.loader == "ObjectNode" && knowledge.isClass
        let capability = isCreated ? knowledge.state : knowledge.capability
        switch capability {
        case .pure: return
        case .unknownCall, .unknownClassState:
            if SkopsJudge.isTrustedByDefault(module: module, name: name, loader: node.loader) { return }
            report(node, "SKOPS-UNTRUSTED-TYPE", "\(qualified) is on no list: skops asks whether to trust it", .medium)
        default:
            report(
                node, "SKOPS-CALLABLE", "a \(node.loader) names \(qualified) (\(knowledge.reason))",
                max(.high, capability.calledSeverity))
        }
    }

    /// What skops itself trusts: estimators of scikit-learn, universal functions, number types.
    private static func isTrustedByDefault(module: String, name: String, loader: String) -> Bool {
        guard let top = module.split(separator: ".").first, !name.contains(".") else { return false }
        switch top {
        case "sklearn", "xgboost", "lightgbm", "catboost", "quantile_forest", "imblearn":
            return name.drop(while: { $0 == "_" }).first?.isUppercase ?? false
        case "numpy", "scipy":
            let depth = module.split(separator: ".").count
            return depth <= 2 && (loader == "FunctionNode" || loader == "TypeNode" || name.first?.isUppercase ?? false)
                || loader == "NdArrayNode" || loader == "DTypeNode" || loader == "SparseMatrixNode"
        default: return false
        }
    }

    private func report(_ node: SkopsNode, _ rule: String, _ message: String, _ severity: Severity) {
        scan.report(rule, message, at: item.location.at(node.value.offset, node.loader), severity: severity)
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == 0x5F || byte >= 0x80
    }

    /// Attribute paths that lead to code: dunder names anywhere in a dotted path.
    static func hiddenNames(_ word: String) -> Bool {
        word.split(separator: ".").contains { $0.hasPrefix("__") && $0.hasSuffix("__") && $0.utf8.count > 4 }
    }

    private static let primitives: Set<String> = [
        "int", "float", "str", "bool", "list", "set", "tuple", "dict", "bytes", "bytearray", "slice", "NoneType",
        "complex", "frozenset", "range", "map", "method", "function", "type", "object", "builtin_function_or_method",
    ]

    private static let knownLoaders: Set<String> = [
        "DictNode", "DefaultDictNode", "ListNode", "SetNode", "TupleNode", "BytesNode", "BytearrayNode", "SliceNode",
        "PartialNode", "ObjectNode", "ConstructorFromReduceNode", "ReduceNode", "JsonNode", "NdArrayNode",
        "MaskedArrayNode", "RandomStateNode", "RandomGeneratorNode", "DTypeNode", "SparseMatrixNode", "TreeNode",
        "SGDNode", "LossNode", "CythonLossNode", "KernelNode", "_DictWithDeprecatedKeysNode",
        "DictWithDeprecatedKeysNode", "QuantileForestNode", "UnpicklingNode", "CyLossNode", "BunchNode",
    ]
}
