import ByteParsing
import Testing

@testable import Scanning

@Suite struct PatternCostTests {
    private func isExponential(_ pattern: String, ignoresCase: Bool = false, isWhole: Bool = false) throws -> Bool {
        try PatternCost.isExponential(pattern, ignoresCase: ignoresCase, isWhole: isWhole, budget: Budget())
    }

    @Test(arguments: [
        "(a+)+$", "(a*)*b", "(a|a)*b", "(a|aa)+$", "([a-zA-Z]+)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?:a+){10,}b", "((a{1,10}){1,10}){1,10}b", #"(\d+)*\D"#, #"(\w*\s*)*$"#, "(a?){40}a{40}", #"(.+)+\1"#,
        "(?P<x>a+)+b", "(.*a){25}", #"(\w+\s?)+$"#, "(?:(?:[a-z]+)*)*!", "(a+a?)*$", #"(\s*,\s*)+$"#, "(?i)(a|A)+$",
        "(?=(a+)+b)x", "^(a?b?c?)*$", "([^a]|[^b])+$", #"(\p{L}+)*!"#, "(a(b|c)*d?)*((b|c)*)*e",
    ])
    func exponentialPatternsAreFound(_ pattern: String) throws {
        #expect(try isExponential(pattern), "\(pattern)")
    }

    @Test(arguments: [
        #"\w+@\w+\.\w+"#, #"(?i)^[a-z]+(-[a-z]+)*$"#, #"(?u)\b\w\w+\b"#, #"(\d{1,3}\.){3}\d{1,3}"#,
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$", "([A-Z][a-z]*)(\\d*)", #"(?:\s|^)(\S+)(?=\s|$)"#,
        #""(?:[^"\\]|\\.)*""#, #"^(\w+\.)*\w+$"#, "(<[^>]+>)+", "([a-z]+\\s)*[a-z]+", "a{100}", "(a+)+", "(a|b)*c",
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", "", "(((a)))",
        "[a-z]{2,50}",
        #"\d{1,3}(?=(?:\d{3})*\b)"#, "(?:\\r?\\n)+(?!\\r?\\n)", "[]a]+", "x{,}y*", "a{b}*",
    ])
    func otherPatternsPass(_ pattern: String) throws {
        #expect(try !isExponential(pattern), "\(pattern)")
    }

    @Test func thatAllHasToMatchCounts() throws {
        #expect(try isExponential("(a+)+", isWhole: true))
        #expect(try isExponential("(a|A)+$", ignoresCase: true))
        #expect(try !isExponential("(a|A)+$"))
    }

    @Test func sizeIsBounded() throws {
        #expect(
            try !isExponential(
                String(repeating: "(", count: 5_000) + "a+" + String(repeating: ")+", count: 5_000)))
        #expect(try !isExponential(String(repeating: "(a|b)*", count: 400) + "$"))
        var nested = "a"
        for _ in 0..<12 { nested = "(\(nested){9}){9}" }
        #expect(try !isExponential(nested))
        for broken in [
            "(", ")", "[", "[a", "a**", "\\", "(?P<", "(?", "(?#", "{", "*", "[z-a]", "\\x1", "(?>a+)+", "a++",
        ] {
            #expect(try !isExponential(broken + "$"), "\(broken)")
        }
    }
}
