internal import ByteParsing

/// Words that say that text is a program in some language.
enum ScriptSigns {
    static func first(in text: String) -> String? {
        let lower = String(decoding: text.utf8.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
        return signs.first { lower.contains($0) }
    }

    private static let signs = [
        "<script", "runtime.getruntime", "processbuilder", "java.lang.", "javax.script", "scriptengine", "exec(",
        "eval(", "system(", "popen(", "os.system", "subprocess", "__import__", "import os", "importlib", "#!/bin/",
        "powershell", "cmd.exe", "/bin/sh", "/bin/bash", "curl ", "wget ", "javascript:", "vbscript:", "function(",
        "activexobject", ".execute()", "runscript from", "jdbc:", "getclass(", "class.forname", "loadlibrary", "groovy",
        "xp_cmdshell", "jndi:", "require(",
    ]
}
