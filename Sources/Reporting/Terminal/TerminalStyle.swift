package import AssayCore

/// Colours and weights of a terminal: ECMA-48 SGR sequences, or none at all.
package struct TerminalStyle: Sendable {
    private let isColoured: Bool

    package init(isColoured: Bool) { self.isColoured = isColoured }

    private func wrap(_ text: String, _ codes: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text
    }

    /// Bright or heavy.
    package func bold(_ text: String) -> String { wrap(text, "1") }
    /// Of less weight.
    package func dim(_ text: String) -> String { wrap(text, "2") }
    /// In green.
    package func good(_ text: String) -> String { wrap(text, "32") }
    /// In yellow.
    package func warning(_ text: String) -> String { wrap(text, "33") }

    /// Text in the colour of a severity.
    package func severity(_ severity: Severity, _ text: String) -> String {
        switch severity {
        case .critical: wrap(text, "1;31")
        case .high: wrap(text, "31")
        case .medium: wrap(text, "33")
        case .low: wrap(text, "36")
        case .none: wrap(text, "32")
        }
    }

    /// A severity on a ground of its colour; in brackets where there are no colours.
    package func badge(_ severity: Severity, _ word: String) -> String {
        guard isColoured else { return "[" + word.uppercased() + "]" }
        let codes =
            switch severity {
            case .critical: "1;97;41"
            case .high: "1;30;48;5;209"
            case .medium: "1;30;43"
            case .low: "30;46"
            case .none: "30;42"
            }
        return wrap(" " + word.uppercased() + " ", codes)
    }
}
