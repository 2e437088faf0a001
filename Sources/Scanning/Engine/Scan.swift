package import AssayCore
package import ByteParsing

/// The scan of one file: collects findings, spends the budget, and holds the work that is still to be done.
///
/// Not thread-safe: one file is scanned by one thread. Nested content is queued, not recursed into; a queued piece is
/// opened when its turn comes, so that at most one path of decompressed members is in memory.
package final class Scan {
    package let budget: Budget
    /// The shipped rules: read when the first finding asks for its severity.
    package var catalogue: RuleCatalogue { .shipped }
    package let settings: ScanSettings
    package var findings: [Finding] { list.all }
    package private(set) var incomplete: [String] = []
    /// Told of every item that an analyser recognises, before it is analysed.
    package var observe: ((ScanItem, any Analyser, Recognition) -> Void)?
    /// Format of the outermost item.
    package var format: FormatID?

    /// The storages beside the pickle at hand, when it lies in an archive of PyTorch's.
    var storages: TorchStorages?

    private var list: FindingList
    private var queue = ScanQueue()
    private var visited = VisitedContent()
    private var pages = MappedPages()
    private var examined = 0
    /// Archives that are met again at the same depth, from which on they are what a bomb is made of.
    private static let mostRepeated = 1_024

    /// Items that any file may lead to, and bytes that must be there for each further one.
    private static let freeItems = 4_096
    private static let bytesPerItem = 64

    package init(settings: ScanSettings = ScanSettings()) {
        budget = Budget(settings.limits)
        self.settings = settings
        list = FindingList(most: settings.limits.findings)
    }

    package var limits: Limits { budget.limits }

    /// Reports a finding of `rule`; the catalogue's severity stands unless the judge grades the case.
    package func report(
        _ rule: String, _ message: String, at location: Location, severity: Severity? = nil,
        details: [Finding.Detail] = []
    ) {
        let severity = severity ?? catalogue[rule]?.severity ?? .high
        if !list.add(rule, severity, message, at: location, details: details) { noteTooMany() }
    }

    /// Whether a finding of that severity that is unlike the others would be listed; what is not is counted among those that
    /// are left out, and need not be put into words.
    package func hasRoom(for severity: Severity) -> Bool {
        if list.hasRoom(for: severity) { return true }
        noteTooMany()
        return false
    }

    private func noteTooMany() { note(incomplete: "more than \(limits.findings) findings: the rest are not listed") }

    /// Reports that something was not read, and why: the file's outcome becomes *incomplete*.
    package func report(incomplete reason: String, at location: Location, severity: Severity? = nil) {
        note(incomplete: reason)
        report("SCAN-INCOMPLETE", reason, at: location, severity: severity)
    }

    /// Reports an error of a reader as a finding.
    package func report(_ error: ParseError, at location: Location, format: FormatID) {
        let place = location.at(error.offset, location.detail)
        if error.code == .limit {
            report(incomplete: "\(format.rawValue): limit reached while reading \(error.reading)", at: place)
        } else {
            report("SCAN-MALFORMED", "\(format.rawValue): \(error.code) while reading \(error.reading)", at: place)
        }
    }

    private func note(incomplete reason: String) {
        if incomplete.count < 100, !incomplete.contains(reason) { incomplete.append(reason) }
    }

    /// Queues content found inside `parent`; `open` produces its bytes when its turn comes.
    package func descend(
        into path: String, of parent: ScanItem, as format: FormatID, part: ByteRegion? = nil,
        open: @escaping () throws(ParseError) -> ByteRegion
    ) {
        let location = parent.location.member(path)
        guard parent.depth + 1 <= limits.depth else {
            report(
                incomplete: "content nested more than \(limits.depth) deep was not opened", at: location,
                severity: .medium)
            return
        }
        queue.append(
            ScanQueue.Piece(
                path: path, location: location, depth: parent.depth + 1, containers: parent.containers + [format],
                part: part, open: open))
    }

    /// Queues a part of the parent's own bytes.
    package func descend(into region: ByteRegion, named path: String, of parent: ScanItem, as format: FormatID) {
        descend(into: path, of: parent, as: format, part: region) { () throws(ParseError) -> ByteRegion in region }
    }

    /// Queues `count` members of `parent`, of which one at a time is in the queue: `queueing` is called with each number
    /// when its turn comes, and descends into what the member holds.
    /// - Parameter part: where a member's bytes are in the parent's own, if they are there as they will be judged.
    package func descend(
        intoEach count: Int, of parent: ScanItem, part: @escaping (Int) -> ByteRegion?,
        queueing: @escaping (Int) -> Void
    ) {
        guard count > 0 else { return }
        queue.append(ScanQueue.Row(of: parent.region, count: count, part: part, queueing: queueing))
    }

    /// Where content ends in `region` that holds the byte at `offset` and waits for its turn, to be judged as what it is;
    /// nil if there is none.
    package func awaited(at offset: Int, of region: ByteRegion) -> Int? { queue.awaited(at: offset, of: region) }

    /// Scans `item` and everything found inside of it.
    package func run(_ item: ScanItem, analysers: [any Analyser]) {
        examine(item, analysers: analysers)
        while let turn = queue.next() {
            let next: ScanQueue.Piece
            switch turn {
            case .member(let number, let row):
                let queued = queue.count
                row.queueing(number)
                queue.reverse(from: queued)
                continue
            case .piece(let piece): next = piece
            }
            do throws(ParseError) {
                let region = try next.open()
                guard visit(region, of: item, next) else { continue }
                examined += 1
                let inflated = limits.inflatedBytes - budget.inflatedBytes
                guard examined - Self.freeItems <= (item.region.count + inflated) / Self.bytesPerItem else {
                    report(
                        "ARCHIVE-BOMB", "\(item.region.count) bytes lead to more than \(examined) members",
                        at: next.location)
                    report(
                        incomplete: "more members than the bytes could hold: the rest were not opened",
                        at: next.location)
                    queue.removeAll()
                    break
                }
                examine(
                    ScanItem(
                        region: region, path: next.path, location: next.location, depth: next.depth,
                        containers: next.containers),
                    analysers: analysers)
                pages.release(region)
            } catch {
                report(error, at: next.location, format: next.containers.last ?? "unknown")
            }
        }
    }

    /// Whether content is to be examined, and not there already.
    private func visit(_ region: ByteRegion, of item: ScanItem, _ next: ScanQueue.Piece) -> Bool {
        let before = visited.repeatedArchives
        guard !visited.visit(region, of: item.region, path: next.path, depth: next.depth) else { return true }
        // Whoever unpacks it writes every copy.
        if visited.repeatedArchives > before, visited.repeatedArchives == Self.mostRepeated {
            report(
                "ARCHIVE-BOMB", "the same archives are nested in each other \(Self.mostRepeated) times or more",
                at: next.location)
        }
        return false
    }

    private func examine(_ item: ScanItem, analysers: [any Analyser]) {
        let queued = queue.count
        let before = findings.count
        var best = Recognition.no
        var isModel = false
        for analyser in analysers {
            let recognition = analyser.recognise(item)
            guard recognition > .no else { continue }
            if item.depth == 0, recognition > best, recognition > .possible { format = analyser.format }
            if recognition > .possible, !ModelNames.generic.contains(analyser.format) { isModel = true }
            best = max(best, recognition)
            observe?(item, analyser, recognition)
            do throws(ParseError) {
                try analyser.analyse(item, in: self)
            } catch {
                report(error, at: item.location, format: analyser.format)
            }
        }
        if !isModel, findings.count == before,
            let promised = ModelNames.format(promisedBy: item.fileExtension)
        {
            report(
                "SCAN-UNRECOGNISED",
                item.region.isEmpty
                    ? "the name promises \(promised), but there are no bytes"
                    : "the name promises \(promised), but the bytes are of no format that is known here",
                at: item.location)
        }
        // Members come off the queue in the order of the file.
        queue.reverse(from: queued)
    }
}
