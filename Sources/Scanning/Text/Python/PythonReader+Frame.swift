extension PythonReader {
    /// An open bracket of the expression being read.
    struct Frame {
        enum Kind { case group, call, index, list, dictionary, lambda }
        var kind: Kind
        var callee = PythonValue.unknown
        /// Name before a call's bracket, by which the file's own function is called.
        var function: String?
        /// Whether a dot stands before that name.
        var isQualified = false
        var offset = 0
        var line = 0
        var arguments: [PythonValue] = []
        var keywords: [(name: String, value: PythonValue)] = []
        var keyword: String?
        var operand: PythonValue?
        var pending: (left: PythonValue, symbol: String)?
        var slices: [Int] = []
        /// The name that `:=` gives the value to.
        var walrus: String?
        /// Origin of operands that a keyword (`if`, `or`, `for`) set aside.
        var origin: PythonValue.Origin = []
        /// Globals that operands were which a keyword set aside: the whole may be one of them.
        var held: [String] = []
        /// The comprehension that it holds, and where the element begins that its clauses make.
        var comprehension: (parts: PythonBrackets.Comprehension, element: Int)?
        /// Whether a comprehension's clauses are being read; then its element.
        var isInClauses = false
        /// The variables of the clause that is being read.
        var targets: Range<Int>?
        /// Parameters of a lambda; its body is read once they are bound.
        var parameters: [String] = []
        var isInParameters = false
        /// What the elements after the first ``PythonValue/mostItems`` may be.
        var more = PythonValue.unknown
        var isCut = false

        /// The elements as a list: of a long one it is known what it holds, and not where.
        var elements: PythonValue {
            let list = PythonList(arguments)
            guard isCut || list.depth > PythonList.deepest else { return PythonValue(list: list) }
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

        /// Takes the operand for one side of a comparison, which tells nothing of what the whole may be.
        mutating func compare(_ work: PythonWork) {
            fold(work)
            if let operand { origin.formUnion(operand.wholeOrigin) }
            operand = nil
        }

        mutating func finish(_ work: PythonWork) -> PythonValue {
            fold(work)
            var value = operand ?? .unknown
            value.origin.formUnion(origin)
            if !held.isEmpty {
                // Any of them may be meant, the last no more than the others.
                value.held = PythonValue.distinct(held + (value.name.map { [$0] } ?? []) + value.held)
                value.name = nil
                value.made = value.computedAttribute
            }
            operand = nil
            origin = []
            held = []
            return value
        }
    }
}
