import ArgumentParser
import Scanning

/// Lists the members of containers as the scan reads them: what the tests compare with other programs' lists.
struct MembersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "Lists what containers hold, with sizes and digests.", shouldDisplay: false)

    @Argument(help: "Files to list.")
    var paths: [String]

    func run() throws {
        for path in paths {
            let region = try FileInput.map(path)
            let listing = MemberListing(region, path: path)
            print("file\t\(path)")
            for member in listing.members {
                let names = member.names.map { name in
                    name.unicodeScalars.map {
                        $0.value < 0x20 || $0 == "\\" ? "\\u{\(String($0.value, radix: 16))}" : String($0)
                    }
                    .joined()
                }
                print("member\t\(member.digest)\t\(member.size)\t\(names.joined(separator: "\t"))")
            }
            for reason in listing.incomplete { print("incomplete\t\(reason)") }
        }
    }
}
