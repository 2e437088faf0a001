import AssayCore
import ByteParsing
import Scanning
import Testing

@Suite struct RAnalyserTests {
    static func int(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static let header: [UInt8] = Array("X\n".utf8) + int(2) + int(0x040301) + int(0x020300)
    static let null = int(254)
    static func characters(_ text: String) -> [UInt8] { int(0x40009) + int(text.utf8.count) + Array(text.utf8) }
    static func symbol(_ name: String) -> [UInt8] { int(1) + characters(name) }
    static func strings(_ value: String) -> [UInt8] { int(16) + int(1) + characters(value) }
    static func call(_ function: [UInt8], _ arguments: [[UInt8]] = []) -> [UInt8] {
        int(6) + function + arguments.flatMap { int(2) + $0 } + null
    }
    static func promise(value: Int = 252, _ code: [UInt8]) -> [UInt8] { int(0x405) + int(253) + int(value) + code }
    static func closure(_ body: [UInt8]) -> [UInt8] { int(0x403) + int(253) + null + body }
    static func environment(_ name: String, _ value: [UInt8]) -> [UInt8] {
        int(4) + int(0) + int(253) + int(0x402) + symbol(name) + value + null + null + null
    }
    static func list(_ items: [[UInt8]]) -> [UInt8] { int(19) + int(items.count) + items.flatMap { $0 } }

    static func severity(_ object: [UInt8], prefix: String = "") -> Severity {
        FileScanner(analysers: [RAnalyser()]).scan(
            ByteRegion(Array(prefix.utf8) + header + object), path: "model.rds"
        ).severity
    }

    @Test func promisesRunByThemselves() {
        let code = RAnalyserTests.call(RAnalyserTests.symbol("f"))
        #expect(RAnalyserTests.severity(RAnalyserTests.promise(code)) == .critical)
        #expect(RAnalyserTests.severity(RAnalyserTests.list([RAnalyserTests.promise(code)])) == .critical)
        let system = RAnalyserTests.call(RAnalyserTests.symbol("system"), [RAnalyserTests.strings("id")])
        let inside = RAnalyserTests.environment("x", RAnalyserTests.promise(system))
        #expect(RAnalyserTests.severity(inside) == .critical)
    }

    @Test func whatIsLeftOfFunctionsIsFine() {
        let code = RAnalyserTests.call(RAnalyserTests.symbol("nrow"), [RAnalyserTests.strings("x")])
        #expect(RAnalyserTests.severity(RAnalyserTests.environment("x", RAnalyserTests.promise(code))) < .medium)
        let formula = RAnalyserTests.call(RAnalyserTests.symbol("~"), [RAnalyserTests.symbol("system")])
        #expect(RAnalyserTests.severity(RAnalyserTests.list([formula])) < .medium)
        let dollar = RAnalyserTests.call(
            RAnalyserTests.symbol("$"), [RAnalyserTests.symbol("d"), RAnalyserTests.symbol("system")])
        #expect(RAnalyserTests.severity(RAnalyserTests.closure(dollar)) < .medium)
    }

    @Test func closuresThatStartProgramsAreHigh() {
        let direct = RAnalyserTests.call(RAnalyserTests.symbol("system"), [RAnalyserTests.strings("id")])
        #expect(RAnalyserTests.severity(RAnalyserTests.closure(direct)) == .high)
        let qualified = RAnalyserTests.call(
            RAnalyserTests.call(
                RAnalyserTests.symbol("::"), [RAnalyserTests.symbol("base"), RAnalyserTests.symbol("system2")]))
        #expect(RAnalyserTests.severity(RAnalyserTests.closure(qualified)) == .high)
        let byName = RAnalyserTests.call(RAnalyserTests.symbol("do.call"), [RAnalyserTests.strings("system")])
        #expect(RAnalyserTests.severity(RAnalyserTests.closure(byName)) == .high)
    }

    @Test func hooksOfAWorkspaceAreHigh() {
        let hook =
            RAnalyserTests.int(0x402) + RAnalyserTests.symbol(".First")
            + RAnalyserTests.closure(RAnalyserTests.call(RAnalyserTests.symbol("f"))) + RAnalyserTests.null
        #expect(RAnalyserTests.severity(hook, prefix: "RDX2\n") == .high)
    }
}
