internal import AssayCore
internal import CHTTP

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Waits on loopback for the browser that comes back from a login (RFC 8252, section 7.3).
@safe final class RedirectListener {
    private static let path = "/auth/callback"
    /// Requests that are answered before somebody is taken to be guessing.
    private static let limit = 64

    /// Where the browser is to come back to. The public instance knows this program by the name, not by the number.
    let address: String
    private let handle: OpaquePointer  // Closed when the object goes, and used by nobody else.

    /// - Throws: `EvidenceError` when the port cannot be listened on.
    init(port wanted: UInt16) throws(EvidenceError) {
        var port = wanted
        guard let handle = unsafe assay_loopback_open(&port) else {
            throw EvidenceError("nothing can listen on the loopback port \(wanted) for the browser to come back to")
        }
        unsafe self.handle = unsafe handle
        address = "http://localhost:\(port)\(Self.path)"
    }

    deinit { unsafe assay_loopback_close(handle) }

    /// Waits for the code.
    /// - Throws: `EvidenceError` when the provider refuses, when what comes back is not the answer to this login, or
    ///   when nobody comes.
    func code(state: String, issuer: String, seconds: Int) throws(EvidenceError) -> String {
        let end = Self.now + seconds * 1000
        for _ in 0..<Self.limit {
            var head: UnsafePointer<CChar>?
            let left = max(0, end - Self.now)
            let count = unsafe assay_loopback_wait(handle, left, &head)
            guard count > 0, let start = unsafe head else {
                throw EvidenceError("nobody logged in within \(seconds) seconds")
            }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
            guard let query = Self.query(bytes) else {
                answer(404, "Nothing is here.")
                continue
            }
            do throws(EvidenceError) {
                let code = try Self.code(in: query, state: state, issuer: issuer)
                answer(200, "You are logged in. This page can be closed.")
                return code
            } catch {
                answer(400, "The login failed. The program says why.")
                throw error
            }
        }
        throw EvidenceError("too many requests came that no browser makes after a login")
    }

    /// The query of a request for the page that the browser is to come back to; nil for any other request.
    static func query(_ head: [UInt8]) -> [UInt8]? {
        let words = head.prefix { $0 != 0x0D }.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words[0].elementsEqual("GET".utf8), words[2].starts(with: "HTTP/1.".utf8) else {
            return nil
        }
        let parts = words[1].split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].elementsEqual(path.utf8) else { return nil }
        return Array(parts[1])
    }

    static func code(in query: [UInt8], state: String, issuer: String) throws(EvidenceError) -> String {
        guard let values = FormEncoding.decode(query) else { throw EvidenceError("what the browser brought is broken") }
        guard let answered = values["state"], Array(answered.utf8) == Array(state.utf8) else {
            throw EvidenceError("what the browser brought is not the answer to this login: its state is another one")
        }
        // RFC 9207: the provider may say who answers.
        if let named = values["iss"], Array(named.utf8) != Array(issuer.utf8) {
            throw EvidenceError("another provider answered, \(Printable.line(named))")
        }
        if let error = values["error"] {
            let reason = values["error_description"] ?? error
            throw EvidenceError("the OpenID provider refused: \(Printable.line(reason))")
        }
        guard let code = values["code"], !code.isEmpty else { throw EvidenceError("the browser brought no code") }
        return code
    }

    private func answer(_ status: Int, _ text: String) {
        let page = "<!doctype html><meta charset=utf-8><title>Assay</title><p>\(text)\n"
        let phrase = [200: "OK", 400: "Bad Request"][status] ?? "Not Found"
        let head =
            "HTTP/1.1 \(status) \(phrase)\r\nContent-Type: text/html; charset=utf-8\r\n"
            + "Content-Length: \(page.utf8.count)\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
            + "Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n"
        let bytes = Array((head + page).utf8)
        unsafe bytes.withUnsafeBytes { unsafe assay_loopback_answer(handle, $0.baseAddress, $0.count) }
    }

    /// Milliseconds of a clock that nobody sets.
    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
