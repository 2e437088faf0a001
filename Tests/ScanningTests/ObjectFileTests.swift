import AssayCore
import ByteParsing
import Scanning
import Testing

/// HDF5 files, Keras metadata in messages, tree models, Spark stages and misleading names.
@Suite struct ObjectFileTests {
    static func report(_ bytes: [UInt8], _ analysers: [any Analyser], name: String = "model") -> FileReport {
        FileScanner(analysers: analysers).scan(ByteRegion(bytes), path: name)
    }

    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A file of one root group or dataset with `messages`, after version 2 structures.
    static func hdf5(_ messages: [(type: UInt8, data: [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        for message in messages { body += [message.type] + little(message.data.count, 2) + [0] + message.data }
        var file: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
        file += little(0, 8) + [UInt8](repeating: 255, count: 8)
        file += little(48 + 10 + body.count + 4, 8) + little(48, 8) + [0, 0, 0, 0]
        file += Array("OHDR".utf8) + [2, 2] + little(body.count, 4) + body + [0, 0, 0, 0]
        return file
    }

    static let floats: [UInt8] = [0x11, 0x20, 0x1F, 0] + little(4, 4) + [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
    static let bytes: [UInt8] = [0x10, 0, 0, 0] + little(1, 4) + [0, 0, 8, 0]

    static func space(_ sides: [Int]) -> [UInt8] {
        var data: [UInt8] = [2, UInt8(sides.count), 0, 1]
        for side in sides { data += little(side, 8) }
        return data
    }

    @Test func linksThatLeaveTheFileAreHigh() {
        let value: [UInt8] = [0] + Array("/etc/passwd\0/x\0".utf8)
        let link: [UInt8] = [1, 8, 64, 1, 0x61] + ObjectFileTests.little(value.count, 2) + value
        let report = ObjectFileTests.report(ObjectFileTests.hdf5([(6, link)]), [HDF5Analyser()])
        #expect(report.findings.map(\.rule) == ["HDF5-EXTERNAL-LINK"])
        #expect(report.severity == .high)
        #expect(report.format == "hdf5")
    }

    @Test func softLinksAreFine() {
        let link: [UInt8] = [1, 8, 1, 1, 0x61] + ObjectFileTests.little(2, 2) + Array("/b".utf8)
        #expect(ObjectFileTests.report(ObjectFileTests.hdf5([(6, link)]), [HDF5Analyser()]).severity == .none)
    }

    @Test func externalStorageIsHigh() {
        // The heap of names lies nowhere: that the values are outside stays a fact.
        let list: [UInt8] =
            [1, 0, 0, 0, 1, 0, 1, 0] + [UInt8](repeating: 255, count: 8) + [UInt8](repeating: 0, count: 24)
        let report = ObjectFileTests.report(
            ObjectFileTests.hdf5([
                (1, ObjectFileTests.space([4])), (3, ObjectFileTests.bytes), (7, list),
                (8, [3, 1] + [UInt8](repeating: 255, count: 8) + ObjectFileTests.little(4, 8)),
            ]), [HDF5Analyser()])
        #expect(report.findings.contains { $0.rule == "HDF5-EXTERNAL-STORAGE" })
        #expect(report.severity == .high)
    }

    @Test(arguments: [
        ([1 << 20, 1 << 20], Severity.medium), ([Int.max, Int.max], .medium), ([1 << 20], .none), ([3, 4], .none),
    ])
    func declaredSizes(sides: [Int], expected: Severity) {
        let report = ObjectFileTests.report(
            ObjectFileTests.hdf5([
                (1, ObjectFileTests.space(sides)), (3, ObjectFileTests.floats),
                (8, [3, 1] + [UInt8](repeating: 255, count: 8) + ObjectFileTests.little(4, 8)),
            ]), [HDF5Analyser()])
        #expect(report.severity == expected)
    }

    @Test func anythingInAnAttributeIsShownToTheOthers() {
        let json = Array(#"{"class_name": "Lambda", "config": {}}"#.utf8)
        let type: [UInt8] = [0x13, 0, 0, 0] + ObjectFileTests.little(json.count, 4)
        var attribute: [UInt8] = [3, 0, 2, 0] + ObjectFileTests.little(type.count, 2) + [4, 0, 0, 0x61, 0]
        attribute += type + [2, 0, 0, 0] + json
        let report = ObjectFileTests.report(
            ObjectFileTests.hdf5([(0x0C, attribute)]), [HDF5Analyser(), KerasAnalyser()])
        #expect(report.severity == .critical)
        #expect(report.findings.first?.location.members == ["attribute a of /"])
    }

    @Test func serialisedObjectsInNumbersAreShownToTheOthers() {
        let object: [UInt8] = [0x80, 2] + Array("cos\nsystem\n.".utf8) + [0, 0]
        let report = ObjectFileTests.report(
            ObjectFileTests.hdf5([
                (1, ObjectFileTests.space([4])), (3, ObjectFileTests.floats), (8, [3, 0, 16, 0] + object),
            ]), [HDF5Analyser(), Marker()])
        #expect(report.findings.map(\.message) == ["seen"])
    }

    /// Reports every nested piece that starts like a pickle.
    private struct Marker: Analyser {
        let format: FormatID = "marker"
        func recognise(_ item: ScanItem) -> Recognition { item.region[0] == 0x80 ? .possible : .no }
        func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
            scan.report("SCAN-MALFORMED", "seen", at: item.location)
        }
    }

    @Test func configurationsInMessagesAreJudged() {
        let json =
            #"{"name": "m", "class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}}"#
        let message: [UInt8] =
            [0x0A, 0x80, 1, 0x12, 4] + Array("root".utf8) + [0x2A, 0x70] + Array(json.utf8) + [0, 1]
        let report = ObjectFileTests.report(message, [KerasMetadataAnalyser()], name: "keras_metadata.pb")
        #expect(report.severity == .critical)
        let plain = Array(#"{"class_name": "Dense", "config": {"name": "Lambda"}}"#.utf8)
        #expect(ObjectFileTests.report([0x0A, 0x80] + plain, [KerasMetadataAnalyser()]).severity == .none)
    }

    @Test func treeModelsAreNamed() {
        let cases: [(String, String)] = [
            (
                #"{"learner": {"attributes": {}, "gradient_booster": {"model": {"trees": []}}}, "version": [3, 0, 0]}"#,
                "xgboost-json"
            ),
            ("tree\nversion=v4\nnum_class=1\n\nend of trees\n", "lightgbm"), ("CBM1\0\0\0\0", "catboost"),
            ("{L\0\0\0\0\0\0\0\u{7}learner{}L\0\0\0\0\0\0\0\u{1}vi\u{1}}", "xgboost-ubjson"),
        ]
        for (text, format) in cases {
            let report = ObjectFileTests.report(Array(text.utf8), [TreeModelAnalyser()])
            #expect(report.format == format)
            #expect(report.findings.isEmpty, "\(format)")
        }
    }

    /// XGBoost walks a tree by the indices that the file gives: only those of a tree are taken.
    @Test(arguments: [
        ("1,-1,-1", "2,-1,-1", "0,0,0", true), ("1,-1,-1", "3,-1,-1", "0,0,0", false),
        ("1,-1,-1", "-2,-1,-1", "0,0,0", false), ("1,0,-1", "2,2,-1", "0,0,0", false),
        ("0,-1,-1", "2,-1,-1", "0,0,0", false), ("1,-1", "2,-1", "0,0", false), ("1,-1,-1", "2,-1,-1", "9,0,0", false),
        ("1,-1,-1", "2,-1,-1", "0,2147483647,0", true), ("1,\"x\",-1", "2,-1,-1", "0,0,0", false),
    ])
    func xgboostTreesHoldTogether(_ left: String, _ right: String, _ features: String, _ isSound: Bool) {
        let text =
            #"{"learner": {"gradient_booster": {"model": {"trees": [{"left_children": [\#(left)], "#
            + #""right_children": [\#(right)], "split_indices": [\#(features)], "#
            + #""tree_param": {"num_feature": "4", "num_nodes": "3"}}]}}}, "version": [3, 0, 0]}"#
        let report = ObjectFileTests.report(Array(text.utf8), [TreeModelAnalyser()])
        #expect((report.outcome == .clean) == isSound, "\(left) \(right) \(features)")
    }

    @Test func foreignSparkStagesAreMedium() {
        func stage(_ name: String) -> Severity {
            let text = #"{"class": "\#(name)", "timestamp": 1, "sparkVersion": "3.5.0", "uid": "a", "paramMap": {}}"#
            return ObjectFileTests.report(Array(text.utf8), [SparkAnalyser()]).severity
        }
        #expect(stage("com.evil.Stage") == .medium)
        #expect(stage("org.apache.spark.ml.PipelineModel") == .none)
    }

    /// Document types of published vocabularies are everywhere; another one is fetched from whoever is named.
    @Test(arguments: [
        ("PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"", Severity.none),
        ("SYSTEM \"http://www.musicxml.org/dtds/partwise.dtd\"", .none),
        ("PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://203.0.113.7/PropertyList-1.0.dtd\"", .high),
        ("SYSTEM \"http://www.apple.com.example/DTDs/x.dtd\"", .high),
    ])
    func documentTypesAreJudgedByWhoPublishesThem(_ type: String, _ severity: Severity) {
        let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist \(type)>\n<plist version=\"1.0\"><dict/></plist>\n"
        #expect(FileScanner().scan(Array(text.utf8), path: "Info.plist").severity == severity, "\(type)")
    }
}
