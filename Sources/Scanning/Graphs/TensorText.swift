/// How tensors are written in outlines.
enum TensorText {
    /// `[2, 3]`; `[]` for a scalar.
    static func shape(_ sizes: [some BinaryInteger]) -> String {
        "[" + sizes.map { String($0) }.joined(separator: ", ") + "]"
    }
}
