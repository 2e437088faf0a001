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
            } else if word == "help" {
                return nil
            } else {
                let listed = known.filter { $0.configuration.shouldDisplay }.map(Self.name)
                let near = listed.map { ($0, Self.distance(word, $0)) }.min { $0.1 < $1.1 }
                let guess = near.flatMap { $0.1 <= max(1, $0.0.count / 3) ? " Did you mean '\($0.0)'?" : nil } ?? ""
                let line = path.joined(separator: " ")
                message = """
                    Error: There is no command '\(Printable.line(word, limit: 80))'.\(guess)
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

    /// Letters to insert, remove, exchange or swap with their neighbour (optimal string alignment) until both are alike.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.prefix(40)), Array(right))
        var rows = [Array(0...right.count)]
        for (row, letter) in left.enumerated() {
            var line = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    line[column] + 1, rows[row][column + 1] + 1, rows[row][column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, rows[row - 1][column - 1] + 1)
                }
                line.append(cost)
            }
            rows.append(line)
        }
        return rows[left.count][right.count]
    }
}
