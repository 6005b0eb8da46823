import Synchronization
import System

/// Runs `body` on a thread like those of the agent, which have 512 KiB of stack, and returns what it returns.
///
/// Without optimisation each step of a recursion takes four times as much, and no agent runs so.
func onAgentThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) throws -> Result? {
  #if DEBUG
    let stackBytes = 2 << 20
  #else
    let stackBytes = 512 << 10
  #endif
  let result = SharedResult<Result>()
  let thread = try NamedThread("test", stackBytes: stackBytes) { result.value.withLock { $0 = body() } }
  thread.join()
  return result.value.withLock { $0 }
}

private final class SharedResult<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
