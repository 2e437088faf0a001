internal import AssayCore

/// A public page that says more about a rule.
struct References: Sendable {
    var name: String
    var address: String

    /// The weaknesses, techniques and vulnerabilities that the rule names.
    static func of(_ rule: Rule) -> [References] {
        rule.cwe.map {
            References(name: $0, address: "https://cwe.mitre.org/data/definitions/\($0.dropFirst(4)).html")
        } + rule.atlas.map { References(name: $0, address: "https://atlas.mitre.org/techniques/\($0)") }
            + rule.cve.map { References(name: $0, address: "https://nvd.nist.gov/vuln/detail/\($0)") }
    }
}

/// URI references for paths (RFC 3986, RFC 8089).
enum Address {
    /// Relative paths stay relative; what is not unreserved is percent-encoded byte by byte.
    static func of(path: String) -> String {
        var path = path[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
