internal import AssayCore
internal import Scanning

/// One self-contained page: no scripts, nothing loaded from anywhere, light and dark, fit to be printed.
///
/// Its content security policy forbids everything but its own style sheet, so that even a mistake in escaping could
/// not run a script.
package struct HTMLReport: Sendable {
    /// Files with findings that are listed in full; what is left out is said.
    private static let limit = 2_000

    package init() {}

    /// - Parameter time: when the scan ended, for the page's foot; left out when nil.
    package func render(_ report: ScanReport, time: String? = nil) -> String {
        let ranked = report.ranked
        let listed = ranked.filter { $0.outcome != .clean }
        let clean = ranked.filter { $0.outcome == .clean }
        var html = "<body>\n<main>\n"
        html += Self.masthead(report)
        html += Self.notices(report)
        html += Self.filters(report)
        html += "<h2 class=\"unseen\">Files</h2>\n"
        for file in listed.prefix(Self.limit) { html += Self.section(file, in: report) }
        if listed.count > Self.limit {
            html += "<p class=\"note\">\(Humane.count(listed.count - Self.limit, "more file")) with findings "
            html += "are left out of this page; the JSON report has them all.</p>\n"
        }
        html += Self.cleanFiles(clean)
        html += Self.advice(report)
        html += "<footer>assay \(Markup.escape(report.version)) · threshold \(report.threshold.name) · "
        html += "\(report.catalogue.rules.count) rules" + (time.map { " · " + Markup.escape($0) } ?? "")
        html += "</footer>\n</main>\n</body>\n"
        return HTMLPage.document(
            title: "Assay: \(report.verdict.name)", sheets: [PageStyle.ground, HTMLStyle.sheet],
            body: HTML(markup: html))
    }

    private static func masthead(_ report: ScanReport) -> String {
        let word = Humane.capitalised(report.verdict.name)
        let sentence = Humane.capitalised(report.reason) + "."
        var html = "<header class=\"masthead \(report.verdict.name)\">\n<p class=\"brand\">Assay scan report</p>\n"
        html += "<h1>\(word)</h1>\n<p class=\"lede\">\(sentence)</p>\n<dl class=\"counts\">\n"
        for severity in [Severity.critical, .high, .medium, .low] {
            let count = report.count(severity)
            html += "<div class=\"\(count > 0 ? severity.name : "zero")\"><dt>\(severity.name)</dt>"
            html += "<dd>\(Humane.grouped(count))</dd></div>\n"
        }
        let others = [
            ("files", report.files.count), ("clean", report.count(.clean)), ("incomplete", report.count(.incomplete)),
            ("errors", report.count(.error)), ("suppressed", report.suppressedCount), ("excluded", report.excluded),
        ]
        for (name, count) in others where count > 0 || name == "files" {
            html += "<div class=\"plain\"><dt>\(name)</dt><dd>\(Humane.grouped(count))</dd></div>\n"
        }
        return html + "</dl>\n</header>\n"
    }

    private static func notices(_ report: ScanReport) -> String {
        guard !report.notices.isEmpty else { return "" }
        return "<ul class=\"notices\">\n"
            + report.notices.map { "<li>\(Markup.escape($0))</li>\n" }.joined() + "</ul>\n"
    }

    /// Radio buttons that the style sheet reads: filtering without a script.
    private static func filters(_ report: ScanReport) -> String {
        let present = [Severity.critical, .high, .medium, .low].filter { severity in
            report.files.contains { $0.report.severity == severity }
        }
        guard present.count > 1 else { return "" }
        var html = "<fieldset class=\"filters\">\n<legend>Show files</legend>\n"
        html += "<input type=\"radio\" name=\"show\" id=\"show-all\" checked><label for=\"show-all\">all</label>\n"
        for severity in present {
            html += "<input type=\"radio\" name=\"show\" id=\"show-\(severity.name)\">"
            html += "<label for=\"show-\(severity.name)\">\(severity.name)</label>\n"
        }
        return html + "</fieldset>\n"
    }

    private static func section(_ file: ScanReport.File, in report: ScanReport) -> String {
        let one = file.report
        let word = file.standing(threshold: report.threshold)
        let isOpen = one.severity >= report.threshold || one.outcome == .error
        var html = "<details class=\"file\" data-severity=\"\(one.severity.name)\"\(isOpen ? " open" : "")>\n"
        html += "<summary><span class=\"badge \(word)\">\(word)</span> <span class=\"path\">\(Markup.escape(one.path))"
        html += "</span> <span class=\"facts\">\(Markup.escape(one.format)) · \(Humane.size(one.size))"
        if !one.findings.isEmpty { html += " · \(Humane.count(one.findings.count, "finding"))" }
        html += "</span></summary>\n<div class=\"body\">\n"
        if let error = one.error { html += "<p class=\"incomplete\">\(Markup.escape(error))</p>\n" }
        for finding in one.findings.sorted(by: { $0.severity > $1.severity }) {
            html += entry(finding, report.catalogue)
        }
        if !one.incomplete.isEmpty {
            html += "<div class=\"incomplete\"><strong>Not covered</strong><ul>"
            html += one.incomplete.map { "<li>\(Markup.escape($0))</li>" }.joined() + "</ul></div>\n"
        }
        for suppressed in file.suppressed {
            html += entry(
                suppressed.finding, report.catalogue,
                note:
                    "Suppressed by the \(suppressed.source.rawValue) until \(suppressed.expires): \(suppressed.reason)")
        }
        if let digest = one.digest { html += "<p class=\"digest\">sha256 <code>\(digest)</code></p>\n" }
        return html + "</div>\n</details>\n"
    }

    private static func entry(_ finding: Finding, _ catalogue: RuleCatalogue, note: String? = nil) -> String {
        let rule = catalogue[finding.rule]
        let place = finding.location.text
        var html = "<article class=\"finding \(note == nil ? finding.severity.name : "suppressed")\">\n"
        html += "<h3><span class=\"severity\">\(finding.severity.name)</span> "
        html += Markup.escape(rule?.title ?? finding.rule)
        if finding.occurrences > 1 { html += " <span class=\"times\">×\(Humane.grouped(finding.occurrences))</span>" }
        html += " <a class=\"rule\" href=\"#\(Markup.escape(finding.rule))\">\(Markup.escape(finding.rule))</a></h3>\n"
        html += "<p class=\"message\">\(Markup.message(finding.message))</p>\n"
        if !place.isEmpty { html += "<p class=\"place\">\(Markup.escape(place))</p>\n" }
        if !finding.details.isEmpty {
            html += "<dl class=\"details\">"
            for detail in finding.details {
                html += "<dt>\(Markup.escape(detail.name))</dt><dd><code>\(Markup.escape(detail.value))</code></dd>"
            }
            html += "</dl>\n"
        }
        if let note { html += "<p class=\"note\">\(Markup.escape(note))</p>\n" }
        return html + "</article>\n"
    }

    private static func cleanFiles(_ files: [ScanReport.File]) -> String {
        guard !files.isEmpty else { return "" }
        var html =
            "<details class=\"file clean\" data-severity=\"none\">\n<summary><span class=\"badge clean\">clean</span> "
        html += "<span class=\"path\">\(Humane.count(files.count, "file"))</span></summary>\n<div class=\"body\"><ul>\n"
        for file in files.prefix(limit) {
            html +=
                "<li>\(Markup.escape(file.report.path)) <span class=\"facts\">\(Markup.escape(file.report.format)) · "
            html += "\(Humane.size(file.report.size))</span></li>\n"
        }
        if files.count > limit { html += "<li>and \(Humane.grouped(files.count - limit)) more</li>\n" }
        return html + "</ul></div>\n</details>\n"
    }

    private static func advice(_ report: ScanReport) -> String {
        let rules = report.rulesFound
        guard !rules.isEmpty else { return "" }
        var html = "<section class=\"advice\">\n<h2>Why, and what to do</h2>\n"
        for rule in rules {
            html +=
                "<article id=\"\(Markup.escape(rule.id))\">\n<h3>\(Markup.escape(rule.title)) <code>\(rule.id)</code></h3>\n"
            html += "<p>\(Markup.message(rule.explanation))</p>\n<p><strong>What to do.</strong> "
            html += "\(Markup.message(rule.remedy))</p>\n<p class=\"references\">"
            html += References.of(rule).map {
                "<a href=\"\(Markup.escape($0.address))\" rel=\"noreferrer\">\(Markup.escape($0.name))</a>"
            }.joined(separator: " ")
            html += "</p>\n</article>\n"
        }
        return html + "</section>\n"
    }
}
