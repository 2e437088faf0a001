internal import AssayCore
internal import ByteParsing

/// Files of instructions from which images are built: Dockerfiles, and the Modelfiles of Ollama.
///
/// Recognised by what stands in them: a first instruction that names a base, and others of the same language.
struct BuildFileAnalyser: Analyser {
    let format: FormatID = "build-file"

    private static let sizeLimit = 1 << 20
    private static let mostInstructions = 10_000
    private static let docker: Set<String> = [
        "RUN", "CMD", "COPY", "ADD", "ENTRYPOINT", "WORKDIR", "ENV", "EXPOSE", "LABEL", "USER", "VOLUME", "SHELL",
        "HEALTHCHECK", "ONBUILD", "STOPSIGNAL", "ARG",
    ]
    private static let ollama: Set<String> = [
        "PARAMETER", "TEMPLATE", "SYSTEM", "ADAPTER", "LICENSE", "MESSAGE", "REQUIRES",
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        guard let start = item.facts.firstInk, Self.opens(item.region, at: start), item.facts.opensAsText else {
            return .no
        }
        let head = item.region.prefix(16 << 10).text()
        guard let first = Self.instructions(in: head).first(where: { $0.word != "ARG" }), first.word == "FROM" else {
            return .no
        }
        let name = item.facts.lowercasedName
        if name.contains("dockerfile") || name.contains("containerfile") || name.contains("modelfile") {
            return .likely
        }
        return Self.instructions(in: head).contains { Self.docker.contains($0.word) || Self.ollama.contains($0.word) }
            ? .likely : .no
    }

    /// Whether a comment, or an instruction that may come first, begins at `offset`.
    private static func opens(_ region: ByteRegion, at offset: Int) -> Bool {
        if region[offset] == UInt8(ascii: "#") { return true }
        return [Array("from".utf8), Array("arg".utf8)].contains { word in
            word.indices.allSatisfy { region[offset + $0].map { $0 | 0x20 } == word[$0] }
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 8, reading: "build file")
        let instructions = Self.instructions(in: item.region.text(limit: Self.sizeLimit))
        if item.region.count > Self.sizeLimit {
            scan.report(incomplete: "build file longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        let isModel =
            instructions.contains { Self.ollama.contains($0.word) }
            || !instructions.contains { Self.docker.contains($0.word) }
        if instructions.count > Self.mostInstructions {
            scan.report(incomplete: "more than \(Self.mostInstructions) instructions", at: item.location)
        }
        for instruction in instructions.prefix(Self.mostInstructions) {
            let place = item.location.at(nil, "line \(instruction.line)")
            switch instruction.word {
            case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD":
                if instruction.body.isEmpty || !Self.isPython(instruction.rest) {
                    let text = instruction.body.isEmpty ? Self.command(in: instruction.rest) : instruction.body
                    try ScriptJudge(scan: scan, location: place).judge(Array(text.utf8))
                } else {
                    PythonSourceJudge.judge(
                        ByteRegion(Array(instruction.body.utf8)), named: "setup.py", at: place, in: scan)
                }
                PackageList.judge(installation: instruction.rest, at: place, in: scan)
            case "ADD" where !isModel:
                for word in instruction.rest.split(separator: " ") where AddressJudge.isUnprotected(String(word)) {
                    scan.report(
                        "COMMAND-FETCHED-CODE",
                        "`ADD` fetches a file from an address that vouches for nothing: \(Printable.line(String(word), limit: 100))",
                        at: place)
                }
            case "FROM" where isModel, "ADAPTER": reference(instruction.rest, instruction.word, at: place, in: scan)
            default: break
            }
        }
    }

    /// The command of an instruction: behind its options and the instruction that it holds, or, where the arguments are
    /// listed, what they hand to a shell.
    private static func command(in rest: String) -> String {
        var text = rest[...]
        while true {
            text = text.drop { $0 == " " || $0 == "\t" }
            let word = text.prefix { $0 != " " && $0 != "\t" }
            guard word.hasPrefix("--") || ["CMD", "RUN", "ENTRYPOINT"].contains(word.uppercased()) else { break }
            text = text.dropFirst(word.count)
        }
        guard text.first == "[", let list = try? JSONDocument(ByteRegion(Array(text.utf8))).root else {
            return String(text)
        }
        let words = list.elements.compactMap(\.string)
        guard let option = words.firstIndex(of: "-c"), option + 1 < words.count else {
            return words.joined(separator: " ")
        }
        return words[option + 1]
    }

    /// What a Modelfile takes weights from: a name of a registry, a file beside it, or something else.
    private func reference(_ text: String, _ word: String, at place: Location, in scan: Scan) {
        let path = text.drop { $0 == " " || $0 == "\"" }.prefix { $0 != "\"" && $0 != "\r" }
        let shown = Printable.line(String(path), limit: 120)
        if AddressJudge.isUnprotected(String(path)) {
            scan.report("CONFIG-REDIRECT", "`\(word)` takes weights from an unprotected address: \(shown)", at: place)
        } else if ConfigurationJudge.isSystemFile(String(path)) {
            scan.report("CONFIG-PATH", "`\(word)` names a file of the system: \(shown)", at: place)
        } else if ConfigurationJudge.climbs(String(path)) {
            let isFar = path.split(separator: "/").filter { $0 == ".." }.count > 1
            scan.report(
                "CONFIG-PATH", "`\(word)` names a file outside of the folder: \(shown)", at: place,
                severity: isFar ? .medium : .low)
        }
    }

    private struct Instruction {
        let word: String
        let rest: String
        let line: Int
        /// Lines of a here-document.
        var body = ""
    }

    /// Whether a here-document goes to Python.
    private static func isPython(_ rest: String) -> Bool {
        rest.split { " \t<".contains($0) }.first { !$0.hasPrefix("--") }
            .map { ScriptProgram.base(String($0)).hasPrefix("python") } ?? false
    }

    /// The word that ends the here-document of an instruction, or nil.
    private static func delimiter(in rest: String) -> String? {
        guard let mark = rest.firstRange(of: "<<") else { return nil }
        let word = rest[mark.upperBound...].drop { $0 == "-" }.filter { $0 != "\"" && $0 != "'" }
            .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return word.isEmpty ? nil : String(word)
    }

    /// Instructions with their continued lines joined and their here-documents; texts in three quotes stay lines of their
    /// own.
    private static func instructions(in text: String) -> [Instruction] {
        var found: [Instruction] = []
        var current = ""
        var start = 0
        var number = 0
        var end: String?
        for line in text.split(separator: "\n", maxSplits: 20_000, omittingEmptySubsequences: false) {
            number += 1
            if let word = end {
                if line.trimmingPrefix(while: { $0 == "\t" || $0 == " " }).prefix(while: { $0 != "\r" }) == word {
                    end = nil
                } else if let last = found.indices.last, found[last].body.utf8.count < 1 << 20 {
                    found[last].body += line + "\n"
                }
                continue
            }
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if current.isEmpty {
                guard let first = trimmed.first, first != "#", first != "\r" else { continue }
                start = number
            } else if trimmed.first == "#" {
                continue
            }
            let body = trimmed.last == "\r" ? trimmed.dropLast() : trimmed
            if current.utf8.count < 65_536 { current += current.isEmpty ? String(body) : " " + body }
            if body.last == "\\" {
                current.removeLast()
                if !current.isEmpty { continue }
            }
            let word = current.prefix { $0 != " " && $0 != "\t" }
            found.append(
                Instruction(word: word.uppercased(), rest: String(current.dropFirst(word.count + 1)), line: start))
            current = ""
            if ["RUN", "COPY", "ADD"].contains(word.uppercased()) {
                end = found.last.flatMap { delimiter(in: $0.rest) }
            }
        }
        return found
    }
}
