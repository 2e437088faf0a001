package import AssayCore
internal import CHTTP

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where a service listens: https, or plain http on a loopback address, where nobody else can listen or answer.
package struct ServiceAddress: Sendable, Hashable {
    /// The address without a `/` at its end.
    package let text: String
    let isPlain: Bool

    /// - Throws: `EvidenceError` for anything but those two.
    package init(_ text: String) throws(EvidenceError) {
        var text = Substring(text)
        while text.last == "/" { text = text.dropLast() }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw EvidenceError("\(Printable.line(String(text))) is no address of a service")
        }
        if text.hasPrefix("https://"), text.utf8.count > 8 {
            isPlain = false
        } else if text.hasPrefix("http://"), Self.isLoopback(text.dropFirst(7)) {
            isPlain = true
        } else {
            throw EvidenceError("\(Printable.line(String(text))) is neither https nor http on a loopback address")
        }
        self.text = String(text)
    }

    /// Where machines of Google Cloud ask who they are: a name that only leads to the machine's own host.
    static let googleMetadata = ServiceAddress(text: "http://metadata.google.internal", isPlain: true)

    private init(text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    func appending(_ path: String) -> ServiceAddress { ServiceAddress(text: text + path, isPlain: isPlain) }

    /// Whether an authority is a literal loopback address: names could lead anywhere.
    private static func isLoopback(_ rest: Substring) -> Bool {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return false }
        if authority.hasPrefix("[::1]") { return authority.dropFirst(5).isEmpty || authority.dropFirst(5).first == ":" }
        let host = authority.prefix { $0 != ":" }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

struct HTTPRequest: Sendable {
    var address: ServiceAddress
    var headers: [(name: String, value: String)] = []
    /// What is posted; nil asks with GET.
    var body: [UInt8]?
    /// Rekor answers after an entry is in the log, which may take that long.
    var seconds = 60
}

struct HTTPResponse: Sendable {
    let status: Int
    let body: [UInt8]
}

/// What carries requests to services: the network, or a test.
protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest) throws(EvidenceError) -> HTTPResponse
}

/// Requests through the system's libcurl, with its certificate authorities; redirects are not followed.
struct NetworkTransport: HTTPTransport {
    /// Bytes of a response: certificate chains and log entries are a few kilobytes.
    static let limit = 4 << 20
    /// PEM file of certificate authorities for TLS, for services of one's own; nil for the system's.
    var authorities: String?

    func send(_ request: HTTPRequest) throws(EvidenceError) -> HTTPResponse {
        let lines = request.headers.map { "\($0.name): \($0.value)" } + ["User-Agent: assay"]
        guard lines.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }) else {
            throw EvidenceError("a header of the request is malformed")
        }
        var status = 0
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var reason = [CChar](repeating: 0, count: 512)
        // The strings live until the end of the function.
        let words = unsafe lines.map { unsafe strdup($0) }
        let url = unsafe strdup(request.address.text)
        let file = unsafe authorities.flatMap { unsafe strdup($0) }
        defer { unsafe (words + [url, file]).forEach { unsafe free($0) } }
        let pointers: [UnsafePointer<CChar>?] = unsafe words.map { unsafe UnsafePointer($0) } + [nil]
        let body = request.body ?? []
        let failure = unsafe pointers.withUnsafeBufferPointer { headers in
            unsafe body.withUnsafeBytes { content in
                var sent = unsafe assay_http_request()
                unsafe sent.url = UnsafePointer(url)
                unsafe sent.headers = headers.baseAddress
                // An empty array may have no address, and an empty body still is one.
                unsafe sent.body = request.body == nil ? nil : content.baseAddress ?? UnsafeRawPointer(url)
                unsafe sent.body_count = content.count
                unsafe sent.is_plain = request.address.isPlain ? 1 : 0
                unsafe sent.authorities = UnsafePointer(file)
                unsafe sent.seconds = request.seconds
                unsafe sent.limit = Self.limit
                return unsafe reason.withUnsafeMutableBufferPointer { text in
                    unsafe assay_http_perform(&sent, &status, &bytes, &count, text.baseAddress, text.count)
                }
            }
        }
        guard failure == 0 else {
            let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw EvidenceError("\(request.address.text): \(Printable.line(text))")
        }
        defer { unsafe assay_http_free(bytes) }
        return HTTPResponse(status: status, body: unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    }
}
