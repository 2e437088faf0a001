internal import CSandbox

/// A word of memory that a worker writes and its parent reads: which file it is at.
///
/// Answers are sent many at a time. When a worker dies, the word says over which file; a worker that was taken over can
/// write anything there, as it can into its answers, about no other files than those that it was given.
@safe
final class SharedWord {
    private let page: UnsafeMutablePointer<UInt64>

    /// Maps the page behind a descriptor, which may be closed afterwards.
    init?(descriptor: CInt, isWritten: Bool) {
        guard descriptor >= 0, let page = unsafe assay_map_page(descriptor, isWritten ? 1 : 0) else { return nil }
        unsafe self.page = page
    }

    deinit { unsafe assay_unmap_page(page) }

    /// The number of the file that is being read, and 0 when there is none: numbers count from 1 here.
    var number: Int? {
        get {
            let word = unsafe assay_load_word(page)
            return word == 0 ? nil : Int(exactly: word - 1)
        }
        set { unsafe assay_store_word(page, newValue.map { UInt64($0) + 1 } ?? 0) }
    }
}
