package import ByteParsing

/// What a rule looks for and what to do about it; read from the data files in `Sources/AssayData/rules`.
public struct Rule: Sendable {
    public let id: String
    /// The heading that it stands under in lists.
    public let family: String
    public let title: String
    /// The severity of a finding of this rule unless the judge grades the case.
    public let severity: Severity
    /// Why it matters, for somebody who has never seen the attack.
    public let explanation: String
    /// What to do about it.
    public let remedy: String
    /// Common Weakness Enumeration ids.
    public let cwe: [String]
    /// MITRE ATLAS technique ids.
    public let atlas: [String]
    /// Attack classes of NIST AI 100-2.
    public let nist: [String]
    /// Published vulnerabilities of this kind, such as `CVE-2024-3660`.
    public let cve: [String]

    init(_ json: JSONValue, family: String) {
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        func list(_ name: String) -> [String] { json[name]?.elements.compactMap(\.string) ?? [] }
        id = text("id")
        self.family = family
        title = text("title")
        severity = Severity(name: text("severity")) ?? .high
        explanation = text("explanation")
        remedy = text("remedy")
        cwe = list("cwe")
        atlas = list("atlas")
        nist = list("nist")
        cve = list("cve")
    }
}

/// All rules, by id.
public struct RuleCatalogue: Sendable {
    /// In the order of the data files.
    public let rules: [Rule]
    private let byID: [String: Int]

    /// The rules that ship with the program.
    public static let shipped = RuleCatalogue(
        Resource.all.filter { $0.name.hasPrefix("rules/") }.map(\.region))

    /// The rules of these data files, in their order.
    package init(_ files: [ByteRegion]) {
        var rules: [Rule] = []
        for file in files {
            guard let root = try? JSONDocument(file).root else { continue }
            let family = root["family"]?.string ?? ""
            rules += (root["rules"]?.elements.map { Rule($0, family: family) }) ?? []
        }
        self.rules = rules
        byID = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(id: String) -> Rule? { byID[id].map { rules[$0] } }
}
