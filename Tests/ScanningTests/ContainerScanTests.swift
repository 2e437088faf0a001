import AssayCore
import ByteParsing
import Foundation
import Scanning
import Testing

/// Whole scans of containers: what is found, and what content is handed on.
@Suite struct ContainerScanTests {
    private let script = Array("#!/bin/sh\nid\n".utf8)

    private func scan(_ bytes: [UInt8], _ name: String = "model.bin", limits: Limits = Limits()) -> FileReport {
        var settings = ScanSettings()
        settings.limits = limits
        return FileScanner(settings: settings).scan(ByteRegion(bytes), path: name)
    }

    private func rules(_ report: FileReport, from severity: Severity = .low) -> Set<String> {
        Set(report.findings.filter { $0.severity >= severity }.map(\.rule))
    }

    @Test func storedZipMembersAreFollowed() {
        let report = scan(zip([("weights/model.ckpt", script)]))
        #expect(report.format == "zip")
        #expect(report.severity == .high)
        #expect(report.findings.first?.location.members == ["weights/model.ckpt"])
    }

    @Test func honestArchivesAreClean() {
        #expect(scan(zip([("a..b/c..d", [1, 2, 3]), ("x.txt", Array("hello".utf8))])).outcome == .clean)
        #expect(
            scan(tar([("a/b", UInt8(ascii: "0"), "", [1, 2, 3]), ("a/l", UInt8(ascii: "2"), "b", [])])).outcome
                == .clean)
    }

    @Test(arguments: [
        "../../x", "/etc/x", "C:\\x", "..\\x", "a/../../x", "\\\\host\\share", "a/./../../b",
    ])
    func namesThatLeaveAreHigh(_ name: String) {
        let report = scan(zip([(name, [1])]))
        #expect(rules(report, from: .high).contains("ARCHIVE-PATH-ESCAPE"), "\(name)")
        #expect(rules(scan(tar([(name, UInt8(ascii: "0"), "", [1])])), from: .high).contains("ARCHIVE-PATH-ESCAPE"))
    }

    @Test(arguments: [
        ("l", UInt8(ascii: "2"), "/etc", true), ("a/l", UInt8(ascii: "2"), "../../x", true),
        ("a/l", UInt8(ascii: "2"), "../b", false), ("l", UInt8(ascii: "1"), "../x", true),
        ("a/b/l", UInt8(ascii: "1"), "a/c", false),
    ])
    func linksAreResolved(_ name: String, _ type: UInt8, _ target: String, _ leaves: Bool) {
        #expect(rules(scan(tar([(name, type, target, [])]))).contains("ARCHIVE-LINK-ESCAPE") == leaves)
    }

    @Test func writingThroughALinkIsHigh() {
        let report = scan(tar([("d", UInt8(ascii: "2"), "e", []), ("d/x", UInt8(ascii: "0"), "", [1])]))
        #expect(rules(report, from: .high) == ["ARCHIVE-LINK-ESCAPE"])
    }

    @Test func devicesAndDuplicatesAreMedium() {
        #expect(rules(scan(tar([("d", UInt8(ascii: "3"), "", [])])), from: .medium) == ["ARCHIVE-SPECIAL-FILE"])
        #expect(rules(scan(zip([("a", [1]), ("a", [2])])), from: .medium) == ["ARCHIVE-DUPLICATE-NAME"])
        #expect(rules(scan(zip([("README", [1]), ("readme", [2])])), from: .medium).isEmpty)
    }

    @Test func nestingIsFollowedReportedAndBounded() {
        var bytes = zip([("model.ckpt", script)])
        for level in 0..<10 { bytes = zip([("l\(level).zip", bytes)]) }
        let report = scan(bytes)
        #expect(rules(report).isSuperset(of: ["NATIVE-EXECUTABLE", "ARCHIVE-NESTING"]))

        var limits = Limits()
        limits.depth = 4
        let bounded = scan(bytes, limits: limits)
        #expect(bounded.outcome == .incomplete)
        #expect(bounded.severity == .medium)
    }

    @Test func polyglotsAreHigh() {
        let archive = zip([("a", [1])])
        let png: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0] + Array("IEND".utf8) + [0, 0, 0, 0]
        #expect(rules(scan(png + archive), from: .high) == ["POLYGLOT"])
        #expect(rules(scan(tar([("a", UInt8(ascii: "0"), "", [1])]) + archive), from: .high) == ["POLYGLOT"])
        // A tar whose last member is a zip is no polyglot.
        #expect(rules(scan(tar([("a.zip", UInt8(ascii: "0"), "", archive)]))).isEmpty)
    }

    /// A superblock of version 2 that claims a file of `size` bytes.
    private func superblock(size: UInt64) -> [UInt8] {
        let ends: [UInt64] = [0, .max, size, 48]
        return [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
            + ends.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } } + [0, 0, 0, 0]
    }

    @Test func whatBeginsAMemberIsNoSecondFormat() {
        let file = UInt8(ascii: "0")
        let honest = superblock(size: 48)
        #expect(!rules(scan(tar([("w.h5", file, "", honest)]))).contains("POLYGLOT"))
        #expect(!rules(scan(tar([("", file, "", []), ("w.h5", file, "", honest)]))).contains("POLYGLOT"))
        let inner = tar([("w.h5", file, "", honest)])
        #expect(!rules(scan(tar([("inner.tar", file, "", inner)]))).contains("POLYGLOT"))
        #expect(rules(scan(tar([("a.pdf", file, "", Array("%PDF-1.7\n%%EOF\n".utf8))]))).isEmpty)
        // Content that reaches beyond its member, or begins inside of one, is another file's.
        #expect(rules(scan(tar([("w.h5", file, "", superblock(size: 49))]))).contains("POLYGLOT"))
        let hidden = [UInt8](repeating: 32, count: 512) + honest
        #expect(rules(scan(tar([("notes.txt", file, "", hidden)]))).contains("POLYGLOT"))
        #expect(rules(scan(tar([("a.txt", file, "", Array("see %PDF-1.7".utf8))]))).contains("POLYGLOT"))
    }

    /// What lies in an archive of an archive is looked at where it lies, not among the bytes of the outer one.
    @Test func contentOfInnerArchivesIsJudgedAsItself() {
        let prose = Array("\u{2}X\u{16}\0\0\0cos\nsystem\n(S'id'\ntR..".utf8)
        let pickle = [0x80] + prose
        let file = UInt8(ascii: "0")
        let inner = tar([("notes.pkl", file, "", pickle)])
        #expect(rules(scan(tar([("inner.tar", file, "", inner)])), from: .medium).isEmpty)
        #expect(rules(scan(zip([("inner.tar", inner)])), from: .medium).isEmpty)
    }

    @Test func programsAreGradedByTheirName() {
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 60)
        #expect(scan(elf, "model.safetensors").severity == .high)
        #expect(scan(elf, "libx.so").severity == .medium)
        #expect(scan(script, "run.sh").severity == .low)
        #expect(scan(Array("MZqFpD='\n#!/bin/sh\n".utf8), "m.llamafile").severity == .high)
    }

    /// A stored member is a part of the archive's own bytes: it is judged as a member, and not a second time as a pickle
    /// in the middle of other content. One that no member holds is still found.
    @Test func storedPicklesAreJudgedOnce() {
        let binary: [UInt8] = [0x80, 2] + Array("cposix\nsystem\n(S'id'\ntR.".utf8)
        let report = scan(zip([("notes.txt", Array("hello".utf8)), ("data.pkl", binary)]))
        #expect(rules(report, from: .medium) == ["PICKLE-CODE-EXECUTION"])
        let prefixed = scan([UInt8](repeating: 7, count: 20) + binary + zip([("data.pkl", binary)]))
        #expect(rules(prefixed).isSuperset(of: ["PICKLE-CODE-EXECUTION", "PICKLE-EMBEDDED"]))
    }

    @Test func archivesThatAreNotOpenedAreIncomplete() {
        let report = scan([0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0, 1, 2, 3])
        #expect(report.format == "rar" && report.outcome == .incomplete && report.severity == .medium)
    }

    @Test func membersOfRARArchivesAreFollowed() {
        func block(_ kind: UInt8, _ body: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
            let header = [kind, data.isEmpty ? 0 : 2] + (data.isEmpty ? [] : [UInt8(data.count)]) + body
            return [0, 0, 0, 0, UInt8(header.count)] + header + data
        }
        func file(_ name: String) -> [UInt8] { [0, 9, 0, 0, 1, UInt8(name.utf8.count)] + Array(name.utf8) }
        let start: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0] + block(1, [0])
        let report = scan(start + block(2, file("model.ckpt"), script) + block(5, [0]))
        #expect(report.findings.first?.location.members == ["model.ckpt"])
        #expect(rules(report, from: .high) == ["NATIVE-EXECUTABLE"])
        #expect(rules(scan(start + block(2, file("../../x"), [1]) + block(5, [0]))).contains("ARCHIVE-PATH-ESCAPE"))
    }

    @Test func scriptsOfAnyLanguageAreNoDeceit() {
        #expect(scan(Array("#!/usr/bin/env cython\nimport numpy\n".utf8), "fast.pyx").severity < .medium)
        #expect(scan(script, "model.weights").severity == .high)
    }

    // MARK: Builders

    @Test func membersOfRowsComeInOrderAndAreAllOpened() {
        // More members than findings: the last one is opened too, and the order is the file's.
        let many = (0..<3_000).map { ("d/\($0)", $0 % 1_000 == 999 ? script : [UInt8(truncatingIfNeeded: $0)]) }
        let expected = ["d/999", "d/1999", "d/2999"]
        let zipped = scan(zip(many))
        #expect(zipped.findings.filter { $0.rule == "NATIVE-EXECUTABLE" }.map { $0.location.members[0] } == expected)
        let tarred = scan(tar(many.map { ($0.0, UInt8(ascii: "0"), "", $0.1) }))
        #expect(tarred.findings.filter { $0.rule == "NATIVE-EXECUTABLE" }.map { $0.location.members[0] } == expected)
    }

    @Test func entriesOverTheLimitAreIncomplete() {
        var limits = Limits()
        limits.entries = 100
        let many = (0..<200).map { ("d/\($0)", $0 == 5 ? script : [1]) }
        for report in [scan(zip(many), limits: limits), scan(tar(many.map { ($0.0, 0x30, "", $0.1) }), limits: limits)]
        {
            #expect(!report.incomplete.isEmpty)
            #expect(rules(report).contains("NATIVE-EXECUTABLE"))
        }
    }

    @Test func longNamesAreToldByTheirBeginning() throws {
        let report = scan(zip([(String(repeating: "n", count: 60_000) + ".sh", script)]))
        let name = try #require(report.findings.first?.location.members.first)
        #expect(name.utf8.count < 1_100 && name.hasSuffix("(60003 bytes)"))
    }

    @Test func tarWithoutItsEndMarkIsNotWhole() {
        let whole = tar([("a", UInt8(ascii: "0"), "", [1, 2, 3]), ("b", UInt8(ascii: "0"), "", [4])])
        #expect(scan(whole).outcome == .clean)
        #expect(rules(scan(Array(whole.prefix(2 * 512)))) == ["SCAN-MALFORMED"])
        #expect(rules(scan(Array(whole.dropLast(1024)))) == ["SCAN-MALFORMED"])
    }

    @Test(arguments: [
        // One pixel each, as Pillow writes it.
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
        "R0lGODdhAQABAIEAAAAAAAAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw==",
    ])
    func imagesThatBreakOffAreNotClean(_ text: String) throws {
        let image = [UInt8](try #require(Data(base64Encoded: text)))
        #expect(scan(image, "a.png").outcome == .clean)
        for count in [image.count - 1, image.count - 8, image.count / 2, 14] {
            #expect(rules(scan(Array(image.prefix(count)), "a.png")).contains("SCAN-MALFORMED"), "\(count)")
        }
    }

    private func zip(_ members: [(name: String, data: [UInt8])]) -> [UInt8] {
        func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * T($0))) }
        }
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let size = little(UInt32(member.data.count)) + little(UInt32(member.data.count))
            let name = Array(member.name.utf8)
            let offset = UInt32(bytes.count)
            bytes += [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + size
            bytes += little(UInt16(name.count)) + [0, 0] + name + member.data
            directory += [0x50, 0x4B, 1, 2, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + size
            directory += little(UInt16(name.count)) + [UInt8](repeating: 0, count: 12) + little(offset) + name
        }
        let count = little(UInt16(members.count))
        return bytes + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + little(UInt32(directory.count))
            + little(UInt32(bytes.count)) + [0, 0]
    }

    private func tar(_ members: [(name: String, type: UInt8, target: String, data: [UInt8])]) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8) + [0]
        }
        var bytes: [UInt8] = []
        for member in members {
            var block = [UInt8](repeating: 0, count: 512)
            func put(_ value: [UInt8], _ at: Int) { block.replaceSubrange(at..<(at + value.count), with: value) }
            put(Array(member.name.utf8), 0)
            put(octal(0o644, 8), 100)
            put(octal(member.data.count, 12), 124)
            put([UInt8](repeating: 0x20, count: 8), 148)
            block[156] = member.type
            put(Array(member.target.utf8), 157)
            put(Array("ustar\0".utf8) + Array("00".utf8), 257)
            put(octal(block.reduce(0) { $0 + Int($1) }, 7) + [0x20], 148)
            bytes += block + member.data + [UInt8](repeating: 0, count: (512 - member.data.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }
}
