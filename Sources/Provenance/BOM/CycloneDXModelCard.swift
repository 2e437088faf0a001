internal import ByteParsing

/// A model's card as CycloneDX has it: parameters, measured quality, and what to consider.
enum CycloneDXModelCard {
    static func write(_ model: ModelDescription, _ writer: inout JSONWriter) {
        writer.object("modelCard") { writer in
            writer.object("modelParameters") { writer in
                writer.member("task", model.task)
                writer.member("architectureFamily", model.architectureFamily)
                writer.member("modelArchitecture", model.architecture)
                if !model.datasets.isEmpty {
                    writer.array("datasets") { writer in
                        for dataset in CycloneDXWriter.unique(model.datasets) {
                            writer.object { $0.member("ref", "data:" + dataset) }
                        }
                    }
                }
                interfaces("inputs", model.inputs, &writer)
                interfaces("outputs", model.outputs, &writer)
            }
            if !model.metrics.isEmpty {
                writer.object("quantitativeAnalysis") { writer in
                    writer.objects("performanceMetrics", of: model.metrics) { writer, metric in
                        writer.member("type", metric.type)
                        writer.member("value", metric.value)
                        writer.member("slice", metric.slice.isEmpty ? nil : metric.slice)
                    }
                }
            }
            if !model.sections.isEmpty || !model.environment.isEmpty { considerations(model, &writer) }
        }
    }

    private static func interfaces(
        _ name: String, _ values: [ModelDescription.Interface], _ writer: inout JSONWriter
    ) {
        guard !values.isEmpty else { return }
        writer.array(name) { writer in
            for value in values {
                writer.object {
                    $0.member("format", value.name.isEmpty ? value.format : value.format + " " + value.name)
                }
            }
        }
    }

    private static func considerations(_ model: ModelDescription, _ writer: inout JSONWriter) {
        let sections = model.sections
        writer.object("considerations") { writer in
            let uses = sections.uses + sections.misuses.map { "Out of scope: " + $0 }
            if !uses.isEmpty { writer.member("useCases", uses) }
            if !sections.limitations.isEmpty { writer.member("technicalLimitations", sections.limitations) }
            if !sections.ethics.isEmpty {
                writer.array("ethicalConsiderations") { writer in
                    for text in sections.ethics { writer.object { $0.member("name", text) } }
                }
            }
            // Consumptions of energy need figures that cards do not have.
            if !model.environment.isEmpty {
                writer.object("environmentalConsiderations") { writer in
                    writer.objects("properties", of: model.environment) { writer, fact in
                        writer.member("name", "assay:" + fact.name)
                        writer.member("value", fact.value)
                    }
                }
            }
        }
    }
}
