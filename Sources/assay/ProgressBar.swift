import AssayCore
import Reporting
import Sandbox

/// A bar on standard error while a scan runs: only at a terminal, only when it takes more than half a second, redrawn
/// ten times a second, and gone without a trace before the report.
final class ProgressBar {
    private let style: TerminalStyle
    private let columns: Int
    private let start = ContinuousClock.now
    private var drawn = ContinuousClock.now
    private var isShown = false

    init(isColoured: Bool, columns: Int) {
        style = TerminalStyle(isColoured: isColoured)
        self.columns = columns
    }

    func show(_ progress: ScanSession.Progress) {
        let now = ContinuousClock.now
        guard now - start > .milliseconds(500), !isShown || now - drawn > .milliseconds(100) else { return }
        (drawn, isShown) = (now, true)
        let share =
            progress.totalBytes > 0
            ? Double(progress.bytes) / Double(progress.totalBytes)
            : Double(progress.files) / Double(max(1, progress.totalFiles))
        let width = 24
        let full = Int(min(max(share, 0), 1) * Double(width))
        let bar = String(repeating: "━", count: full)
        let rest = String(repeating: "─", count: width - full)
        let count = "\(progress.files)/\(progress.totalFiles)"
        let room = columns - width - count.count - 6
        let name = room > 8 ? TerminalText.tail(progress.current, columns: room) : ""
        Output.note("\r\u{1B}[2K\(style.good(bar))\(style.dim(rest))  \(count)  \(style.dim(name))")
    }

    func clear() {
        if isShown { Output.note("\r\u{1B}[2K") }
        isShown = false
    }
}
