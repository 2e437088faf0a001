import AssayCore
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("scan", "scan", 0), ("", "ab", 2), ("scna", "scan", 1), ("kitten", "sitting", 3), ("abc", "ca", 3),
    ])
    func distanceCountsSteps(left: String, right: String, steps: Int) {
        #expect(Spelling.distance(left, right) == steps)
    }

    @Test(
        arguments: [
            ("failon", "failOn"), ("exclud", "exclude"), ("includes", "include"), ("severity", nil), ("", nil),
        ] as [(String, String?)])
    func onlyNearNamesAreOffered(word: String, name: String?) {
        #expect(Spelling.nearest(to: word, among: ["version", "failOn", "include", "exclude"]) == name)
    }
}
