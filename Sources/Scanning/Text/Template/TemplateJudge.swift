package import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges a Jinja template by what it reaches when it is rendered.
package enum TemplateJudge {
    /// Longest template that is followed, in bytes of UTF-8; the largest known ones have a tenth of that.
    static let sizeLimit = 1 << 20

    /// Reports what `source` would do; `location` names the place of the template.
    package static func judge(_ source: String, at location: Location, in scan: Scan) {
        _ = judge(source, at: location, in: scan, isTemplate: true)
    }

    /// As above, for text that is not decoded when it is too long to be followed.
    static func judge(_ source: ByteRegion, at location: Location, in scan: Scan) {
        guard source.count > sizeLimit else {
            return judge(source.text(limit: source.count), at: location, in: scan)
        }
        guard source.bytes.firstOffset(of: UInt8(ascii: "{")) != nil else { return }
        reportTooLong(source, at: location, in: scan)
    }

    private static func reportTooLong(_ source: ByteRegion, at location: Location, in scan: Scan) {
        scan.report(
            incomplete: "template of \(source.count) bytes was not followed", at: location, severity: .medium)
        searchLexically(source, at: location, in: scan)
    }

    /// As above; text that only may be a template is not reported for what is ordinary in text.
    ///
    /// - Returns: whether the text was read as a template to its end.
    @discardableResult
    static func judge(_ source: String, at location: Location, in scan: Scan, isTemplate: Bool) -> Bool {
        let size = source.utf8.count
        guard source.utf8.contains(UInt8(ascii: "{")) else { return true }
        guard size <= sizeLimit else {
            if isTemplate { reportTooLong(ByteRegion(Array(source.utf8)), at: location, in: scan) }
            return false
        }
        let template: JinjaTemplate
        do throws(ParseError) {
            template = try JinjaParser.template(source, budget: scan.budget)
        } catch {
            guard isTemplate else { return false }
            let place = location.at(location.offset, detail(location, "line \(line(of: error.offset, in: source))"))
            if error.code == .limit {
                scan.report(incomplete: "limit reached while reading \(error.reading)", at: place, severity: .medium)
                searchLexically(ByteRegion(Array(source.utf8)), at: location, in: scan)
            } else {
                scan.report(
                    "TEMPLATE-MALFORMED", "The template cannot be parsed: \(error.reading)", at: place)
            }
            searchLexically(ByteRegion(Array(source.utf8)), at: location, in: scan)
            return false
        }
        var evaluator = TemplateEvaluator(template)
        evaluator.run()
        for (issue, offset) in evaluator.issues {
            if !isTemplate, issue.severity < .high { continue }
            report(issue, offset, source, at: location, in: scan)
        }
        if evaluator.isExhausted, isTemplate {
            scan.report(incomplete: "template with too many steps was not followed to its end", at: location)
        }
        return true
    }

    private static func report(
        _ issue: TemplateIssue, _ offset: Int, _ source: String, at location: Location, in scan: Scan
    ) {
        let name = Printable.line(issue.name, limit: 60)
        let (rule, message): (String, String) =
            switch issue.kind {
            case .escape: ("TEMPLATE-ESCAPE", "The template reads `\(name)` through \(issue.means)")
            case .call: ("TEMPLATE-CALL", "The template calls `\(name)`")
            case .computedName:
                ("TEMPLATE-COMPUTED-NAME", "The template reads an attribute by \(name) through \(issue.means)")
            case .engine: ("TEMPLATE-ENGINE-OBJECT", "The template takes \(name) through \(issue.means)")
            case .load: ("TEMPLATE-LOADS-TEMPLATE", "The template loads \(name)")
            case .exhaustion: ("TEMPLATE-EXHAUSTION", "The template asks for \(name) (\(issue.means))")
            }
        let place = location.at(location.offset, detail(location, "line \(line(of: offset, in: source))"))
        scan.report(
            rule, message, at: place, severity: issue.severity,
            details: [.init("template", snippet(around: offset, of: source))])
    }

    private static func detail(_ location: Location, _ place: String) -> String {
        location.detail.map { $0 + ", " + place } ?? place
    }

    private static func line(of offset: Int, in source: String) -> Int {
        source.unicodeScalars.prefix(max(0, offset)).reduce(1) { $1 == "\n" ? $0 + 1 : $0 }
    }

    /// The tag around an expression, for people.
    private static func snippet(around offset: Int, of source: String) -> String {
        let scalars = source.unicodeScalars
        let position =
            scalars.index(scalars.startIndex, offsetBy: offset, limitedBy: scalars.endIndex) ?? scalars.endIndex
        var start = position
        for _ in 0..<80 where start > scalars.startIndex {
            start = scalars.index(before: start)
            if scalars[start] == "{" || scalars[start] == "\n" { break }
        }
        // Both of the braces that open a tag.
        if start > scalars.startIndex, scalars[start] == "{", scalars[scalars.index(before: start)] == "{" {
            start = scalars.index(before: start)
        }
        return Printable.line(String(scalars[start...].prefix(160)), limit: 160)
    }

    /// What can be said of a template that cannot be parsed: whether it spells out names of Python's internals.
    private static func searchLexically(_ source: ByteRegion, at location: Location, in scan: Scan) {
        var from = 0
        var found: String?
        repeat {
            found = TemplateNames.firstInternal(in: source.suffix(from: from).prefix(sizeLimit).array())
            from += sizeLimit - longestName
        } while found == nil && from + longestName < source.count
        guard let name = found else { return }
        scan.report(
            "TEMPLATE-ESCAPE", "The template cannot be followed and spells out `\(name)`", at: location,
            severity: .high)
    }

    /// Bytes that pieces of a long template share.
    private static let longestName = 256
}
