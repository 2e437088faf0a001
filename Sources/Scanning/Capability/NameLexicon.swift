/// What the words of an unlisted name suggest that it does.
///
/// A hint for grading what nobody has looked at: it never makes anything harmless. Words that mostly name something
/// far more innocent (`call`, `process`, `path`, `file`, `copy`, `build`) are left out on purpose.
enum NameLexicon {
    /// The worst capability that the words of `name` suggest, or nil when none does.
    static func suspicion(of name: ArraySlice<UInt8>) -> Capability? {
        var worst: Capability?
        let words = words(of: name)
        for (index, word) in words.enumerated() {
            guard let hint = hints[word] else { continue }
            // `_unpickle_block` rebuilds one kind of thing: libraries call their `__reduce__` functions so.
            if word == "unpickle", words.count > 1, index == 0 || index == words.count - 1 && name.first == 0x5F {
                continue
            }
            // `from_pretrained` loads; `PretrainedConfig` is a class like any other.
            if word == "pretrained", index == 0 || words[index - 1] != "from" { continue }
            if worst.map({ hint.rawValue < $0.rawValue }) ?? true { worst = hint }
        }
        return worst
    }

    /// Words of a name in lower case: `get_classFromURL` is `get`, `class`, `from`, `url`.
    static func words(of name: ArraySlice<UInt8>) -> [String] {
        let bytes = Array(name.prefix(256))
        var words: [String] = []
        var word: [UInt8] = []
        var previous: UInt8 = 0
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            let startsWord = isUpper(byte) && (isLower(previous) || (isUpper(previous) && isLower(next)))
            if startsWord || !(isUpper(byte) || isLower(byte)) {
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
            if isUpper(byte) || isLower(byte) { word.append(byte | 0x20) }
            previous = byte
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }

    private static let hints: [String: Capability] = {
        let lists: [(Capability, String)] = [
            (
                .codeExecution,
                """
                run runs runner exec execute executes executor eval system spawn popen shell bash cmd command commands \
                subprocess invoke launch launcher interact execfile runcode runsource runstring runctx runpy execv \
                fork getoutput getstatusoutput install installer sympify cmdline powershell rce backdoor exploit
                """
            ),
            (.nativeCode, "ctypes dlopen cdll dll ffi syscall"),
            (.importByString, "import importer imports locate resolve subimport reload"),
            (
                .indirectLoad,
                "load loads loader unpickle unpickler deserialize unserialize pickle unmarshal undump dill joblib pretrained"
            ),
            (.codeObject, "compile compiler bytecode marshal lambdify"),
            (
                .file,
                "open read write save savez savefig savetxt dump tofile rmtree unlink mkdir chmod rename mmap memmap fopen"
            ),
            (
                .network,
                """
                download downloader fetch request requests urlopen urlretrieve http https upload socket connect ftp \
                smtp url webhook
                """
            ),
            (.attributeAccess, "getattr setattr delattr attrgetter methodcaller"),
            (.processState, "environ kill signal"),
        ]
        var hints: [String: Capability] = [:]
        for (capability, list) in lists {
            for word in list.split(separator: " ") { hints[String(word)] = capability }
        }
        return hints
    }()
}
