import ModelFormats

/// Which brackets of a source hold a comprehension: its clauses are read before the element in front of them, as Python
/// runs them.
struct PythonBrackets {
    /// A comprehension's parts, as indices of tokens.
    struct Comprehension {
        /// The first clause's `for` (or `async`).
        let clause: Int
        /// The bracket that ends it.
        let close: Int
    }

    private var comprehensions: [Int: Comprehension] = [:]

    init(_ tokens: [PythonToken]) {
        var open: [(bracket: Int, clause: Int?)] = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .newline: open.removeAll(keepingCapacity: true)
            case .name:
                guard token.text == "for", let last = open.indices.last, open[last].clause == nil else { continue }
                open[last].clause = index > 0 && tokens[index - 1].isName("async") ? index - 1 : index
            case .symbol:
                switch token.text {
                case "(", "[", "{": open.append((index, nil))
                case ")", "]", "}":
                    guard let last = open.popLast(), let clause = last.clause else { continue }
                    comprehensions[last.bracket] = Comprehension(clause: clause, close: index)
                default: break
                }
            default: break
            }
        }
    }

    /// The comprehension in the bracket that opens at `index`, when all of it ends before `end`.
    func comprehension(at index: Int, before end: Int) -> Comprehension? {
        comprehensions[index].flatMap { $0.close < end && $0.clause > index + 1 ? $0 : nil }
    }
}
