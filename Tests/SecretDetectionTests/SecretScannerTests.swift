import ByteParsing
import Fixtures
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
        (
            "sk-ant-api03-" + String(repeating: "kJ8x2Lq9Zr4Tn1XvKc2Lm6Wp9Yb5Hd7", count: 3) + "AA",
            "Anthropic key"
        ),
        ("xoxb-282862470132-237926679191f", "Slack token"), ("discord: 323258276182643004", "discord key"),
        ("mail 1f2fbd15c0959b7a2805ed2820543c05-7a6280e5-c18dbfed", "Mailgun key"),
        ("x 74dc4f7876cbd21363183538242c5e18-us12", "Mailchimp key"),
        ("5312dea59b91fc68ec53fe21cbe7ce97FFFFNRAL", "New Relic key"),
        ("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", "MaxMind key"),
        ("ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKemRXSWlPaUkwTWpjaWZRLmszWnI0VG44WHZLYzJMbTY", "JSON Web Token in base64"),
        ("<add key=\"DbPassword\" value=\"t7#Kq9vLm2xZ\"/>", "secret"),
        ("- name: DB_PASSWORD\n  value: t7kKq9vLm2xZ", "secret"),
        ("kind: Secret\ndata:\n  password: aDBwazFuc34yMXMhcQ==\n", "Kubernetes secret"),
        ("{\"auths\": {\"r.io\": {\"auth\": \"c3ZjOmgwcGsxbnN+MjFz\"}}}", "password in settings"),
        ("{\"kty\":\"EC\",\"d\":\"q8Zr4Tn1XvKc2Lm6Wp9Yb5Hd7Jf3Gs0EuQRtVzAiOpS\"}", "private JSON Web Key"),
        ("machine h login svc password h0pk1ns21s", "password of a login"), ("run --db-password h0pk1ns21s", "secret"),
        ("ENV SERVICE_TOKEN q8Zr4Tn1XvKc2Lm6Wp9Yb5", "secret"),
        ("os.environ.setdefault(\"DB_SECRET\", \"h0pk1ns21sq\")", "secret"),
        ("<secretKey>q8Zr4Tn1XvKc2Lm6</secretKey>", "secret"),
        ("railway token = '0344d945-6ad0-4e97-8e89-d3588f9c0aea'", "secret"),
        ("client_secret: 0344d945-6ad0-4e97-8e89-d3588f9c0aea", "secret"),
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
        // Digests, versions, code and text that stand where keys could.
        "jsonschema/_keywords.py,sha256=r8_DrqAfn6QLwQnmXEggveiSU-UaIL2p2nuPINelfFc,14949",
        "verdaccio-htpasswd: 13.0.0-next-8.29", "data_key = RVV_OP(vxor_vv_u64m2)(data_vec, key_vec)",
        "DEFAULT_TOKEN=\"eyJzZXNzaW9uX2lkIjogImRlZmF1bHQifQ\"",
        "\"ChangeToken\": \"abcd12f2-46da-4fdb-b8d5-fbd4c466928f\"",
        "s3://access_key_id:secret_access_key@bucket/key", "&hf_servingcellpriorityparametersdescription_h_prio",
        "video_box.ico-7a388b69018576d24b59331fd60aab0c.png", "xoxe.xoxp-1-SlackAppConfigurationAccessTokenHere",
        "rookTable = 0023452Lllk2KqjLBvaxANWEgTd7bqjsxjo8aZj0wd", "discord_channel_id: 323258276182643004",
        "\"facebook/opt-125m\": \"3d2b5f275bdf882b8775f902e1bfdb79\"",
        "wandb_git_commit: 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
        "re.compile('AccountKey=[a-zA-Z0-9+/=]{88}')", "AIzaSyabcdefghijklmnopqrstuvwxyz1234567",
        "authenticity_token value=\"7SWa-Fo1_hsC6oovfBsJFLGPUl2EhkSW\"", "kind: Secret\ndata:\n  name: example\n",
        "_otel_ctx_token: OpenTelemetry context token",
        "\"...-----BEGIN PRIVATE KEY-----... in PEM format, to be read by whoever asks\"",
        "password: change-this-password-now", "pat: everything that has been said about it before",
        "verifyToken: eyJhbGciOiJFZERTQSJ9.eyJoYXNoIjoiMTIzNDU2Nzg5MGFiY2RlZiJ9.k3Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0EaQuRi",
    ])
    func isOrdinary(_ text: String) throws {
        #expect(try issuers(text).isEmpty, "\(text)")
    }

    /// Texts that begin a key, a name or a token again and again: each is read a bounded number of times.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "api_key=", "-eyJ", "-eyJhbGciOiJ", "token:", "\"d\":", "kind: secret data: ",
            "-----BEGIN PRIVATE KEY-----", "ops_eyJ",
            "sk-", "://", "curl -u a:b ", "0123456789abcdef0123456789abcdef-", "JQQJ9", "A_KEY ",
            "name: password value: ",
        ])
    func hostileTextTakesLinearTime(_ part: String) throws {
        let text = String(repeating: part, count: (128 << 10) / part.utf8.count)
        // A second or two without optimisation; squares of the length would take hours.
        #expect(try ProcessorTime.seconds { _ = try issuers(text) } < 30)
    }

    @Test func rangesAreThoseOfTheValues() throws {
        let text = "x = 1\nCODECOV_TOKEN = \"x8fdkw5yyz4h3gweppfysinq7b2m9t1c\"\n"
        let match = try #require(SecretScanner.matches(in: ByteRegion(Array(text.utf8)), budget: Budget()).first)
        let value = Array(text.utf8)[match.offset..<(match.offset + match.length)]
        #expect(String(decoding: value, as: UTF8.self) == "x8fdkw5yyz4h3gweppfysinq7b2m9t1c")
        #expect(!match.masked.contains("wppf") && match.masked.count < 30)
    }

    /// Among many letters of base64 some are a token's by chance.
    @Test func contentInBase64HoldsNoTokens() throws {
        let token = "EAACEdEose0cBA" + String(repeating: "kJ8x2Lq9Zr4Tn1XvKc2Lm6Wp9Yb5Hd7", count: 3)
        let blob = String(repeating: "AOXKvEAAAObSeygAAOcDhxkAAOjpMQwAAOmekwAAAu8G+", count: 40)
        #expect(try issuers("token = '\(token)'") == ["Facebook token"])
        #expect(try issuers("DATA = '\(blob)/\(token)+\(blob)'") == [])
    }

    @Test func keysOfCachesHoldVersions() throws {
        #expect(try issuers("key: ubuntu20_2023.2.0.13089.cfd42bd2cb0") == [])
        #expect(try issuers("http://x.example/?CFTOKEN=1da5d5a3c4f0b6e2-7C9D8E1F-A0B3-52C6-99D4E5F60718") == [])
    }
}
