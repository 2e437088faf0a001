internal import AssayCore

/// The person's browser.
package enum Browser {
    /// Opens a page with the system's own opener.
    /// - Returns: whether one was started.
    package static func open(_ page: String) -> Bool {
        #if canImport(Darwin)
            let opener = "open"
        #else
            let opener = "xdg-open"
        #endif
        return ChildProcess.begin([opener, page])
    }
}
