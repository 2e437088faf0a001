extension PythonReader {
    /// An open bracket of the expression being read.
    struct Frame {
        enum Kind { case group, call, index, list, dictionary }
        var kind: Kind
        var callee = PythonValue.unknown
        /// Name before a call's bracket, by which the file's own function is called.
        var function: String?
        var offset = 0
        var line = 0
        var arguments: [PythonValue] = []
        var keywords: [(name: String, value: PythonValue)] = []
        var keyword: String?
        var operand: PythonValue?
        var pending: (left: PythonValue, symbol: String)?
        var slices: [Int] = []
        /// Origin of operands that a keyword (`if`, `or`, `for`) set aside.
        var origin: PythonValue.Origin = []
        /// Globals that operands were which a keyword set aside: the whole may be one of them.
        var held: [String] = []
        /// Whether a loop makes the elements: the last operand is none of them.
        var isComprehension = false
        /// What the elements after the first ``PythonValue/mostItems`` may be.
        var more = PythonValue.unknown
        var isCut = false

        /// The elements as a list: of a long one it is known what it holds, and not where.
        var elements: PythonValue {
            let list = PythonList(arguments)
            guard isCut else { return PythonValue(list: list) }
            return PythonValue(
                held: Array((more.held + list.names).prefix(PythonValue.mostHeld)), isContainer: true,
                origin: more.origin.union(list.origin))
        }

        /// Takes the next operand. It is put together with what stands before its operator when the next one begins: until
        /// then attributes, indices and brackets belong to it alone.
        mutating func take(_ value: PythonValue, _ work: PythonWork) {
            if let earlier = operand, earlier.text != nil, value.text != nil {
                operand = work.combine(earlier, "+", value)
            } else {
                operand = value
            }
        }

        /// Puts the operand together with what stands before its operator.
        mutating func fold(_ work: PythonWork) {
            guard let (left, symbol) = pending else { return }
            operand = operand.map { work.combine(left, symbol, $0) } ?? left
            pending = nil
        }

        mutating func setAside(_ work: PythonWork) {
            fold(work)
            if let operand {
                origin.formUnion(operand.wholeOrigin)
                held += operand.names
            }
            operand = nil
        }

        mutating func finish(_ work: PythonWork) -> PythonValue {
            fold(work)
            var value = operand ?? .unknown
            if isComprehension { value = PythonValue(held: value.names, origin: value.wholeOrigin) }
            value.origin.formUnion(origin)
            if !held.isEmpty { value.held = Array((value.held + held).prefix(PythonValue.mostHeld)) }
            operand = nil
            origin = []
            held = []
            isComprehension = false
            return value
        }
    }
}
