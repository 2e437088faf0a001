internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Files that joblib before 0.10 left beside a pickle, one for each array: its wrappers name them, and the loader reads
/// them where they are given their state (`joblib/numpy_pickle_compat.py`, `NDArrayWrapper`, `ZNDArrayWrapper`).
extension PickleJudge {
    func judgeFile(
        _ state: PickleValue, of target: PickleValue, at offset: Int, in machine: borrowing PickleMachine
    ) {
        guard target.kind == .node, machine.node(target)?.kind == .call, let callee = machine.child(0, of: target),
            callee.kind == .global, verdict(callee, in: machine)?.meaning.isFileWrapper ?? false
        else { return }
        // The constructor takes the name too; a state that has one comes after it.
        var names = machine.child(1, of: target).map { machine.children($0, limit: 1) } ?? []
        let fields = machine.children(state, limit: 64)
        for index in stride(from: 0, to: fields.count - 1, by: 2)
        where machine.string(fields[index], limit: 16) == "filename" {
            names.append(fields[index + 1])
        }
        for name in names {
            guard let name = machine.string(name, limit: 4096), let path = ReferencedPath(Array(name.utf8)) else {
                continue
            }
            let shown = Printable.line(name, limit: 200)
            scan.report(
                "PICKLE-FILE-ACCESS", "An array is read from a file whose name \(path.problem.rawValue): \(shown)",
                at: place(offset, .build), severity: path.escapes ? .medium : .low, details: [.init("path", shown)])
        }
    }
}
