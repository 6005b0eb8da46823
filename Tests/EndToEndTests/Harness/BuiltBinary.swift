import Glibc
import SystemPackage

/// The windhover binary of this build: it lies beside the test runner.
enum BuiltBinary {
  static let path: FilePath = {
    guard let runner = unsafe realpath("/proc/self/exe", nil) else { return "windhover" }
    // SAFETY: realpath returned a string of its own, which is freed once, here.
    defer { unsafe free(runner) }
    return unsafe FilePath(String(cString: runner)).removingLastComponent().appending("windhover")
  }()
}

/// Runs windhover with these arguments until it ends.
func windhover(
  _ arguments: String..., input: String = "", within deadline: Duration = .seconds(60)
) throws -> Outcome {
  try Program(BuiltBinary.path, arguments, input: Array(input.utf8)).finish(within: deadline)
}
