/// Leaves out most of what tables of constants in brackets consist of: modules that hold data have millions of such tokens,
/// and none of them does anything.
///
/// In the place of what is left out stands a name that no source can spell, so that no value is taken for complete that
/// is not; brackets stay balanced.
struct PythonConstantRun {
    /// Constants and delimiters that are kept of one run.
    static let longest = 1 << 13
    /// The name that stands for those that are left out.
    static let elided = "…"

    private var length = 0
    /// Brackets that were left out and are still open.
    private var open: [PythonToken] = []
    private var isEliding = false

    /// Whether to keep `token`, and what has to stand before it.
    mutating func filter(_ token: PythonToken, isInBrackets: Bool) -> (before: [PythonToken], isKept: Bool) {
        guard isInBrackets, Self.isConstant(token) else { return end() }
        length += 1
        guard length > Self.longest else { return ([], true) }
        if Self.opens(token) {
            open.append(token)
        } else if Self.closes(token), open.popLast() == nil {
            // It closes a bracket that was kept: what is left out behind it stands in another one.
            isEliding = false
            return ([], true)
        }
        guard !isEliding else { return ([], false) }
        isEliding = true
        return ([place(",", .symbol, token), place(Self.elided, .name, token), place(",", .symbol, token)], false)
    }

    /// Ends the run: brackets that it left open are put back.
    private mutating func end() -> (before: [PythonToken], isKept: Bool) {
        defer {
            length = 0
            open = []
            isEliding = false
        }
        return (open, true)
    }

    private func place(_ text: String, _ kind: PythonToken.Kind, _ token: PythonToken) -> PythonToken {
        PythonToken(kind, text, offset: token.offset, line: token.line, indentation: token.indentation)
    }

    private static func isConstant(_ token: PythonToken) -> Bool {
        switch token.kind {
        case .number, .string: true
        case .symbol: [",", ":", "-", "+", "(", ")", "[", "]", "{", "}"].contains(token.text)
        case .name: ["None", "True", "False"].contains(token.text)
        case .newline: false
        }
    }

    private static func opens(_ token: PythonToken) -> Bool {
        token.kind == .symbol && ["(", "[", "{"].contains(token.text)
    }

    private static func closes(_ token: PythonToken) -> Bool {
        token.kind == .symbol && [")", "]", "}"].contains(token.text)
    }
}
