internal import Documents

/// What a program counted in the data: classes as bars, columns as a table, and what was not counted.
struct DataStatistics: Sendable {
    private let value: DocumentValue

    init(_ card: DocumentValue) { value = card["statistics"] ?? .emptyObject }

    var html: HTML {
        var html: HTML = "<dl class=\"facts\">\n"
        let source = value["source"]
        html += "<dt>Counted in</dt><dd>\(source?["name"]?.string ?? "") <small class=\"soft\">"
        html += "<code>sha256:\(source?["sha256"]?.string ?? "")</code></small></dd>\n"
        for (name, title) in [
            ("rows", "Rows"), ("malformed", "Rows that could not be read"), ("duplicates", "Duplicates"),
        ] {
            guard let count = value[name]?.integer else { continue }
            var text = Humane.grouped(count)
            if name == "duplicates", let rows = value["rows"]?.integer, rows > 0 {
                text += " (\(Figure.percent(Double(count) / Double(rows))))"
            }
            html += "<dt>\(title)</dt><dd>\(text)</dd>\n"
        }
        if let labellers = value["labellers"] {
            html += "<dt>Labellers</dt><dd>\(labellers["count"].map(CardValues.line) ?? CardValues.unknown)"
            if let largest = labellers["largest"], let share = largest["share"]?.double {
                html +=
                    "; the largest, <code>\(largest["labeller"]?.string ?? "")</code>, gave \(Figure.percent(share))"
            }
            html += "</dd>\n"
        }
        html += "</dl>\n" + classes + columns
        if let limits = value["limits"], !limits.elements.isEmpty {
            html += "<div class=\"note open\"><h3>Not counted</h3>\(CardValues.list(limits))</div>\n"
        }
        return html
    }

    private var classes: HTML {
        guard let classes = value["classes"] else { return "" }
        let values = classes["values"]?.elements ?? []
        let largest = values.compactMap { $0["count"]?.double }.max() ?? 1
        var table = HTMLTable(
            caption: "Classes in <code>\(classes["column"]?.string ?? "")</code>",
            columns: [.init("Class"), .init("Count", .chart), .init("Rows", .figure), .init("Share", .figure)],
            style: "even")
        for one in values {
            let count = one["count"]?.double ?? 0
            table.add([
                "\(one["value"]?.string ?? "")",
                Chart.length(count / max(largest, 1), label: "\(Figure.text(count)) rows"),
                "\(Figure.text(count))", "\(Figure.percent(one["share"]?.double ?? 0))",
            ])
        }
        var html = table.html
        if let ratio = classes["smallestToLargest"]?.double {
            html += "<p class=\"soft\">The rarest class has \(Figure.percent(ratio)) of the most frequent one's rows"
            html +=
                (classes["missing"]?.integer ?? 0) > 0
                ? "; \(classes["missing"]?.integer ?? 0) rows have no class.</p>\n" : ".</p>\n"
        }
        return html
    }

    private var columns: HTML {
        var table = HTMLTable(
            caption: "Columns",
            columns: [
                .init("Column"), .init("Type", .brief), .init("Missing", .figure), .init("Distinct", .figure),
                .init("Minimum", .figure), .init("Mean", .figure), .init("Maximum", .figure),
            ])
        for column in value["columns"]?.elements ?? [] {
            func figure(_ name: String) -> HTML { column[name]?.double.map { "\(Figure.text($0))" } ?? "" }
            let distinct: HTML = column["distinctIsMinimum"]?.boolean == true ? "over " : ""
            table.add([
                "\(column["name"]?.string ?? "")", "\(column["type"]?.string ?? "unknown")", figure("missing"),
                distinct + figure("distinct"), figure("minimum"), figure("mean"), figure("maximum"),
            ])
        }
        return table.html
    }
}
