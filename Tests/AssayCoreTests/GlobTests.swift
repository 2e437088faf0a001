import AssayCore
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.pkl", "a/b/c.pkl"), ("c.pkl", "a/b/c.pkl"), ("a", "a/b/c.pkl"), ("b/*.pkl", "a/b/c.pkl"),
        ("**/c.pkl", "c.pkl"), ("a/**/c.pkl", "a/c.pkl"), ("a/**/c.pkl", "a/x/y/c.pkl"), ("/a/*/c.pkl", "/a/b/c.pkl"),
        ("model-?.bin", "model-1.bin"), ("[a-c]*.pt", "b.pt"), ("[!a-c]*.pt", "d.pt"), (".git/", "x/.git/config"),
        ("**", "any/thing"), ("*", "any"), ("*.*.gz", "x/a.tar.gz"),
    ])
    func matches(_ pattern: String, _ path: String) {
        #expect(Glob(pattern).matches(path))
    }

    @Test(arguments: [
        ("*.pkl", "a.pkl.txt"), ("a/*.pkl", "a/b/c.pkl"), ("/b/c.pkl", "a/b/c.pkl"), ("[a-c].pt", "d.pt"),
        ("?.pt", "ab.pt"), ("c", "a/b/cc"), ("", "a"),
    ])
    func doesNotMatch(_ pattern: String, _ path: String) {
        #expect(!Glob(pattern).matches(path))
    }

    @Test func manyStarsTakeLinearTime() {
        let pattern = String(repeating: "*a", count: 60) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 2000)))
    }
}
