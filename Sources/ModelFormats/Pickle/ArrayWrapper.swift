internal import ByteParsing

/// joblib's wrapper of an array (`joblib/numpy_pickle.py`, `NumpyArrayWrapper`): when BUILD gives one its state, the loader
/// reads the array out of the file and goes on behind it. Whoever doesn't see that reads another stream than joblib.
///
/// joblib writes the class, an empty tuple, NEWOBJ, the state and BUILD; in protocols 0 and 1, a call of
/// `copyreg._reconstructor`. A wrapper in any other hands is at large: the next object that gets a state could be it.
///
/// Not followed: `NDArrayWrapper` of joblib before 0.10, whose arrays are files of their own; it is reported.
extension PickleMachine {
    /// Counts a name that is imported if it is the wrapper's class, or leads to it.
    mutating func noteWrapper(_ value: PickleValue, _ at: Int, _ listener: any PickleListener) {
        guard let name = global(value) else { return }
        if name.names.isArrayFile { note(.arrayFile, at, listener) }
        guard name.names.leadsToArrayWrapper else { return }
        metWrapper = true
        wrappersAtLarge += 1
    }

    /// Counts a value that gets onto the stack if it is a wrapper, its class, or a name that leads to it.
    mutating func meet(_ value: PickleValue) {
        if concernsWrapper(value) { wrappersAtLarge += 1 }
    }

    private func concernsWrapper(_ value: PickleValue) -> Bool {
        if let name = global(value) { return name.names.leadsToArrayWrapper }
        guard arena.node(of: value)?.kind == .call, let callee = arena.child(0, of: value) else { return false }
        return global(callee)?.names.leadsToArrayWrapper ?? false || isArrayWrapper(value)
    }

    /// Whether `target` is a wrapper as joblib makes it: without arguments.
    private func isArrayWrapper(_ target: PickleValue) -> Bool {
        if target.kind == .elidedCall { return global(target)?.names.isArrayWrapper ?? false }
        guard let node = arena.node(of: target), node.kind == .call, node.count == 2,
            let callee = arena.child(0, of: target), callee.kind == .global, let name = global(callee),
            let arguments = arena.child(1, of: target)
        else { return false }
        let given = arena.children(of: arguments, limit: 4)
        if name.names.isArrayWrapper { return given.isEmpty && arena.node(of: arguments)?.isElided != true }
        guard name.name == "_reconstructor", ["copyreg", "copy_reg"].contains(name.module) else { return false }
        return given.count == 3 && given[0].kind == .global && global(given[0])?.names.isArrayWrapper ?? false
    }

    /// Whether it is a type of NumPy's: the one thing that gets a state while a wrapper waits for its own.
    private func isArrayType(_ target: PickleValue) -> Bool {
        guard arena.node(of: target)?.kind == .call, let callee = arena.child(0, of: target), callee.kind == .global,
            let name = global(callee)
        else { return false }
        return name.name == "dtype" && name.module.hasPrefix("numpy")
    }

    /// Goes on behind the array's bytes after its wrapper was built; an array of objects is a pickle of its own.
    ///
    /// The loader takes opcodes out of the open frame and the array out of the file, which it has read up to the frame's
    /// end. joblib ends the frame before it writes an array; where it goes on, its opcodes come first.
    mutating func passArray(
        of target: PickleValue, state: PickleValue, _ bytes: RawSpan, _ at: Int, next: Int,
        _ listener: any PickleListener
    ) -> Int {
        guard metWrapper, followsArrays else { return next }
        // The pickle of an array of objects is read by a plain unpickler, to which a wrapper is an object as any other.
        guard suspended.isEmpty, isArrayWrapper(target) else {
            if !isArrayType(target), wrappersAtLarge > 0 { note(.arrayWrapper, at, listener) }
            return next
        }
        if wrappersAtLarge > 0 { wrappersAtLarge -= 1 }
        guard frameEnd <= next else {
            note(.arrayWrapper, at, listener)
            owesArray = true
            return next
        }
        frameEnd = 0
        guard arena.node(of: state)?.isElided == false else {
            return fail(.limit(at: at, reading: "arrays among so many objects"))
        }
        guard let array = WrappedArray(state, in: self) else {
            note(.arrayWrapper, at, listener)
            return fail(.malformed(at: at, reading: "array wrapper"))
        }
        if array.element.hasObjects {
            suspend()
            return next
        }
        var start = next
        if array.isPadded {
            guard let padding = bytes.byte(at: start) else { return fail(truncated(at)) }
            // To a plain unpickler it is an opcode, and what follows as well.
            if Int(padding) > WrappedArray.alignment { note(.arrayPadding, at, listener) }
            start &+= 1 &+ Int(padding)
        } else if let first = bytes.byte(at: start), array.size > 0, PickleOpcode(rawValue: first) != nil {
            passedOpcodes = true
        }
        guard start <= bytes.byteCount, array.size <= bytes.byteCount &- start else {
            return fail(.truncated(at: at, reading: "array bytes"))
        }
        listener.passed(start..<(start &+ array.size), elementSize: array.element.size, in: self)
        return start &+ array.size
    }
}

/// What the state of a wrapper says. Names that joblib does not write are refused: `read` and the like would go before the
/// wrapper's own methods.
private struct WrappedArray {
    /// To which joblib aligns arrays, in bytes (`NUMPY_ARRAY_ALIGNMENT_BYTES`).
    static let alignment = 16

    let element: ArrayElement
    /// Of the elements in the stream, in bytes.
    let size: Int
    /// Whether padding and its length stand before them (joblib 1.2 and newer).
    let isPadded: Bool

    init?(_ state: PickleValue, in machine: borrowing PickleMachine) {
        let fields = machine.children(state, limit: 14)
        guard fields.count <= 12, fields.count.isMultiple(of: 2) else { return nil }
        var members: [String: PickleValue] = [:]
        for index in stride(from: 0, to: fields.count, by: 2) {
            switch machine.string(fields[index], limit: 64) {
            case let name?
            where ["subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"].contains(name):
                guard members.updateValue(fields[index + 1], forKey: name) == nil else { return nil }
            default: return nil
            }
        }
        guard let type = members["dtype"], let element = Self.element(type, in: machine),
            let shape = members["shape"].map({ machine.children($0, limit: 65) }), shape.count <= 64
        else { return nil }
        let sides = shape.map { $0.integer ?? -1 }
        guard sides.allSatisfy({ $0 >= 0 }), let count = sides.checkedProduct(),
            let size = count.multiplied(checked: element.size)
        else { return nil }
        self.element = element
        self.size = size
        isPadded = members["numpy_array_alignment_bytes"].map { $0.kind != .none } ?? false
    }

    /// The type of the elements, where its size is certain.
    private static func element(_ type: PickleValue, in machine: borrowing PickleMachine) -> ArrayElement? {
        guard let arguments = machine.child(1, of: type), let code = machine.child(0, of: arguments),
            machine.string(code, limit: 64).flatMap({ DTypeCode($0) }) != nil
        else { return nil }
        // Version 3 and 4 (with metadata) of a type's state; older ones have no flags.
        if let state = machine.state(type), let count = machine.node(state)?.count, count != 8, count != 9 {
            return nil
        }
        return machine.dtype(type)
    }
}
