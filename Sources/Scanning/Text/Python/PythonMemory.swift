internal import AssayCore

/// Memory that a source asks for or changes so that what is written into it can run.
enum PythonMemory {
    /// The position of the argument that says what may be done with the memory, and the bits of it that let it run.
    private static let functions: [String: (argument: Int, execution: Int)] = [
        "mmap": (2, 4), "mprotect": (2, 4), "pkey_mprotect": (2, 4), "VirtualAlloc": (3, 0xf0),
        "VirtualProtect": (2, 0xf0),
        "VirtualAllocEx": (4, 0xf0), "VirtualProtectEx": (3, 0xf0), "NtAllocateVirtualMemory": (5, 0xf0),
    ]
    private static let constants = ["mmap.PROT_READ": 1, "mmap.PROT_WRITE": 2, "mmap.PROT_EXEC": 4]

    /// The number of a value, or of the constant of a module that it names.
    static func number(of value: PythonValue) -> Int? { value.number ?? value.name.flatMap { constants[$0] } }

    /// Whether a call asks for memory that can run.
    static func isExecutable(_ event: PythonReader.Event) -> Bool {
        guard let path = event.callee.name ?? event.callee.made ?? event.callee.member,
            let last = path.split(separator: ".").last, let (position, execution) = functions[String(last)],
            !event.isHandedOn
        else { return false }
        // Python's own function counts a descriptor and a length first, and the flags before the protection.
        let argument = path == "mmap.mmap" ? 3 : position
        let named = event.keywords.first { $0.name == "prot" }?.value
        guard let value = named ?? (event.arguments.indices.contains(argument) ? event.arguments[argument] : nil),
            let protection = number(of: value)
        else { return false }
        return protection & execution != 0
    }
}
