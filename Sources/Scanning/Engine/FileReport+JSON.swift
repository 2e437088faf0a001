internal import AssayCore
public import ByteParsing

// How a worker tells its parent what it found: one JSON object a line.
extension FileReport {
    /// Writes the report as one object.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.member("format", format)
            writer.member("size", size)
            writer.member("sha256", digest?.description)
            writer.member("error", error)
            if !incomplete.isEmpty { writer.member("incomplete", incomplete) }
            guard !findings.isEmpty else { return }
            writer.key("findings")
            writer.array { writer in
                for finding in findings { finding.write(to: &writer) }
            }
        }
    }

    /// Reads what `write(to:)` wrote; nil when it is anything else.
    public init?(_ json: JSONValue) {
        guard let path = json["path"]?.string, let format = json["format"]?.string, let size = json["size"]?.integer
        else { return nil }
        var findings: [Finding] = []
        if let values = json["findings"]?.elements {
            for value in values {
                guard let finding = Finding(value) else { return nil }
                findings.append(finding)
            }
        }
        self.init(
            path: path, format: format, size: size, findings: findings,
            incomplete: json["incomplete"]?.elements.compactMap(\.string) ?? [], error: json["error"]?.string,
            digest: json["sha256"]?.string.flatMap { Digest(hexadecimal: $0) })
    }
}

extension Finding {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("rule", rule)
            writer.member("severity", severity.name)
            writer.member("message", message)
            if !location.members.isEmpty { writer.member("members", location.members) }
            writer.member("offset", location.offset)
            writer.member("detail", location.detail)
            if occurrences != 1 { writer.member("occurrences", occurrences) }
            guard !details.isEmpty else { return }
            writer.key("details")
            writer.array { writer in
                for detail in details {
                    writer.string(detail.name)
                    writer.string(detail.value)
                }
            }
        }
    }

    fileprivate init?(_ json: JSONValue) {
        guard let rule = json["rule"]?.string, let message = json["message"]?.string,
            let severity = json["severity"]?.string.flatMap({ Severity(name: $0) })
        else { return nil }
        let words = json["details"]?.elements.map { $0.string ?? "" } ?? []
        self.init(
            rule: rule, severity: severity, message: message,
            location: Location(
                members: json["members"]?.elements.compactMap(\.string) ?? [], offset: json["offset"]?.integer,
                detail: json["detail"]?.string),
            details: stride(from: 0, to: words.count - 1, by: 2).map { Detail(words[$0], words[$0 + 1]) },
            occurrences: json["occurrences"]?.integer ?? 1)
    }
}
