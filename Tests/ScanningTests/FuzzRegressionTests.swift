import AssayCore
import ByteParsing
import Foundation
import ModelFormats
import Testing

@testable import Scanning

/// Inputs that fuzzing found, compressed: each once took too long, too much, or ended the program.
@Suite struct FuzzRegressionTests {
    private func inflated(_ text: String) throws -> ByteRegion {
        let bytes = try #require(Data(base64Encoded: text))
        return try Decompressed(ByteRegion(Array(bytes)), as: .zlib, budget: Budget()).region
    }

    /// Items that a scan of the bytes examines.
    private func examined(_ region: ByteRegion) -> Int {
        let scan = Scan()
        var count = 0
        scan.observe = { item, _, _ in count += item.location.members.isEmpty ? 0 : 1 }
        scan.run(ScanItem(region: region, path: "model.zip"), analysers: Analysers.all)
        return count
    }

    /// Zips in zips whose views each lead to the inner ones twice: 85,000 members from 3,892 bytes.
    @Test func partsOfAFileAreOpenedOnce() throws {
        let region = try inflated(
            "eNrtV91LFFEUn51dV5ogDXxxqbCHZIJa90NdJWxDKnE1Wg1hI2gZZyd3aHS2nbumEpGGRBAWaD0ECUGB+AeE7MNu1FMvpS9RIGIE0VMEZRAE27kz"
                + "sx9zZ7SvFXrYu5zZy9zfOfc354t7wz12Rx3VQOGxn/o4MPP8io2isNTCGy7Jx8VRoSnGIc6duChdo/mErIhjjDKuIGGYYSM1gBL4uNzAKQo3fhgJ"
                + "CkL9Hp6XJUngkSiPKMzpZExICrHjIo+Yg/1sZAeoXODdlwVxKI54JMMe7mgKiZLCRJPCYEqUYlEkjChyMjrqY1g2Ug0KCuC4IUGDMyclmUNntFdM"
                + "BMhSnogdnnwiFcK8UV8IfxAbcsBTfSB9jrHo5hb8UL+6HxAcFDmlXPS8BXoOkh4w+w1SKXfYEKnpjvf1Tphh2V0SqcFxJMhYVxIRkgSj0saHdw+O"
                + "wQzLLiK8TZ4D/BsNTunwybFbrxxAEQveR2pzT4gJI2ZhtevzPfg2LComYMbU/liS2G0yC+tsHtNqxqy97nuYpikKi4ppMWPkr4EvvbDem8c0mzFv"
                + "FzaCaxAmLCrGX8Dkcjrmeoh3JWA9kcf4zHaWOh1dNKzTeYzXjOne+XR4DmZzengljxnT8qzRxeIUAqkCGf6D6oRMstF19k2N/ZdeLmBIL+dyegDw"
                + "eIQrSXNGuKcKL1M2+Pnhv0cFkJ9O+tpoSPN8M8zWaCtt0jeEtu4pnQfwdG+VErkyDvhmzLrXbsWarC2CdcDAWreU1iyp8zmblVUydoRVv5VV2tKr"
                + "ZKboo9JTKj2l0lMqPaWcPSVvCefNX7ikDBUXjNz+lEmMODu+P14+uvqtO3vnfPWRF3Ex/fL+ena+cyp4Il0f3LunIXt2sSlz6pwtOLU8nQnMjmVW"
                + "7Oms8XQ3eWh9Bh9+a61Od1443Rn2MuquzA8NYMdhqSnRHRWSCpxH/YwR7rpbM5uv7n0lcLe6lyIkRU4SJzh8lI2KMa/P39zSGmhr92w127bes0kl"
                + "45SB0Nio1n+qZDL/liwtkT2asOS1stRoWRNar2r3kO/x1a3YwUrtl17otKG3DB+x4aZFWGRKXghJMHktKfJYtFlcUkh1Mg2L6jdoU1IWlC/pKCIp"
                + "i8pP6F+laN73TsqJO05JLK7a1D/snwSm5aLCPwEyS2ei")
        #expect(region.count == 3892)
        #expect(examined(region) < 2_000)
        #expect(FileScanner().scan(region, path: "model.zip").outcome == .incomplete)
    }

    /// A line of a LightGBM model that is only an equals sign once ended the outline.
    @Test func linesWithoutNamesAreShown() throws {
        let text = Array("tree\nversion=v4\n=\n=x\nnum_class=1\n".utf8)
        let inspection = Inspection(ByteRegion(text), path: "model.txt")
        let lines = try #require(inspection.pieces.first { $0.format == "tree-model" }).outline.children
        #expect(lines.map(\.title) == ["tree", "version", "", "", "num_class"])
        #expect(lines.map(\.detail) == ["", "v4", "", "x", "1"])
    }

    /// The length of an extra record of a RAR header, added to its place, once went past the largest number; and so may the
    /// two halves of a size of version 4.
    @Test func sizesOfRARRecordsAreBounded() throws {
        let record = try #require(
            Data(
                base64Encoded: "UmFyIRoHAQAAEEAAAwEAAAAAACAuAvHx8QL//wD/HAABAAAc"
                    + "//////////////8JAAD///////////8w////AxQDAQAAAAAAAAAA"))
        #expect(FileScanner().scan(ByteRegion(Array(record)), path: "a.rar").outcome != .clean)
        #expect(Inspection(ByteRegion(Array(record)), path: "a.rar").pieces.contains { $0.format == "rar" })
        var header = [UInt8](repeating: 0, count: 40)
        header.replaceSubrange(2..<7, with: [0x74, 0, 1, 40, 0])
        header.replaceSubrange(32..<36, with: [0xFF, 0xFF, 0xFF, 0xFF])
        let old = ByteRegion([0x52, 0x61, 0x72, 0x21, 0x1A, 7, 0] + header)
        #expect(FileScanner().scan(old, path: "a.rar").outcome == .incomplete)
    }

    /// The same with members that are decompressed, so that no two are the same memory: 2^15 ways to the innermost.
    @Test func equalContentIsOpenedOnce() {
        var inner = ZipFixture.archive([("a.txt", Array("hello".utf8))])
        for _ in 0..<15 { inner = ZipFixture.listedTwice("l.zip", "m.zip", inner) }
        let report = FileScanner().scan(ByteRegion(inner), path: "x.zip")
        #expect(examined(ByteRegion(inner)) < 1_000)
        #expect(report.outcome != .clean)
    }
}

/// ZIP archives with deflate data that is stored in one block.
private enum ZipFixture {
    static func archive(_ members: [(name: String, data: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = bytes.count
            bytes += local(member.name, member.data)
            directory += central(member.name, member.data, at: offset)
        }
        return bytes + directory + end(members.count, directory.count, bytes.count)
    }

    /// One member under two names.
    static func listedTwice(_ first: String, _ second: String, _ data: [UInt8]) -> [UInt8] {
        let bytes = local(first, data)
        let directory = central(first, data, at: 0) + central(second, data, at: 0)
        return bytes + directory + end(2, directory.count, bytes.count)
    }

    private static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func sizes(_ data: [UInt8]) -> [UInt8] {
        little(8, 2) + little(0, 4) + little(0, 4) + little(data.count + 5, 4) + little(data.count, 4)
    }

    private static func local(_ name: String, _ data: [UInt8]) -> [UInt8] {
        [0x50, 0x4B, 3, 4, 20, 0, 0, 0] + sizes(data) + little(name.utf8.count, 2) + [0, 0] + Array(name.utf8)
            + [1] + little(data.count, 2) + little(~data.count, 2) + data
    }

    private static func central(_ name: String, _ data: [UInt8], at offset: Int) -> [UInt8] {
        [0x50, 0x4B, 1, 2, 20, 3, 20, 0, 0, 0] + sizes(data) + little(name.utf8.count, 2)
            + [UInt8](repeating: 0, count: 12) + little(offset, 4) + Array(name.utf8)
    }

    private static func end(_ count: Int, _ size: Int, _ start: Int) -> [UInt8] {
        [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(count, 2) + little(count, 2) + little(size, 4) + little(start, 4) + [
            0, 0,
        ]
    }
}
