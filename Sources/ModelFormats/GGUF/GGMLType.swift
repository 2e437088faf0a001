/// Tensor types of ggml: how many elements a block has and how many bytes it takes.
package struct GGMLType: Sendable, Hashable {
    package let name: String
    package let blockElements: Int
    package let blockBytes: Int

    /// The type with the number that files carry, or nil for one that was removed or never was.
    package init?(_ number: UInt32) {
        guard let found = Self.table[number] else { return nil }
        self = found
    }

    private init(_ name: String, _ blockElements: Int, _ blockBytes: Int) {
        self.name = name
        self.blockElements = blockElements
        self.blockBytes = blockBytes
    }

    /// Source: the enumeration and block layouts of ggml.
    private static let table: [UInt32: GGMLType] = [
        0: .init("F32", 1, 4), 1: .init("F16", 1, 2), 2: .init("Q4_0", 32, 18), 3: .init("Q4_1", 32, 20),
        6: .init("Q5_0", 32, 22), 7: .init("Q5_1", 32, 24), 8: .init("Q8_0", 32, 34), 9: .init("Q8_1", 32, 40),
        10: .init("Q2_K", 256, 84), 11: .init("Q3_K", 256, 110), 12: .init("Q4_K", 256, 144),
        13: .init("Q5_K", 256, 176), 14: .init("Q6_K", 256, 210), 15: .init("Q8_K", 256, 292),
        16: .init("IQ2_XXS", 256, 66), 17: .init("IQ2_XS", 256, 74), 18: .init("IQ3_XXS", 256, 98),
        19: .init("IQ1_S", 256, 50), 20: .init("IQ4_NL", 32, 18), 21: .init("IQ3_S", 256, 110),
        22: .init("IQ2_S", 256, 82), 23: .init("IQ4_XS", 256, 136), 24: .init("I8", 1, 1), 25: .init("I16", 1, 2),
        26: .init("I32", 1, 4), 27: .init("I64", 1, 8), 28: .init("F64", 1, 8), 29: .init("IQ1_M", 256, 56),
        30: .init("BF16", 1, 2), 34: .init("TQ1_0", 256, 54), 35: .init("TQ2_0", 256, 66), 39: .init("MXFP4", 32, 17),
        40: .init("NVFP4", 64, 36), 41: .init("Q1_0", 128, 18),
        // Gone from current files, but still met in old ones.
        4: .init("Q4_2", 16, 10), 5: .init("Q4_3", 16, 12), 31: .init("Q4_0_4_4", 32, 18),
        32: .init("Q4_0_4_8", 32, 18), 33: .init("Q4_0_8_8", 32, 18),
    ]
}
