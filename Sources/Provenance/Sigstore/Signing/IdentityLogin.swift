internal import AssayCore

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A person logs in to an OpenID provider with a browser: the authorization code flow (OpenID Connect Core 1.0, section
/// 3.1; for programs on a person's machine RFC 8252) with a proof key.
///
/// The browser comes back to a listener on loopback; or, without a browser on this machine, the person brings back a code.
/// What comes back has to carry the state that was sent, and the token the nonce: neither is an answer to another login.
package struct IdentityLogin: Sendable {
    /// Where the browser is sent when the person brings back the code.
    static let outOfBand = "urn:ietf:wg:oauth:2.0:oob"

    /// What the person sees and does.
    package struct Interaction: Sendable {
        /// Tells the person something.
        package var tell: @Sendable (String) -> Void
        /// Opens a page in a browser, and says whether one was started.
        package var open: @Sendable (String) -> Bool
        /// Waits for a code that the person types; nil when there is none.
        package var readCode: @Sendable () -> String?

        package init(
            tell: @escaping @Sendable (String) -> Void, open: @escaping @Sendable (String) -> Bool,
            readCode: @escaping @Sendable () -> String?
        ) {
            self.tell = tell
            self.open = open
            self.readCode = readCode
        }
    }

    /// The OpenID provider that is asked to vouch for the person.
    package var provider: ServiceAddress
    /// How the provider knows the program; tokens are made for it.
    package var client = IdentityToken.audience
    /// What the provider registered the client with, if with anything.
    package var secret: String?
    /// Whether the person brings back the code, as without a browser on this machine.
    package var isOutOfBand = false
    /// The listener's port; 0 for a free one.
    package var port: UInt16 = 0
    /// How long the person is waited for.
    package var seconds = 300
    /// How the person is spoken to.
    package var interaction: Interaction

    package init(provider: ServiceAddress, interaction: Interaction) {
        self.provider = provider
        self.interaction = interaction
    }

    /// - Throws: `EvidenceError` when nobody logs in, or what comes back is not the answer.
    func token(_ transport: any HTTPTransport) throws(EvidenceError) -> IdentityToken {
        let provider = try IdentityProvider(provider, transport)
        let (proof, state, nonce) = (ProofKey(), URLSafe.random(), URLSafe.random())
        func page(_ redirect: String) -> String {
            provider.page([
                ("response_type", "code"), ("client_id", client), ("scope", "openid email"),
                ("redirect_uri", redirect), ("code_challenge", proof.challenge), ("code_challenge_method", "S256"),
                ("state", state), ("nonce", nonce),
            ]).text
        }
        let code: String
        let redirect: String
        if isOutOfBand {
            redirect = Self.outOfBand
            interaction.tell("Log in with a browser:\n\n  \(page(redirect))\n\nand enter the code that it shows:")
            guard let typed = interaction.readCode(), !typed.isEmpty else {
                throw EvidenceError("no code was entered")
            }
            code = typed
        } else {
            let listener = try RedirectListener(port: port)
            redirect = listener.address
            let page = page(redirect)
            let isOpen = interaction.open(page)
            interaction.tell(
                (isOpen ? "A browser was opened to log in with. If it was not, open" : "Log in with a browser:")
                    + "\n\n  \(page)\n")
            code = try listener.code(state: state, issuer: provider.issuer, seconds: seconds)
        }
        let bytes = try provider.token(
            for: code, redirect: redirect, client: client, secret: secret, proof, transport)
        let token = try IdentityToken(bytes, audience: client)
        guard Array(token.issuer.utf8) == Array(provider.issuer.utf8) else {
            throw EvidenceError("the identity token is another provider's, \(Printable.line(token.issuer))")
        }
        guard let answered = token.nonce, Array(answered.utf8) == Array(nonce.utf8) else {
            throw EvidenceError("the identity token is not the answer to this login: its nonce is another one")
        }
        try token.check(at: Int(Date().timeIntervalSince1970))
        return token
    }
}
