import Glibc
import SystemPackage

/// A program that a test started, in a process group of its own that ends with this object.
///
/// Its three standard streams are pipes, served whenever the test waits for something. Only one thread may use it.
final class Program {
  let pid: pid_t
  private var input: Pipe.End?
  private let keepsInputOpen: Bool
  private var unsentInput: ArraySlice<UInt8>
  private var output: Pipe.End?
  private var errors: Pipe.End?
  private(set) var outputBytes: [UInt8] = []
  private(set) var errorBytes: [UInt8] = []
  private var ending: Outcome.Ending?

  /// Starts the program.
  /// - Parameters:
  ///   - input: what it finds on standard input, which then ends; `nil` keeps standard input open.
  ///   - environment: added to a small environment of our own; the test runner's is not inherited.
  init(
    _ path: FilePath, _ arguments: [String], input bytes: [UInt8]? = [], environment: [String: String] = [:]
  ) throws {
    // A program may end before it has read its input; the write to it then fails, and must not end the test runner.
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    let pipes = try (0..<3).map { _ in try Pipe() }
    let variables = Self.standardEnvironment.merging(environment) { _, own in own }
    pid = try spawn(
      path, arguments, environment: variables.map { "\($0.key)=\($0.value)" },
      streams: [pipes[0].reader.descriptor, pipes[1].writer.descriptor, pipes[2].writer.descriptor])
    for end in [pipes[0].reader, pipes[1].writer, pipes[2].writer] { end.close() }
    input = pipes[0].writer
    output = pipes[1].reader
    errors = pipes[2].reader
    unsentInput = bytes.map { $0[...] } ?? []
    for end in [input, output, errors] { end?.becomeNonBlocking() }
    keepsInputOpen = bytes == nil
    if bytes?.isEmpty == true { closeInput() }
  }

  private static let standardEnvironment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80", "HOME": "/nonexistent",
  ]

  deinit {
    if ending == nil {
      kill(-pid, SIGKILL)
      _ = waitpid(pid, nil, 0)
    }
    for end in [input, output, errors] { end?.close() }
  }

  /// Sends a signal to the program alone.
  func signal(_ number: Int32) {
    if ending == nil { kill(pid, number) }
  }

  /// Ends the program and what it started in its process group.
  func end() {
    if ending == nil { kill(-pid, SIGKILL) }
  }

  func closeInput() {
    input?.close()
    input = nil
  }

  /// Closes our end of its standard output: its next write there fails.
  func closeOutput() {
    output?.close()
    output = nil
  }

  /// Waits for a line on standard output that satisfies the predicate.
  @discardableResult
  func outputLine(
    within deadline: Duration = .seconds(60), where predicate: (String) -> Bool
  ) throws -> String {
    try line(of: \.outputBytes, "a line of output", within: deadline, where: predicate)
  }

  /// Waits for a line on standard error that satisfies the predicate.
  @discardableResult
  func errorLine(
    within deadline: Duration = .seconds(60), where predicate: (String) -> Bool
  ) throws -> String {
    try line(of: \.errorBytes, "a line of errors", within: deadline, where: predicate)
  }

  /// Waits until the program has ended and its streams are read.
  func finish(within deadline: Duration = .seconds(60)) throws -> Outcome {
    try serve("its end", within: deadline) {
      output == nil && errors == nil && (ending != nil || reap())
    }
    return Outcome(ending: ending!, outputBytes: outputBytes, errorBytes: errorBytes)
  }

  private func line(
    of stream: KeyPath<Program, [UInt8]>, _ what: String, within deadline: Duration,
    where predicate: (String) -> Bool
  ) throws -> String {
    var found: String?
    var examined = 0
    try serve(what, within: deadline) {
      let bytes = self[keyPath: stream]
      while let end = bytes[examined...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: bytes[examined..<end], as: UTF8.self)
        examined = end + 1
        guard predicate(line) else { continue }
        found = line
        return true
      }
      return false
    }
    return found!
  }

  /// Serves the streams until the condition holds.
  private func serve(_ what: String, within deadline: Duration, until isMet: () -> Bool) throws {
    let end = ContinuousClock.now + deadline
    while true {
      transfer()
      if isMet() { return }
      guard ContinuousClock.now < end else {
        if ending == nil { kill(-pid, SIGKILL) }
        transfer()
        throw DeadlinePassed(
          waitingFor: what, output: String(decoding: outputBytes, as: UTF8.self),
          errors: String(decoding: errorBytes, as: UTF8.self))
      }
      usleep(2000)
    }
  }

  private func transfer() {
    if let end = input, !keepsInputOpen {
      unsentInput = unsentInput.dropFirst(end.write(unsentInput))
      if unsentInput.isEmpty { closeInput() }
    }
    if output?.read(into: &outputBytes) == .ended { closeOutput() }
    if errors?.read(into: &errorBytes) == .ended {
      errors?.close()
      errors = nil
    }
  }

  /// Takes the status once the program has ended, and ends what it left of its process group before: afterwards the
  /// number may be another group's, soon so where tests use up all numbers.
  private func reap() -> Bool {
    var info = unsafe siginfo_t()
    // SAFETY: both are locals. `si_signo` stays 0 while there is nothing to tell.
    guard unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0,
      unsafe info.si_signo == SIGCHLD
    else { return false }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    guard unsafe waitpid(pid, &status, 0) == pid else { return false }
    ending = Outcome.Ending(waitStatus: status)
    return true
  }
}
