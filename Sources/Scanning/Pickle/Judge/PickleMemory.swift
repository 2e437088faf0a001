internal import AssayCore
internal import ModelFormats

/// Objects that a pickle lays over memory of its own choice.
enum PickleMemory {
    /// Harmless functions that take bytes, or numbers, for what lies in memory.
    static let takers: Set<String> = [
        "numpy.frombuffer", "numpy.ndarray", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.core.multiarray.frombuffer",
        "numpy.lib.stride_tricks.as_strided", "numpy.lib._stride_tricks_impl.as_strided",
        "numpy.lib.stride_tricks.DummyArray", "numpy.lib._stride_tricks_impl.DummyArray", "torch.as_strided",
        "torch.Tensor.as_strided", "torch.frombuffer",
    ]

    /// What makes an array that gets its content as a state.
    static let arrays: Set<String> = [
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.ndarray",
        "numpy.multiarray._reconstruct",
    ]

    /// Attributes by which an object tells others where in memory its elements are.
    static let interfaces: Set<String> = [
        "__array_interface__", "__array_struct__", "__cuda_array_interface__", "__sycl_usm_array_interface__",
    ]

    /// What a stream did with such names.
    struct Interfaces {
        /// Where the first of them stands.
        var offset: Int?
        var isReported = false
        /// Keys that may yet be looked at: a state can be given to any number of objects.
        var keys = 1 << 22
    }
}

extension PickleJudge {
    /// Items or arguments by name that give an object the address of its elements.
    func judgeInterfaces(
        _ items: ArraySlice<PickleValue>, _ opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
    ) {
        guard interfaces.offset != nil, items.count > 1 else { return }
        interfaces.keys -= items.count
        guard interfaces.keys > 0 else { return }
        for index in stride(from: items.startIndex, to: items.endIndex - 1, by: 2) {
            guard let name = machine.string(items[index], limit: 40), PickleMemory.interfaces.contains(name) else {
                continue
            }
            interfaces.isReported = true
            scan.report(
                "PICKLE-MEMORY-ACCESS",
                "An object is given `\(name)`: whoever makes an array of it reads the memory at the address in there",
                at: place(offset, opcode),
                details: [.init("value", PickleExpression.of(items[index + 1], in: machine, limit: 200))])
        }
    }

    /// Such a name among the constants of a stream that was not seen to give it to an object.
    func judgeUnusedInterface() {
        guard let offset = interfaces.offset, !interfaces.isReported else { return }
        scan.report(
            "PICKLE-MEMORY-ACCESS", "A constant is a name by which objects tell where in memory their elements are",
            at: place(offset, nil), severity: .low)
        interfaces = PickleMemory.Interfaces()
    }

    // MARK: Arrays

    /// A call that takes bytes for elements: those of an array of objects are pointers.
    func judgeMemory(
        _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) {
        let name = verdict.canonical
        if name.hasSuffix("as_strided") || name.hasSuffix("DummyArray") {
            return report(
                call, "PICKLE-MEMORY-ACCESS", "lays an array over memory by numbers alone", severity: .medium,
                in: machine)
        }
        let hasBytes = parts.contains { $0.kind == .bytes || $0.kind == .byteArray || $0.kind == .buffer }
        guard hasBytes, parts.contains(where: { isObjectType($0, in: machine) }) else { return }
        report(
            call, "PICKLE-MEMORY-ACCESS", "takes bytes of the file for pointers to objects", severity: .high,
            in: machine)
    }

    /// Whether a value is NumPy's type of objects, or a text that names it.
    private func isObjectType(_ value: PickleValue, in machine: borrowing PickleMachine) -> Bool {
        if value.kind == .text || value.kind == .legacyText {
            return machine.string(value, limit: 8).flatMap { DTypeCode($0) }?.hasObjects ?? false
        }
        return code(ofType: value, in: machine)?.hasObjects ?? false
    }

    /// The code that a call of `numpy.dtype` was given.
    private func code(ofType value: PickleValue, in machine: borrowing PickleMachine) -> DTypeCode? {
        guard machine.node(value)?.kind == .call, let callee = machine.child(0, of: value),
            verdict(callee, in: machine)?.meaning.isElementType ?? false, let arguments = machine.child(1, of: value),
            let code = machine.child(0, of: arguments)
        else { return nil }
        return machine.string(code, limit: 64).flatMap { DTypeCode($0) }
    }

    /// A state that makes an array, or the type of its elements, reach beyond what the file holds.
    func judgeMemory(
        _ state: PickleValue, of target: PickleValue, at offset: Int, in machine: borrowing PickleMachine
    ) {
        guard target.kind == .node, let node = machine.node(target), node.kind == .call else { return }
        if interfaces.offset != nil {
            for part in machine.node(state)?.kind == .tuple ? machine.children(state, limit: 8) : [state]
            where machine.node(part)?.kind == .dict {
                judgeInterfaces(machine.children(part, limit: 4096)[...], .build, at: offset, in: machine)
            }
        }
        guard let callee = machine.child(0, of: target), callee.kind == .global,
            let meaning = verdict(callee, in: machine)?.meaning
        else { return }
        if meaning.isArray {
            judgeArray(state, at: offset, in: machine)
        } else if meaning.isElementType {
            judgeElementType(machine.children(state, limit: 12), of: target, at: offset, in: machine)
        }
    }

    /// `(version, byte order, subarray, names, fields, item size, alignment, flags[, metadata])`.
    private func judgeElementType(
        _ state: [PickleValue], of type: PickleValue, at offset: Int, in machine: borrowing PickleMachine
    ) {
        guard state.count >= 8 else { return }
        if code(ofType: type, in: machine)?.hasObjects ?? false, let flags = state[7].integer, flags & 1 == 0 {
            scan.report(
                "PICKLE-MEMORY-ACCESS",
                "The type of an array's elements is objects, and says that they are plain bytes",
                at: place(offset, .build), details: [.init("flags", String(flags))])
        }
        guard let size = state[5].integer, machine.node(state[4])?.kind == .dict else { return }
        let fields = machine.children(state[4], limit: 2048)
        for index in stride(from: 1, to: fields.count, by: 2) {
            let field = machine.children(fields[index], limit: 3)
            guard field.count >= 2, let start = field[1].integer else { continue }
            let length = machine.dtype(field[0])?.size ?? 0
            guard start < 0 || start > size - min(size, length) else { continue }
            return scan.report(
                "PICKLE-MEMORY-ACCESS",
                "A field at offset \(start) lies outside of the \(size) bytes of the array's elements",
                at: place(offset, .build), severity: .medium)
        }
    }

    /// `(version, shape, type, Fortran order, bytes or list of objects)`.
    private func judgeArray(_ state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {
        guard machine.node(state)?.count == 5, let content = machine.child(4, of: state),
            content.kind == .bytes || content.kind == .byteArray,
            let type = machine.child(2, of: state).flatMap({ element(ofType: $0, in: machine) })
        else { return }
        if type.hasObjects {
            return scan.report(
                "PICKLE-MEMORY-ACCESS", "An array of objects is given bytes of the file for pointers",
                at: place(offset, .build))
        }
        guard let shape = machine.child(1, of: state), let range = machine.range(of: content) else { return }
        var expected = Double(type.size)
        var isNegative = false
        for axis in 0..<min(Int(machine.node(shape)?.count ?? 0), 64) {
            guard let length = machine.child(axis, of: shape)?.integer else { return }
            expected *= Double(length)
            if length < 0 { isNegative = true }
        }
        guard isNegative || expected != Double(range.count) else { return }
        let lengths = machine.children(shape, limit: 64).map { String($0.integer ?? 0) }
        scan.report(
            "PICKLE-TENSOR-BOUNDS", "An array of \(range.count) bytes says that it has \(Int(exactly: expected) ?? -1)",
            at: place(offset, .build), severity: .low, details: [.init("shape", lengths.joined(separator: "x"))])
    }

    /// What the elements of an array are. Arrays of a file share a few types: the last one is kept.
    private func element(ofType type: PickleValue, in machine: borrowing PickleMachine) -> ArrayElement? {
        let state = machine.state(type)
        if let last = lastElement, last.type == type, last.state == state { return last.element }
        let element = machine.dtype(type)
        lastElement = (type, state, element)
        return element
    }
}
