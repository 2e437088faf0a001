import AssayCore
import ByteParsing
import Scanning
import Testing

/// Programs where weights are.
@Suite struct EmbeddedProgramTests {
    private static let elf: [UInt8] =
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + [3, 0, 62, 0]
        + [UInt8](repeating: 0, count: 120)
    private static let pe: [UInt8] =
        [0x4D, 0x5A] + [UInt8](repeating: 0, count: 58) + [64, 0, 0, 0] + [0x50, 0x45, 0, 0]
        + [UInt8](repeating: 0, count: 80)
    private static let machO: [UInt8] = [0xCF, 0xFA, 0xED, 0xFE, 7, 0, 0, 1] + [UInt8](repeating: 0, count: 80)

    /// Bytes without order, the same every time.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    private func offsets(_ bytes: [UInt8], _ name: String = "weights.dat") -> [Int?] {
        FileScanner().scan(ByteRegion(bytes), path: name).findings.filter { $0.rule == "TENSOR-PROGRAM" }.map(
            \.location.offset)
    }

    @Test(arguments: [elf, pe, machO], [1, 15, 5_003, 300_000, 2_000_000])
    func isFoundAtTheEnd(_ program: [UInt8], _ before: Int) {
        #expect(offsets(noise(before) + program) == [before])
    }

    @Test func isFoundInTheMiddleOfSmallContent() {
        #expect(offsets(noise(5_000) + Self.elf + noise(9_000)) == [5_000])
    }

    @Test func weightsAndCodeForAcceleratorsAreNone() {
        #expect(offsets(noise(3_000_000)).isEmpty)
        var device = Self.elf
        device[18] = 190
        #expect(offsets(noise(5_000) + device).isEmpty)
        // The four letters alone, and a stub that leads nowhere.
        #expect(offsets(noise(5_000) + [0x7F, 0x45, 0x4C, 0x46] + noise(500)).isEmpty)
        #expect(offsets(noise(5_000) + Array("MZ".utf8) + noise(500)).isEmpty)
    }
}
