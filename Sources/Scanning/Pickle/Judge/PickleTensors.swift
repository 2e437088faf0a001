import AssayCore
import ByteParsing
import ModelFormats

extension PickleJudge {
    /// Checks that a tensor which a pickle rebuilds lies inside of its storage (`torch._utils._rebuild_tensor_v2`:
    /// storage, offset, size, stride, …).
    func judgeTensor(
        _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) {
        guard verdict.meaning.isTensor, parts.count >= 4,
            let offset = parts[1].integer
        else { return }
        let size = machine.children(parts[2], limit: 64).map { $0.integer }
        let stride = machine.children(parts[3], limit: 64).map { $0.integer }
        var location: Location { place(call.offset, call.opcode) }
        var shape: String { size.map { $0.map(String.init) ?? "?" }.joined(separator: "x") }
        if stride.contains(where: { ($0 ?? 0) < 0 }) || size.contains(where: { ($0 ?? 0) < 0 }) || offset < 0 {
            scan.report(
                "PICKLE-TENSOR-BOUNDS", "A tensor has a negative size, stride or offset", at: location, severity: .low,
                details: [.init("size", shape), .init("offset", String(offset))])
            return
        }
        guard size.count == stride.count, let elements = storageElements(parts[0], in: machine) else { return }
        note(storage: parts[0], elements, in: machine)
        if size.contains(where: { $0 == 0 }) { return }
        var last: Int? = offset
        for (dimension, step) in zip(size, stride) {
            guard let dimension, let step else { return }
            let (span, high) = (dimension - 1).multipliedReportingOverflow(by: step)
            let (sum, carry) = (last ?? 0).addingReportingOverflow(span)
            last = high || carry ? nil : sum
            if last == nil { break }
        }
        guard last.map({ $0 >= elements }) ?? true else { return }
        scan.report(
            "PICKLE-TENSOR-BOUNDS",
            "A tensor of shape \(shape) reaches beyond its storage of \(elements) elements", at: location,
            severity: .medium,
            details: [
                .init("size", shape), .init("offset", String(offset)), .init("storage elements", String(elements)),
            ])
    }

    /// Remembers how many bytes a storage takes at least: in the legacy format it must follow the pickles.
    private func note(storage: PickleValue, _ elements: Int, in machine: borrowing PickleMachine) {
        guard storages.count < 100_000, let id = machine.child(0, of: storage) else { return }
        let parts = machine.children(id, limit: 8)
        guard parts.count >= 5, let key = machine.string(parts[2], limit: 64), let type = machine.global(parts[1]),
            let size = elements.multiplied(checked: LegacyTorchLayout.elementSize(type.name))
        else { return }
        storages[key] = size
    }

    /// Number of elements in the storage's persistent id: `('storage', type, key, location, elements)`.
    private func storageElements(_ value: PickleValue, in machine: borrowing PickleMachine) -> Int? {
        guard machine.node(value)?.kind == .persistent, let id = machine.child(0, of: value) else { return nil }
        let parts = machine.children(id, limit: 8)
        guard parts.count >= 5, machine.string(parts[0], limit: 16) == "storage" else { return nil }
        return parts[4].integer
    }
}
