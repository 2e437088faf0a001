package import ByteParsing

/// What a pickle does while it is loaded, told in the order in which it happens.
///
/// The machine calls these; values are valid for the machine that is passed along, while it runs and afterwards.
package protocol PickleListener: AnyObject {
    /// A name was imported: `value` is a global, a computed global or an extension code.
    func imported(_ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine)
    /// A call was made; `result` is its value.
    func called(
        _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
        opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine)
    /// BUILD gave `state` to `target`.
    func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine)
    /// `items` went to an object that is not a plain container, by APPEND(S), SETITEM(S) or ADDITEMS.
    func stored(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine)
    /// A constant whose first bytes look like a pickle, plain or encoded.
    func suspected(_ value: PickleValue, in machine: borrowing PickleMachine)
    /// The elements of an array that stand in the stream were passed over.
    func passed(_ elements: Range<Int>, elementSize: Int, in machine: borrowing PickleMachine)
    /// Something that loaders disagree on or that attacks the loader.
    func noted(_ anomaly: PickleAnomaly, at offset: Int, in machine: borrowing PickleMachine)
}

extension PickleListener {
    package func suspected(_ value: PickleValue, in machine: borrowing PickleMachine) {}
    package func passed(_ elements: Range<Int>, elementSize: Int, in machine: borrowing PickleMachine) {}
    package func noted(_ anomaly: PickleAnomaly, at offset: Int, in machine: borrowing PickleMachine) {}
}

/// Oddities of a stream that is otherwise followed.
package enum PickleAnomaly: Sendable, Hashable {
    /// A memo index far beyond the number of stored values: the C loader allocates memory up to it.
    case memoIndex(UInt64)
    /// A frame that is longer than the data, or an opcode across the end of one.
    case frame
    /// An object gets a state that may be joblib's wrapper of an array, or a wrapper one that joblib does not write.
    case arrayWrapper
    /// More padding before an array than joblib writes.
    case arrayPadding
    /// joblib's wrapper of an array that is a file of its own.
    case arrayFile
    /// Marks nested more than a thousand deep.
    case marks
    /// References that multiply: expanded, the value has more than 2^32 elements.
    case expansion
    /// Containers nested so deep that loaders and printers overflow their stack.
    case depth
    /// More than a thousand values on the stack that nothing takes.
    case leftovers
}

/// How a stream ended.
package struct PickleEnding: Sendable {
    /// The value that STOP returned, or nil when the stream broke.
    package var value: PickleValue?
    /// Why and where it broke.
    package var error: ParseError?
    /// Offset behind STOP, or of the opcode that failed.
    package var end: Int
    /// Opcodes that were executed.
    package var opcodes: Int

    package init(value: PickleValue?, error: ParseError?, end: Int, opcodes: Int) {
        self.value = value
        self.error = error
        self.end = end
        self.opcodes = opcodes
    }
}
