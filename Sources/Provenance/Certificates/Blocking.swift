internal import Dispatch
internal import Synchronization

/// The one place where an asynchronous interface of a library is called from synchronous code.
///
/// The calling thread runs the task's jobs itself, so that nothing waits for a thread of a pool that may have none left.
enum Blocking {
    static func wait<T: Sendable>(_ body: @Sendable @escaping () async -> T) -> T {
        let executor = CallingThread()
        let box = Box<T>()
        Task.detached(executorPreference: executor) {
            let value = await body()
            box.value.withLock { $0 = value }
            executor.wake()
        }
        while true {
            executor.runNext()
            if let value = box.value.withLock({ $0 }) { return value }
        }
    }

    private final class Box<T: Sendable>: Sendable {
        let value = Mutex<T?>(nil)
    }

    /// Keeps jobs until the thread that waits for them runs them.
    private final class CallingThread: TaskExecutor {
        private let jobs = Mutex<[UnownedJob]>([])
        private let arrivals = DispatchSemaphore(value: 0)

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            jobs.withLock { $0.append(job) }
            arrivals.signal()
        }

        func wake() { arrivals.signal() }

        /// Waits for a job or to be woken, and runs what there is.
        func runNext() {
            arrivals.wait()
            guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
