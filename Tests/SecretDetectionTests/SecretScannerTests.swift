import ByteParsing
import SecretDetection
import Testing

@Suite struct SecretScannerTests {
    private func issuers(_ text: String) throws -> [String] {
        try SecretScanner.matches(in: ByteRegion(Array(text.utf8)), budget: Budget()).map(\.issuer)
    }

    /// Invented values in the forms that services give out.
    @Test(arguments: [
        ("CODECOV_TOKEN = \"x8fdkw5yyz4h3gweppfysinq7b2m9t1c\"", "codecov key"),
        ("export DATADOG_API_KEY=q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0", "datadog key"),
        ("heroku api key: 0344d945-6ad0-4e97-8e89-d3588f9c0aea", "heroku key"),
        ("\"cohere_key\" => 'U0vexAPwKvLRPL24TX7XJ5D7ML9pfouOaOum7ELX'", "cohere key"),
        ("curl -u elastic:P9ssw0rdx1 https://host:9200", "password on a command line"),
        ("curl -X POST --user 'svc:h0pk1ns~21s' https://host", "password on a command line"),
        ("curl -H 'Authorization: Basic c3ZjOmgwcGsxbnN+MjFz' https://host", "password in a header"),
        ("Authorization: Token 22cb987851bc5659229114c62e60c79abd0d2c08", "secret"),
        ("mongodb://svc:h0pk1ns21s@db.internal.net/x", "address with a password"),
        ("bot 5656216232:AAova1hfby25ol7d2l6nk03vywpauohcdaX", "Telegram bot token"),
        ("key-96eaa61db67e036ce5e3146fff5e5d18", "Mailgun key"),
    ])
    func isFound(_ text: String, _ issuer: String) throws {
        #expect(try issuers(text).contains(issuer), "\(text)")
    }

    @Test(arguments: [
        // The service's name beside a digest, an identifier or a word.
        "codecov: 3b18e512dba79e4c8300dd08aeb37f8e728b8dad", "datadog_version = 1.2.3-alpha-release-candidate",
        "sha256 = 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "heroku app: my-application-name-for-the-model-demo-x", "discord: our-server-for-questions-about-models",
        "curl -u user:password https://host", "curl -u \"$USER:$PASSWORD\" https://host", "ls -u name:othername",
        "curl -u <user:password> https://test.com", "https://user:password@host/x", "https://host:8080/a@b",
        "Authorization: Bearer <token>", "Authorization: Basic ...", "2024-01-01 12:34:56 A long line of a log",
        "12345:AND THIS IS NO TOKEN BUT ENGLISH", "verifyToken: abcdefghijklmnopqrstuvwxyz0123456789ABCDEF",
        "verifyToken: eyJhbGciOiJFZERTQSJ9.eyJoYXNoIjoiMTIzNDU2Nzg5MGFiY2RlZiJ9.k3Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0EaQuRi",
    ])
    func isOrdinary(_ text: String) throws {
        #expect(try issuers(text).isEmpty, "\(text)")
    }

    @Test func rangesAreThoseOfTheValues() throws {
        let text = "x = 1\nCODECOV_TOKEN = \"x8fdkw5yyz4h3gweppfysinq7b2m9t1c\"\n"
        let match = try #require(SecretScanner.matches(in: ByteRegion(Array(text.utf8)), budget: Budget()).first)
        let value = Array(text.utf8)[match.offset..<(match.offset + match.length)]
        #expect(String(decoding: value, as: UTF8.self) == "x8fdkw5yyz4h3gweppfysinq7b2m9t1c")
        #expect(!match.masked.contains("wppf") && match.masked.count < 30)
    }
}
