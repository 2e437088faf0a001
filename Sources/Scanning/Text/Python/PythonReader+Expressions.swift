import ModelFormats

extension PythonReader {
    /// Reads the expression in `tokens[start..<end]` with a stack of open brackets of its own.
    mutating func expression(_ start: Int, _ end: Int) -> PythonValue {
        guard start < end else { return .unknown }
        var frames = [Frame(kind: .group)]
        var tooDeep = 0
        var index = start
        while index < end {
            if tooDeep == 0, let next = turn(at: index, &frames) {
                index = next
                continue
            }
            let token = tokens[index]
            let top = frames.count - 1
            index += 1
            switch token.kind {
            case .string:
                var text = token.text
                while index < end, tokens[index].kind == .string {
                    text += tokens[index].text
                    index += 1
                }
                frames[top].take(.text(text), work)
            case .number: frames[top].take(PythonValue(number: PythonText.integer(token.text)), work)
            case .name: index = name(token, index, end, &frames)
            case .newline: break
            case .symbol:
                switch token.text {
                case "(", "[", "{":
                    guard frames.count < Self.mostFrames else {
                        isTooDeep = true
                        tooDeep += 1
                        continue
                    }
                    open(token, after: index >= 2 ? tokens[index - 2] : nil, &frames)
                    if index >= 3, tokens[index - 3].isSymbol(".") { frames[frames.count - 1].isQualified = true }
                    if let parts = brackets.comprehension(at: index - 1, before: end) {
                        frames[frames.count - 1].comprehension = (parts, index)
                        frames[frames.count - 1].isInClauses = true
                        scopes.openExpression()
                        index = parts.clause
                    }
                case ")", "]", "}":
                    if tooDeep > 0 {
                        tooDeep -= 1
                    } else {
                        closeLambdas(&frames)
                        if frames.count > 1 { close(&frames) }
                    }
                case ".":
                    guard index < end, tokens[index].kind == .name else { continue }
                    frames[top].operand = members.attribute(tokens[index].text, of: frames[top].operand)
                    index += 1
                case ",":
                    if !frames[top].isInParameters, tooDeep == 0 { closeLambdas(&frames) }
                    separate(&frames[frames.count - 1])
                case "=":
                    if frames[top].kind == .call || frames[top].isInParameters, index >= 2,
                        tokens[index - 2].kind == .name
                    {
                        frames[top].keyword = tokens[index - 2].text
                    }
                    frames[top].operand = nil
                case ":=":
                    // Bound when the bracket closes would be exact; the value that follows is what matters.
                    if index >= 2, index < end, tokens[index - 2].kind == .name {
                        let stop = endOfValue(index, end, most: 64)
                        scopes.bindAround(tokens[index - 2].text, plainValue(index, stop))
                        frames[top].walrus = tokens[index - 2].text
                    }
                    frames[top].operand = nil
                case ":":
                    if frames[top].isInParameters {
                        beginBody(&frames[top])
                        continue
                    }
                    if frames[top].kind == .lambda, tooDeep == 0 { closeLambdas(&frames) }
                    let last = frames.count - 1
                    if frames[last].kind == .index { frames[last].slices.append(index) }
                    setAside(&frames[last])
                case "*", "**":
                    if frames[top].operand == nil { continue }
                    fallthrough
                default:
                    if frames[top].operand != nil {
                        frames[top].fold(work)
                        frames[top].pending = frames[top].operand.map { ($0, token.text) }
                        frames[top].operand = nil
                    } else if token.text == "-", index < end, tokens[index].kind == .number {
                        frames[top].take(
                            PythonValue(number: PythonText.integer(tokens[index].text).map { 0 &- $0 }), work)
                        index += 1
                    }
                }
            }
        }
        while frames.count > 1 {
            if frames[frames.count - 1].kind == .lambda { closeLambdas(&frames) } else { close(&frames) }
        }
        separateRoot(&frames[0])
        let values = frames[0].arguments
        return values.count == 1 ? values[0] : frames[0].elements
    }

    /// A constant, name or dotted name in `tokens[start..<end]`; nothing is reported, so it may be read twice.
    func plainValue(_ start: Int, _ end: Int) -> PythonValue {
        guard start < end, end - start <= 64 else { return .unknown }
        guard end > start + 1 else {
            switch tokens[start].kind {
            case .string: return .text(tokens[start].text)
            case .name: return scopes.lookUp(tokens[start].text)
            default: return .unknown
            }
        }
        guard tokens[start].kind == .name else { return .unknown }
        var value = scopes.lookUp(tokens[start].text)
        var index = start + 1
        while index + 1 < end, tokens[index].isSymbol("."), tokens[index + 1].kind == .name {
            value = members.attribute(tokens[index + 1].text, of: value)
            index += 2
        }
        return index == end ? value : .unknown
    }

    /// Where the value that begins at `start` ends: at a comma or a closing bracket, which are looked for among `most`
    /// tokens, or at `end`.
    func endOfValue(_ start: Int, _ end: Int, most: Int = .max) -> Int {
        var depth = 0
        for index in start..<(end - start > most ? start + most : end) where tokens[index].kind == .symbol {
            switch tokens[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                if depth == 0 { return index }
                depth -= 1
            case "," where depth == 0: return index
            default: break
            }
        }
        return end
    }

    /// Takes in a name or keyword; the index to go on at.
    private mutating func name(_ token: PythonToken, _ next: Int, _ end: Int, _ frames: inout [Frame]) -> Int {
        let top = frames.count - 1
        switch token.text {
        case "lambda":
            guard frames.count < Self.mostFrames else {
                isTooDeep = true
                return next
            }
            openLambda(at: next - 1, &frames)
        case "for" where frames[top].isInClauses, "if" where frames[top].isInClauses:
            endClause(&frames[top])
            if token.text == "for" { return beginClause(next, &frames[top]) }
        case "in", "is": frames[top].compare(work)
        case "if", "else", "or", "and", "for", "from", "not", "async": setAside(&frames[top])
        case "await", "yield", "return",
            "print" where next < end && tokens[next].kind != .symbol:
            break
        case "True": frames[top].take(.number(1), work)
        case "False": frames[top].take(.number(0), work)
        case "None": frames[top].take(.unknown, work)
        default:
            let isFirst = frames[top].operand == nil && frames[top].pending == nil
            if frames[top].isInParameters, isFirst, frames[top].keyword == nil {
                frames[top].parameters.append(token.text)
                return next
            }
            // The name of a keyword argument is no operand.
            if frames[top].kind == .call, isFirst, next < end, tokens[next].isSymbol("=") { return next }
            frames[top].take(scopes.lookUp(token.text), work)
        }
        return next
    }

    private func open(_ token: PythonToken, after before: PythonToken?, _ frames: inout [Frame]) {
        let top = frames.count - 1
        let kind: Frame.Kind
        if let operand = frames[top].operand, token.text != "{" {
            frames[top].operand = nil
            var frame = Frame(
                kind: token.text == "(" ? .call : .index, callee: operand, offset: token.offset, line: token.line)
            if let before, before.kind == .name { frame.function = before.text }
            frames.append(frame)
            return
        }
        switch token.text {
        case "(": kind = .group
        case "[": kind = .list
        default: kind = .dictionary
        }
        frames.append(Frame(kind: kind, offset: token.offset, line: token.line))
    }

    /// Puts an operand aside that a keyword ends: the whole may be it.
    func setAside(_ frame: inout Frame) { frame.setAside(work) }

    mutating func separate(_ frame: inout Frame) {
        guard frame.operand != nil || frame.pending != nil || !frame.origin.isEmpty || frame.keyword != nil else {
            return
        }
        let value = frame.finish(work)
        if let walrus = frame.walrus {
            scopes.bindAround(walrus, value)
            frame.walrus = nil
        }
        if !isInspection(frame) { escapes.note(value) }
        if let keyword = frame.keyword {
            frame.keywords.append((keyword, value))
            frame.keyword = nil
        } else if frame.arguments.count < PythonValue.mostItems {
            frame.arguments.append(value)
        } else {
            // What is not kept is known by what it may be.
            frame.more.origin.formUnion(value.wholeOrigin)
            frame.more.held = Array((frame.more.held + value.names).prefix(PythonValue.mostHeld))
            frame.isCut = true
        }
    }

    private mutating func separateRoot(_ frame: inout Frame) {
        separate(&frame)
        if frame.arguments.isEmpty { frame.arguments.append(.unknown) }
    }

    mutating func close(_ frames: inout [Frame]) {
        guard frames.count > 1, var frame = frames.popLast() else { return }
        let hadComma = !frame.arguments.isEmpty
        separate(&frame)
        if frame.comprehension != nil {
            scopes.closeExpression()
            frame.arguments = frame.arguments.first.map { [comprehended($0, frame)] } ?? []
        }
        let top = frames.count - 1
        let value: PythonValue
        switch frame.kind {
        case .group:
            value = frame.arguments.count == 1 && !hadComma ? frame.arguments[0] : frame.elements
        case .list where frame.comprehension != nil: value = frame.arguments.first ?? .unknown
        case .list: value = frame.elements
        case .dictionary:
            value = PythonValue(
                held: frame.elements.names, isContainer: true, origin: frame.elements.wholeOrigin)
        case .index: value = element(of: frame)
        case .call: value = call(frame)
        case .lambda: value = .unknown
        }
        frames[top].take(value, work)
    }
}
