internal import AssayCore
internal import ByteParsing
public import YAMLReading

/// Reads `assay.yaml`. A name that it doesn't know is an error, with its line: a misspelt suppression must not pass
/// for one, and a misspelt denial must not pass for none.
public struct PolicyReader: Sendable {
    private let catalogue: RuleCatalogue

    public init() { catalogue = .shipped }

    /// - Throws: `YAMLError` with the line of the first thing that is wrong.
    public func read(_ text: [UInt8]) throws(YAMLError) -> Policy {
        var policy = Policy()
        guard let root = try YAMLReader.read(text) else { return policy }
        var version: String?
        for member in try Self.members(root, "a policy") {
            let value = member.value
            switch member.name {
            case "version": version = try Self.text(member)
            case "failOn":
                let name = try Self.text(member)
                guard let severity = Severity(name: name), severity > .none else { throw Self.severityError(value) }
                policy.failOn = severity
            case "include": policy.include = try Self.texts(member)
            case "exclude": policy.exclude = try Self.texts(member)
            case "allowedNames": policy.settings.allowedNames = try Self.texts(member)
            case "deniedNames": policy.settings.deniedNames = try Self.texts(member)
            case "limits": try Self.readLimits(member, into: &policy)
            case "severities": policy.overrides = try readEach(member, readOverride)
            case "suppressions": policy.suppressions = try readEach(member, readSuppression)
            default: throw Self.unknown(member)
            }
        }
        guard version == "1" else {
            throw YAMLError(line: root.line, message: "a policy starts with `version: 1`")
        }
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
            switch member.name {
            case "rule": rule = try ruleID(member)
            case "severity":
                severity = Severity(name: try Self.text(member))
                // Taking a finding out needs a reason and an end: that is a suppression.
                guard let severity, severity > .none else { throw Self.severityError(member.value) }
            case "path": path = Glob(try Self.text(member))
            default: throw Self.unknown(member)
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
            switch entry.name {
            case "rule": rule = try ruleID(entry)
            case "path": path = Glob(try Self.text(entry))
            case "member": member = Glob(try Self.text(entry))
            case "message": message = try Self.text(entry)
            case "reason": reason = try Self.text(entry)
            case "expires":
                expires = CalendarDate(try Self.text(entry))
                guard expires != nil else {
                    throw YAMLError(line: entry.line, message: "expires is a day such as 2027-01-31")
                }
            default: throw Self.unknown(entry)
            }
        }
        guard let rule, let path, let reason, let expires else {
            throw YAMLError(line: node.line, message: "a suppression needs rule, path, reason and expires")
        }
        return Policy.Suppression(
            rule: rule, path: path, member: member, message: message, reason: reason, expires: expires,
            line: node.line)
    }

    private func ruleID(_ member: YAMLNode.Member) throws(YAMLError) -> String {
        let id = try Self.text(member)
        guard catalogue[id] != nil else {
            throw YAMLError(line: member.value.line, message: "there is no rule \(id); `assay rules` lists them")
        }
        return id
    }

    private static func readLimits(_ member: YAMLNode.Member, into policy: inout Policy) throws(YAMLError) {
        for entry in try members(member.value, "limits") {
            let text = try text(entry)
            guard let number = ByteCount(text: text)?.bytes else {
                throw YAMLError(line: entry.line, message: "\(entry.name) is a number, such as 4096 or 16MiB")
            }
            switch entry.name {
            case "depth": policy.settings.limits.depth = number
            case "entries": policy.settings.limits.entries = number
            case "inflatedBytes": policy.settings.limits.inflatedBytes = number
            case "memberBytes": policy.settings.limits.memberBytes = number
            case "operations": policy.settings.limits.operations = number
            case "textBytes": policy.settings.limits.textBytes = number
            case "findings": policy.settings.limits.findings = number
            case "secondsPerFile": policy.secondsPerFile = max(1, number)
            default: throw unknown(entry)
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

    private static func unknown(_ member: YAMLNode.Member) -> YAMLError {
        YAMLError(line: member.line, message: "there is no setting \(Printable.line(member.name, limit: 60))")
    }

    private static func severityError(_ node: YAMLNode) -> YAMLError {
        YAMLError(line: node.line, message: "a severity is low, medium, high or critical")
    }
}
