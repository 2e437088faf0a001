internal import AssayCore
internal import ByteParsing
public import YAMLReading

/// Reads `assay.yaml`. A name that it doesn't know is an error, with its line: a misspelt suppression must not pass
/// for one, and a misspelt denial must not pass for none.
public struct PolicyReader: Sendable {
    private let catalogue: RuleCatalogue

    public init() { catalogue = .shipped }

    private enum Setting: String, CaseIterable {
        case version, failOn, include, exclude, allowedNames, deniedNames, limits, severities, suppressions
    }
    private enum LimitName: String, CaseIterable {
        case depth, entries, inflatedBytes, memberBytes, operations, textBytes, findings, secondsPerFile
    }
    private enum OverrideName: String, CaseIterable { case rule, severity, path }
    private enum SuppressionName: String, CaseIterable { case rule, path, member, message, reason, expires }

    /// - Throws: `YAMLError` with the line of the first thing that is wrong.
    public func read(_ text: [UInt8]) throws(YAMLError) -> Policy {
        var policy = Policy()
        guard let root = try YAMLReader.read(text) else { throw Self.versionError(1) }
        var version: String?
        for member in try Self.members(root, "a policy") {
            let value = member.value
            switch try Self.name(of: member, as: Setting.self) {
            case .version: version = try Self.text(member)
            case .failOn:
                let name = try Self.text(member)
                guard let severity = Severity(name: name), severity > .none else { throw Self.severityError(value) }
                policy.failOn = severity
            case .include: policy.include = try Self.texts(member)
            case .exclude: policy.exclude = try Self.texts(member)
            case .allowedNames: policy.settings.allowedNames = try Self.texts(member)
            case .deniedNames: policy.settings.deniedNames = try Self.texts(member)
            case .limits: try Self.readLimits(member, into: &policy)
            case .severities: policy.overrides = try readEach(member, readOverride)
            case .suppressions: policy.suppressions = try readEach(member, readSuppression)
            }
        }
        guard version == "1" else { throw Self.versionError(root.line) }
        return policy
    }

    private func readEach<T>(
        _ member: YAMLNode.Member, _ read: (YAMLNode) throws(YAMLError) -> T
    ) throws(YAMLError) -> [T] {
        guard let elements = member.value.elements else {
            throw YAMLError(line: member.line, message: "\(member.name) is a list")
        }
        var result: [T] = []
        for element in elements { result.append(try read(element)) }
        return result
    }

    private func readOverride(_ node: YAMLNode) throws(YAMLError) -> Policy.Override {
        var rule: String?
        var severity: Severity?
        var path: Glob?
        for member in try Self.members(node, "an entry of severities") {
            switch try Self.name(of: member, as: OverrideName.self) {
            case .rule: rule = try ruleID(member)
            case .severity:
                severity = Severity(name: try Self.text(member))
                // Taking a finding out needs a reason and an end: that is a suppression.
                guard let severity, severity > .none else { throw Self.severityError(member.value) }
            case .path: path = Glob(try Self.text(member))
            }
        }
        guard let rule, let severity else {
            throw YAMLError(line: node.line, message: "an entry of severities needs rule and severity")
        }
        return Policy.Override(rule: rule, severity: severity, path: path)
    }

    private func readSuppression(_ node: YAMLNode) throws(YAMLError) -> Policy.Suppression {
        var rule: String?
        var path: Glob?
        var member: Glob?
        var message: String?
        var reason: String?
        var expires: CalendarDate?
        for entry in try Self.members(node, "a suppression") {
            switch try Self.name(of: entry, as: SuppressionName.self) {
            case .rule: rule = try ruleID(entry)
            case .path: path = Glob(try Self.text(entry))
            case .member: member = Glob(try Self.text(entry))
            case .message: message = try Self.text(entry)
            case .reason: reason = try Self.text(entry)
            case .expires:
                expires = CalendarDate(try Self.text(entry))
                guard expires != nil else {
                    throw YAMLError(line: entry.line, message: "expires is a day such as 2027-01-31")
                }
            }
        }
        guard let rule, let path, let reason, let expires else {
            let missing = [
                ("rule", rule == nil), ("path", path == nil), ("reason", reason == nil), ("expires", expires == nil),
            ]
            .filter(\.1).map(\.0).joined(separator: " and ")
            throw YAMLError(
                line: node.line,
                message: "a suppression needs rule, path, reason and expires: this one has no \(missing)")
        }
        return Policy.Suppression(
            rule: rule, path: path, member: member, message: message, reason: reason, expires: expires,
            line: node.line)
    }

    private func ruleID(_ member: YAMLNode.Member) throws(YAMLError) -> String {
        let id = try Self.text(member)
        guard catalogue[id] != nil else {
            let guess = Spelling.nearest(to: id, among: catalogue.rules.map(\.id)).map { "did you mean \($0)?" }
            throw YAMLError(
                line: member.value.line,
                message: "there is no rule \(Printable.line(id, limit: 80)); \(guess ?? "`assay rules` lists them")")
        }
        return id
    }

    private static func readLimits(_ member: YAMLNode.Member, into policy: inout Policy) throws(YAMLError) {
        for entry in try members(member.value, "limits") {
            let text = try text(entry)
            guard let number = ByteCount(text: text)?.bytes else {
                throw YAMLError(line: entry.line, message: "\(entry.name) is a number, such as 4096 or 16MiB")
            }
            switch try name(of: entry, as: LimitName.self) {
            case .depth: policy.settings.limits.depth = number
            case .entries: policy.settings.limits.entries = number
            case .inflatedBytes: policy.settings.limits.inflatedBytes = number
            case .memberBytes: policy.settings.limits.memberBytes = number
            case .operations: policy.settings.limits.operations = number
            case .textBytes: policy.settings.limits.textBytes = number
            case .findings: policy.settings.limits.findings = number
            case .secondsPerFile: policy.secondsPerFile = max(1, number)
            }
        }
    }

    private static func members(_ node: YAMLNode, _ what: String) throws(YAMLError) -> [YAMLNode.Member] {
        guard let members = node.members else {
            throw YAMLError(line: node.line, message: "\(what) is written as `name: value` lines")
        }
        return members
    }

    private static func text(_ member: YAMLNode.Member) throws(YAMLError) -> String {
        guard let text = member.value.scalar, !text.isEmpty else {
            throw YAMLError(line: member.line, message: "\(member.name) needs a value")
        }
        return text
    }

    private static func texts(_ member: YAMLNode.Member) throws(YAMLError) -> [String] {
        guard let elements = member.value.elements else {
            throw YAMLError(line: member.line, message: "\(member.name) is a list")
        }
        var texts: [String] = []
        for element in elements {
            guard let text = element.scalar, !text.isEmpty else {
                throw YAMLError(line: element.line, message: "\(member.name) holds words")
            }
            texts.append(text)
        }
        return texts
    }

    /// Which of the names that may stand here the member has.
    private static func name<Name: RawRepresentable<String> & CaseIterable>(
        of member: YAMLNode.Member, as _: Name.Type
    ) throws(YAMLError) -> Name {
        if let name = Name(rawValue: member.name) { return name }
        let guess = Spelling.nearest(to: member.name, among: Name.allCases.map(\.rawValue))
        throw YAMLError(
            line: member.line,
            message: "there is no setting \(Printable.line(member.name, limit: 60))"
                + (guess.map { "; did you mean \($0)?" } ?? ""))
    }

    private static func versionError(_ line: Int) -> YAMLError {
        YAMLError(line: line, message: "a policy starts with `version: 1`")
    }

    private static func severityError(_ node: YAMLNode) -> YAMLError {
        YAMLError(line: node.line, message: "a severity is low, medium, high or critical")
    }
}
