import ByteParsing
import ModelFormats
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What CPython's unpickler did with 300 generated streams (recorded by `Tests/Oracle/pickle_oracle.py --golden`).
@Suite struct PickleGoldenTests {
    @Test func machineDoesWhatCPythonDid() throws {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let path = here.dropLast(2).joined(separator: "/") + "/Oracle/pickle_golden.txt"
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let text = try ByteRegion.read(descriptor: descriptor, count: Int(lseek(descriptor, 0, SEEK_END))).text()
        var stream: [UInt8] = []
        var expected: [String] = []
        var compared = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("\t") {
                expected.append(String(line.dropFirst()))
                continue
            }
            if !expected.isEmpty {
                #expect(PickleLog.lines(of: ByteRegion(stream)) == expected)
                compared += 1
            }
            expected = []
            stream = []
            var digits = Array(line.utf8)[...]
            while digits.count >= 2, let byte = UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16) {
                stream.append(byte)
                digits = digits.dropFirst(2)
            }
        }
        #expect(compared == 300)
    }
}
