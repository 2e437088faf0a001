import ModelFormats

extension PythonReader {
    /// Reads the expression in `tokens[start..<end]` with a stack of open brackets of its own.
    mutating func expression(_ start: Int, _ end: Int) -> PythonValue {
        guard start < end else { return .unknown }
        var frames = [Frame(kind: .group)]
        var tooDeep = 0
        var index = start
        while index < end {
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
            case .name: name(token, index, end, &frames[top])
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
                case ")", "]", "}":
                    if tooDeep > 0 {
                        tooDeep -= 1
                    } else if frames.count > 1 {
                        close(&frames)
                    }
                case ".":
                    guard index < end, tokens[index].kind == .name else { continue }
                    frames[top].operand = members.attribute(tokens[index].text, of: frames[top].operand)
                    index += 1
                case ",": separate(&frames[top])
                case "=":
                    if frames[top].kind == .call, index >= 2, tokens[index - 2].kind == .name {
                        frames[top].keyword = tokens[index - 2].text
                    }
                    frames[top].operand = nil
                case ":=":
                    // Bound when the bracket closes would be exact; the value that follows is what matters.
                    if index >= 2, index < end, tokens[index - 2].kind == .name {
                        let stop = closing(index, end)
                        let value = expressionValue(index, stop)
                        scopes.bind(tokens[index - 2].text, value)
                    }
                    frames[top].operand = nil
                case ":":
                    if frames[top].kind == .index { frames[top].slices.append(index) }
                    frames[top].setAside(work)
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
        while frames.count > 1 { close(&frames) }
        separateRoot(&frames[0])
        let values = frames[0].arguments
        return values.count == 1 ? values[0] : frames[0].elements
    }

    /// A constant or name at `start`, for a walrus: nothing is reported twice.
    private func expressionValue(_ start: Int, _ end: Int) -> PythonValue {
        guard end == start + 1 else {
            if end > start, tokens[start].kind == .name {
                let path = tokens[start..<end].map(\.text).joined()
                let head = scopes.lookUp(tokens[start].text)
                if path.allSatisfy({ $0.isLetter || $0 == "." || $0 == "_" }), head.name != nil {
                    return path.split(separator: ".").dropFirst().reduce(head) { $0.attribute(String($1)) }
                }
            }
            return .unknown
        }
        switch tokens[start].kind {
        case .string: return .text(tokens[start].text)
        case .name: return scopes.lookUp(tokens[start].text)
        default: return .unknown
        }
    }

    private func closing(_ start: Int, _ end: Int) -> Int {
        var depth = 0
        for index in start..<end where tokens[index].kind == .symbol {
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

    private func name(_ token: PythonToken, _ next: Int, _ end: Int, _ frame: inout Frame) {
        switch token.text {
        case "if", "else", "or", "and", "for", "in", "is", "lambda", "from", "not", "async":
            frame.setAside(work)
            if token.text == "for", frame.kind != .index { frame.isComprehension = true }
        case "await", "yield", "return",
            "print" where next < end && tokens[next].kind != .symbol:
            break
        case "True", "False", "None": frame.take(.unknown, work)
        default:
            // The name of a keyword argument is no operand.
            if frame.kind == .call, frame.operand == nil, frame.pending == nil, next < end, tokens[next].isSymbol("=") {
                return
            }
            frame.take(scopes.lookUp(token.text), work)
        }
    }

    private func open(_ token: PythonToken, after before: PythonToken?, _ frames: inout [Frame]) {
        let top = frames.count - 1
        let kind: Frame.Kind
        if let operand = frames[top].operand, token.text != "{" {
            frames[top].operand = nil
            var frame = Frame(
                kind: token.text == "(" ? .call : .index, callee: operand, offset: token.offset, line: token.line)
            if let before, before.kind == .name, operand.name == nil { frame.function = before.text }
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

    private func separate(_ frame: inout Frame) {
        guard frame.operand != nil || frame.pending != nil || !frame.origin.isEmpty || frame.keyword != nil else {
            return
        }
        let value = frame.finish(work)
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

    private func separateRoot(_ frame: inout Frame) {
        separate(&frame)
        if frame.arguments.isEmpty { frame.arguments.append(.unknown) }
    }

    private mutating func close(_ frames: inout [Frame]) {
        guard frames.count > 1, var frame = frames.popLast() else { return }
        let hadComma = !frame.arguments.isEmpty
        separate(&frame)
        let top = frames.count - 1
        let value: PythonValue
        switch frame.kind {
        case .group:
            value = frame.arguments.count == 1 && !hadComma ? frame.arguments[0] : frame.elements
        case .list: value = frame.elements
        case .dictionary:
            value = PythonValue(
                held: frame.elements.names, isContainer: true, origin: frame.elements.wholeOrigin)
        case .index: value = element(of: frame)
        case .call:
            value = call(frame)
        }
        frames[top].take(value, work)
    }

    private func element(of frame: Frame) -> PythonValue {
        let base = frame.callee
        if let key = frame.arguments.first?.text, frame.slices.isEmpty, let name = base.name {
            if let entry = PythonValue.entry(key, of: name, frame.arguments[0].origin) { return entry }
            if name == "os.environ" {
                return PythonValue(made: "os.environ", origin: PythonSecrets.origin(ofVariable: key))
            }
            return PythonValue(made: name + "[]", origin: base.origin)
        }
        if let index = frame.arguments.first?.number, frame.slices.isEmpty, let items = base.items {
            let position = index < 0 ? items.count &+ index : index
            return items.indices.contains(position) ? items[position] : .unknown
        }
        if !frame.slices.isEmpty, let text = base.text {
            // `[::-1]` turns a text around; other slices hide what they leave.
            let isReversed = frame.slices.count == 2 && frame.arguments.last?.number == -1
            return isReversed
                ? work.keep(.text(PythonText.reversed(text), base.origin.union(.decoded)), from: [])
                : PythonValue(origin: base.origin.union(.assembled))
        }
        if let name = base.name, name == "builtins.__dict__" || name == "sys.modules" {
            return PythonValue(made: name, origin: base.origin.union(.assembled))
        }
        return PythonValue(
            made: base.made, held: base.made == nil && frame.slices.isEmpty ? base.names : [], origin: base.wholeOrigin)
    }

    private mutating func call(_ frame: Frame) -> PythonValue {
        let token = PythonToken(.symbol, "(", offset: frame.offset, line: frame.line, indentation: 0)
        emit(frame.callee, frame.arguments, frame.keywords, token)
        var result = PythonCallResult.of(frame.callee, frame.arguments, frame.keywords, work)
        if let own = frame.function, result.name == nil, result.text == nil { result.held += members.results(of: own) }
        return result
    }
}
