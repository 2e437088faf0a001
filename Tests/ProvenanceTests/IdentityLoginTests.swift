import AssayCore
import ByteParsing
import Foundation
import Synchronization
import Testing

@testable import Provenance

/// An OpenID provider and the browser that a person has, in one: what the browser is sent to is answered as the provider
/// would, over a real connection to the listener.
private final class FakeProvider: HTTPTransport {
    enum Fault: String, CaseIterable {
        case discovery, otherIssuer, refusal, state, noState, twoStates, otherProvider, noCode, denied, noToken
        case audience, issuer, nonce, noNonce, expired, early
    }

    private let fault: Fault?
    private let secret: String?
    private let asked = Mutex<[String: String]>([:])
    private let answers = Mutex<[HTTPResponse]>([])

    init(_ fault: Fault? = nil, secret: String? = nil) {
        self.fault = fault
        self.secret = secret
    }

    var login: IdentityLogin {
        get throws {
            var login = IdentityLogin(
                provider: try ServiceAddress("https://id.test"),
                interaction: .init(
                    tell: { _ in }, open: { self.browse($0) },
                    readCode: {
                        Issue.record("nobody types")
                        return nil
                    }))
            login.seconds = 10
            return login
        }
    }

    /// What the listener answered the browser with.
    var pages: [HTTPResponse] { answers.withLock { $0 } }

    @discardableResult func read(_ page: String) -> [String: String] {
        let query = FormEncoding.decode(page.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()) ?? [:]
        asked.withLock { $0 = query }
        return query
    }

    private func browse(_ page: String) -> Bool {
        let query = read(page)
        #expect(page.hasPrefix("https://id.test/auth?"))
        #expect(query["client_secret"] == nil && query["code_challenge_method"] == "S256")
        var answer = [("code", "the code"), ("state", query["state"] ?? ""), ("iss", "https://id.test")]
        switch fault {
        case .state: answer[1].1 = URLSafe.random()
        case .noState: answer.remove(at: 1)
        case .twoStates: answer.append(answer[1])
        case .otherProvider: answer[2].1 = "https://other.test"
        case .noCode: answer.remove(at: 0)
        case .denied: answer[0] = ("error", "access_denied")
        default: break
        }
        let redirect = (query["redirect_uri"] ?? "").replacing("localhost", with: "127.0.0.1")
        // Browsers ask for more than they are sent to.
        let root = redirect.replacing("/auth/callback", with: "")
        let others = [root + "/favicon.ico", redirect, root + "/"]
        let all = others + [redirect + "?" + FormEncoding.encode(answer)]
        Thread.detachNewThread { [all] in
            for address in all {
                guard let address = try? ServiceAddress(address),
                    let page = try? NetworkTransport().send(HTTPRequest(address: address))
                else { continue }
                self.answers.withLock { $0.append(page) }
            }
        }
        return true
    }

    func send(_ request: HTTPRequest) throws(EvidenceError) -> HTTPResponse {
        func json(_ status: Int, _ text: String) -> HTTPResponse {
            HTTPResponse(status: status, body: Array(text.utf8))
        }
        if request.address.text == "https://id.test/.well-known/openid-configuration" {
            let issuer = fault == .otherIssuer ? "https://other.test" : "https://id.test"
            return json(
                fault == .discovery ? 404 : 200,
                #"{"issuer": "\#(issuer)", "authorization_endpoint": "https://id.test/auth", "token_endpoint": "https://id.test/token"}"#
            )
        }
        #expect(request.address.text == "https://id.test/token")
        let form = FormEncoding.decode(request.body ?? []) ?? [:]
        let query = asked.withLock { $0 }
        #expect(form["grant_type"] == "authorization_code" && form["code"] == "the code")
        #expect(form["redirect_uri"] == query["redirect_uri"])
        #expect(URLSafe.digest(of: form["code_verifier"] ?? "") == query["code_challenge"])
        let authorization = request.headers.first { $0.name == "Authorization" }?.value
        if let secret {
            #expect(authorization == "Basic " + Base64.encode(Array("sigstore:\(secret)".utf8)))
        } else {
            #expect(authorization == nil && form["client_id"] == "sigstore")
        }
        if fault == .refusal { return json(400, #"{"error": "invalid_grant", "error_description": "too late"}"#) }
        if fault == .noToken { return json(200, #"{"access_token": "x"}"#) }
        let now = Int(Date().timeIntervalSince1970)
        let nonce = fault == .nonce ? URLSafe.random() : query["nonce"] ?? ""
        let claims = """
            {"iss": "\(fault == .issuer ? "https://other.test" : "https://id.test")", "sub": "me",
             "aud": "\(fault == .audience ? "other" : "sigstore")", "exp": \(fault == .expired ? now - 1 : now + 60),
             "nbf": \(fault == .early ? now + 600 : now)\(fault == .noNonce ? "" : #", "nonce": "\#(nonce)""#)}
            """
        let token = [#"{"alg":"none"}"#, claims, "s"].map { URLSafe.encode(Array($0.utf8)) }.joined(separator: ".")
        return json(200, #"{"access_token": "x", "id_token": "\#(token)"}"#)
    }
}

@Suite struct IdentityLoginTests {
    @Test func aPersonLogsIn() throws {
        let provider = FakeProvider()
        let token = try provider.login.token(provider)
        #expect(token.subject == "me" && token.issuer == "https://id.test")
        // Other pages are not there, and neither is the listener any more.
        #expect(provider.pages.prefix(3).allSatisfy { $0.status == 404 })
    }

    @Test func clientsWithSecretsNameThemselvesWithThem() throws {
        let provider = FakeProvider(secret: "s3cret")
        var login = try provider.login
        login.secret = "s3cret"
        #expect(try login.token(provider).subject == "me")
    }

    @Test(arguments: FakeProvider.Fault.allCases)
    fileprivate func whatIsNotTheAnswerIsRefused(fault: FakeProvider.Fault) throws {
        let provider = FakeProvider(fault)
        let login = try provider.login
        let start = ContinuousClock.now
        #expect(throws: EvidenceError.self) { try login.token(provider) }
        #expect(ContinuousClock.now - start < .seconds(8), "it was noticed, not waited for")
    }

    @Test func codesCanBeTyped() throws {
        let provider = FakeProvider()
        var login = try provider.login
        login.isOutOfBand = true
        login.interaction.open = { _ in
            Issue.record("no browser is here")
            return false
        }
        login.interaction.tell = { text in
            let page = text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("https://") }
            #expect(provider.read(String(page ?? ""))["redirect_uri"] == IdentityLogin.outOfBand)
        }
        login.interaction.readCode = { "the code" }
        #expect(try login.token(provider).subject == "me")
        login.interaction.readCode = { "" }
        #expect(throws: EvidenceError.self) { try login.token(provider) }
    }

    @Test func nobodyIsWaitedForForever() throws {
        let provider = FakeProvider()
        var login = try provider.login
        login.interaction.open = { _ in false }
        login.seconds = 0
        #expect(throws: EvidenceError.self) { try login.token(provider) }
    }

    @Test(arguments: [
        "GET /auth/callback?a=b HTTP/1.1": true, "POST /auth/callback?a=b HTTP/1.1": false,
        "GET /auth/callback HTTP/1.1": false, "GET /auth/callback/?a HTTP/1.1": false, "GET /x?a HTTP/1.1": false,
        "GET  /auth/callback?a HTTP/1.1": false, "GET /auth/callback?a": false, "": false,
    ])
    func onlyTheWayBackIsAnswered(line: String, isAnswer: Bool) {
        #expect((RedirectListener.query(Array((line + "\r\nHost: x\r\n\r\n").utf8)) != nil) == isAnswer)
    }

    @Test func formsAreEscaped() {
        #expect(FormEncoding.encode([("a b", "ü&=+~")]) == "a%20b=%C3%BC%26%3D%2B~")
        #expect(FormEncoding.decode("a%20b=%c3%BC%26%3D%2B~&x=1+2&y".utf8) == ["a b": "ü&=+~", "x": "1 2", "y": ""])
        for text in ["a=1&a=2", "a=%", "a=%1", "a=%zz", "a=%FF"] { #expect(FormEncoding.decode(text.utf8) == nil) }
    }
}

@Suite struct AmbientCredentialTests {
    private final class Canned: HTTPTransport {
        private let answers: [String: String]
        private let seen = Mutex<[HTTPRequest]>([])
        init(_ answers: [String: String]) { self.answers = answers }
        var requests: [HTTPRequest] { seen.withLock { $0 } }
        func send(_ request: HTTPRequest) throws(EvidenceError) -> HTTPResponse {
            seen.withLock { $0.append(request) }
            let answer = answers.first { request.address.text.hasPrefix($0.key) }
            return HTTPResponse(status: answer == nil ? 404 : 200, body: Array((answer?.value ?? "").utf8))
        }
    }

    private func token(
        _ environment: [String: String], product: String? = nil, _ transport: Canned = Canned([:]),
        run: @escaping @Sendable ([String]) -> String? = { _ in nil }
    ) throws -> String {
        let credentials = AmbientCredentials(environment: environment, product: product, run: run)
        return String(decoding: try credentials.token(transport), as: UTF8.self)
    }

    @Test func agentsAreAsked() throws {
        let buildkite = try token(["BUILDKITE": "true"]) {
            $0 == ["buildkite-agent", "oidc", "request-token", "--audience", "sigstore"] ? "one" : nil
        }
        #expect(buildkite == "one")
        let circle = try token(["CIRCLECI": "true"]) {
            $0.first == "circleci" && $0.contains(#"{"aud": "sigstore"}"#) ? "two" : nil
        }
        #expect(circle == "two")
    }

    @Test func googleIsAsked() throws {
        let machine = Canned(["http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/": "t"])
        #expect(try token([:], product: "Google Compute Engine", machine) == "t")
        #expect(machine.requests[0].address.text.hasSuffix("default/identity?audience=sigstore&format=full"))
        #expect(machine.requests[0].headers.contains { $0 == ("Metadata-Flavor", "Google") })
        let other = Canned([
            "http://127.0.0.1:9/computeMetadata/v1/instance/service-accounts/default/token": #"{"access_token": "a"}"#,
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/me%40x.test:generateIdToken":
                #"{"token": "t"}"#,
        ])
        let environment = ["GOOGLE_SERVICE_ACCOUNT_NAME": "me@x.test", "GCE_METADATA_HOST": "127.0.0.1:9"]
        #expect(try token(environment, other) == "t")
        #expect(other.requests[1].headers.contains { $0 == ("Authorization", "Bearer a") })
        let body = try JSONDocument(ByteRegion(other.requests[1].body ?? []), dialect: .strict).root
        #expect(body["audience"]?.string == "sigstore" && body["includeEmail"]?.bool == true)
        // A host elsewhere could give anybody's token, or take ours.
        #expect(throws: EvidenceError.self) {
            try token(["GOOGLE_SERVICE_ACCOUNT_NAME": "a", "GCE_METADATA_HOST": "example.com"], other)
        }
    }

    @Test(arguments: [
        [:], ["GITHUB_ACTIONS": "true"], ["GITLAB_CI": "true"], ["BUILDKITE": "true"], ["CIRCLECI": "true"],
        ["GOOGLE_SERVICE_ACCOUNT_NAME": "a"], ["SIGSTORE_ID_TOKEN": ""],
    ])
    func machinesThatGiveNoneAreNamed(environment: [String: String]) throws {
        #expect(throws: EvidenceError.self) { try token(environment, product: "KVM") }
    }
}
