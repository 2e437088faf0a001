import ByteParsing
import Testing

@Suite struct SearchingTests {
    /// The search as its definition has it.
    private func naive(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard !needle.isEmpty, start >= 0, bytes.count >= needle.count else { return nil }
        return (start..<max(start, bytes.count - needle.count + 1)).first {
            Array(bytes[$0..<($0 + needle.count)]) == needle
        }
    }

    @Test(arguments: [1, 2, 3, 4, 7, 15, 16, 17, 31, 32, 33, 40])
    func findsWhatALoopFinds(length: Int) {
        var state = UInt64(length)
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for _ in 0..<400 {
            // Few different bytes, so that beginnings and ends of needles occur everywhere.
            let bytes = (0..<random(120)).map { _ in UInt8(random(2)) }
            let needle = (0..<length).map { _ in UInt8(random(2)) }
            let from = random(8)
            #expect(ByteRegion(bytes).firstOffset(of: needle, from: from) == naive(needle, in: bytes, from: from))
        }
        // A needle of one's own making at every place of a longer text.
        let needle = (0..<length).map { UInt8(0x61 + $0 % 3) }
        for place in 0..<70 {
            let bytes = [UInt8](repeating: 0x7A, count: place) + needle + [0x7A]
            #expect(ByteRegion(bytes).firstOffset(of: needle) == place)
            #expect(ByteRegion(Array(bytes.dropLast(2))).firstOffset(of: needle) == nil)
        }
    }

    @Test func constantTextsAreComparedInside() {
        let region = ByteRegion(Array("xGGUFy".utf8))
        #expect(region.starts(with: "xGG"))
        #expect(region.starts(with: "GGUF", at: 1))
        #expect(!region.starts(with: "GGUF"))
        #expect(!region.starts(with: "GGUFyz", at: 1))
        #expect(!region.starts(with: "x", at: -1))
        #expect(!region.starts(with: "x", at: 7))
        #expect(region.starts(with: "", at: 6))
        #expect(region.firstOffset(of: "UF") == 3)
        #expect(region.firstOffset(of: "GG", from: 2) == nil)
    }

    @Test(arguments: [(1, true), (2, false), (-1, false), (0, false)])
    func spansAreComparedInside(offset: Int, isEqual: Bool) {
        let region = ByteRegion([1, 2, 3])
        let other = ByteRegion([2, 3])
        let result = region.bytes.equals(other.bytes, at: offset)
        #expect(result == isEqual)
        let isLonger = other.bytes.equals(region.bytes)
        #expect(!isLonger)
    }
}
