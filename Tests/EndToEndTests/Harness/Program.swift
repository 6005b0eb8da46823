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
    kill(-pid, SIGKILL)
    if ending == nil {
      _ = waitpid(pid, nil, 0)
    }
    for end in [input, output, errors] { end?.close() }
  }

  /// Sends a signal to the program alone.
  func signal(_ number: Int32) { kill(pid, number) }

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
        kill(-pid, SIGKILL)
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

  private func reap() -> Bool {
    var status: Int32 = 0
    // SAFETY: the status is a local.
    guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return false }
    ending = Outcome.Ending(waitStatus: status)
    return true
  }
}
