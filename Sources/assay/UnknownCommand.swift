import ArgumentParser
import AssayCore

/// A word where the name of a command has to stand, and none of that name: the parser would call it unexpected.
struct UnknownCommand: Equatable {
    let message: String

    /// Follows the words down the commands; nil where each one names a command that there is.
    init?(_ words: [String], below root: any ParsableCommand.Type) {
        var path = [Self.name(root)]
        var command = root
        for word in words {
            let known = command.configuration.subcommands
            guard !known.isEmpty, command.configuration.defaultSubcommand == nil, !word.hasPrefix("-") else {
                return nil
            }
            if let next = known.first(where: { Self.name($0) == word }) {
                command = next
                path.append(word)
            } else if word == "help", path.count == 1 {
                return nil
            } else {
                let listed = known.filter { $0.configuration.shouldDisplay }.map(Self.name)
                let guess = Spelling.nearest(to: word, among: listed).map { "; did you mean '\($0)'?" } ?? ""
                let line = path.joined(separator: " ")
                message = """
                    assay: there is no command '\(Printable.line(word, limit: 80))'\(guess)
                      See '\(line) --help' for the commands.
                    """
                return
            }
        }
        return nil
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }
}
