internal import AssayCore
internal import ByteParsing

/// Judges serialised objects of Ruby (`Marshal`), PHP (`serialize`) and Node (`node-serialize`) by the classes and functions
/// that reading them brings to life.
///
/// Names are looked for as the notations write them; the streams are not followed. Source: `marshal.c` of Ruby 3.3, PHP's
/// manual on `serialize`.
struct ScriptObjectAnalyser: Analyser {
    let format: FormatID = "script-objects"

    private enum Kind { case ruby, php, node }

    private static func kind(of item: ScanItem) -> Kind? {
        let region = item.region
        if region.starts(with: [4, 8]), let type = region[2], "[{oIcemUuS\"".utf8.contains(type), region.count > 8 {
            return .ruby
        }
        guard item.facts.isText, let start = item.facts.firstInk else { return nil }
        if isPHP(region.suffix(from: start)) { return .php }
        return region[start] == UInt8(ascii: "{") && region.prefix(1 << 20).firstOffset(of: "_$$ND_FUNC$$_") != nil
            ? .node : nil
    }

    /// `O:8:"Class":1:{`, or an array of at least one element: `a:1:{`.
    private static func isPHP(_ region: ByteRegion) -> Bool {
        guard let letter = region[0], letter == UInt8(ascii: "O") || letter == UInt8(ascii: "a"),
            region[1] == UInt8(ascii: ":")
        else { return false }
        var at = 2
        while let digit = region[at], (0x30...0x39).contains(digit) { at += 1 }
        guard at > 2, region[at] == UInt8(ascii: ":") else { return false }
        return region[at + 1] == (letter == UInt8(ascii: "O") ? UInt8(ascii: "\"") : UInt8(ascii: "{"))
    }

    func recognise(_ item: ScanItem) -> Recognition {
        switch Self.kind(of: item) {
        case .ruby: Self.rubyNames(item.region).isEmpty ? .no : .likely
        case .php, .node: .likely
        case nil: .no
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 64, reading: "serialised objects")
        switch Self.kind(of: item) {
        case .ruby:
            report(
                Self.rubyNames(item.region), "Ruby", chains: Self.rubyChains, known: ["Rumale", "Numo", "Torch"], item,
                in: scan)
        case .php:
            report(
                Self.phpNames(item.region), "PHP", chains: Self.phpChains, known: ["Phpml", "Rubix", "stdClass"], item,
                in: scan)
        case .node:
            scan.report(
                "OBJECT-STREAM", "reading the objects with node-serialize calls the function that they hold",
                at: item.location, severity: .critical)
        case nil: break
        }
    }

    private static let rubyChains = [
        "Gem::", "ERB", "ActiveSupport::", "ActionView::", "Rack::", "Net::", "UncaughtThrowError", "Sprockets::",
        "IRB::",
        "Kernel", "Process", "DRb::", "Psych::",
    ]
    private static let phpChains = [
        "Monolog\\", "GuzzleHttp\\", "Illuminate\\", "Symfony\\", "Laminas\\", "Zend_", "Doctrine\\", "PHPUnit\\",
        "Swift_",
        "phpseclib", "Composer\\", "League\\", "SoapClient", "SplFileObject", "Phar",
    ]

    private func report(
        _ names: [(text: String, offset: Int)], _ language: String, chains: [String], known: [String], _ item: ScanItem,
        in scan: Scan
    ) {
        var foreign: [String] = []
        for name in names {
            let shown = Printable.line(name.text, limit: 100)
            if chains.contains(where: { name.text.hasPrefix($0) }) {
                scan.report(
                    "OBJECT-STREAM", "reading the objects of \(language) uses \(shown), which attacks are made of",
                    at: item.location.at(name.offset, shown), severity: .critical)
            } else if !known.contains(where: { name.text.hasPrefix($0) }) {
                foreign.append(shown)
            }
        }
        ForeignClasses.report(foreign, of: "the objects of \(language)", in: item, to: scan)
    }

    private static let most = 100

    /// Names of classes and modules: a type's letter, and the name with its length before it (`o:` and a symbol, `c`, `m`).
    private static func rubyNames(_ region: ByteRegion) -> [(text: String, offset: Int)] {
        var found: [(text: String, offset: Int)] = []
        let bytes = region.prefix(1 << 20).bytes
        var at = 2
        while at < bytes.byteCount, found.count < most {
            guard let letter = bytes.byte(at: at) else { break }
            at += 1
            var length = at
            switch letter {
            case UInt8(ascii: "o"), UInt8(ascii: "U"), UInt8(ascii: "u"), UInt8(ascii: "e"), UInt8(ascii: "S"):
                guard bytes.byte(at: at) == UInt8(ascii: ":") else { continue }
                length = at + 1
            case UInt8(ascii: "c"), UInt8(ascii: "m"): break
            default: continue
            }
            // Lengths of 1 to 122 are written with 5 added.
            guard let size = bytes.byte(at: length), (6...127).contains(size) else { continue }
            let start = length + 1
            let end = start + Int(size) - 5
            guard end <= bytes.byteCount else { continue }
            let name = bytes.extracting(start..<end).array()
            guard let first = name.first, (0x41...0x5A).contains(first), name.count > 1,
                name.allSatisfy({ isName($0) || $0 == UInt8(ascii: ":") })
            else { continue }
            found.append((String(decoding: name, as: UTF8.self), start))
            at = end
        }
        return found
    }

    /// Names of classes: `O:8:"Class"` and `C:8:"Class"`.
    private static func phpNames(_ region: ByteRegion) -> [(text: String, offset: Int)] {
        var found: [(text: String, offset: Int)] = []
        let text = region.prefix(4 << 20)
        var at = 0
        while let colon = text.firstOffset(of: ":\"", from: at), found.count < most {
            at = colon + 2
            var start = colon
            while start > 0, let digit = text[start - 1], (0x30...0x39).contains(digit) { start -= 1 }
            guard start < colon, start >= 2, text[start - 1] == UInt8(ascii: ":"),
                text[start - 2] == UInt8(ascii: "O") || text[start - 2] == UInt8(ascii: "C"),
                let end = text.firstOffset(of: "\"", from: at), end - at <= 256, let name = text.slice(at, end - at)
            else { continue }
            found.append((name.text(), at))
            at = end
        }
        return found
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
}
