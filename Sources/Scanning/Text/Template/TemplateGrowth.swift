internal import AssayCore
internal import ByteParsing
internal import ModelFormats

// Texts and lists that a template makes out of proportion to itself.
extension TemplateEvaluator {
    /// Characters of a text that grows by its own size, and of one that replacing makes longer.
    private static let growingText = TemplateValue.textLimit / 4
    private static let replacedText = TemplateValue.textLimit * 8
    /// Methods that make a text as long as they are told.
    private static let padding: Set<String> = ["ljust", "rjust", "center", "zfill", "expandtabs"]

    /// Reports a method that makes a text longer than a template needs.
    mutating func judgeWidth(
        of method: String, _ receiver: TemplateValue, _ given: [TemplateValue], at id: JinjaTemplate.ID
    ) {
        if Self.padding.contains(method), let width = given.first?.integer {
            judge(width: width, method, at: id)
        } else if method == "format", let format = receiver.string {
            let widths = TemplateFormatting.fields(format).compactMap { $0.field.map { Self.width($0.conversion) } }
            judge(width: widths.max() ?? 0, method, at: id)
        } else if method == "replace", let text = receiver.string, given.count > 1, let old = given[0].string,
            let new = given[1].string
        {
            judgeReplacement(text, old, new, at: id)
        }
    }

    private mutating func judge(width: Int, _ means: String, at id: JinjaTemplate.ID) {
        guard width > Self.repetitionLimit else { return }
        report(.exhaustion, .medium, "a text of \(width) characters", means, at: id)
    }

    /// The largest number in a text.
    private static func width(_ text: String) -> Int {
        text.split { !("0"..."9").contains($0) }.map { Int($0) ?? .max }.max() ?? 0
    }

    mutating func judgeReplacement(_ text: String, _ old: String, _ new: String, at id: JinjaTemplate.ID) {
        let most = text.utf8.count / max(1, old.utf8.count)
        guard most.multiplied(checked: new.utf8.count) ?? .max > Self.replacedText, text.contains(old) else { return }
        report(.exhaustion, .medium, "a text that replacing makes longer and longer", "replace", at: id)
    }

    /// Reports an operator on constants whose result is out of proportion.
    mutating func judgeGrowth(
        _ symbol: String, _ left: TemplateValue, _ right: TemplateValue, at id: JinjaTemplate.ID
    ) {
        switch (symbol, left, right) {
        case ("%", .string(let format), _):
            let widths = format.split(separator: "%").dropFirst(format.hasPrefix("%") ? 0 : 1)
                .map { Self.width(String($0.prefix { "0123456789.+- #".contains($0) })) }
            judge(width: widths.max() ?? 0, "%", at: id)
        case ("+", .string(let first), .string(let second)), ("~", .string(let first), .string(let second)):
            guard min(first.utf8.count, second.utf8.count) > Self.growingText else { return }
            report(.exhaustion, .medium, "a text that grows by its own length", symbol, at: id)
        case ("*", .string(let text), .integer(let count)), ("*", .integer(let count), .string(let text)):
            guard text.utf8.count > Self.growingText, count > 1 else { return }
            report(.exhaustion, .medium, "a text that grows by its own length", symbol, at: id)
        case ("+", .list(let first), .list(let second)):
            guard min(first.count, second.count) > TemplateValue.elementLimit / 4 else { return }
            report(.exhaustion, .medium, "a list that grows by its own length", symbol, at: id)
        case ("*", .data, .integer(let count)), ("*", .integer(let count), .data):
            guard count > 100 * Self.repetitionLimit else { return }
            report(.exhaustion, .medium, "\(count) copies of a value", symbol, at: id)
        default: break
        }
    }
}
