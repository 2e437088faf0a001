import ByteParsing
import ModelFormats
import Testing

@Suite struct XGBoostBinaryTests {
    /// Laid out as XGBoost 1.7.6 writes it: two trees of three nodes, one attribute.
    private func model(booster: String = "gbtree", attributes: Int = 1) -> [UInt8] {
        var learner = [UInt8](repeating: 0, count: 136)
        learner[12] = UInt8(attributes)
        var forest = [UInt8](repeating: 0, count: 160)
        forest[0] = 2
        var tree = [UInt8](repeating: 0, count: 148)
        tree[4] = 3
        tree += [UInt8](repeating: 7, count: 3 * 36)
        var bytes = Array("binf".utf8) + learner + text("binary:logistic") + text(booster) + forest + tree + tree
        bytes += [UInt8](repeating: 0, count: 8)
        if attributes > 0 { bytes += [1, 0, 0, 0, 0, 0, 0, 0] + text("best_iteration") + text("2") }
        return bytes
    }

    private func text(_ text: String) -> [UInt8] {
        [UInt8(text.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(text.utf8)
    }

    @Test(arguments: [0, 1]) func readsTreesAndAttributes(_ attributes: Int) throws {
        let bytes = model(attributes: attributes)
        let read = try XGBoostBinary(ByteRegion(bytes + [1, 2, 3]), budget: Budget())
        #expect(read.objective == "binary:logistic")
        #expect(read.booster == "gbtree")
        #expect(read.treeCount == 2)
        #expect(read.attributes.map { $0.name.text() } == (attributes > 0 ? ["best_iteration"] : []))
        #expect(read.end == bytes.count)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = model()
        for length in 4..<bytes.count {
            #expect(throws: ParseError.truncated(), "\(length)") {
                try XGBoostBinary(ByteRegion(Array(bytes.prefix(length))), budget: Budget())
            }
        }
    }

    @Test func otherBoostersAreNotFollowed() throws {
        let read = try XGBoostBinary(ByteRegion(model(booster: "gblinear")), budget: Budget())
        #expect(read.booster == "gblinear")
        #expect(read.end == nil)
    }
}
