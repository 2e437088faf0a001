extension Prose {
    /// As elements of a page; a card's headings begin at `level`.
    func html(headingsFrom level: Int = 3) -> HTML {
        var html = HTML.empty
        for block in blocks {
            switch block {
            case .paragraph(let inlines): html += "<p>\(Self.html(inlines))</p>\n"
            case .heading(let own, let inlines):
                let tag = HTML(markup: "h\(min(6, own + level - 1))")
                html += "<\(tag)>\(Self.html(inlines))</\(tag)>\n"
            case .list(let isOrdered, let items): html += Self.html(items, isOrdered: isOrdered)
            case .code(let code): html += "<pre tabindex=\"0\"><code>\(Self.lines(code))</code></pre>\n"
            case .quotation(let inlines): html += "<blockquote><p>\(Self.html(inlines))</p></blockquote>\n"
            case .table(let header, let rows):
                html += "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table><thead><tr>"
                for cell in header { html += "<th scope=\"col\">\(Self.html(cell))</th>" }
                html += "</tr></thead><tbody>"
                for row in rows {
                    html += "<tr>\(row.map { "<td>\(Self.html($0))</td>" as HTML })</tr>"
                }
                html += "</tbody></table></div>\n"
            case .rule: html += "<hr>\n"
            }
        }
        if isCut { html += "<p class=\"soft\">The rest of this text is left out.</p>\n" }
        return html
    }

    /// Without the element around a single paragraph: for cells and lists.
    var inlineHTML: HTML {
        guard blocks.count == 1, !isCut, case .paragraph(let inlines) = blocks[0] else { return html() }
        return Self.html(inlines)
    }

    private static func html(_ items: [Item], isOrdered: Bool) -> HTML {
        let tag: HTML = isOrdered ? "ol" : "ul"
        var html = HTML.empty
        var depth = -1
        for item in items {
            // No deeper than one step at a time.
            let wanted = min(item.depth, depth + 1)
            if wanted > depth {
                html += "<\(depth < 0 ? tag : "ul")>"
            } else {
                html += "</li>"
                while depth > wanted {
                    html += "</ul></li>"
                    depth -= 1
                }
            }
            depth = wanted
            html += "\n<li>\(Self.html(item.inlines))"
        }
        while depth > 0 {
            html += "</li></ul>"
            depth -= 1
        }
        return depth == 0 ? html + "</li>\n</\(tag)>\n" : html
    }

    static func html(_ inlines: [Inline]) -> HTML {
        var html = HTML.empty
        for inline in inlines {
            switch inline {
            case .text(let text): html += HTML(text: text, limit: limit)
            case .emphasis(let inner): html += "<em>\(Self.html(inner))</em>"
            case .strong(let inner): html += "<strong>\(Self.html(inner))</strong>"
            case .code(let text): html += "<code>\(HTML(text: text, limit: limit))</code>"
            case .link(let text, let address):
                html += "<a href=\"\(address)\" rel=\"noreferrer noopener\">\(text.isEmpty ? address : text)</a>"
            case .picture(let description, let address):
                let words = description.isEmpty ? "picture" : "picture: " + description
                if let address {
                    html += "<a href=\"\(address)\" rel=\"noreferrer noopener\">[\(words)]</a>"
                } else {
                    html += "[\(words)]"
                }
            }
        }
        return html
    }

    private static func lines(_ code: String) -> HTML {
        code.split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                HTML(
                    text: String($0).split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    "))
            }
            .joined(separator: "\n")
    }

    /// As Markdown in which nothing but this part of it has a meaning.
    func markdown(headingsFrom level: Int = 3) -> String {
        var parts: [String] = []
        for block in blocks {
            switch block {
            case .paragraph(let inlines): parts.append(Self.markdown(inlines))
            case .heading(let own, let inlines):
                parts.append(String(repeating: "#", count: min(6, own + level - 1)) + " " + Self.markdown(inlines))
            case .list(let isOrdered, let items):
                parts.append(
                    items.enumerated().map { position, item in
                        let mark = isOrdered && item.depth == 0 ? "\(position + 1). " : "- "
                        return String(repeating: "  ", count: item.depth) + mark + Self.markdown(item.inlines)
                    }.joined(separator: "\n"))
            case .code(let code):
                let longest = code.split { $0 != "`" }.map(\.count).max() ?? 0
                let fence = String(repeating: "`", count: max(3, longest + 1))
                parts.append(fence + "\n" + code + "\n" + fence)
            case .quotation(let inlines): parts.append("> " + Self.markdown(inlines))
            case .table(let header, let rows):
                var lines = ["| " + header.map(Self.markdown).joined(separator: " | ") + " |"]
                lines.append("|" + String(repeating: "---|", count: header.count))
                lines += rows.map { "| " + $0.map(Self.markdown).joined(separator: " | ") + " |" }
                parts.append(lines.joined(separator: "\n"))
            case .rule: parts.append("---")
            }
        }
        if isCut { parts.append("*The rest of this text is left out.*") }
        return parts.joined(separator: "\n\n")
    }

    /// On one line, for a cell of a table.
    var markdownLine: String { markdown().split(separator: "\n").joined(separator: "<br>") }

    static func markdown(_ inlines: [Inline]) -> String {
        inlines.map { inline in
            switch inline {
            case .text(let text): Markup.markdown(text, limit: limit)
            case .emphasis(let inner): "*\(markdown(inner))*"
            case .strong(let inner): "**\(markdown(inner))**"
            case .code(let text): Markup.code(text, limit: limit)
            case .link(let text, let address):
                "[\(Markup.markdown(text.isEmpty ? address : text, limit: limit))](\(address.replacingParentheses))"
            case .picture(let description, _): "\\[picture&#58; \(Markup.markdown(description, limit: limit))\\]"
            }
        }.joined()
    }
}

extension String {
    /// An address in which no parenthesis can end a Markdown link.
    fileprivate var replacingParentheses: String {
        var result = ""
        for character in self {
            switch character {
            case "(": result += "%28"
            case ")": result += "%29"
            case "|": result += "%7C"
            default: result.append(character)
            }
        }
        return result
    }
}
