import AssayCore
import ByteParsing
import Scanning
import Testing

private func node(_ type: String, _ attributes: [Wire] = []) -> Wire {
    Wire().text(1, "n").text(2, type).messages(5, attributes)
}

private func attribute(_ key: String, _ value: Wire) -> Wire { Wire().text(1, key).message(2, value) }

private func graph(_ nodes: [Wire]) -> Wire { Wire().messages(1, [node("Placeholder")] + nodes) }

private func metaGraph(_ graph: Wire) -> Wire {
    Wire().message(1, Wire().text(4, "serve").text(5, "2.15.0")).message(2, graph)
}

private func scan(_ bytes: [UInt8], _ name: String = "model") -> FileReport {
    FileScanner().scan(ByteRegion(bytes), path: name)
}

@Suite struct TensorFlowAnalyserTests {
    @Test func eachKindOfFileIsRecognised() {
        let evil = graph([node("PyFunc")])
        for (bytes, format) in [
            (evil.bytes, "tf-graphdef"), (metaGraph(evil).bytes, "tf-metagraph"),
            (Wire().number(1, 1).message(2, metaGraph(evil)).bytes, "tf-savedmodel"),
        ] {
            let report = scan(bytes)
            #expect(report.format == format)
            #expect(report.findings.map(\.rule) == ["GRAPH-CODE-EXECUTION"])
            #expect(report.severity == .critical)
        }
    }

    @Test(arguments: [
        "MatMul", "SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename",
        "Print", "StringJoin", "VarHandleOp", "HashTableV2", "_FusedConv2D", "XlaCallModule", "StatefulPartitionedCall",
    ])
    func ordinaryOperatorsAreClean(type: String) { #expect(scan(graph([node(type)]).bytes).outcome == .clean) }

    @Test(arguments: [
        ("EagerPyFunc", Severity.critical), ("WriteFile", .critical), ("ReadFile", .high), ("MatchingFiles", .high),
        ("SqlDataset", .high), ("RemoteCall", .high), ("RpcCall", .high), ("DataServiceDatasetV4", .high),
        ("DatasetToTFRecord", .high), ("TFRecordDatasetV2", .medium), ("SaveSlices", .medium), ("LoadDataset", .medium),
        ("CreateSummaryFileWriter", .medium), ("ShellExec", .medium), ("SentencepieceTokenizeOp", .low),
        ("DebugIdentityV2", .medium), ("XlaCustomCallV2", .medium), ("WorkerHeartbeat", .medium), ("_Send", .low),
    ])
    func operatorsAreJudgedByWhatTheyDo(type: String, severity: Severity) {
        #expect(scan(graph([node(type)]).bytes).severity == severity)
    }

    @Test(arguments: [("/tmp/x", true), ("../x", true), ("s3://bucket/x", true), ("model", false), ("a b", false)])
    func fixedTargetsOfSaversAreJudged(path: String, isJudged: Bool) {
        let tensor = Wire().number(1, 7).message(2, Wire()).text(8, path)
        let constant = Wire().text(1, "path").text(2, "Const").message(5, attribute("value", Wire().message(8, tensor)))
        let save = { (input: String) in Wire().text(1, "s").text(2, "SaveV2").text(3, input).text(3, "names") }
        for input in ["path", "path:output:0"] {
            let report = scan(graph([constant, save(input)]).bytes)
            #expect(report.findings.map(\.rule) == (isJudged ? ["GRAPH-FILE-WRITE"] : []))
        }
        #expect(scan(graph([constant, save("other")]).bytes).outcome == .clean)
    }

    /// Bytes that are no message do not undo what was said before them.
    @Test func findingsStandBesideAFault() {
        let saved = Wire().number(1, 1).message(2, metaGraph(graph([node("WriteFile")]))).bytes
        let report = scan(saved + [0, 0, 0])
        #expect(report.severity == .critical)
        #expect(report.findings.contains { $0.rule == "SCAN-MALFORMED" })
    }

    @Test func functionsAreFollowed() {
        let function = Wire().message(1, Wire().text(1, "local")).messages(3, [node("WriteFile")])
        let library = Wire().message(1, function)
        let report = scan(graph([node("local")]).message(2, library).bytes)
        #expect(report.findings.map(\.rule) == ["GRAPH-FILE-WRITE"])
        let clean = Wire().message(1, Wire().text(1, "local")).messages(3, [node("Add")])
        #expect(scan(graph([node("local")]).message(2, Wire().message(1, clean)).bytes).outcome == .clean)
    }

    /// The name of a table's file comes to it through calls of functions.
    @Test(arguments: [
        ("PartitionedCall", ["x", "p"], 1, true), ("StatefulPartitionedCall", ["p:0", "x"], 0, true),
        ("While", ["x", "i"], 1, true), ("If", ["c", "p"], 0, true), ("PartitionedCall", ["x", "p"], 0, false),
        ("PartitionedCall", ["x", "asset"], 1, false), ("PartitionedCall", ["p"], 1, false),
    ])
    func namesOfFilesAreFollowedIntoFunctions(_ type: String, _ inputs: [String], _ argument: Int, isFound: Bool) {
        let constant = { (name: String, text: String) in
            let tensor = Wire().number(1, 7).message(2, Wire()).text(8, text)
            return Wire().text(1, name).text(2, "Const").message(
                5, attribute("value", Wire().message(8, tensor)))
        }
        let identity = Wire().text(1, "i").text(2, "Identity").text(3, "p")
        func call(_ type: String, _ function: String, _ inputs: [String]) -> Wire {
            let node = inputs.reduce(Wire().text(1, "call").text(2, type)) { $0.text(3, $1) }
            return node.message(5, attribute("f", Wire().message(10, Wire().text(1, function))))
        }
        func function(_ name: String, _ nodes: [Wire]) -> Wire {
            let signature = Wire().text(1, name).message(2, Wire().text(1, "a")).message(2, Wire().text(1, "b"))
            return Wire().message(1, signature).messages(3, nodes)
        }
        let table = Wire().text(1, "t").text(2, "InitializeTableFromTextFileV2").text(3, "table")
            .text(3, argument == 0 ? "a" : "b")
        let inner = function("inner", [table])
        let outer = function("outer", [call("PartitionedCall", "inner", ["a", "b"])])
        let nodes = [constant("p", "/etc/passwd"), constant("asset", "/x"), identity, call(type, "outer", inputs)]
        let asset = Wire().message(1, Wire().text(1, "asset:0")).text(2, "vocabulary.txt")
        let whole = graph(nodes).message(2, Wire().messages(1, [inner, outer]))
        let report = scan(metaGraph(whole).message(6, asset).bytes)
        #expect(report.findings.contains { $0.rule == "GRAPH-FILE-READ" && $0.severity == .medium } == isFound)
    }

    @Test(arguments: [
        ("PrintV2", "output_stream", "file:///tmp/x", Severity.high), ("PrintV2", "output_stream", "stderr", .none),
        ("FixedUnigramCandidateSampler", "vocab_file", "/etc/passwd", .medium),
        ("DecodeProtoV2", "descriptor_source", "/x", .medium),
        ("DecodeProtoV2", "descriptor_source", "local://", .none),
        ("DebugIdentityV2", "debug_urls", "grpc://h:1", .high),
    ])
    func attributesThatOpenFilesAreJudged(type: String, key: String, value: String, severity: Severity) {
        let report = scan(graph([node(type, [attribute(key, Wire().text(2, value))])]).bytes)
        #expect(report.severity == severity)
    }

    @Test func noiseAroundTheGraphIsNoWayOut() {
        let evil = graph([node("PyFunc")])
        let noise = Wire().number(1, 1).message(1, Wire()).number(77, 1)
        let twice = Wire().text(1, "n").text(2, "\u{1}\u{2}\u{3} a longer text").text(2, "PyFunc")
        for bytes in [noise.bytes + evil.bytes, evil.bytes + noise.bytes, Wire().message(1, twice).bytes] {
            #expect(scan(bytes).severity == .critical)
        }
    }

    @Test func functionsNamedAsValuesAreJudged() {
        let named = attribute("f", Wire().message(10, Wire().text(1, "PyFunc")))
        #expect(scan(graph([node("MapDataset", [named])]).bytes).severity == .critical)
    }

    @Test(arguments: [
        ("node { name: \"a\" op: \"PyFunc\" }", Severity.critical), ("node{op:'Write' \"File\"}", .critical),
        ("node { op : # \"x\"\n \"ReadFile\" }", .high), ("node { op: \"MatMul\" }", .none),
        ("node { op: \"f\" } library { function { signature { name: \"f\" } } }", .none),
        ("layer { type: \"Python\" python_param { module: \"os\" layer: \"system\" } }", .high),
    ])
    func textGraphsAreJudged(text: String, severity: Severity) {
        #expect(scan(Array(text.utf8), "graph.pbtxt").severity == severity)
        #expect(scan(Array(text.utf8), "graph").severity == severity)
    }

    @Test func assetsMustStayInside() {
        let asset = Wire().text(2, "../../.bashrc")
        let report = scan(metaGraph(graph([])).message(6, asset).bytes)
        #expect(report.findings.map(\.rule) == ["GRAPH-PATH"])
    }

    @Test func aNameIsNotEnough() {
        #expect(scan([1, 2, 3], "saved_model.pb").outcome == .flagged)
        #expect(scan(Wire().number(1, 5).number(2, 7).bytes, "fingerprint.pb").outcome == .clean)
    }

    @Test func everyTruncationEnds() {
        let whole = Wire().number(1, 1).message(2, metaGraph(graph([node("ReadFile")]))).bytes
        for length in 0..<whole.count { #expect(scan(Array(whole.prefix(length)), "saved_model.pb").outcome != .clean) }
    }

    /// Text that only looks like a graph: what it gives to `op` is a sentence.
    @Test func sentencesAreNoOperators() {
        let text = "node {\n  name: \"a\"\n  op: \"attn_mask cannot be provided when is_causal is set.\"\n}\n"
        #expect(scan(Array(text.utf8), "ops.txt").severity < .medium)
        #expect(scan(Array("node {\n  name: \"a\"\n  op: \"MyOwnOp\"\n}\n".utf8), "graph.pbtxt").severity == .medium)
    }
}
