internal import AssayCore
internal import ModelFormats

extension PickleAnomaly {
    /// Says what loaders make of something that no pickler writes.
    func report(at location: Location, in scan: Scan) {
        switch self {
        case .memoIndex(let index):
            scan.report(
                "PICKLE-RESOURCE-ATTACK",
                "Memo index \(index) makes the C loader allocate memory for all the entries before it", at: location,
                severity: .medium, details: [.init("index", String(index))])
        case .expansion:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "References multiply to more than 2^32 elements when they are expanded",
                at: location, severity: .medium)
        case .marks:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "More than a thousand marks are open at a time", at: location,
                severity: .low)
        case .depth:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "Containers are nested more than 250 deep", at: location, severity: .low)
        case .leftovers:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "More than a thousand values are left on the stack when the stream ends",
                at: location, severity: .low)
        case .frame:
            scan.report(
                "PICKLE-LOADER-DIVERGENCE",
                "A frame does not end where its opcodes do: the C and the Python loader read it differently",
                at: location, severity: .low)
        case .arrayWrapper:
            scan.report(
                "PICKLE-LOADER-DIVERGENCE",
                "An object gets a state that may be joblib's wrapper of an array: what follows is opcodes to one loader and "
                    + "an array to the other", at: location, severity: .high)
        case .arrayFile:
            scan.report(
                "PICKLE-INDIRECT-LOAD",
                "joblib reads an array out of another file, which the pickle names, and loads that as a pickle if it is one",
                at: location, severity: .medium)
        case .arrayPadding:
            scan.report(
                "PICKLE-LOADER-DIVERGENCE",
                "More padding stands before an array than joblib writes: joblib passes it over, a plain loader runs it",
                at: location, severity: .high)
        }
    }
}
