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
    package private(set) var findings: [Finding] = []
    package private(set) var incomplete: [String] = []
    /// Told of every item that an analyser recognises, before it is analysed.
    package var observe: ((ScanItem, any Analyser, Recognition) -> Void)?
    /// Format of the outermost item.
    package var format: FormatID?

    /// Findings that were alike and have been counted instead of kept.
    private var seen: [Key: Int] = [:]
    private var queue = ScanQueue()
    /// What was examined deep inside of the file: views of an archive may lead to the same content again and again, with
    /// twice as many ways at each depth.
    private var visited: Set<Visit> = []
    private var examined = 0
    /// Archives that were met again at the same depth, and the number from which on they are what a bomb is made of.
    private var repeated = 0
    private static let mostRepeated = 1_024

    private enum Visit: Hashable {
        /// A part of the file itself.
        case part(start: Int, count: Int, path: String, depth: Int)
        /// Content that was decompressed.
        case content(Digest, path: String, depth: Int)
    }

    /// Depth from which on content is remembered, and the size up to which it is when it was decompressed; larger content
    /// uses up the budget of decompressed bytes soon enough.
    private static let rememberedFrom = 3
    private static let rememberedSize = 256 << 10
    /// Items that any file may lead to, and bytes that must be there for each further one.
    private static let freeItems = 4_096
    private static let bytesPerItem = 64

    private struct Key: Hashable {
        let rule: String
        let severity: Severity
        let message: String
        let members: [String]
    }

    package init(settings: ScanSettings = ScanSettings()) {
        budget = Budget(settings.limits)
        self.settings = settings
    }

    package var limits: Limits { budget.limits }

    /// Reports a finding of `rule`; the catalogue's severity stands unless the judge grades the case.
    package func report(
        _ rule: String, _ message: String, at location: Location, severity: Severity? = nil,
        details: [Finding.Detail] = []
    ) {
        let severity = severity ?? catalogue[rule]?.severity ?? .high
        let message = Self.cut(message)
        let key = Key(rule: rule, severity: severity, message: message, members: location.members)
        if let index = seen[key] {
            findings[index].occurrences += 1
            return
        }
        guard findings.count < limits.findings else {
            note(incomplete: Self.tooMany(limits))
            replace(by: finding(), key)
            return
        }
        seen[key] = findings.count
        findings.append(finding())

        func finding() -> Finding {
            Finding(
                rule: rule, severity: severity, message: message,
                location: location.at(location.offset, location.detail.map(Self.cut)),
                details: details.map { .init($0.name, Self.cut($0.value)) })
        }
    }

    /// Whether a finding of that severity that is unlike the others would be listed; what is not is counted among those that
    /// are left out, and need not be put into words.
    package func hasRoom(for severity: Severity) -> Bool {
        guard findings.count >= limits.findings, severity <= leastSeverity else { return true }
        note(incomplete: Self.tooMany(limits))
        return false
    }

    private static func tooMany(_ limits: Limits) -> String {
        "more than \(limits.findings) findings: the rest are not listed"
    }

    /// The least severity among the findings, as far as it is known.
    private var leastSeverity = Severity.none

    /// Puts a finding in the place of a milder one, so that many of these don't keep it out.
    private func replace(by finding: @autoclosure () -> Finding, _ key: Key) {
        guard key.severity > leastSeverity else { return }
        guard let index = findings.indices.min(by: { findings[$0].severity < findings[$1].severity }) else { return }
        leastSeverity = findings[index].severity
        guard key.severity > leastSeverity else { return }
        for (other, place) in seen where place == index { seen[other] = nil }
        seen[key] = index
        findings[index] = finding()
    }

    /// Text of a finding, which may quote names of any length, cut to what somebody would read.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        let head = text.unicodeScalars.prefix(longestText / 4)
        return "\(String(String.UnicodeScalarView(head)))… (\(text.utf8.count) bytes)"
    }

    private static let longestText = 4 << 10

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
                if next.depth >= Self.rememberedFrom, !remember(region, of: item, next) {
                    noteRepeated(region, at: next.location)
                    continue
                }
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
                release(region)
            } catch {
                report(error, at: next.location, format: next.containers.last ?? "unknown")
            }
        }
    }

    /// Whether these bytes under this name are new at this depth. What contains itself is followed to the last depth.
    private func remember(_ region: ByteRegion, of item: ScanItem, _ next: ScanQueue.Piece) -> Bool {
        if region.sharesStorage(with: item.region) {
            let part = Visit.part(start: region.start, count: region.count, path: next.path, depth: next.depth)
            return visited.insert(part).inserted
        }
        guard region.count <= Self.rememberedSize else { return true }
        return visited.insert(.content(Digest(sha256: region), path: next.path, depth: next.depth)).inserted
    }

    /// Content is read once however often it is there; whoever unpacks it writes every copy.
    private func noteRepeated(_ region: ByteRegion, at location: Location) {
        guard let first = region[0], first == 0x50 || first == 0x1F || first == 0x37 else { return }
        repeated += 1
        guard repeated == Self.mostRepeated else { return }
        report("ARCHIVE-BOMB", "the same archives are nested in each other \(repeated) times or more", at: location)
    }

    /// Where the last release of mapped pages ended, and how many bytes may have been mapped since.
    private var released = 0
    private var mapped = 0
    private var lastEnd = 0
    private static let mappedAround = 1 << 16
    /// What may be mapped of one item after its judges are done: they give back what they read at length.
    private static let mappedOfItem = 1 << 19
    private static let mappedAtMost = 16 << 20

    /// Gives back the pages of the mapped file that were looked at so far: the system maps far more of a large file
    /// around each look than was looked at.
    private func release(_ region: ByteRegion) {
        guard let end = region.mappedEnd else { return }
        if end < released { released = end }
        // A small member far from the last one maps what lies around it.
        let around = min(Self.mappedAround, abs(end - lastEnd))
        lastEnd = end
        mapped += min(max(region.count, around), Self.mappedOfItem)
        guard mapped >= Self.mappedAtMost else { return }
        region.discardMapped(from: released)
        released = end
        mapped = 0
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
