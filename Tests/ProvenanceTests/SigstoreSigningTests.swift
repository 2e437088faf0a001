import AssayCore
import ByteParsing
import Fixtures
import Foundation
import Synchronization
import Testing

@testable import Provenance

/// Answers requests by their path, and remembers them.
private final class CannedTransport: HTTPTransport {
    private let answers: [String: HTTPResponse]
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ answers: [String: (Int, String)]) {
        self.answers = answers.mapValues { HTTPResponse(status: $0.0, body: Array($0.1.utf8)) }
    }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) throws(EvidenceError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        guard let answer = answers.first(where: { request.address.text.hasSuffix($0.key) }) else {
            throw EvidenceError("nobody listens")
        }
        return answer.value
    }
}

@Suite struct SigstoreSigningTests {
    private static let config = """
        {"mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
         "caUrls": [{"url": "https://old.test", "majorApiVersion": 1,
                     "validFor": {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}},
                    {"url": "https://ca.test/", "majorApiVersion": 1, "validFor": {"start": "2020-01-01T00:00:00Z"}}],
         "rekorTlogUrls": [{"url": "https://log1.test", "majorApiVersion": 1, "validFor": {"start": "2020-01-01T00:00:00Z"}},
                           {"url": "https://log2.test", "majorApiVersion": 2, "validFor": {"start": "2020-01-01T00:00:00Z"}},
                           {"url": "https://log9.test", "majorApiVersion": 9, "validFor": {"start": "2020-01-01T00:00:00Z"}}],
         "tsaUrls": [{"url": "https://tsa1.test", "majorApiVersion": 1, "validFor": {"start": "2020-01-01T00:00:00Z"}},
                     {"url": "https://tsa2.test", "majorApiVersion": 1, "validFor": {"start": "2020-01-01T00:00:00Z"}}],
         "rekorTlogConfig": {"selector": "ANY"}, "tsaConfig": {"selector": "ANY"}}
        """

    private func token(_ claims: String = #"{"iss":"https://i","sub":"s","aud":"sigstore","exp":4102444800}"#)
        -> [UInt8]
    {
        let part = { (text: String) in
            Base64.encode(Array(text.utf8)).replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
        }
        return Array((part(#"{"alg":"none"}"#) + "." + part(claims) + ".c2ln").utf8)
    }

    private func signing(_ transport: CannedTransport, token: [UInt8]? = nil) throws -> SigstoreSigning {
        let services = SigstoreServices(
            certificateAuthority: try ServiceAddress("https://ca.test"), log: try ServiceAddress("https://log.test"))
        var signing = SigstoreSigning(services: services, identity: .token(token ?? self.token()), trustedRoot: nil)
        signing.transport = transport
        return signing
    }

    @Test(arguments: [
        "http://example.com", "http://localhost", "http://127.0.0.1@example.com", "http://127.0.0.1.example.com",
        "ftp://127.0.0.1", "https://", "http://[::2]", "http://127.1", "https://a b", "file:///etc/passwd", "",
        "http://127.0.0.256",
    ])
    func addressesThatOthersCouldAnswerAreRefused(text: String) {
        #expect(throws: EvidenceError.self) { try ServiceAddress(text) }
    }

    @Test(arguments: [
        "https://a.test", "http://127.0.0.1:80/x", "http://[::1]:8080", "http://127.255.0.1", "http://[::1]",
    ])
    func addressesThatAreTaken(text: String) throws {
        #expect(try ServiceAddress(text + "/").text == text)
    }

    @Test func servicesComeFromTheConfiguration() throws {
        let now = 1_700_000_000.0
        let services = try #require(try SigstoreServices(Array(Self.config.utf8), at: now))
        #expect(services.certificateAuthority.text == "https://ca.test")
        #expect(services.log.text == "https://log2.test" && services.logVersion == 2)
        #expect(services.timestampAuthorities.map(\.text) == ["https://tsa1.test"])
        let all = Self.config.replacing(
            #""tsaConfig": {"selector": "ANY"}"#, with: #""tsaConfig": {"selector": "ALL"}"#)
        #expect(try SigstoreServices(Array(all.utf8), at: now)?.timestampAuthorities.count == 2)
        let wrapped = #"{"trustedRoot": {}, "signingConfig": \#(Self.config)}"#
        #expect(try SigstoreServices(Array(wrapped.utf8), at: now) == services)
        #expect(throws: EvidenceError.self) { try SigstoreServices(Array(Self.config.utf8), at: 0) }
        #expect(try SigstoreServices(Array(#"{"mediaType": "x"}"#.utf8), at: now) == nil)
        let first = #"{"signingConfig": {"caUrl": "https://c", "tlogUrls": ["https://l"], "tsaUrls": ["https://t"]}}"#
        let old = try #require(try SigstoreServices(Array(first.utf8), at: now))
        #expect(old.logVersion == 1 && old.timestampAuthorities.count == 1)
    }

    @Test(arguments: [
        #"{"iss":"i","sub":"s","aud":"other","exp":4102444800}"#, #"{"sub":"s","aud":"sigstore","exp":4102444800}"#,
        #"{"iss":"i","aud":"sigstore","exp":4102444800}"#, #"{"iss":"i","sub":"s","aud":"sigstore"}"#,
        #"{"iss":"i","sub":"s","aud":"sigstore","exp":1}"#, "[]", "",
    ])
    func tokensThatCannotWorkAreRefusedBeforeAnythingIsSent(claims: String) throws {
        let transport = CannedTransport([:])
        let model = try Fixture(["a": "1"])
        #expect(throws: EvidenceError.self) {
            try ModelSigner(.sigstore(signing(transport, token: token(claims)))).sign(model.path)
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func tokensMayBeForSeveralAudiences() throws {
        let claims = #"{"iss":"https://i","sub":"s","aud":["x","sigstore"],"exp":4102444800.0,"email":"e@x"}"#
        #expect(try IdentityToken(token(claims) + [0x0A]).email == "e@x")
    }

    /// The request carries the token in its body only, and a certificate request that its own key signed.
    @Test func certificateRequestsProvePossession() throws {
        let transport = CannedTransport(["/api/v2/signingCert": (403, #"{"code": 7, "message": "not you"}"#)])
        let model = try Fixture(["a": "1"])
        let error = #expect(throws: EvidenceError.self) {
            try ModelSigner(.sigstore(signing(transport))).sign(model.path)
        }
        #expect(error?.reason.contains("not you") == true && error?.reason.contains("403") == true)
        let request = try #require(transport.requests.first)
        let body = try JSONDocument(ByteRegion(request.body ?? []), dialect: .strict).root
        #expect(body["credentials"]?["oidcIdentityToken"]?.string == String(decoding: token(), as: UTF8.self))
        let pem = try #require(Base64.decode(body["certificateSigningRequest"]?.stringBytes ?? []))
        #expect(try PEM.blocks(in: pem).map(\.label) == ["CERTIFICATE REQUEST"])
        #expect(request.headers.allSatisfy { !$0.value.contains("eyJ") })
    }

    @Test(arguments: [
        (200, "<html>"), (200, "{}"), (500, ""), (200, #"{"signedCertificateDetachedSct": {}}"#),
        (200, #"{"signedCertificateEmbeddedSct": {"chain": {"certificates": ["-----BEGIN CERTIFICATE-----"]}}}"#),
    ])
    func answersThatAreNoCertificateAreRefused(status: Int, body: String) throws {
        let transport = CannedTransport(["/api/v2/signingCert": (status, body)])
        let model = try Fixture(["a": "1"])
        #expect(throws: EvidenceError.self) { try ModelSigner(.sigstore(signing(transport))).sign(model.path) }
        #expect(transport.requests.count == 1)
    }

    @Test func ambientTokensAreAskedFor() throws {
        let answer = #"{"value": "\#(String(decoding: token(), as: UTF8.self))"}"#
        let transport = CannedTransport(["audience=sigstore": (200, answer)])
        let environment = [
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://ci.test/token?v=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret",
        ]
        #expect(try IdentitySource.ambient(.init(environment: environment)).token(transport).issuer == "https://i")
        #expect(transport.requests.first?.address.text == "https://ci.test/token?v=1&audience=sigstore")
        #expect(transport.requests.first?.headers.first?.value == "bearer secret")
        let given = ["SIGSTORE_ID_TOKEN": String(decoding: token(), as: UTF8.self)]
        #expect(try IdentitySource.ambient(.init(environment: given)).token(CannedTransport([:])).subject == "s")
        #expect(throws: EvidenceError.self) { try IdentitySource.ambient(.init(environment: [:])).token(transport) }
    }

    @Test func secondLogsNeedTimestamps() throws {
        var signing = try signing(CannedTransport([:]))
        signing.services.logVersion = 2
        #expect(throws: EvidenceError.self) { try signing.check() }
        signing.services.timestampAuthorities = [try ServiceAddress("https://tsa.test")]
        try signing.check()
    }
}
