/// The commands of a makefile: lines of recipes, and what is handed to a shell while it is read.
enum Makefile {
    private static let mostFunctions = 1_000

    /// The text with the marks of recipe lines taken away, and the commands of `$(shell …)` and `!=` as lines of their own.
    static func commands(in text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var functions = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.first == "\t" {
                // `@` keeps quiet, `-` goes on after a failure, `+` runs always.
                result += variables(in: line.drop { "\t @-+".contains($0) })
            } else if let mark = line.firstRange(of: "!=") {
                result += line[mark.upperBound...]
            } else {
                result += line
            }
            result += "\n"
            var rest = line
            while let found = rest.firstRange(of: "$(shell "), functions < mostFunctions {
                functions += 1
                rest = rest[found.upperBound...]
                var depth = 1
                let inner = rest.prefix { letter in
                    depth += letter == "(" ? 1 : letter == ")" ? -1 : 0
                    return depth > 0
                }
                result += inner + "\n"
            }
        }
        return result
    }

    /// A recipe's line as the shell gets it: Make's variables stand for words, and two dollars for one.
    private static func variables(in line: Substring) -> String {
        var result = ""
        var rest = line
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
                continue
            }
            let open = rest.first
            let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || "_.-".contains($0) }
            if open == "(" || open == "{", !name.isEmpty, rest[name.endIndex...].first == (open == "(" ? ")" : "}") {
                result += "${\(name)}"
                rest = rest[name.endIndex...].dropFirst()
            } else {
                result += "$"
            }
        }
        return result + rest
    }
}
