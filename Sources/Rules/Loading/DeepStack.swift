// Unsafe: hands a closure through C to another thread, which is joined before the closure's caller goes on.

import CShim

/// A stack on which trees of conditions can be walked, however deep `ConditionLimits` lets them be.
///
/// The deepest take about 1 MiB, eight times as much without optimisation: more than the agent's threads have, and perhaps more than the
/// shell leaves the main thread (`ulimit -s`).
enum DeepStack {
  /// Only reserved; what is not touched costs nothing.
  private static let byteCount = 32 << 20

  /// Runs `body` on a thread of its own and waits for it; where there is no thread to be had, right here.
  static func run<Result>(_ body: () -> Result) -> Result {
    withoutActuallyEscaping(body) { body in
      let work = Work(body)
      // SAFETY: `work` outlives the thread, and this thread touches it only when that one has ended.
      let hasRun = unsafe wh_run_on_stack(
        byteCount,
        { context in
          if let context = unsafe context {
            unsafe Unmanaged<AnyWork>.fromOpaque(context).takeUnretainedValue().run()
          }
        }, Unmanaged<AnyWork>.passUnretained(work).toOpaque())
      if !hasRun { work.run() }
      guard let result = work.takeResult() else { preconditionFailure("the work was run") }
      return result
    }
  }
}

/// A closure without the type of its result, which a C function cannot know.
private class AnyWork {
  func run() {}
}

private final class Work<Result>: AnyWork {
  private let body: () -> Result
  private var result: Result?

  init(_ body: @escaping () -> Result) { self.body = body }

  override func run() { result = body() }

  func takeResult() -> Result? { result.take() }
}
