package import ByteParsing

/// Checks the trees of an XGBoost model in JSON (`doc/model.schema`): XGBoost follows a node's children by index, as
/// deep as they lead.
package enum XGBoostTrees {
    /// Goes through all trees below `learner.gradient_booster`, wherever the kind of booster keeps them.
    /// - Throws: `malformed` where lists differ in length from the number of nodes, where an index leads out of its list
    ///   or where two nodes share a child, `limit` when the budget is used up.
    package static func check(_ learner: JSONValue, budget: Budget) throws(ParseError) {
        guard let booster = learner["gradient_booster"], booster.isObject else {
            throw .malformed(at: learner.offset, reading: "XGBoost booster")
        }
        let model = booster["model"] ?? booster["gbtree"]?["model"]
        guard let trees = model?["trees"] else { return }
        guard trees.isArray else { throw .malformed(at: trees.offset, reading: "XGBoost trees") }
        for tree in trees.elements { try check(tree: tree, budget: budget) }
    }

    private static func check(tree: JSONValue, budget: Budget) throws(ParseError) {
        guard let parameters = tree["tree_param"], let nodes = number(parameters["num_nodes"]), nodes > 0,
            let left = tree["left_children"], let right = tree["right_children"], let features = tree["split_indices"]
        else { throw .malformed(at: tree.offset, reading: "XGBoost tree") }
        for list in [left, right, features] where !list.isArray || list.count != nodes {
            throw .malformed(at: list.offset, reading: "XGBoost nodes")
        }
        let most = number(parameters["num_feature"]) ?? 0
        var isChild = [Bool](repeating: false, count: nodes)
        var (lefts, rights, splits) = (left.elements, right.elements, features.elements)
        while let (first, second) = pair(&lefts, &rights), let split = splits.next() {
            try budget.spend(operations: 1, reading: "XGBoost nodes")
            guard let firstIndex = first.integer, let secondIndex = second.integer, let feature = split.integer else {
                throw .malformed(at: first.offset, reading: "XGBoost node")
            }
            // Leaves have no children; nodes that pruning took out are leaves too.
            if firstIndex == -1, secondIndex == -1 { continue }
            guard firstIndex != secondIndex, feature >= 0, most == 0 || feature < most else {
                throw .malformed(at: split.offset, reading: "XGBoost split")
            }
            for (index, value) in [(firstIndex, first), (secondIndex, second)] {
                // The first node is the root: nobody's child.
                guard index > 0, index < nodes, !isChild[index] else {
                    throw .malformed(at: value.offset, reading: "XGBoost child")
                }
                isChild[index] = true
            }
        }
    }

    private static func pair(
        _ first: inout JSONValue.Children, _ second: inout JSONValue.Children
    ) -> (JSONValue, JSONValue)? {
        guard let one = first.next(), let other = second.next() else { return nil }
        return (one, other)
    }

    /// Parameters stand as texts.
    private static func number(_ value: JSONValue?) -> Int? {
        value.flatMap { $0.string.flatMap { Int($0) } ?? $0.integer }
    }
}
