// Unsafe: pipes, posix_spawn(3) and waitpid(2), with pointers to locals.
import Glibc
import Synchronization
import System
import SystemPackage

/// A program that the bench started, with pipes for its three standard streams.
///
/// What it writes is read by threads of their own, each line stamped as it comes; so it never waits for the bench.
/// The bench's main thread owns it; it ends with this object.
final class Child {
  /// One line of standard output.
  struct Line: Sendable {
    /// CLOCK_MONOTONIC nanoseconds at which the bench had it.
    let arrival: UInt64
    let text: String
  }

  let program: String
  let pid: pid_t
  /// CLOCK_MONOTONIC nanoseconds just before it was started.
  let began: UInt64
  private let input: FileDescriptor
  private var isInputOpen = true
  private var isReaped = false
  private let output: LineReader
  private let errors: LineReader

  /// Starts the program.
  /// - Parameter path: with a slash; PATH is not searched.
  init(_ path: String, _ arguments: [String]) throws(BenchError) {
    program = path
    do {
      let pipes = try (0..<3).map { _ in try FileDescriptor.pipe() }
      let ours = [pipes[0].writeEnd, pipes[1].readEnd, pipes[2].readEnd]
      let theirs = [pipes[0].readEnd, pipes[1].writeEnd, pipes[2].writeEnd]
      for end in ours + theirs { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
      defer { for end in theirs { try? end.close() } }
      began = Clock.monotonicNanoseconds
      pid = try Self.spawn(path, arguments, streams: theirs)
      input = ours[0]
      output = try LineReader(ours[1])
      errors = try LineReader(ours[2])
    } catch {
      throw .cannotStart(path, (error as? Errno) ?? .notSupported)
    }
  }

  deinit { _ = end(by: SIGKILL) }

  /// The lines of standard output so far.
  var lines: [Line] { output.lines }

  /// What it wrote to standard error so far.
  var errorText: String { errors.lines.map(\.text).joined(separator: "\n") }

  /// Writes a line to its standard input.
  func tell(_ line: String) { _ = try? input.writeAll((line + "\n").utf8) }

  /// Ends its standard input.
  func closeInput() {
    guard isInputOpen else { return }
    isInputOpen = false
    try? input.close()
  }

  /// Waits for a line of standard output.
  @discardableResult
  func line(
    within seconds: Double, where predicate: (String) -> Bool = { _ in true }
  ) throws(BenchError) -> Line {
    let deadline = Clock.monotonicNanoseconds + UInt64(seconds * 1e9)
    var examined = 0
    while true {
      let hasEnded = output.ended != nil
      let lines = output.lines(from: examined)
      if let line = lines.first(where: { predicate($0.text) }) { return line }
      examined += lines.count
      if hasEnded { throw .failed(program: program, saying: errorText) }
      if Clock.monotonicNanoseconds > deadline { throw .deadlinePassed(waitingFor: "a line of \(program)") }
      Clock.sleep(milliseconds: 1)
    }
  }

  /// Waits until it has closed its standard output, which its end does.
  /// - Returns: CLOCK_MONOTONIC nanoseconds at which that was found.
  func outputEnd(within seconds: Int) throws(BenchError) -> UInt64 {
    output.waitForEnd(milliseconds: seconds * 1000)
    guard let ended = output.ended else { throw .deadlinePassed(waitingFor: "the end of \(program)") }
    return ended
  }

  /// Sends a signal and waits for its end; a program that does not end within ten seconds is killed.
  /// - Returns: the wait status, see wait(2); `nil` when it had to be killed.
  @discardableResult
  func end(by signal: Int32) -> Int32? {
    guard !isReaped else { return nil }
    isReaped = true
    closeInput()
    kill(pid, signal)
    let deadline = Clock.monotonicNanoseconds + 10_000_000_000
    var status: Int32 = 0
    // SAFETY: the status is a local.
    while unsafe waitpid(pid, &status, WNOHANG) == 0 {
      guard Clock.monotonicNanoseconds < deadline else {
        kill(pid, SIGKILL)
        _ = unsafe waitpid(pid, &status, 0)
        return nil
      }
      Clock.sleep(milliseconds: 5)
    }
    errors.waitForEnd(milliseconds: 1000)
    output.waitForEnd(milliseconds: 1000)
    return status
  }

  private static func spawn(
    _ path: String, _ arguments: [String], streams: [FileDescriptor]
  ) throws(Errno) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      _ = unsafe posix_spawn_file_actions_adddup2(&actions, stream.rawValue, Int32(number))
    }
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    // SAFETY: the words end with a null pointer and live until the call has returned.
    let error = unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe posix_spawn(&pid, path, &actions, nil, words.baseAddress!, environ)
    }
    guard error == 0 else { throw Errno(rawValue: error) }
    return pid
  }
}
