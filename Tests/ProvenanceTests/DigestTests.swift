import Crypto
import Provenance
import Testing

@Suite struct DigestTests {
    /// The input of BLAKE3's official test vectors: bytes that count from 0 to 250 and start again.
    private func counting(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

    @Test(arguments: [
        // From the official test_vectors.json, the first 32 bytes of "hash".
        (0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
        (1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"),
        (1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"),
        (1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"),
        (1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"),
        (8192, "aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63"),
        (8193, "bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b"),
        (31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"),
        (102_400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"),
    ])
    func blake3(count: Int, digest: String) {
        #expect(Hexadecimal.encode(HashAlgorithm.blake3.hash(counting(count))) == digest)
    }

    @Test func blake2b() {
        // RFC 7693, appendix A.
        #expect(
            Hexadecimal.encode(HashAlgorithm.blake2b.hash(Array("abc".utf8)))
                == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
    }

    @Test func sha256() {
        #expect(HashAlgorithm.sha256.hash(counting(1000)) == Array(SHA256.hash(data: counting(1000))))
    }

    /// Lists that went through another system end their lines with two characters; names that end with one have it escaped.
    @Test func listsWithCarriageReturns() throws {
        let digest = HashAlgorithm.sha256.hash([])
        let manifest = Manifest(resources: [
            .init(name: ModelPath("a"), digest: digest), .init(name: ModelPath("b\r"), digest: digest),
        ])
        let text = ManifestText.write(manifest)
        #expect(try ManifestText.read(Array(text.utf8)).resources == manifest.resources)
        let other = text.replacing("\n", with: "\r\n")
        #expect(try ManifestText.read(Array(other.utf8)).resources == manifest.resources)
    }
}
