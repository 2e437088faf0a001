import ByteParsing
import Testing

@testable import Sandbox

@Suite struct ScanRequestTests {
    @Test func readsWhatItWrites() throws {
        var message: [UInt8] = []
        for number in [0, 7, 1 << 20] as [UInt32] {
            ScanRequest(number: number, path: Array("folder/\(number).pkl".utf8)).write(to: &message)
        }
        let files = try #require(ScanRequest.read(ByteRegion(message)))
        #expect(files.map(\.number) == [0, 7, 1 << 20])
        #expect(
            files.map { String(decoding: $0.path, as: UTF8.self) } == [
                "folder/0.pkl", "folder/7.pkl", "folder/1048576.pkl",
            ])
    }

    @Test func theMostFilesOfTheLongestPathsFit() {
        var message: [UInt8] = []
        for number in 0..<ScanRequest.mostFiles {
            ScanRequest(number: UInt32(number), path: [UInt8](repeating: 0x61, count: 1 << 16) + Array("/m.pkl".utf8))
                .write(to: &message)
        }
        #expect(message.count <= ScanRequest.mostBytes)
        #expect(
            ScanRequest.read(ByteRegion(message))?.allSatisfy { $0.path.suffix(6) == Array("/m.pkl".utf8)[...] } == true
        )
    }

    @Test func whatBreaksOffIsNoRequest() {
        var message: [UInt8] = []
        ScanRequest(number: 1, path: Array("a".utf8)).write(to: &message)
        #expect(ScanRequest.read(ByteRegion(Array(message.dropLast()))) == nil)
        #expect(ScanRequest.read(ByteRegion(message + [0])) == nil)
        #expect(ScanRequest.read(ByteRegion([])) == [])
    }
}
