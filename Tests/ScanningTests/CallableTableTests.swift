import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct CallableTableTests {
    private func lines(_ name: String) -> [[UInt8]] {
        let bytes = Resource.named(name)?.array() ?? []
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    @Test(arguments: ["python/curated.txt", "python/analysed.txt"])
    func theTableIsSortedAndWhole(_ name: String) throws {
        let lines = lines(name)
        #expect(!lines.isEmpty)
        var previous: [UInt8] = []
        for line in lines where line.first != UInt8(ascii: "#") {
            // Comparing by bytes, as the search does.
            #expect(previous.lexicographicallyPrecedes(line), "\(String(decoding: line, as: UTF8.self).prefix(60))")
            previous = line
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            try #require(fields.count == 3)
            #expect(!fields[0].isEmpty && !fields[2].isEmpty)
            let code = fields[1]
            let isAlias = code.elementsEqual([UInt8(ascii: "@")]) || code.elementsEqual([UInt8(ascii: "<")])
            #expect(
                isAlias || (1...2).contains(code.count) && code.allSatisfy { CallableTable.capability(of: $0) != nil })
            for item in fields[2].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
                #expect(!item.isEmpty)
                #expect(item.contains(UInt8(ascii: "=")) == isAlias, "\(String(decoding: item, as: UTF8.self))")
            }
        }
    }

    @Test func findsEveryModuleFromTheFirstToTheLast() {
        let table = CallableTable(
            ByteRegion(Array("# comment\na\tp\tx\na\tx\ty>os.system z\na.b\tfp\tC\nab\t@\tq=os r=sys\nb\tu\t*\n".utf8)))
        func entry(_ module: String, _ name: String) -> CallableTable.Entry? {
            table.module(Array(module.utf8)[...])?.entry(Array(name.utf8)[...])
        }
        #expect(entry("a", "x")?.called == .pure)
        #expect(entry("a", "y") == .init(called: .codeExecution, state: nil, witness: "os.system"))
        #expect(entry("a", "z")?.called == .codeExecution)
        #expect(entry("a", "yy") == nil)
        #expect(entry("a.b", "C") == .init(called: .file, state: .pure, witness: nil))
        #expect(entry("b", "*")?.called == .unknownCall)
        #expect(table.module(Array("ab".utf8)[...])?.target(Array("r".utf8)[...]) == Array("sys".utf8))
        #expect(entry("ab", "q") == nil)
        for missing in ["", "0", "aa", "a.", "c", "#"] { #expect(table.module(Array(missing.utf8)[...]) == nil) }
    }

    /// Names with separators in them once ran on into the next line and never ended.
    @Test(arguments: ["system\n", "y\na.b", "y>os.system", "q=os", "x ", "\t", "z\na.b\tfp\tC"])
    func namesThatHoldSeparatorsAreOnNoList(_ name: String) {
        let table = CallableTable(
            ByteRegion(Array("a\tp\tx\na\tx\ty>os.system z\na.b\tfp\tC\nab\t@\tq=os r=sys\n".utf8)))
        #expect(table.module(Array("a".utf8)[...])?.entry(Array(name.utf8)[...]) == nil)
        #expect(table.module(Array("ab".utf8)[...])?.target(Array(name.utf8)[...]) == nil)
        #expect(table.module(Array("a\tx".utf8)[...]) == nil)
        #expect(CallableKnowledge.of(module: "os", name: "system\n").capability.calledSeverity < .critical)
    }

    @Test(arguments: [
        ("get_classFromURL", ["get", "class", "from", "url"]), ("HTTPServer", ["http", "server"]),
        ("_load2x", ["load", "x"]), ("", []),
    ])
    func splitsNamesIntoWords(_ name: String, _ expected: [String]) {
        #expect(NameLexicon.words(of: Array(name.utf8)[...]) == expected)
    }

    @Test(arguments: [
        ("tempfile", "_shutil.os.system"), ("zipfile", "threading._os.system"), ("email.utils", "socket.os.system"),
        ("inspect", "importlib.os.system"),
    ])
    func theLastModuleInsideAPathIsTheOneThatIsCalled(_ module: String, _ name: String) {
        #expect(CallableKnowledge.of(module: module, name: name).capability == .codeExecution)
    }

    /// A module that does nothing has imported others.
    @Test(arguments: [
        ("urllib.parse", "sys.modules.get"), ("urllib.parse", "warnings.sys.modules.get"),
        ("urllib.parse", "sys.setprofile"),
        ("pandas.core.generic", "gc.get_objects"), ("pandas.core.frame", "np.core.fromnumeric._wrapfunc"),
        ("numpy._core.numeric", "something.else.again"), ("scipy.special", "thing.attribute"),
    ])
    func nothingIsHarmlessByTheModuleThatItIsReachedThrough(_ module: String, _ name: String) {
        #expect(PickleMeaning(module: module, name: name).knowledge.capability != .pure)
    }

    @Test(arguments: [
        ("datetime", "timezone.utc"), ("urllib.parse", "ParseResult"), ("numpy.random", "Generator"),
        ("numpy", "core.multiarray._reconstruct"), ("scipy.special", "expit"), ("dateutil.tz.tz", "tzutc"),
        ("urllib", "parse.quote"), ("pandas.core.frame", "DataFrame"), ("numpy.core.fromnumeric", "sum"),
    ])
    func whatIsListedOrDefinedInAHarmlessModuleIsHarmless(_ module: String, _ name: String) {
        #expect(CallableKnowledge.of(module: module, name: name).capability == .pure)
    }

    /// Functions that take the name of a method are as good as `operator.methodcaller`.
    @Test(arguments: [
        ("numpy.core.fromnumeric", "_wrapfunc"), ("numpy._core.fromnumeric", "_wrapit"),
        ("pandas.core.frame", "DataFrame.agg"), ("pandas", "Series.apply"),
        ("pandas.core.groupby.generic", "SeriesGroupBy.agg"),
        ("torch.nn.modules.module", "Module.get_submodule"),
    ])
    func functionsThatTakeTheNameOfAMethodGiveOutAttributes(_ module: String, _ name: String) {
        #expect(CallableKnowledge.of(module: module, name: name).capability == .attributeAccess)
    }
}
