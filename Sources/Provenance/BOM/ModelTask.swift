/// Tasks as hubs name them (`pipeline_tag`): what goes in and comes out, and which architectures are for them.
enum ModelTask {
    /// Task, inputs, outputs.
    private static let all: [(name: String, inputs: [String], outputs: [String])] = [
        ("text-generation", ["text"], ["text"]), ("text2text-generation", ["text"], ["text"]),
        ("summarization", ["text"], ["text"]), ("translation", ["text"], ["text"]),
        ("text-classification", ["text"], ["label with score"]),
        ("zero-shot-classification", ["text"], ["label with score"]),
        ("token-classification", ["text"], ["labelled tokens"]), ("fill-mask", ["text"], ["text"]),
        ("question-answering", ["text"], ["text"]), ("table-question-answering", ["table", "text"], ["text"]),
        ("feature-extraction", ["text"], ["vector"]), ("sentence-similarity", ["text"], ["vector"]),
        ("text-ranking", ["text"], ["score"]), ("image-classification", ["image"], ["label with score"]),
        ("zero-shot-image-classification", ["image", "text"], ["label with score"]),
        ("object-detection", ["image"], ["labelled boxes"]), ("image-segmentation", ["image"], ["mask"]),
        ("depth-estimation", ["image"], ["image"]), ("image-to-image", ["image"], ["image"]),
        ("image-to-text", ["image"], ["text"]), ("image-text-to-text", ["image", "text"], ["text"]),
        ("visual-question-answering", ["image", "text"], ["text"]),
        ("document-question-answering", ["image", "text"], ["text"]),
        ("image-feature-extraction", ["image"], ["vector"]), ("text-to-image", ["text"], ["image"]),
        ("text-to-video", ["text"], ["video"]), ("video-classification", ["video"], ["label with score"]),
        ("automatic-speech-recognition", ["audio"], ["text"]), ("text-to-speech", ["text"], ["audio"]),
        ("text-to-audio", ["text"], ["audio"]), ("audio-classification", ["audio"], ["label with score"]),
        ("audio-to-audio", ["audio"], ["audio"]), ("tabular-classification", ["table"], ["label with score"]),
        ("tabular-regression", ["table"], ["number"]), ("time-series-forecasting", ["time series"], ["time series"]),
        ("any-to-any", [], []), ("unconditional-image-generation", [], ["image"]), ("reinforcement-learning", [], []),
    ]

    static func named(_ name: String) -> (inputs: [String], outputs: [String])? {
        all.first { $0.name == name }.map { ($0.inputs, $0.outputs) }
    }

    /// The ends of the names of classes of transformers, the more special first.
    private static let heads: [(ending: String, task: String)] = [
        ("ForCausalLM", "text-generation"), ("LMHeadModel", "text-generation"),
        ("ForSequenceClassification", "text-classification"), ("ForTokenClassification", "token-classification"),
        ("ForMaskedLM", "fill-mask"), ("ForQuestionAnswering", "question-answering"),
        ("ForImageClassification", "image-classification"), ("ForObjectDetection", "object-detection"),
        ("ForSemanticSegmentation", "image-segmentation"), ("ForDepthEstimation", "depth-estimation"),
        ("ForVideoClassification", "video-classification"), ("ForAudioClassification", "audio-classification"),
        ("ForSpeechSeq2Seq", "automatic-speech-recognition"), ("ForCTC", "automatic-speech-recognition"),
        ("ForImageTextToText", "image-text-to-text"), ("StableDiffusionPipeline", "text-to-image"),
        ("StableDiffusionXLPipeline", "text-to-image"), ("FluxPipeline", "text-to-image"),
    ]

    /// PEFT's names for what an adapter is for.
    static func of(adapter type: String) -> String? {
        [
            "CAUSAL_LM": "text-generation", "SEQ_CLS": "text-classification", "SEQ_2_SEQ_LM": "text2text-generation",
            "TOKEN_CLS": "token-classification", "QUESTION_ANS": "question-answering",
            "FEATURE_EXTRACTION": "feature-extraction",
        ][type]
    }

    /// What a class is for, as its name says; nil where it does not.
    static func of(architecture: String) -> String? { heads.first { architecture.hasSuffix($0.ending) }?.task }
}
