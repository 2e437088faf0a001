internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Pages and scripts of the web that lie beside a model: what a server would run of them (PHP, JSP, ASP), and what a browser
/// or Node would (HTML, JavaScript).
///
/// Not parsed as languages. Read are the arguments of functions that run text: whether they are decoded there, or come from
/// whoever asks for the page.
struct WebPageAnalyser: Analyser {
    let format: FormatID = "web-page"

    private enum Kind { case php, java, active, browser }

    private static func kind(of item: ScanItem) -> Kind? {
        switch item.fileExtension {
        case "php", "phtml", "php5", "php7", "phps", "inc": return .php
        case "jsp", "jspx", "jspf": return .java
        case "asp", "aspx", "ashx", "asmx": return .active
        case "html", "htm", "xhtml", "hta", "js", "mjs", "cjs", "svg": return .browser
        default: break
        }
        let start = item.facts.firstInk ?? 0
        if item.region.starts(with: "<?php", at: start) { return .php }
        return item.facts.magic == .html ? .browser : nil
    }

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.facts.opensAsText, Self.kind(of: item) != nil else { return .no }
        return .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let kind = Self.kind(of: item) else { return }
        var region = item.region
        if region.count > ScriptAnalyser.sizeLimit {
            region = region.prefix(ScriptAnalyser.sizeLimit)
            scan.report(incomplete: "page longer than \(region.count) bytes", at: item.location)
        }
        try scan.budget.spend(operations: region.count / 4, reading: "web page")
        let page = WebPage(region)
        switch kind {
        case .php: judgePHP(page, item, in: scan)
        case .java:
            guard page.has("request.getparameter", "request.getheader", "request.getinputstream"),
                page.has("getruntime().exec(", "new processbuilder(", "defineclass(")
            else { return }
            report(shell: item, in: scan)
        case .active:
            guard page.has("request(", "request[", "request.form", "request.item", "request.querystring"),
                page.has(
                    "eval(", "eval request", "executeglobal", "execute(", "execute request", "process.start(",
                    "wscript.shell")
            else { return }
            report(shell: item, in: scan)
        case .browser: judgeBrowser(page, item, in: scan)
        }
    }

    private func report(shell item: ScanItem, in scan: Scan) {
        scan.report("SCRIPT-REMOTE-SHELL", "The page runs what a request sends", at: item.location)
    }

    // MARK: PHP

    private static let phpSinks = [
        "eval(", "assert(", "system(", "exec(", "shell_exec(", "passthru(", "popen(", "proc_open(", "pcntl_exec(",
        "create_function(", "call_user_func(", "include(", "require(", "include_once(", "require_once(", "`",
    ]
    private static let requests = [
        "$_get", "$_post", "$_request", "$_cookie", "php://input", "$_server['http_", "$_files",
    ]
    private static let phpDecoders = [
        "base64_decode(", "gzinflate(", "gzuncompress(", "str_rot13(", "hex2bin(", "strrev(",
    ]

    private func judgePHP(_ page: WebPage, _ item: ScanItem, in scan: Scan) {
        var sources = Self.requests
        // Variables that are given what a request sends.
        for request in Self.requests { sources += page.variables(assigned: request) }
        var isShell = Self.requests.contains { page.isCalled($0) }
        var isHidden = false
        for sink in Self.phpSinks {
            for argument in page.arguments(of: sink) {
                if sources.contains(where: argument.contains) { isShell = true }
                if sink == "eval(" || sink == "assert(" || sink == "create_function(",
                    Self.phpDecoders.contains(where: argument.contains)
                {
                    isHidden = true
                }
            }
        }
        if isShell { report(shell: item, in: scan) }
        if isHidden { scan.report("SCRIPT-HIDDEN-CODE", "The page runs what it decodes", at: item.location) }
    }

    // MARK: Browsers and Node

    private static let decoders = ["atob(", "fromcharcode(", "unescape(", "decodeuricomponent(", "buffer.from("]

    private func judgeBrowser(_ page: WebPage, _ item: ScanItem, in scan: Scan) {
        let runsDecoded =
            ["eval(", "new function(", "execscript("].contains { sink in
                page.arguments(of: sink).contains { argument in Self.decoders.contains(where: argument.contains) }
            }
            || ["settimeout(", "setinterval(", "document.write("].contains { sink in
                page.arguments(of: sink).contains { $0.hasPrefix("atob(") || $0.hasPrefix("string.fromcharcode(") }
            }
        if runsDecoded {
            scan.report(
                "SCRIPT-HIDDEN-CODE", "The page runs what it decodes", at: item.location, severity: .medium)
        }
        if page.has("activexobject("), page.has("wscript.shell", "shell.application") {
            scan.report(
                "SCRIPT-SYSTEM-CHANGE", "The page starts programs of Windows", at: item.location, severity: .medium)
        }
        let sendsCookies = ["fetch(", "sendbeacon(", ".open("].contains { sink in
            page.arguments(of: sink).contains { $0.contains("://") && $0.contains("document.cookie") }
        }
        if sendsCookies || page.sendsCookiesBySource {
            scan.report(
                "SCRIPT-SECRET-ACCESS", "The page sends the cookies of whoever opens it away", at: item.location,
                severity: .medium)
        }
    }
}

/// A page's text in lower case, without white space where it separates no words.
private struct WebPage {
    private let region: ByteRegion

    init(_ text: ByteRegion) {
        var squeezed: [UInt8] = []
        squeezed.reserveCapacity(text.count)
        let bytes = text.bytes
        var hasSpace = false
        for index in 0..<bytes.byteCount {
            guard let byte = bytes.byte(at: index), byte > 0x20 else {
                hasSpace = true
                continue
            }
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if hasSpace, Self.isWord(squeezed.last), Self.isWord(lower) { squeezed.append(0x20) }
            hasSpace = false
            squeezed.append(lower)
        }
        region = ByteRegion(squeezed)
    }

    private static let most = 1_000
    private static let longest = 4_096

    func has(_ words: String...) -> Bool { words.contains { region.firstOffset(of: Array($0.utf8)) != nil } }

    private static func isWord(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x24
    }

    /// What stands between the brackets of each call of a function, which is written with its open bracket; of a backtick,
    /// what stands before the next one.
    func arguments(of sink: String) -> [String] {
        var found: [String] = []
        let needle = Array(sink.utf8)
        var at = 0
        while found.count < Self.most, let hit = region.firstOffset(of: needle, from: at) {
            at = hit + needle.count
            if sink == "`" {
                let end = region.firstOffset(of: "`", from: at) ?? region.count
                found.append(text(at, end))
                at = end + 1
                continue
            }
            // A longer word ends like it, or a method of something else has its name.
            if Self.isWord(region[hit - 1]) || region[hit - 1] == UInt8(ascii: ".") && sink == "eval(" { continue }
            var depth = 1
            var end = at
            while depth > 0, end - at < Self.longest, let byte = region[end] {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                end += 1
            }
            found.append(text(at, end))
        }
        return found
    }

    private func text(_ start: Int, _ end: Int) -> String {
        region.slice(start, min(max(0, end - start), Self.longest))?.text() ?? ""
    }

    /// Names of PHP's variables that are assigned what begins with `source`.
    func variables(assigned source: String) -> [String] {
        var found: [String] = []
        let needle = Array(("=" + source).utf8)
        var at = 0
        while found.count < 64, let hit = region.firstOffset(of: needle, from: at) {
            at = hit + needle.count
            var start = hit
            while Self.isWord(region[start - 1]) { start -= 1 }
            let name = text(start, hit)
            if name.hasPrefix("$"), name.utf8.count > 1 { found.append(name) }
        }
        return found
    }

    /// Whether something that a request sends is called as a function: `$_GET['f'](…)`.
    func isCalled(_ source: String) -> Bool {
        let needle = Array((source + "[").utf8)
        var at = 0
        while let hit = region.firstOffset(of: needle, from: at) {
            at = hit + needle.count
            guard let close = region.slice(at, min(128, region.count - at))?.firstOffset(of: "]") else { continue }
            if region[at + close + 1] == UInt8(ascii: "(") { return true }
        }
        return false
    }

    /// Whether an image or frame is taken from an address that the cookies are hung on to.
    var sendsCookiesBySource: Bool {
        var at = 0
        while let hit = region.firstOffset(of: "+document.cookie", from: at) {
            at = hit + 1
            let before = text(max(0, hit - 200), hit)
            if before.contains(".src=") && before.contains("://")
                || before.contains("location=") && before.contains("://")
            {
                return true
            }
        }
        return false
    }
}
