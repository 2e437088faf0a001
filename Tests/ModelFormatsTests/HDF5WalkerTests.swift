import ByteParsing
import ModelFormats
import Testing

@Suite struct HDF5WalkerTests {
    static func sample(userBlock: Int = 0) -> ByteRegion {
        HDF5Fixture.file(userBlock: userBlock) { address in
            [
                HDF5Fixture.header([
                    HDF5Fixture.attribute("model_config", text: Array("{\"class_name\": \"Dense\"}".utf8)),
                    HDF5Fixture.hardLink("weights", address(1)),
                    HDF5Fixture.hardLink("again", address(0)),
                    HDF5Fixture.softLink("alias", to: "/weights"),
                    HDF5Fixture.externalLink("out", file: "/etc/passwd", path: "/x"),
                ]),
                HDF5Fixture.header([
                    (1, HDF5Fixture.space([4])), (3, HDF5Fixture.bytesType()),
                    (8, [3, 0] + HDF5Fixture.little(4, 2) + [1, 2, 3, 4]),
                ]),
            ]
        }
    }

    static func walk(_ region: ByteRegion) throws -> [HDF5Object] {
        var walker = try HDF5Walker(region, budget: Budget())
        var objects: [HDF5Object] = []
        while let object = try walker.next() { objects.append(object) }
        return objects
    }

    @Test(arguments: [0, 512, 1024, 4096])
    func readsObjectsBehindAnyUserBlock(userBlock: Int) throws {
        let objects = try HDF5WalkerTests.walk(HDF5WalkerTests.sample(userBlock: userBlock))
        #expect(objects.map(\.path) == ["/", "/weights"])
        #expect(objects[0].attributes.first?.values.first?.text() == "{\"class_name\": \"Dense\"}")
        #expect(
            objects[0].links.map(\.target).suffix(2) == [
                .soft("/weights"), .external(file: "/etc/passwd", path: "/x"),
            ])
        #expect(objects[1].kind == .dataset)
        #expect(objects[1].datatype?.name == "|u1")
        #expect(objects[1].dataspace?.shape == [4])
        #expect(!objects.contains { !$0.failures.isEmpty })
    }

    @Test func readsBytesOfADataset() throws {
        var walker = try HDF5Walker(HDF5WalkerTests.sample(), budget: Budget())
        while let object = try walker.next() {
            guard object.kind == .dataset else { continue }
            let values = try walker.values(of: object, limit: 100)
            #expect(values.map { $0.array() } == [[1, 2, 3, 4]])
        }
    }

    @Test func signatureAloneIsTruncated() {
        #expect(throws: ParseError.truncated()) {
            _ = try HDF5Walker(ByteRegion(HDF5Superblock.signature), budget: Budget())
        }
        #expect(throws: ParseError.malformed()) {
            _ = try HDF5Walker(ByteRegion(Array("not hdf5".utf8)), budget: Budget())
        }
        #expect(throws: ParseError.malformed()) {
            _ = try HDF5Walker(
                ByteRegion(HDF5Superblock.signature + [UInt8](repeating: 0, count: 64)), budget: Budget())
        }
    }

    @Test func cyclesEnd() throws {
        let region = HDF5Fixture.file { address in
            [
                HDF5Fixture.header([HDF5Fixture.hardLink("a", address(1))]),
                HDF5Fixture.header([HDF5Fixture.hardLink("b", address(0)), HDF5Fixture.hardLink("c", address(1))]),
            ]
        }
        let objects = try HDF5WalkerTests.walk(region)
        #expect(objects.count == 2)
    }

    @Test func budgetEndsTheWalk() throws {
        var limits = Limits()
        limits.operations = 3
        var walker = try HDF5Walker(HDF5WalkerTests.sample(), budget: Budget(limits))
        #expect(throws: ParseError.limit()) { while try walker.next() != nil {} }
    }

    /// Any prefix and any flipped byte ends in objects or an error, never in a trap.
    @Test func damageIsSurvived() {
        let whole = HDF5WalkerTests.sample().array()
        for length in 0..<whole.count { _ = try? HDF5WalkerTests.walk(ByteRegion(Array(whole.prefix(length)))) }
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, whole[index] ^ 8] {
                var damaged = whole
                damaged[index] = value
                _ = try? HDF5WalkerTests.walk(ByteRegion(damaged))
            }
        }
    }
}
