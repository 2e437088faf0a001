internal import AssayCore

/// The shell of every page: one self-contained file, no scripts, nothing loaded from anywhere.
///
/// Its content security policy forbids everything but its own style sheet, so that even a mistake in escaping could
/// not run a script or fetch anything.
struct HTMLPage: Sendable {
    /// An entry of the page's contents.
    struct Section: Sendable {
        /// Of letters, digits and hyphens: the target of the link.
        var id: String
        var title: String
        var body: HTML
    }

    /// What the window is called.
    var title: String
    /// What kind of document it is, above the heading.
    var kind: String
    var heading: HTML
    /// Under the heading: prose, the status strip.
    var introduction: HTML = ""
    var sections: [Section] = []
    var footer: HTML = ""
    /// Rules beside those that all pages share.
    var style = ""
    /// Pages of tables want the window's width.
    var isWide = false

    func render() -> String {
        let width: HTML = isWide ? " class=\"wide\"" : ""
        var body: HTML = "<body\(width)>\n"
        body += "<a class=\"skip\" href=\"#content\">Skip to content</a>\n"
        body += "<header class=\"masthead\">\n<p class=\"kind\">\(kind)</p>\n<h1>\(heading)</h1>\n"
        body += introduction + "</header>\n<div class=\"columns\">\n" + contents
        body += "<main id=\"content\">\n"
        for section in sections {
            body += "<section id=\"\(section.id)\" aria-labelledby=\"\(section.id)-title\">\n"
            body += "<h2 id=\"\(section.id)-title\">\(section.title)</h2>\n\(section.body)</section>\n"
        }
        body += "</main>\n</div>\n<footer>\(footer)</footer>\n</body>\n"
        return Self.document(
            title: title, sheets: [PageStyle.ground, PageStyle.document, PageStyle.tables, style], body: body)
    }

    private var contents: HTML {
        guard sections.count > 2 else { return "" }
        let links = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as HTML }
        return "<nav class=\"contents\" aria-label=\"Contents\">\n<ol>\n\(links)</ol>\n</nav>\n"
    }

    /// The text around every page's body, which brings its own `body` element.
    static func document(title: String, sheets: [String], body: HTML) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>\(Markup.escape(title, limit: 200))</title>
        <style>
        \(sheets.filter { !$0.isEmpty }.joined(separator: "\n"))
        </style>
        </head>
        \(body.text)</html>

        """
    }
}
