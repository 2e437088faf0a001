import Testing

@testable import Scanning

@Suite struct ReferencedPathTests {
    @Test(arguments: [
        ("/etc/passwd", ReferencedPath.Problem.absolute), ("\\windows", .absolute), ("../x", .parent),
        ("a/../../x", .parent), ("a\\..\\x", .parent), (".. /x", .parent), ("C:\\x", .drive), ("c:x", .drive),
        ("\\\\host\\share", .share), ("//host/share", .share), ("a\u{0}.bin", .nul), ("file:///etc", .url),
        ("http://host/x", .url), ("s3://bucket/x", .url), ("data:text", .url), ("~/x", .home), ("~root/x", .home),
        ("%2e%2e%2fx", .encoded), ("..%2f..%2fx", .encoded), ("%252e%252e/x", .encoded), ("${HOME}/x", .variable),
        ("%APPDATA%/x", .variable), ("a\nb", .control),
        ("．．／x", .lookalike), ("..∕x", .lookalike), ("‥/x", .lookalike), ("`id`", .shell), ("|id", .shell),
    ])
    func namesTheProblem(path: String, problem: ReferencedPath.Problem) {
        #expect(ReferencedPath(Array(path.utf8))?.problem == problem)
    }

    @Test(arguments: [
        "weights.bin", "sub/weights.bin", "a..b", "..data", "x/...", "model-00001-of-00002.safetensors", "100%.bin",
        "a b.bin", "poids-é.bin", "./w.bin", "",
    ])
    func takesOrdinaryNames(path: String) {
        #expect(ReferencedPath(Array(path.utf8)) == nil)
    }
}
