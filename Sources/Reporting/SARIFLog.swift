internal import ByteParsing

/// The frame of a SARIF log with one run (SARIF 2.1.0, sections 3.13, 3.14, 3.18): what every report of that form shares.
enum SARIFLog {
    /// - Parameters:
    ///   - tool: the driver's name.
    ///   - rules: writes the elements of the driver's rules.
    ///   - run: writes the run's other members.
    static func write(
        tool: String = "Assay", version: String, rules: (inout JSONWriter) -> Void, run: (inout JSONWriter) -> Void
    ) -> JSONWriter {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member(
                "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
            writer.member("version", "2.1.0")
            writer.array("runs") { writer in
                writer.object { writer in
                    writer.object("tool") { writer in
                        writer.object("driver") { writer in
                            writer.member("name", tool)
                            writer.member("version", version)
                            writer.member("semanticVersion", version)
                            writer.array("rules") { writer in rules(&writer) }
                        }
                    }
                    run(&writer)
                }
            }
        }
        return writer
    }
}
