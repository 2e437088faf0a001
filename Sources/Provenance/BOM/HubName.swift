/// The name of a repository on a hub: an owner and a name.
struct HubName: Equatable {
    let owner: String
    let name: String
    var text: String { owner + "/" + name }

    /// Reads `owner/name`; nil for anything that has another form, as paths and plain names have.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ part in
                (1...96).contains(part.utf8.count) && part.utf8.first != UInt8(ascii: ".")
                    && part.utf8.allSatisfy {
                        ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39
                            || "._-".utf8.contains($0)
                    }
            })
        else { return nil }
        owner = String(parts[0])
        name = String(parts[1])
    }

    /// Reads the address of a model on Hugging Face.
    init?(url: String) {
        guard
            let rest = ["https://huggingface.co/", "https://hf.co/"].first(where: { url.hasPrefix($0) })
                .map({ url.dropFirst($0.count) })
        else { return nil }
        self.init(String(rest.hasSuffix("/") ? rest.dropLast() : rest))
    }

    /// The package URL of the type `huggingface`, whose version is a revision.
    func packageURL(revision: String?) -> String {
        let version = revision.flatMap {
            $0.utf8.allSatisfy { isxdigit($0) } && !$0.isEmpty ? "@" + $0.lowercased() : nil
        }
        return "pkg:huggingface/\(owner)/\(name)\(version ?? "")"
    }

    private func isxdigit(_ byte: UInt8) -> Bool { Hexadecimal.isDigit(byte) }
}
