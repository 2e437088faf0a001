import ArgumentParser
import AssayCore
import ByteParsing
import Controls
import Provenance
import Reporting

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Checks datasets by the calculations that guidelines ask for.",
        subcommands: [DataCheckCommand.self])
}

struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Calculates what guidelines ask of data, and writes it as evidence (dataset-check/v1).",
        discussion: """
            Each check states its rule's source, its sample size and what it does not say. Exit status: 0 passed, 1 \
            failed, 2 usage or input error, 3 what was looked at does not decide it.
            """,
        subcommands: [
            SampleSizeCommand.self, ClassSizeCommand.self, LabellersCommand.self, IndependenceCommand.self,
            CapacityCommand.self, RetentionCommand.self,
        ])
}

/// Where a check's result goes.
struct CheckOutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the result as evidence about the data.", valueName: "file"), completion: .file())
    var evidence: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Option(help: ArgumentHelp("The day of the check instead of today.", valueName: "yyyy-mm-dd"))
    var date: String?

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    func validate() throws {
        if let date, CalendarDate(date) == nil { throw ValidationError("--date is a day like 2026-11-26") }
    }

    func day() throws(CommandFailure) -> CalendarDate {
        guard let day = CalendarDate(date ?? Clock.today) else { throw CommandFailure("the clock shows no day") }
        return day
    }

    /// Tells the result, and ends the program with its status.
    func report(_ check: DatasetCheck, _ inputs: [DatasetCheckReport.Input]) throws {
        let report = DatasetCheckReport(check, inputs: inputs)
        let day = try day()
        if json {
            try FileOutput.write(report.json(version: Version.current, date: day), to: "-")
        } else {
            try Output.show(report.text(columns: Terminal.columns, isColoured: color.appliesToOutput))
        }
        if let evidence {
            guard let bytes = report.statement(version: Version.current, date: day) else {
                throw CommandFailure("no input has a digest: evidence would be about nothing")
            }
            try EvidenceOutput.write(bytes, to: evidence)
        }
        switch check.outcome {
        case .passed: return
        case .failed: throw ExitCode(1)
        case .inconclusive: throw ExitCode(3)
        }
    }
}

/// Files of data, opened for the checks.
enum DataInput {
    static func table(_ path: String) throws(CommandFailure) -> DelimitedText {
        let region = try FileInput.map(path)
        return DelimitedText(region, separator: DelimitedText.separator(of: region))
    }

    static func profile(_ path: String, counting column: String?) throws(CommandFailure) -> TableProfile {
        let table = try table(path)
        do throws(ParseError) {
            let profile = try TableProfile(table, counting: column)
            if profile.irregular > 0 {
                Output.complain(
                    "assay: \(path): \(profile.irregular) rows have another number of fields than the header")
            }
            return profile
        } catch {
            if error.code == .unsupported { throw CommandFailure("\(path): there is no \(error.reading)") }
            throw CommandFailure("\(path): not a table of values: \(error)")
        }
    }

    /// The digest that evidence about it names: of a file its own, of a folder its root.
    static func input(_ role: String, _ path: String) throws(EvidenceError) -> DatasetCheckReport.Input {
        let first = try EvidenceSubject.subjects(of: path).first
        return .init(role: role, name: first?.name ?? path, sha256: first?.digests["sha256"])
    }

    static func text(_ value: [UInt8]) -> String { Printable.line(String(decoding: value, as: UTF8.self), limit: 80) }
}
