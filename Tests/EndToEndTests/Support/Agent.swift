import Glibc
import SystemPackage
import Testing

/// The agent at work on this machine; it ends with this object.
///
/// Its standard output is a file: with a pipe it would wait, or drop alerts, while a test looks elsewhere.
final class Agent {
  private let program: Program
  private let directory: TemporaryDirectory
  /// Where it answers `status`.
  let socket: String
  private let output: FileDescriptor
  private var outputBytes: [UInt8] = []

  var pid: pid_t { program.pid }

  /// Starts the agent and waits until it watches.
  /// - Parameters:
  ///   - rules: the text of a rule file; `nil` for the rules in the binary.
  ///   - options: `-o` of each.
  ///   - launcher: a program that starts it, and that program's arguments.
  ///   - binary: the agent's, or a copy where others than root find it.
  init(
    rules: String? = nil, options: [String] = ["json_output=true"], launcher: [String] = [],
    binary: FilePath = BuiltBinary.path
  ) throws {
    directory = try TemporaryDirectory()
    let file = try directory.write("", to: "alerts", permissions: [.ownerReadWrite])
    // Agents of other tests run beside it.
    let given = options.first { $0.hasPrefix("control.socket=") }?.dropFirst("control.socket=".count)
    socket = given.map(String.init) ?? directory.path.appending("control.sock").string
    let control = given == nil ? ["control.socket=\(socket)"] : []
    var arguments = launcher + [binary.string, "run"] + (control + options).flatMap { ["-o", $0] }
    if let rules {
      arguments += ["-r", try directory.write(rules, to: "rules.yaml", permissions: [.ownerReadWrite])]
    }
    program = try Program("/bin/sh", ["-c", "exec \"$@\" > \"$0\"", file] + arguments)
    output = try FileDescriptor.open(FilePath(file), .readOnly)
    try program.errorLine { $0.contains("watching with ") }
  }

  deinit { try? output.close() }

  /// Waits for a line of output that satisfies the predicate.
  @discardableResult
  func line(within deadline: Duration = .seconds(60), where predicate: (String) -> Bool) throws -> String {
    let end = ContinuousClock.now + deadline
    var examined = 0
    while true {
      // At the end of the file this is not the end for ever.
      _ = Pipe.End(descriptor: output).read(into: &outputBytes)
      while let end = outputBytes[examined...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: outputBytes[examined..<end], as: UTF8.self)
        examined = end + 1
        if predicate(line) { return line }
      }
      guard ContinuousClock.now < end else {
        throw DeadlinePassed(
          waitingFor: "a line of output", output: String(decoding: outputBytes.suffix(4096), as: UTF8.self),
          errors: String(decoding: program.errorBytes, as: UTF8.self))
      }
      usleep(5000)
    }
  }

  /// Waits for an alert of a rule that satisfies the predicate, and reads it with a strict parser.
  @discardableResult
  func alert(
    of rule: String, within deadline: Duration = .seconds(60),
    where predicate: (JSONTree) -> Bool = { _ in true }
  ) throws -> JSONTree {
    var found: JSONTree?
    try line(within: deadline) { line in
      // The text is looked at first: parsing every line of a storm takes longer than the storm.
      guard line.contains("\"\(rule)\""), let alert = try? JSONTree(line), alert["rule"]?.text == rule,
        predicate(alert)
      else { return false }
      found = alert
      return true
    }
    return try #require(found)
  }

  /// Starts a program again and again until an alert about it satisfies the predicate, with everything that it prints: what
  /// a busy machine does not read in time is left out of an alert, or of the events that rules judge, and counted.
  /// - Parameter start: starts a program that lives until it is seen; it is ended then.
  @discardableResult
  func alert(
    of rule: String, about start: () throws -> Program, where predicate: (JSONTree) -> Bool = { _ in true }
  ) throws -> JSONTree {
    let attempts = 12
    for attempt in 1...attempts {
      let program = try start()
      defer { program.end() }
      do {
        return try alert(of: rule, within: .seconds(attempt < attempts ? 5 : 60)) {
          predicate($0) && $0.output("proc.cmdline") != .null
        }
      } catch is DeadlinePassed where attempt < attempts { continue }
    }
    throw DeadlinePassed(waitingFor: "an alert of \(rule)", output: "", errors: "")
  }

  /// Waits until the sweep has told of processes: what ends at once has seen nothing.
  func awaitSweep() throws {
    try awaitStatus("the first records of the sweep", at: socket) { $0.records(of: "procfs") > 0 }
  }

  /// What it said of itself until now.
  var log: [String] {
    String(decoding: program.errorBytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Waits for a line of what it says of itself.
  func errorLine(where predicate: (String) -> Bool) throws { try program.errorLine(where: predicate) }

  func signal(_ number: Int32) { program.signal(number) }

  /// Asks it to end, and waits for its last lines.
  func finish(by signal: Int32 = SIGTERM, within deadline: Duration = .seconds(60)) throws -> Outcome {
    program.signal(signal)
    var outcome = try program.finish(within: deadline)
    _ = Pipe.End(descriptor: output).read(into: &outputBytes)
    outcome.outputBytes = outputBytes
    return outcome
  }
}

extension JSONTree {
  /// One of the fields that the rule prints.
  func output(_ field: String) -> JSONTree? { self["output_fields"]?[field] }

  /// That field as text, whatever its type.
  func outputText(_ field: String) -> String? {
    switch output(field) {
    case .text(let text): text
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(Int64(number))"
    case .bool(let flag): "\(flag)"
    default: nil
    }
  }
}
