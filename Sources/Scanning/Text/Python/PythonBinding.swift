/// What a name of a source stands for, in few bytes: sources bind hundreds of thousands of names, and of most nothing but
/// one constant is known.
enum PythonBinding {
    case unknown
    case number(Int)
    case text(String)
    /// A global, by its dotted name.
    case name(String)
    /// A function or class of the file.
    case function(String)
    case list(PythonList)
    case other(Box)

    /// A value of which more is known.
    final class Box {
        let value: PythonValue
        init(_ value: PythonValue) { self.value = value }
    }

    init(_ value: PythonValue) {
        let isPlain =
            value.made == nil && value.held.isEmpty && !value.isContainer && value.origin.isEmpty && value.member == nil
        if isPlain, let list = value.list, value.text == nil, value.number == nil, value.name == nil,
            value.function == nil
        {
            self = .list(list)
            return
        }
        self =
            switch (value.text, value.number, value.name) {
            case _ where value.list != nil: .other(Box(value))
            case (nil, nil, nil) where isPlain: value.function.map { .function($0) } ?? .unknown
            case _ where value.function != nil: .other(Box(value))
            case (nil, let number?, nil) where isPlain: .number(number)
            case (let text?, nil, nil) where isPlain: .text(text)
            case (nil, nil, let name?) where isPlain: .name(name)
            default: .other(Box(value))
            }
    }

    var value: PythonValue {
        switch self {
        case .unknown: .unknown
        case .number(let number): .number(number)
        case .text(let text): PythonValue(text: text)
        case .name(let name): .name(name)
        case .function(let name): PythonValue(function: name)
        case .list(let list): PythonValue(list: list)
        case .other(let box): box.value
        }
    }
}
