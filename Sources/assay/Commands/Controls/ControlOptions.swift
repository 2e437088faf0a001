import ArgumentParser
import AssayCore
import Controls

/// Which catalogues and controls a command looks at.
struct ControlSelectionOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files with more catalogues (control-catalog/v1, YAML or JSON).", valueName: "file"),
        completion: .file())
    var catalog: [String] = []

    @Option(
        help: ArgumentHelp("A file that selects and tailors (control-profile/v1).", valueName: "file"),
        completion: .file())
    var profile: String?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these catalogues, by id.", valueName: "id"))
    var only: [String] = []

    func library() throws -> ControlLibrary {
        try Self.explaining {
            var library = try ControlLibrary.shipped()
            for path in catalog { try library.add(try FileInput.read(path, limit: 16 << 20), file: path) }
            return library
        }
    }

    func plan(_ library: ControlLibrary, countsUnsigned: Bool = false) throws -> QueryPlan {
        for id in only where library[catalogue: id] == nil {
            let known = library.catalogues.map(\.id).joined(separator: ", ")
            throw CommandFailure("there is no catalogue \(Printable.line(id, limit: 80)); there are \(known)")
        }
        return try Self.explaining {
            var chosen = ControlProfile()
            if let profile {
                chosen = try ControlProfile(
                    try FileInput.read(profile, limit: 4 << 20), file: profile, library: library)
            }
            if countsUnsigned { chosen.unsigned = .count }
            let plan = QueryPlan(library, profile: chosen, only: only)
            guard !plan.items.isEmpty else { throw CommandFailure("no control is selected") }
            return plan
        }
    }

    /// Runs a body, and makes of a data file's error a message for the user.
    static func explaining<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as ControlDataError {
            throw CommandFailure(Printable.line(error.description, limit: 1_000))
        }
    }
}

/// Which models are assessed, on what evidence, and on which day.
struct AssessmentOptions: ParsableArguments {
    @OptionGroup(title: "Controls") var selection: ControlSelectionOptions
    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Models: files, folders, or SHA-256 digests.", valueName: "path|sha256"))
    var subject: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Security Model Cards, or folders of them: each is a model, and evidence about it as well.",
            valueName: "path"), completion: .file())
    var card: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files with people's words about controls (control-attestations/v1).", valueName: "file"),
        completion: .file())
    var attestations: [String] = []

    @Flag(help: "Let evidence count that no trusted key signed; it is marked.")
    var countUnsigned = false

    @Option(help: ArgumentHelp("The day of the assessment instead of today.", valueName: "yyyy-mm-dd"))
    var date: String?

    func validate() throws {
        if let date, CalendarDate(date) == nil { throw ValidationError("--date is a day like 2026-11-26") }
    }

    func day() throws -> CalendarDate {
        guard let day = CalendarDate(date ?? Clock.today) else { throw CommandFailure("the clock shows no day") }
        return day
    }

    /// Reads everything, judges the evidence while it is read, and hands over one assessment after the other.
    func forEach(_ body: (Assessment) throws -> Void) throws {
        guard !subject.isEmpty || !card.isEmpty else {
            throw CommandFailure("name the model: --subject PATH or --card FILE")
        }
        let library = try selection.library()
        let plan = try selection.plan(library, countsUnsigned: countUnsigned)
        var index = EvidenceIndex(plan, today: try day())
        let trust = try evidence.trust.trust()
        let rejected = try EvidenceLoading(trust: trust).forEach(in: evidence.evidence) { index.add($0) }
        for file in rejected.prefix(20) {
            Output.complain("assay: \(Printable.line(file.name)): no evidence: \(Printable.line(file.reason))")
        }
        if rejected.count > 20 { Output.complain("assay: \(rejected.count - 20) more files are no evidence") }
        let subjects = try AssessmentSubjects.read(subject: subject, card: card, index: &index)
        var words = Attestations()
        try ControlSelectionOptions.explaining {
            for path in attestations {
                try words.add(try FileInput.read(path, limit: 16 << 20), file: path, library: library)
            }
        }
        let assessor = Assessor(index, attestations: words)
        for subject in subjects { try body(assessor.assess(subject)) }
    }

    func all() throws -> [Assessment] {
        var assessments: [Assessment] = []
        try forEach { assessments.append($0) }
        return assessments
    }
}
