/// Places that hold credentials, and places that start programs.
enum PythonSecrets {
    /// Where the value of an environment variable comes from. A program's own settings are no secrets of the machine.
    static func origin(ofVariable name: String?) -> PythonValue.Origin {
        guard let name = name?.uppercased() else { return .secret }
        if machine.contains(name) || accounts.contains(where: name.hasPrefix) { return .secret }
        return name.split(separator: "_").contains { credentials.contains(String($0)) } ? .credential : []
    }

    /// Variables that say who uses the machine and where.
    private static let machine: Set<String> = [
        "USER", "USERNAME", "LOGNAME", "HOSTNAME", "COMPUTERNAME", "USERDOMAIN", "HOME", "USERPROFILE", "DATABASE_URL",
        "GH_TOKEN", "NPM_TOKEN", "SSH_AUTH_SOCK", "GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG",
    ]
    /// How the variables begin that hold a person's or a build's accounts.
    private static let accounts = [
        "AWS_", "AZURE_", "GITHUB_", "GITLAB_", "CI_JOB_", "TWINE_", "DOCKER_", "VAULT_", "KUBERNETES_", "SSH_",
    ]
    /// Words in the names of variables that hold credentials.
    private static let credentials: Set<String> = [
        "KEY", "KEYS", "APIKEY", "TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASS", "PWD",
        "CREDENTIAL", "CREDENTIALS", "AUTH", "COOKIE", "COOKIES", "PAT",
    ]

    static func isSecret(path: String) -> Bool {
        let path = path.lowercased()
        return secrets.contains { path.contains($0) }
    }

    /// Whether what is written to the file at `path` is run by itself: at a login, at a fixed time, when another program
    /// starts.
    static func startsPrograms(path: String) -> Bool {
        let path = path.replacing("\\", with: "/").lowercased()
        if path.hasSuffix(".pth"), let folder = path.split(separator: "/").dropLast().last {
            // Python reads those that lie there when it starts, and runs lines that import.
            return folder == "site-packages" || folder == "dist-packages"
        }
        return starters.contains { path.contains($0) }
    }

    private static let secrets = [
        "/.ssh/", ".ssh/id_", "id_rsa", "id_ed25519", ".aws/credentials", "/etc/passwd", "/etc/shadow",
        ".git-credentials", ".netrc", ".kube/config", ".docker/config.json", ".huggingface/token",
        "cache/huggingface/token", "login data", "cookies.sqlite", "wallet.dat", ".gnupg", "/proc/self/environ",
        ".npmrc", ".pypirc", "gcloud/application_default_credentials", "/var/run/secrets",
    ]

    private static let starters = [
        ".bashrc", ".bash_profile", ".bash_login", ".bash_aliases", ".zshrc", ".zshenv", ".zprofile", ".zlogin",
        ".profile", ".config/fish/", ".xinitrc", ".xsession", ".xprofile", ".pam_environment", "/etc/cron", "crontab",
        "authorized_keys", "/etc/ld.so.preload", "/etc/ld.so.conf", "sitecustomize", "usercustomize", "/etc/systemd",
        ".config/systemd", ".config/autostart", "/etc/xdg/autostart", "launchagents", "launchdaemons", "start menu",
        "/etc/rc.local", "/etc/init.d", ".ssh/config", ".ssh/rc", "/etc/profile", "/etc/bash.bashrc", "/etc/sudoers",
        "/etc/pam.d", "/etc/udev/rules.d", "profile_default/startup", ".git/hooks/",
    ]
}
