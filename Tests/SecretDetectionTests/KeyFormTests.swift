import ByteParsing
import Mutations
import Testing

@testable import SecretDetection

@Suite struct KeyFormTests {
    private func issuers(_ text: [UInt8]) throws -> [String] {
        try SecretScanner.matches(in: ByteRegion(text), budget: Budget()).map(\.issuer)
    }

    private func read(_ notation: String) -> KeyForm? { KeyForm(Array(notation.utf8)[...], issuer: "x") }

    /// A key of a form, drawn at random.
    private func draw(_ form: KeyForm, _ chance: inout SplitMix64) -> [UInt8] {
        var key = form.prefix
        for part in form.rest {
            switch part {
            case .text(let text): key += text
            case .run(let letters, let lengths):
                let members = (UInt8.min...UInt8.max).filter { letters.contains($0) && SecretScanner.isWord($0) }
                // What is optional is left out, but for keys that consist of it.
                let count = max(lengths.lowerBound, min(lengths.upperBound, 20))
                for _ in 0..<count { key.append(members.randomElement(using: &chance) ?? 0x30) }
            }
        }
        return key
    }

    @Test func eachFormIsFound() throws {
        var chance = SplitMix64(state: 1)
        #expect(KeyForm.all.count > 450)
        for form in KeyForm.all {
            var found = 0
            for _ in 0..<6 {
                let key = draw(form, &chance)
                #expect(form.lengths.contains(key.count))
                found += try issuers(Array("x \"".utf8) + key + Array("\" y".utf8)).isEmpty ? 0 : 1
            }
            #expect(found >= 5, "\(form.issuer) \(String(decoding: form.prefix, as: UTF8.self)): \(found) of 6")
        }
    }

    @Test func eachServicesKeyIsFound() throws {
        var chance = SplitMix64(state: 2)
        let services = ServiceKey.byLetter.flatMap { $0 }
        #expect(services.count > 90)
        for service in services {
            for form in service.forms {
                var found = 0
                for _ in 0..<6 {
                    let text = service.name + Array(" = \"".utf8) + draw(form, &chance) + Array("\"".utf8)
                    found += try issuers(text).isEmpty ? 0 : 1
                }
                #expect(found >= 4, "\(String(decoding: service.name, as: UTF8.self)) \(form.lengths): \(found) of 6")
            }
        }
    }

    /// No form reads as another notation would have it: malformed ones are none.
    @Test(arguments: ["a{", "a{h", "a{z3}", "a{h5-3}", "{}"])
    func malformedNotationIsRefused(_ notation: String) { #expect(read(notation) == nil) }

    @Test(arguments: [
        ("k_{h4}-{n2}", "k_0aF9-12", true), ("k_{h4}-{n2}", "k_0aF9-123", false), ("k_{h4}-{n2}", "k_0aG9-12", false),
        ("k_{h4}-{n2}", "k_0aF9", false), ("k_{d3-5}", "k_ab-_c", true), ("k_{d3-5}", "k_ab", false),
        ("{l2}:fx", "a1:fx", true),
        ("k_{u2}{n1}", "k_AB1", true), ("k_{u2}{n1}", "k_Ab1", false),
    ])
    func matches(_ notation: String, _ text: String, _ isMatch: Bool) throws {
        let form = try #require(read(notation))
        let region = ByteRegion(Array(text.utf8))
        #expect((form.end(in: region.bytes, at: 0) == text.utf8.count) == isMatch)
    }

    @Test func punctuationAfterAKeyIsNotPartOfIt() throws {
        let form = try #require(read("k_{t3-9}"))
        let region = ByteRegion(Array("k_a.bcd. x".utf8))
        #expect(form.end(in: region.bytes, at: 0) == 7)
    }
}
