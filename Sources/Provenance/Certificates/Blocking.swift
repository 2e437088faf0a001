internal import Dispatch
internal import Synchronization

/// The one place where an asynchronous interface of a library is called from synchronous code.
///
/// Only for the program's own thread: never call it from a task, whose pool it would block.
enum Blocking {
    private final class Box<T: Sendable>: Sendable {
        let value = Mutex<T?>(nil)
    }

    static func wait<T: Sendable>(_ body: @Sendable @escaping () async -> T) -> T {
        let box = Box<T>()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let result = await body()
            box.value.withLock { $0 = result }
            done.signal()
        }
        while true {
            done.wait()
            // The value is set before the signal.
            if let value = box.value.withLock({ $0 }) { return value }
        }
    }
}
