internal import AssayCore
internal import ByteParsing
internal import ModelFormats
internal import SecretDetection

/// Credentials among the constants of a pickle: what a program was called with is kept in its checkpoints.
extension PickleJudge {
    /// Bytes of one constant that are looked at, and constants of one item.
    private static let longestSecret = 8_192
    private static let mostSecrets = 20

    /// Reports a text that is a credential by its form, or by the key in front of it.
    func judgeSecret(_ value: PickleValue, in machine: borrowing PickleMachine) {
        guard value.kind == .text || value.kind == .legacyText, secrets < Self.mostSecrets,
            let text = text(of: value, in: machine)
        else { return }
        let place = place(value.payload, nil)
        if let match = try? SecretScanner.matches(in: text, budget: scan.budget).first {
            return report(match.issuer, match.masked, nil, at: place)
        }
        guard text.count <= 200, let key = machine.top, key.kind == .text || key.kind == .legacyText,
            let name = machine.string(key, limit: 64), let meaning = SecretScanner.meaning(of: Array(name.utf8))
        else { return }
        let bytes = text.array()
        guard SecretScanner.isSecret(bytes, of: meaning) else { return }
        report("secret", SecretScanner.mask(bytes), name, at: place)
    }

    private func text(of value: PickleValue, in machine: borrowing PickleMachine) -> ByteRegion? {
        if let range = machine.range(of: value) {
            return range.count <= Self.longestSecret ? machine.region.slice(range.lowerBound, range.count) : nil
        }
        return machine.string(value, limit: Self.longestSecret).map { ByteRegion(Array($0.utf8)) }
    }

    private func report(_ issuer: String, _ masked: String, _ name: String?, at place: Location) {
        secrets += 1
        let owner = name.map { " of `\(Printable.line($0, limit: 40))`" } ?? ""
        scan.report(
            "SECRET-EXPOSED", "A credential stands in the pickle: \(issuer)\(owner)", at: place,
            details: [.init("value", masked)])
    }
}
