import ByteParsing
import ModelFormats

/// The disassembly of a pickle with the calls that it makes, for people; bounded.
enum PickleOutline {
    private static let lines = 2000

    static func of(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Outline {
        Outline("pickle", "\(region.count) bytes")
    }
}
