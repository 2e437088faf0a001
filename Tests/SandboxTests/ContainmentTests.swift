#if os(Linux)
    import CSandboxProbe
    import Glibc
    import Testing

    /// Each case enters the sandbox in a process of its own and tries one thing there.
    @Suite struct ContainmentTests {
        /// Wait status of a process that ended with exit status 7.
        private let refused: CInt = 7 << 8

        @Test func whatIsOpenCanBeRead() { #expect(assay_probe(ASSAY_PROBE_READ) == refused) }
        @Test func filesCannotBeOpened() { #expect(assay_probe(ASSAY_PROBE_OPEN) == refused) }
        @Test func nothingElseCanBeReached() { #expect(assay_probe(ASSAY_PROBE_REACH) == refused) }
        @Test func memoryIsNeverCode() { #expect(assay_probe(ASSAY_PROBE_CODE) == refused) }
        @Test func theSharedPageCannotBeTakenAway() { #expect(assay_probe(ASSAY_PROBE_SHRINK) == refused) }
        @Test func othersCannotBeSignalled() { #expect(assay_probe(ASSAY_PROBE_SIGNAL) == refused) }
        @Test func memoryIsBounded() { #expect(assay_probe(ASSAY_PROBE_MEMORY) == refused) }
        @Test func programsCannotBeStarted() { #expect(assay_probe(ASSAY_PROBE_EXEC) & 0x7F == SIGSYS) }
        @Test func connectionsCannotBeOpened() { #expect(assay_probe(ASSAY_PROBE_SOCKET) & 0x7F == SIGSYS) }
    }
#endif
