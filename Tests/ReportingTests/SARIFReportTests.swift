import AssayCore
import ByteParsing
import Reporting
import Scanning
import Testing

@Suite struct SARIFReportTests {
    private func run() throws -> JSONValue {
        let text = SARIFReport().render(SampleReport.report)
        let root = try JSONDocument(ByteRegion(Array(text.utf8)), dialect: .strict).root
        #expect(root["version"]?.string == "2.1.0")
        return try #require(root["runs"]?[0])
    }

    @Test func everyResultNamesARuleThatIsThere() throws {
        let run = try run()
        let rules = try #require(run["tool"]?["driver"]?["rules"])
        for result in try #require(run["results"]).elements {
            let index = try #require(result["ruleIndex"]?.integer)
            #expect(rules[index]?["id"]?.string == result["ruleId"]?.string)
        }
        for rule in rules.elements {
            #expect(rule["help"]?["markdown"]?.string?.contains("What to do") == true)
            #expect(rule["properties"]?["security-severity"]?.string.flatMap { Double($0) } != nil)
            #expect(
                rule["properties"]?["tags"]?.elements.contains { $0.string?.hasPrefix("external/cwe/cwe-") == true }
                    == true)
        }
    }

    @Test func placesAreRelativeEncodedAndStable() throws {
        let results = try #require(try run()["results"])
        let low = try #require(results.elements.first { $0["level"]?.string == "note" })
        let place = low["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"]?.string == "models/a%20b/tokenizer%231.json")
        #expect(place?["region"]?["byteOffset"]?.integer == 17)
        let member = results[0]?["locations"]?[0]
        #expect(member?["logicalLocations"]?[0]?["fullyQualifiedName"]?.string == "archive/data.pkl")
        #expect(member?["physicalLocation"]?["region"]?["byteOffset"] == nil)
        let print = results[0]?["partialFingerprints"]?["assayFinding/v1"]?.string
        #expect(print == SampleReport.report.files[1].report.findings[0].fingerprint && print?.count == 32)
    }

    @Test func whatWasNotReadIsANotification() throws {
        let invocation = try #require(try run()["invocations"]?[0])
        #expect(invocation["executionSuccessful"]?.bool == false && invocation["exitCode"]?.integer == 1)
        let levels = invocation["toolExecutionNotifications"]?.elements.compactMap { $0["level"]?.string }
        #expect(levels == ["warning", "warning", "error"])
        let suppressed = try run()["results"]?.elements.filter { $0["suppressions"] != nil }
        #expect(suppressed?.count == 1)
    }
}
