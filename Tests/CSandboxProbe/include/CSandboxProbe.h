#ifndef ASSAY_SANDBOX_PROBE_H
#define ASSAY_SANDBOX_PROBE_H

enum assay_probe {
    ASSAY_PROBE_OPEN,
    ASSAY_PROBE_EXEC,
    ASSAY_PROBE_SOCKET,
    ASSAY_PROBE_MEMORY,
    ASSAY_PROBE_READ,
    /// Every call that reaches files by name, other processes or further descriptors.
    ASSAY_PROBE_REACH,
    /// Memory that can be run.
    ASSAY_PROBE_CODE,
    /// Signals to other processes.
    ASSAY_PROBE_SIGNAL,
    /// The page that a worker shares with its parent made shorter.
    ASSAY_PROBE_SHRINK,
};

/// Enters the sandbox in a forked process and tries one thing there. Returns the wait status: exit status 7 when the
/// thing was refused (or, for READ, when it went well), 1 when it was not, or the signal that ended the process.
int assay_probe(enum assay_probe what);

#endif
