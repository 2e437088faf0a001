internal import AssayCore
internal import ByteParsing

/// Settings in TOML and in sections of lines (`.ini`, `.cfg`): names that builders of objects would call, interpolations,
/// and the expressions that Python's logging evaluates in its configuration.
///
/// Not parsed: the members are found wherever they stand, inline tables and quoted keys included.
struct SettingsAnalyser: Analyser {
    let format: FormatID = "settings"

    private static let kinds: Set<String> = ["toml", "ini", "cfg", "conf", "config", "properties"]

    private static let sizeLimit = 4 << 20
    private static let longestLine = 64 << 10
    /// Targets of one file that are judged, and bytes of what stands behind one that are read.
    private static let mostTargets = 20_000
    private static let longestValue = 256
    /// Members of handlers that Python's logging evaluates.
    private static let evaluated = ["args", "kwargs", "class"]

    func recognise(_ item: ScanItem) -> Recognition {
        guard Self.kinds.contains(item.fileExtension), item.facts.isText else { return .no }
        if let start = item.facts.firstInk, JSONAnalyser.opens(item.region, at: start) { return .no }
        return .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let region = item.region.prefix(Self.sizeLimit)
        if item.region.count > region.count {
            scan.report(incomplete: "settings longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        try scan.budget.spend(operations: region.count / 4, reading: "settings")
        func has(_ word: StaticString) -> Bool { region.firstOffset(of: word) != nil }
        let isLogging = has("[handler_") || has("[formatter_")
        guard isLogging || has("_target_") || has("${") else { return }
        var reader = Reader(item: item, scan: scan, isLogging: isLogging)
        var at = 0
        while at < region.count {
            let end = region.firstOffset(of: "\n", from: at) ?? region.count
            if end - at > Self.longestLine {
                scan.report(
                    incomplete: "lines of settings longer than \(Self.longestLine) bytes", at: item.location)
            }
            reader.number += 1
            let line = region.suffix(from: at).prefix(min(end - at, Self.longestLine)).text()
            // Old systems end lines with a carriage return alone, and Python takes them.
            for part in line.split(whereSeparator: \.isNewline) { reader.take(part.drop(while: \.isWhitespace)) }
            at = end + 1
        }
        reader.endSection()
    }

    /// Reads line by line.
    private struct Reader {
        let item: ScanItem
        let scan: Scan
        let isLogging: Bool
        var number = 0
        private var targets = 0
        private var section = ""
        private var members: [String: (value: String, line: Int)] = [:]

        init(item: ScanItem, scan: Scan, isLogging: Bool) {
            self.item = item
            self.scan = scan
            self.isLogging = isLogging
        }

        mutating func take(_ line: Substring) {
            guard let first = line.first, first != "#", first != ";" else { return }
            if first == "[", line.contains("]"), !line.contains("=") {
                endSection()
                section = String(line.dropFirst().prefix { $0 != "]" })
                return
            }
            let hasCall = line.contains("${")
            let hasTarget = line.contains("_target_")
            if hasCall || hasTarget {
                let place = item.location.at(nil, "line \(number)")
                let judge = ConfigurationJudge(scan: scan, location: place, isOfProgram: true)
                if hasCall { judge.interpolations(String(line), at: place) }
                if hasTarget { judgeTargets(in: line, judge, at: place) }
            }
            guard isLogging, let (key, value) = SettingsAnalyser.member(line),
                SettingsAnalyser.evaluated.contains(key)
            else { return }
            members[key] = (value, number)
        }

        /// Every `_target_` of a line with the value behind it.
        private mutating func judgeTargets(in line: Substring, _ judge: ConfigurationJudge, at place: Location) {
            let region = ByteRegion(Array(line.utf8))
            var at = 0
            while let found = region.firstOffset(of: "_target_", from: at) {
                at = found + 8
                guard targets < SettingsAnalyser.mostTargets else {
                    if targets == SettingsAnalyser.mostTargets {
                        scan.report(incomplete: "more than \(targets) targets in settings", at: item.location)
                    }
                    targets += 1
                    return
                }
                targets += 1
                // What is behind it is cut before it is read: one value may be the beginning of all the others.
                let rest = region.suffix(from: at).prefix(SettingsAnalyser.longestValue).text()
                var value = rest.drop { $0 == "\"" || $0 == "'" || $0.isWhitespace }
                guard let mark = value.first, mark == "=" || mark == ":" else { continue }
                value = value.dropFirst().drop(while: \.isWhitespace)
                judge.target(SettingsAnalyser.text(value), at: place)
            }
        }

        mutating func endSection() {
            if isLogging { SettingsAnalyser.logging(section, members, item, in: scan) }
            members = [:]
        }
    }

    /// `key = value` or `key: value`.
    private static func member(_ line: Substring) -> (key: String, value: String)? {
        guard let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        func trimmed(_ text: Substring) -> String {
            var text = text.drop(while: \.isWhitespace)
            while let last = text.last, last.isWhitespace { text = text.dropLast() }
            return String(text)
        }
        return (trimmed(line[..<mark]).lowercased(), trimmed(line[line.index(after: mark)...]))
    }

    /// A quoted value without its quotes, with TOML's escapes read as JSON's, or a bare one up to the end of the line.
    private static func text(_ value: Substring) -> String {
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            return String(value.prefix { !$0.isWhitespace && $0 != "," && $0 != "}" && $0 != "#" })
        }
        let body = value.drop { $0 == quote }.prefix { $0 != quote }
        guard quote == "\"", body.contains("\\"),
            let document = try? JSONDocument(ByteRegion(Array("\"\(body)\"".utf8))), let decoded = document.root.string
        else { return String(body) }
        return decoded
    }

    /// `logging.config.fileConfig` evaluates the class and the arguments of handlers and formatters.
    private static func logging(
        _ section: String, _ members: [String: (value: String, line: Int)], _ item: ScanItem, in scan: Scan
    ) {
        guard section.hasPrefix("handler_") || section.hasPrefix("formatter_") else { return }
        for key in evaluated {
            guard let (value, line) = members[key] else { continue }
            let place = item.location.at(nil, "line \(line)")
            if value.contains("(") || value.contains("[") {
                PythonSourceJudge.judge(ByteRegion(Array(value.utf8)), named: "", at: place, in: scan)
            }
            guard key == "class", !value.hasSuffix("Handler"), !value.hasSuffix("Formatter"),
                let severity = ConfigurationJudge.severity(ofCalling: value), severity >= .high
            else { continue }
            scan.report(
                "CONFIG-CALLABLE", "Python's logging would call `\(Printable.line(value, limit: 80))`", at: place,
                severity: severity)
        }
    }
}
