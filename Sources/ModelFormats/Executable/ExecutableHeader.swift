package import ByteParsing

/// What runs when the bytes at hand are started as a program.
package enum ExecutableHeader: String, Sendable, CaseIterable {
    case elf = "ELF"
    case portableExecutable = "PE"
    case machO = "Mach-O"
    case script = "script"
    /// Commands of Windows's own shell, which begin by turning off their echo.
    case batch = "batch file"
    case webAssembly = "WebAssembly"
    /// A compiled Python module (`.pyc`): code that nobody can review.
    case pythonBytecode = "Python bytecode"
    /// A compiled class of Java, or classes of Android.
    case javaClass = "Java class"
    case dalvik = "Dalvik"
    /// A compiled chunk of Lua or LuaJIT.
    case luaBytecode = "Lua bytecode"
    /// A shortcut of Windows (MS-SHLLINK) or of a desktop: it names a command that opening it runs.
    case shortcut
    /// "Actually portable executable": DOS stub and shell script in one, as llamafile has it.
    case actuallyPortable = "APE"

    /// The name of the format in reports.
    package var formatName: String {
        switch self {
        case .elf: "elf"
        case .portableExecutable: "pe"
        case .machO: "mach-o"
        case .script: "script"
        case .batch: "batch"
        case .webAssembly: "wasm"
        case .pythonBytecode: "pyc"
        case .javaClass: "java-class"
        case .dalvik: "dex"
        case .luaBytecode: "lua-bytecode"
        case .shortcut: "shortcut"
        case .actuallyPortable: "ape"
        }
    }

    /// Whether it is code for a processor.
    package var isNative: Bool {
        switch self {
        case .elf, .portableExecutable, .machO: true
        default: false
        }
    }

    /// Recognises a program by its first bytes.
    ///
    /// A magic number alone is not enough, since weights can hold any four bytes: the ELF class and byte order, the PE
    /// signature behind the DOS stub, the Mach-O CPU and load commands, and the interpreter's path are checked too.
    package init?(_ region: ByteRegion, at offset: Int = 0) {
        let bytes = region.suffix(from: offset)
        if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), let kind = bytes[4], let order = bytes[5],
            (1...2).contains(kind), (1...2).contains(order), bytes[6] == 1
        {
            self = .elf
        } else if bytes.starts(with: "MZqFpD='") || bytes.starts(with: "jartsr='") {
            self = .actuallyPortable
        } else if bytes.starts(with: [0x4D, 0x5A]), let header = bytes.little(UInt32.self, at: 0x3C),
            bytes.starts(with: [0x50, 0x45, 0, 0], at: Int(header))
        {
            self = .portableExecutable
        } else if let magic = bytes.little(UInt32.self, at: 0), Self.isMachO(magic),
            let commands = bytes.little(UInt32.self, at: 16), commands < 10_000 || commands.byteSwapped < 10_000
        {
            self = .machO
        } else if Self.isUniversal(bytes) {
            self = .machO
        } else if bytes.big(UInt32.self, at: 0) == 0xCAFE_BABE, let major = bytes.big(UInt16.self, at: 6),
            (45...90).contains(major), let constants = bytes.big(UInt16.self, at: 8), constants > 1
        {
            self = .javaClass
        } else if bytes.starts(with: "dex\n0"), bytes[7] == 0 {
            self = .dalvik
        } else if Self.isLua(bytes) {
            self = .luaBytecode
        } else if bytes.starts(with: [0x00, 0x61, 0x73, 0x6D, 0x01, 0, 0, 0]) {
            self = .webAssembly
        } else if bytes.starts(with: [0x4C, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]) {
            self = .shortcut
        } else if bytes.starts(with: "[Desktop Entry]"), bytes.prefix(8_192).firstOffset(of: "\nExec=") != nil {
            self = .shortcut
        } else if Self.isBytecode(bytes) {
            self = .pythonBytecode
        } else if bytes.starts(with: "#!"), let line = Self.interpreterLine(bytes),
            line.bytes.firstOffset(of: UInt8(ascii: "/")) != nil
        {
            self = .script
        } else if Self.isBatch(bytes) {
            self = .batch
        } else {
            return nil
        }
    }

    /// The line that names a script's interpreter: up to its end, or to the file's (Linux's `binfmt_script` looks at 256 bytes).
    private static func interpreterLine(_ bytes: ByteRegion) -> ByteRegion? {
        let start = bytes.prefix(256)
        if let end = start.bytes.firstOffset(of: 0x0A) { return start.prefix(end) }
        return start.count == bytes.count ? start : nil
    }

    /// A text that begins as batch files do.
    private static func isBatch(_ bytes: ByteRegion) -> Bool {
        guard bytes[0] == UInt8(ascii: "@") else { return false }
        let words = bytes.prefix(32).text().lowercased().split { $0 == " " || $0 == "\t" || $0.isNewline }
        return words.count >= 2 && words[0] == "@echo" && words[1] == "off"
    }

    /// A compiled module of Python 3 (importlib's `_bootstrap_external`): a magic number that ends in CR LF, flags (PEP
    /// 552), time and size or a hash, and a marshalled code object.
    private static func isBytecode(_ bytes: ByteRegion) -> Bool {
        guard bytes[2] == 0x0D, bytes[3] == 0x0A, let magic = bytes.little(UInt16.self, at: 0),
            (3000...4000).contains(magic)
        else { return false }
        // Python 3.7 put flags between the magic number and the time; before, the code stood four bytes earlier.
        for start in [16, 12] where bytes[start] == 0xE3 || bytes[start] == 0x63 { return true }
        return false
    }

    /// A chunk of Lua 5, or of LuaJIT: the escape letter, a mark, and a version.
    private static func isLua(_ bytes: ByteRegion) -> Bool {
        guard bytes.starts(with: [0x1B, 0x4C]), let third = bytes[2], let fourth = bytes[3] else { return false }
        if third == UInt8(ascii: "J") { return (1...2).contains(fourth) }
        guard third == UInt8(ascii: "u"), fourth == UInt8(ascii: "a"), let version = bytes[4] else { return false }
        return (0x50...0x55).contains(version)
    }

    /// A fat Mach-O: big-endian magic, few architectures, and a CPU type that exists. Java classes share the magic but
    /// have a version of at least 45 where the count of architectures stands.
    private static func isUniversal(_ bytes: ByteRegion) -> Bool {
        guard let magic = bytes.big(UInt32.self, at: 0), magic == 0xCAFE_BABE || magic == 0xCAFE_BABF,
            let count = bytes.big(UInt32.self, at: 4), (1...20).contains(count),
            let processor = bytes.big(UInt32.self, at: 8)
        else { return false }
        return [7, 12, 18].contains(processor & 0x00FF_FFFF)
    }

    /// 32- and 64-bit, either byte order, as read little-endian.
    private static func isMachO(_ magic: UInt32) -> Bool {
        switch magic {
        case 0xFEED_FACE, 0xFEED_FACF, 0xCEFA_EDFE, 0xCFFA_EDFE: true
        default: false
        }
    }
}
