import ByteParsing
import Testing

@Suite struct CoveredRangesTests {
    @Test func offsetsAreFoundInWhicheverRangeHoldsThem() {
        let ranges = CoveredRanges([40..<50, 0..<10, 5..<8, 20..<30, 22..<60])
        let held = (0..<70).filter { ranges.end(around: $0) != nil }
        #expect(held == Array(0..<10) + Array(20..<60))
        #expect(ranges.end(around: 6) == 10)
        #expect(ranges.end(around: 21) == 30)
        #expect(ranges.end(around: 45) == 60)
        #expect(CoveredRanges().end(around: 0) == nil)
    }
}
