internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// One code cell: what IPython hands to a shell or to another interpreter, and the Python source that is left.
struct NotebookCell {
    let scan: Scan
    let location: Location

    /// Magics that hand a whole cell to a shell.
    private static let shells: Set<String> = ["bash", "sh", "zsh", "script", "system", "sx", "!"]
    private static let pythons: Set<String> = ["python", "python2", "python3", "pypy"]
    /// Magics whose cells are text or another language, that nothing here judges.
    private static let others: Set<String> = [
        "latex", "markdown", "sql", "R", "julia", "perl", "ruby", "cython", "bigquery", "cypher", "sparksql",
        "writetemplate",
    ]
    /// Line magics that run the Python that follows them.
    private static let timers: Set<String> = ["time", "timeit", "prun", "memit", "mprun", "lprun", "debug"]
    private static let installers: Set<String> = ["pip", "conda", "mamba", "micromamba", "uv"]

    /// Judges what the cell hands on; the Python source that is left.
    func judge(_ text: [UInt8]) throws(ParseError) -> [UInt8] {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        if let first = lines.firstIndex(where: { !$0.allSatisfy { $0 <= 0x20 } }),
            lines[first].starts(with: [0x25, 0x25]),
            try judge(
                magic: Self.words(lines[first].dropFirst(2)),
                Array(lines[(first + 1)...].joined(separator: [0x0A])))
        {
            return []
        }
        var source: [UInt8] = []
        var index = 0
        while index < lines.count {
            var line = Array(lines[index])
            index += 1
            guard let command = Self.command(in: line) else {
                source += line + [0x0A]
                continue
            }
            let indent = line.prefix { $0 == 0x20 || $0 == 0x09 }
            // A command goes on where its line ends in a backslash.
            var whole = command
            while command.isShell, line.last == UInt8(ascii: "\\"), index < lines.count {
                line = Array(lines[index])
                index += 1
                whole.text = String(whole.text.dropLast()) + " " + String(decoding: line, as: UTF8.self)
            }
            source += indent + (whole.isShell ? Array("pass".utf8) : Array(whole.text.utf8)) + [0x0A]
            guard whole.isShell, !whole.text.isEmpty else { continue }
            PackageList.judge(installation: whole.text, at: location, in: scan)
            try ScriptJudge(scan: scan, location: location).judge(Array(whole.text.utf8))
        }
        return source
    }

    /// Judges a cell that belongs to a magic; false when the rest of it is Python all the same.
    private func judge(magic words: [String], _ body: [UInt8]) throws(ParseError) -> Bool {
        guard let name = words.first else { return false }
        switch name {
        case "script" where words.dropFirst().contains(where: { $0.contains("python") }): python(body)
        case _ where Self.shells.contains(name): try ScriptJudge(scan: scan, location: location).judge(body)
        case _ where Self.pythons.contains(name): python(body)
        case "cmd": try ScriptJudge(scan: scan, location: location, dialect: .batch).judge(body)
        case "javascript", "js", "html", "HTML", "svg", "SVG":
            NotebookOutput.judge(script: ByteRegion(body), at: location, in: scan)
        case "writefile", "file":
            guard let path = words.dropFirst().first(where: { !$0.hasPrefix("-") }) else { return true }
            let place = path.contains("'") ? "" : path
            try ScriptJudge(scan: scan, location: location).judge(Array("cat > '\(place)'".utf8))
            if path.hasSuffix(".py") { python(body) }
            if path.hasSuffix(".sh") { try ScriptJudge(scan: scan, location: location).judge(body) }
        case _ where Self.others.contains(name): return true
        default: return false
        }
        return true
    }

    private func python(_ source: [UInt8]) {
        PythonSourceJudge.judge(
            ByteRegion(source), named: "", at: location, in: scan, isInteractive: true)
    }

    private static func words(_ line: ArraySlice<UInt8>) -> [String] {
        String(decoding: line.prefix(4_096), as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(
            String.init)
    }

    /// What a line hands to a shell (`!command`, `files = !command`, `%sx command`), or the Python of a magic that runs it;
    /// other magics are an empty command.
    private static func command(in line: [UInt8]) -> (text: String, isShell: Bool)? {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        if text.hasPrefix("!") { return (String(text.drop { $0 == "!" }), true) }
        if text.hasPrefix("%") { return command(ofMagic: text.drop { $0 == "%" }) }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0.isNumber || " _,".contains($0) }) else {
            return nil
        }
        let value = parts[1].drop { $0 == " " }
        if value.hasPrefix("!") { return (String(value.dropFirst()), true) }
        return value.hasPrefix("%") ? command(ofMagic: value.dropFirst()) : nil
    }

    private static func command(ofMagic text: Substring) -> (text: String, isShell: Bool) {
        let name = String(text.prefix { !$0.isWhitespace })
        let rest = String(text.dropFirst(name.count).drop { $0 == " " })
        switch name {
        case "system", "sx": return (rest, true)
        case "alias": return (String(rest.drop { $0 != " " }), true)
        case _ where installers.contains(name): return (String(text), true)
        case _ where timers.contains(name):
            // Options come first, as single letters with numbers.
            let code = rest.split(separator: " ").drop { $0.hasPrefix("-") }.joined(separator: " ")
            return (code.isEmpty ? "pass" : code, false)
        default: return ("", true)
        }
    }
}
