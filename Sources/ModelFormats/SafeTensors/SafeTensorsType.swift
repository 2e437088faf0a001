/// Element types of safetensors and their width.
package enum SafeTensorsType {
    /// Bits of one element, or nil for a name that the format does not know. Types narrower than a byte are packed.
    package static func bits(_ name: String) -> Int? {
        switch name {
        case "F4": 4
        case "F6_E2M3", "F6_E3M2": 6
        case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 8
        case "I16", "U16", "F16", "BF16": 16
        case "I32", "U32", "F32": 32
        case "C64", "F64", "I64", "U64": 64
        default: nil
        }
    }

    /// Whether the elements are plain bytes: the types under which somebody would store a file.
    package static func holdsBytes(_ name: String) -> Bool { ["U8", "I8", "BOOL"].contains(name) }
}
