/// A table that can be read aloud: a caption, headers with a scope, one header a row.
struct HTMLTable: Sendable {
    struct Column: Sendable {
        var title: HTML
        var style: Style

        /// Figures are set to the right, with digits of one width; a brief cell does not break.
        enum Style: String, Sendable { case text, figure, chart, brief }

        init(_ title: HTML, _ style: Style = .text) {
            self.title = title
            self.style = style
        }
    }

    var caption: HTML
    /// Whether the caption is for screen readers only, because a heading says the same above.
    var hidesCaption = false
    var columns: [Column]
    /// Cells in the order of the columns; the first of each row is its header. The class is of the whole row.
    var rows: [(cells: [HTML], style: String)] = []
    /// More classes of the table: `matrix` gives narrow columns with slanted headers.
    var style = ""

    mutating func add(_ cells: [HTML], style: String = "") { rows.append((cells, style)) }

    var html: HTML {
        guard !rows.isEmpty else { return "" }
        let stacking: HTML = style == "matrix" ? "" : " stacked"
        var html: HTML = "<div class=\"table \(style)\(stacking)\" role=\"group\" tabindex=\"0\" "
        html += "aria-label=\"\(plain(caption))\">\n"
        let unseen: HTML = hidesCaption ? " class=\"unseen\"" : ""
        html += "<table role=\"table\">\n<caption\(unseen)>\(caption)</caption>\n"
        html += "<thead role=\"rowgroup\"><tr role=\"row\">"
        for column in columns {
            html += "<th scope=\"col\" role=\"columnheader\" class=\"\(column.style.rawValue)\">"
            html += "<span>\(column.title)</span></th>"
        }
        html += "</tr></thead>\n<tbody role=\"rowgroup\">\n"
        for row in rows {
            let style: HTML = row.style.isEmpty ? "" : " class=\"\(row.style)\""
            html += "<tr role=\"row\"\(style)>"
            for (position, cell) in row.cells.enumerated() {
                let column = position < columns.count ? columns[position] : Column("")
                // Narrow screens set a row's cells below each other, each with its column's title; the roles stay.
                html +=
                    position == 0
                    ? "<th scope=\"row\" role=\"rowheader\" class=\"\(column.style.rawValue)\">\(cell)</th>"
                    : """
                    <td role="cell" class="\(column.style.rawValue)" data-title="\(plain(column.title))">\(cell)</td>
                    """
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n"
    }

    /// The caption without its elements, for an attribute.
    private func plain(_ html: HTML) -> HTML {
        var text = ""
        var isInside = false
        for character in html.text {
            switch character {
            case "<": isInside = true
            case ">": isInside = false
            default: if !isInside { text.append(character) }
            }
        }
        return HTML(markup: text)
    }
}

/// How a word stands: what it is coloured and marked by, so that colour never says it alone.
enum Tone: String, Sendable {
    /// Open is what was not done; unknown what nobody said.
    case good, poor, mixed, notice, open, none, unknown
}

extension HTML {
    /// A word with a mark in front whose shape says the same as its colour.
    static func badge(_ word: String, _ tone: Tone) -> HTML {
        "<span class=\"badge \(tone.rawValue)\"><span class=\"mark\" aria-hidden=\"true\"></span>\(word)</span>"
    }
}
