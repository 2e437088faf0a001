import ArgumentParser

/// What the scan is judged by.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Policy to judge by (default: assay.yaml in the working directory).", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?

    @Flag(help: "Don't read assay.yaml from the working directory.")
    var noPolicy = false

    @Option(
        help: ArgumentHelp("Findings that are known and accepted until a day.", valueName: "file"), completion: .file())
    var baseline: String?

    @Option(
        help: ArgumentHelp("Accept all that is found now: write it to this baseline.", valueName: "file"),
        completion: .file())
    var writeBaseline: String?

    @Option(help: ArgumentHelp("Why what the new baseline holds is accepted.", valueName: "text"))
    var baselineReason: String?

    @Option(help: ArgumentHelp("Days until the entries of a new baseline expire.", valueName: "n"))
    var baselineDays = 90

    mutating func validate() throws {
        if policy != nil, noPolicy { throw ValidationError("--policy and --no-policy exclude each other") }
        if writeBaseline != nil, (baselineReason ?? "").isEmpty {
            throw ValidationError("--write-baseline needs --baseline-reason: what is accepted has a reason")
        }
        if !(1...3_660).contains(baselineDays) {
            throw ValidationError("--baseline-days is from 1 to 3660")
        }
    }
}
