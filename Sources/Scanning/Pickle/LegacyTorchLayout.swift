import ByteParsing

/// The layout of PyTorch's format before zip (`torch.serialization._legacy_load`): five pickles (magic number, version,
/// system, object, storage keys) and then for each storage its number of elements and their bytes.
///
/// Only asks whether all of it is there: a file that was cut off would be refused by PyTorch, and nobody else reads it.
struct LegacyTorchLayout {
    private let count: Int
    private var pickles = 0
    private var end = 0

    /// The first pickle as PyTorch writes it: the number 0x1950A86A20F9469CFC6C.
    private static let magic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    /// Nil for anything that begins otherwise.
    init?(_ region: ByteRegion) {
        guard region.starts(with: Self.magic) else { return nil }
        count = region.count
    }

    /// Counts one more whole pickle that ends at `offset`.
    mutating func passed(upTo offset: Int) {
        guard pickles < 5 else { return }
        pickles += 1
        end = offset
    }

    /// What the file lacks, or nil when it is whole as far as the known storages (bytes by key) tell.
    func missing(storages: [String: Int]) -> String? {
        if pickles < 5 { return "legacy PyTorch file (\(pickles) of its 5 pickles)" }
        var needed = end
        for size in storages.values {
            guard let sum = needed.adding(checked: size)?.adding(checked: 8) else { return nil }
            needed = sum
        }
        return needed > count ? "storages of a legacy PyTorch file" : nil
    }

    /// Bytes of an element by the name of the storage's class; 1 for unknown ones.
    static func elementSize(_ name: String) -> Int {
        switch name {
        case "ComplexDoubleStorage": 16
        case "DoubleStorage", "LongStorage", "ComplexFloatStorage": 8
        case "FloatStorage", "IntStorage", "QInt32Storage": 4
        case "HalfStorage", "ShortStorage", "BFloat16Storage": 2
        default: 1
        }
    }
}
