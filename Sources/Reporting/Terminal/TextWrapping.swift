internal import AssayCore

/// Lines of text as a terminal shows them.
enum TextWrapping {
    /// Columns that the text takes: none for a combining mark, two for a wide character (UAX #11, simplified).
    static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 1
        }
    }

    /// Breaks text at spaces into lines of at most `columns`; a word that is longer is cut.
    static func wrap(_ text: String, columns: Int) -> [String] {
        let columns = max(8, columns)
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            for piece in cut(String(word), columns: columns) {
                let width = width(piece)
                if used > 0, used + 1 + width > columns {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                if used > 0 {
                    line += " "
                    used += 1
                }
                line += piece
                used += width
            }
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }

    private static func cut(_ word: String, columns: Int) -> [String] {
        guard width(word) > columns else { return [word] }
        var pieces: [String] = []
        var piece = ""
        var used = 0
        for character in word {
            let width = width(String(character))
            if used + width > columns {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.append(character)
            used += width
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }

    /// The beginning of a text that fits, before an ellipsis.
    static func head(_ text: String, columns: Int) -> String {
        guard width(text) > columns else { return text }
        var kept = ""
        var used = 1
        for character in text {
            used += width(String(character))
            if used > columns { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// The end of a path that fits, after an ellipsis.
    static func tail(_ text: String, columns: Int) -> String {
        guard width(text) > columns else { return text }
        var kept: [Character] = []
        var used = 1
        for character in text.reversed() {
            used += width(String(character))
            if used > columns { break }
            kept.append(character)
        }
        return "…" + String(kept.reversed())
    }
}

/// Text from elsewhere, fit for one line of a terminal.
package enum TerminalText {
    /// The end of a path that fits into that many columns.
    package static func tail(_ text: String, columns: Int) -> String {
        TextWrapping.tail(Printable.line(text, limit: 4_096), columns: columns)
    }
}
