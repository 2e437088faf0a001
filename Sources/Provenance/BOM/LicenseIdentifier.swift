internal import AssayCore
internal import ByteParsing

/// SPDX identifiers for the licence names that model cards use.
enum LicenseIdentifier {
    /// Lower-case card name to SPDX identifier, for those whose spelling differs in more than nothing.
    private static let known: [String: String] = [
        "apache-2.0": "Apache-2.0", "mit": "MIT", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
        "bsd-3-clause-clear": "BSD-3-Clause-Clear", "isc": "ISC", "unlicense": "Unlicense", "zlib": "Zlib",
        "mpl-2.0": "MPL-2.0", "epl-1.0": "EPL-1.0", "epl-2.0": "EPL-2.0", "eupl-1.1": "EUPL-1.1",
        "eupl-1.2": "EUPL-1.2", "gpl-2.0": "GPL-2.0-only", "gpl-3.0": "GPL-3.0-only", "lgpl-2.1": "LGPL-2.1-only",
        "lgpl-3.0": "LGPL-3.0-only", "agpl-3.0": "AGPL-3.0-only", "cc0-1.0": "CC0-1.0", "cc-by-3.0": "CC-BY-3.0",
        "cc-by-4.0": "CC-BY-4.0", "cc-by-sa-3.0": "CC-BY-SA-3.0", "cc-by-sa-4.0": "CC-BY-SA-4.0",
        "cc-by-nc-3.0": "CC-BY-NC-3.0", "cc-by-nc-4.0": "CC-BY-NC-4.0", "cc-by-nd-4.0": "CC-BY-ND-4.0",
        "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0", "cc-by-nc-nd-4.0": "CC-BY-NC-ND-4.0", "artistic-2.0": "Artistic-2.0",
        "bsl-1.0": "BSL-1.0", "wtfpl": "WTFPL", "afl-3.0": "AFL-3.0", "ecl-2.0": "ECL-2.0", "ms-pl": "MS-PL",
        "ncsa": "NCSA", "ofl-1.1": "OFL-1.1", "osl-3.0": "OSL-3.0", "postgresql": "PostgreSQL", "pddl": "PDDL-1.0",
        "odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0", "cdla-permissive-1.0": "CDLA-Permissive-1.0",
        "cdla-permissive-2.0": "CDLA-Permissive-2.0", "cdla-sharing-1.0": "CDLA-Sharing-1.0",
    ]

    /// The identifier, or nil for names that SPDX does not know (`openrail`, `llama3`, `other`).
    static func spdx(_ name: String) -> String? { known[name.lowercased()] }

    /// Every identifier of the SPDX licence list, one a line in the data file.
    static let all: Set<String> = {
        let text = Resource.named("spdx/licenses.txt")?.text(limit: 1 << 20) ?? ""
        return Set(text.split(separator: "\n").map { String($0) })
    }()
}
