import AssayCore
import Fixtures
import Foundation
import Scanning
import Testing

@testable import Sandbox

/// The program under test lies beside the test bundle.
private let assay = URL(fileURLWithPath: WorkerProcess.program()).deletingLastPathComponent()
    .appendingPathComponent("assay").path

/// A folder of its own for one test.
private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Fixture()
    try withExtendedLifetime(folder) { try body(URL(fileURLWithPath: folder.path)) }
}

/// A stand-in for a worker, written in shell.
///
/// Another process writes the file: children that other tests start meanwhile would keep a descriptor of this one's for a
/// moment, and the system runs no file that somebody has open for writing.
private func script(_ lines: String, in folder: URL) throws -> String {
    let path = folder.appendingPathComponent("worker.sh").path
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 700 "$2""#, "sh", lines, path]
    try writer.run()
    writer.waitUntilExit()
    try #require(writer.terminationStatus == 0)
    return path
}

@Suite struct ScanSessionTests {
    @Test func reportsEveryFileInOrder() throws {
        try withFolder { folder in
            let names = (0..<100).map { "f\(String($0 + 1000)).txt" }
            for name in names { try Data("plain text \(name)".utf8).write(to: folder.appendingPathComponent(name)) }
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("zz-dangling").path, withDestinationPath: "nowhere")
            var seen: [String] = []
            let result = ScanSession(program: assay).run([folder.path], each: { seen.append($0.path) })
            #expect(result.files.map(\.path) == names.map { folder.path + "/" + $0 } + [folder.path + "/zz-dangling"])
            #expect(seen == result.files.map(\.path))
            #expect(result.files.last?.outcome == .error)
            #expect(result.files.dropLast().allSatisfy { $0.outcome == .clean })
            #if os(Linux)
                #expect(result.containment.contains { $0.hasPrefix("seccomp: reading") })
            #endif
        }
    }

    @Test func aFileThatTwoArgumentsLeadToIsScannedOnce() throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("a.txt").path
            try Data("text".utf8).write(to: URL(fileURLWithPath: file))
            let result = ScanSession(program: assay).run([file, folder.path, folder.path + "/"])
            #expect(result.files.map(\.path) == [file])
        }
    }

    @Test func anEmptyPathIsNamed() {
        #expect(ScanSession(program: assay).run([""]).files.first?.error == "the path is empty")
    }

    @Test(arguments: [1, 3, 8])
    func moreFilesThanGoIntoOneRequestAreAllReported(jobs: Int) throws {
        try withFolder { folder in
            for number in 0..<300 {
                try Data("text \(number)".utf8).write(to: folder.appendingPathComponent("f\(number + 1000).txt"))
            }
            try Data(repeating: 0x61, count: 5 << 20).write(to: folder.appendingPathComponent("f1100.txt"))
            var options = ScanSession.Options()
            options.jobs = jobs
            let result = ScanSession(options: options, program: assay).run([folder.path])
            #expect(result.files.count == 300)
            #expect(result.files.map(\.path) == result.files.map(\.path).sorted())
            #expect(result.files.allSatisfy { $0.outcome == .clean })
            #expect(result.files[100].size == 5 << 20)
        }
    }

    @Test func patternsSelectAndAreCounted() throws {
        try withFolder { folder in
            for name in ["a.txt", "b.md", "c.txt"] { try Data("x".utf8).write(to: folder.appendingPathComponent(name)) }
            var options = ScanSession.Options()
            options.include = ["*.txt"]
            options.exclude = ["c.*"]
            let result = ScanSession(options: options, program: assay).run([folder.path])
            #expect(result.files.map { URL(fileURLWithPath: $0.path).lastPathComponent } == ["a.txt"])
            #expect(result.excluded == 2)
        }
    }

    @Test func aWorkerThatDiesIsNeverClean() throws {
        try withFolder { folder in
            let program = try script("echo '{\"containment\":[\"none\"]}'; sleep 0.1; kill -9 $$", in: folder)
            try Data("x".utf8).write(to: folder.appendingPathComponent("a"))
            try Data("x".utf8).write(to: folder.appendingPathComponent("b"))
            let result = ScanSession(program: program).run([folder.path])
            #expect(result.files.count == 3)
            for report in result.files {
                #expect(report.outcome == .incomplete, "\(report.path)")
                #expect(report.findings.map(\.rule) == ["SCAN-WORKER-DIED"])
            }
        }
    }

    @Test func theFileThatAWorkerWasAtIsTheOneToBlame() throws {
        try withFolder { folder in
            // Dies once, at the second of the files that it was given; its successor is a real worker.
            let program = try script(
                """
                [ -e "$0.done" ] && exec '\(assay)' worker
                touch "$0.done"
                echo '{"containment":["none"]}'
                sleep 0.2
                printf '\\002\\0\\0\\0\\0\\0\\0\\0' >&4
                kill -9 $$
                """, in: folder)
            let files = folder.appendingPathComponent("files")
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            for name in ["a", "b", "c"] { try Data("text \(name)".utf8).write(to: files.appendingPathComponent(name)) }
            var options = ScanSession.Options()
            options.jobs = 1
            let result = ScanSession(options: options, program: program).run([files.path])
            #expect(result.files.map(\.outcome) == [.clean, .incomplete, .clean])
            #expect(result.files[1].findings.map(\.rule) == ["SCAN-WORKER-DIED"])
        }
    }

    @Test func aWorkerThatHangsIsEnded() throws {
        try withFolder { folder in
            let program = try script("echo '{\"containment\":[\"none\"]}'; exec sleep 100", in: folder)
            var options = ScanSession.Options()
            options.secondsPerFile = 0
            let result = ScanSession(options: options, program: program).run([program])
            #expect(result.files.map(\.outcome) == [.incomplete])
        }
    }

    @Test func aWorkerThatNeverStartsIsAnError() throws {
        let result = ScanSession(program: "/bin/false").run([assay])
        #expect(result.files.map(\.outcome) == [.error])
        let missing = ScanSession(program: "/nonexistent/assay").run([assay])
        #expect(missing.files.map(\.outcome) == [.error])
    }

    /// A failed start once closed its descriptors twice, the second time perhaps another thread's, and waited for a
    /// child that was not its own.
    @Test func aFailedStartTouchesNothingElse() throws {
        var child: pid_t = 0
        try #require(spawn("/bin/true", &child) == 0)
        // Whoever opens something between two closes gets the number that was closed first.
        let opener = Thread {
            while !Thread.current.isCancelled { close(unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)) }
        }
        opener.start()
        for _ in 0..<100 {
            let before = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            #expect(throws: WorkerProcess.StartFailure.self) {
                _ = try WorkerProcess(program: "/nonexistent/assay", settings: ScanSettings(), isSandboxed: true)
            }
            #expect(close(before) == 0)
        }
        opener.cancel()
        var status: CInt = -1
        let ended = unsafe waitpid(child, &status, 0)
        #expect(ended == child)
        #expect(status == 0)
    }

    private func spawn(_ path: String, _ process: inout pid_t) -> CInt {
        let name = unsafe strdup(path)
        defer { unsafe free(name) }
        var arguments = unsafe [name, nil]
        return unsafe posix_spawn(&process, path, nil, nil, &arguments, nil)
    }

    @Test func aWorkerThatTalksNonsenseIsNotBelieved() throws {
        try withFolder { folder in
            let answer = #"{"number":7,"report":{"path":"x","format":"x","size":1}}"#
            let program = try script(
                "echo '{\"containment\":[\"none\"]}'; sleep 0.1; echo '\(answer)'; sleep 1", in: folder)
            let result = ScanSession(program: program).run([program])
            #expect(result.files.map(\.outcome) == [.incomplete])
        }
    }
}
