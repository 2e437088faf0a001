/// What one statement of PowerShell, in lower case, does: told by the commands and types that it names.
struct PowerShellStatement {
    let text: String
    private let words: Set<String>

    init(_ text: String) {
        self.text = text
        words = Set(
            text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }).map(String.init))
    }

    /// Whether it fetches something.
    var fetches: Bool { names(Self.fetchers, ["iwr", "irm", "wget", "curl"]) }

    /// Whether it runs what it is given as text.
    var evaluates: Bool {
        names(["scriptblock]::create"], ["iex", "invoke-expression", "invoke-command", "icm"])
    }

    /// Whether it turns encoded or compressed text into what it stands for.
    var decodes: Bool { names(["frombase64string", "gzipstream", "deflatestream"], []) }

    /// Whether it starts PowerShell with a command that nobody can read.
    var runsEncoded: Bool {
        guard text.contains("powershell") || text.contains("pwsh") else { return false }
        let options = text.split { " \t\"'".contains($0) }
        return zip(options, options.dropFirst()).contains { option, value in
            (option.count >= 3 && "-encodedcommand".hasPrefix(option) || option == "-ec" || option == "-e")
                && value.count >= 8 && value.allSatisfy { $0.isLetter || $0.isNumber || "+/=".contains($0) }
        }
    }

    private static let fetchers = [
        "downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "invoke-restmethod", "net.webclient",
        "net.http.httpclient", "start-bitstransfer",
    ]

    private func names(_ parts: [String], _ whole: Set<String>) -> Bool {
        !words.isDisjoint(with: whole) || parts.contains { text.contains($0) }
    }
}
