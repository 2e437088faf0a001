internal import AssayCore

/// Text from hostile input, escaped for the markup that it is put into.
enum Markup {
    /// For XML and HTML, in text as well as in quoted attributes.
    ///
    /// Control, bidirectional and unassigned characters are shown as escapes first: XML 1.0 forbids most of them.
    static func escape(_ text: String, limit: Int = 4_000) -> String {
        var result = ""
        for scalar in Printable.line(text, limit: limit).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A message for HTML: what stands between backticks is code.
    static func message(_ text: String, limit: Int = 4_000) -> String {
        let escaped = escape(text, limit: limit)
        let parts = escaped.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.count.isMultiple(of: 2) == false else { return escaped }
        return parts.enumerated().map { $0.isMultiple(of: 2) ? String($1) : "<code>\($1)</code>" }.joined()
    }

    /// A message for Markdown: what stands between backticks is code.
    static func markdownMessage(_ text: String, limit: Int = 1_000) -> String {
        let parts = Printable.line(text, limit: limit).split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.count.isMultiple(of: 2) == false else { return markdown(text, limit: limit) }
        return parts.enumerated().map { $0.isMultiple(of: 2) ? markdown(String($1)) : code(String($1)) }.joined()
    }

    /// For Markdown text: nothing in it becomes a link, a mention, HTML or a table cell.
    static func markdown(_ text: String, limit: Int = 1_000) -> String {
        var result = ""
        for scalar in Printable.line(text, limit: limit).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "@": result += "&#64;"
            case "#": result += "&#35;"
            case ":": result += "&#58;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "!", "|", "~", "$":
                result.unicodeScalars.append("\\")
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For Markdown, as code: a fence that is longer than any run of backticks inside.
    static func code(_ text: String, limit: Int = 1_000) -> String {
        let line = Printable.line(text, limit: limit)
        var longest = 0
        var run = 0
        for scalar in line.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let space = longest > 0 || line.isEmpty ? " " : ""
        // A table splits cells before it looks for code.
        return fence + space + line.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
            + space + fence
    }
}

/// Numbers and sizes for people.
enum Humane {
    /// `1 file`, `12 files`.
    static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
    }

    /// The text with a capital at its start.
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// `12,345`.
    static func grouped(_ count: Int) -> String {
        var digits = Array(String(abs(count)))
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: at)
            at -= 3
        }
        return (count < 0 ? "-" : "") + String(digits)
    }

    /// `312 B`, `4.2 kB`, `1.5 GB`: powers of a thousand, as file managers show them.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = "B"
        for next in ["kB", "MB", "GB", "TB", "PB"] where value >= 999.5 {
            value /= 1000
            unit = next
        }
        let tenths = (value * 10).rounded() / 10
        return (tenths >= 100 ? String(Int(tenths.rounded())) : "\(tenths)") + " " + unit
    }
}
