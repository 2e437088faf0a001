import ByteParsing
import SecretDetection

/// Prints the credentials that are found in each text of a batch, for the measurement in Tests/Corpus/secrets.py.
///
/// Input on standard input: for each text its length (32 bits, little-endian) and its bytes. Output: one line a text, in
/// their order, with `offset length issuer` of each credential, divided by tabs.
@main
struct SecretLogProgram {
    static func main() {
        var input: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            input += chunk[..<count]
        }
        let region = ByteRegion(input)
        var at = 0
        while let length = region.little(UInt32.self, at: at), let text = region.slice(at + 4, Int(length)) {
            let found = (try? SecretScanner.matches(in: ByteRegion(text.array()), budget: Budget())) ?? []
            print(found.map { "\($0.offset) \($0.length) \($0.issuer)" }.joined(separator: "\t"))
            at += 4 + Int(length)
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
