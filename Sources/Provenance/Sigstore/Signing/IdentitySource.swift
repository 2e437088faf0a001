internal import AssayCore

/// Where an identity token comes from.
package enum IdentitySource: Sendable {
    /// The token itself.
    case token([UInt8])
    /// The machine that the program runs on: a continuous-integration system, or a cloud.
    case ambient(AmbientCredentials)
    /// A person who logs in.
    case login(IdentityLogin)

    /// Gets the token: the machine, or the person, is asked for one.
    func token(_ transport: any HTTPTransport) throws(EvidenceError) -> IdentityToken {
        switch self {
        case .token(let bytes): try IdentityToken(bytes)
        case .ambient(let credentials): try IdentityToken(credentials.token(transport))
        case .login(let login): try login.token(transport)
        }
    }
}
