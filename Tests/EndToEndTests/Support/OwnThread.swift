import Dispatch
import Testing

/// Runs the tests of a suite on a thread of their own: they wait for the kernel and for programs most of the time, and
/// would keep one of the few threads that all other tests share.
struct OwnThread: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.executor) { try await function() }
  }

  private static let executor = Executor()

  private final class Executor: TaskExecutor {
    private let queue = DispatchQueue(label: "live-host")

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
}

extension Trait where Self == OwnThread {
  static var onOwnThread: Self { OwnThread() }
}
