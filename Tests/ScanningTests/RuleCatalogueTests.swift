import AssayCore
import Testing

@Suite struct RuleCatalogueTests {
    @Test func everyRuleIsWholeAndUnique() {
        let rules = RuleCatalogue.shipped.rules
        #expect(!rules.isEmpty)
        #expect(Set(rules.map(\.id)).count == rules.count)
        for rule in rules {
            #expect(!rule.id.isEmpty && !rule.family.isEmpty, "\(rule.id)")
            #expect(!rule.title.isEmpty && !rule.title.hasSuffix("."), "\(rule.id): title")
            #expect(rule.explanation.count > 40, "\(rule.id): explanation")
            #expect(rule.remedy.count > 20, "\(rule.id): remedy")
            #expect(rule.severity > .none, "\(rule.id): severity")
            #expect(!rule.cwe.isEmpty && rule.cwe.allSatisfy { $0.hasPrefix("CWE-") }, "\(rule.id): CWE")
            #expect(!rule.atlas.isEmpty && rule.atlas.allSatisfy { $0.hasPrefix("AML.T") }, "\(rule.id): ATLAS")
            #expect(!rule.nist.isEmpty, "\(rule.id): NIST")
            #expect(rule.cve.allSatisfy { $0.hasPrefix("CVE-") }, "\(rule.id): CVE")
        }
    }
}
