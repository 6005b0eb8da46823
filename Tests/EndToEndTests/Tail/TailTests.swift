import Glibc
import System
import SystemPackage
import Testing

/// `windhover tail` at the socket of an agent that sees what the tests start.
@Suite(.onOwnThread) struct TailTests {
  /// Each rule makes an alert of each program that a test starts under a name of its own.
  private static func rules(_ count: Int = 1, name: String) -> String {
    (1...count).map { number in
      """
      - rule: Marked program \(number)
        desc: A test's own.
        condition: evt.type = execve and evt.dir = < and proc.args startswith \(name)
        output: Marked %proc.args
        priority: \(number % 2 == 1 ? "warning" : "notice")

      """
    }.joined()
  }

  private static let name = "tail-test-\(getpid())"

  /// Starts a marked program, and ends it when the agent has alerted of it: the arguments of a program that ends by
  /// itself are not always seen on a busy machine.
  private func run(_ text: String, seenBy agent: Agent) throws {
    let program = try Program("/usr/bin/yes", ["\(Self.name)-\(text)"])
    try agent.alert(of: "Marked program 1") { $0.outputText("proc.args") == "\(Self.name)-\(text)" }
    program.signal(SIGTERM)
    _ = try program.finish()
  }

  /// Of an alert of this rule; one about a loss names every rule that was blind.
  private static func isAlert(_ line: String, of rule: Int) -> Bool {
    line.contains("\"rule\":\"Marked program \(rule)\"")
  }

  private func tail(_ agent: Agent, _ arguments: String...) throws -> Program {
    try Program(BuiltBinary.path, ["tail", "--socket", agent.socket] + arguments, input: nil)
  }

  private func agent(_ options: String..., rules count: Int = 1) throws -> Agent {
    try Agent(
      rules: Self.rules(count, name: Self.name),
      options: ["json_output=true", "sources=connector,procfs"] + options)
  }

  @Test(
    "alerts come as they happen, for a person and as JSON, and the last ones at the start", .needsRoot,
    .needsHost)
  func live() throws {
    let agent = try agent(rules: 2)
    try run("before", seenBy: agent)
    try agent.alert(of: "Marked program 2")
    let json = try tail(agent, "--format", "json")
    let early = try json.outputLine { Self.isAlert($0, of: 2) }
    #expect(try JSONTree(early).output("proc.args")?.text == "\(Self.name)-before")
    #expect(try JSONTree(early)["context"]?["proc.name"]?.text == "yes")
    let pretty = try tail(agent, "--priority", "warning", "--last", "0")
    // Only once it is connected is an alert sure to be after its beginning.
    try awaitTails(agent, 2)
    try run("after", seenBy: agent)
    try json.outputLine { Self.isAlert($0, of: 1) && $0.contains("-after") }
    let line = try pretty.outputLine { $0.contains("-after") }
    #expect(line.contains("  Warning  host            Marked program 1"))
    try pretty.outputLine { $0.contains("> yes(") }
    #expect(!String(decoding: pretty.outputBytes, as: UTF8.self).contains("-before"))
    pretty.signal(SIGINT)
    let outcome = try pretty.finish()
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("Notice"))
    #expect(!outcome.outputBytes.contains(0x1B))
    #expect(outcome.errors == "")
  }

  /// Waits until the agent serves so many tails.
  private func awaitTails(_ agent: Agent, _ tails: UInt64) throws {
    try awaitStatus("\(tails) tails", at: agent.socket) { $0["tails"]?["connected"] == .integer(tails) }
  }

  @Test("the past can be had by number, by time and by condition", .needsRoot, .needsHost)
  func past() throws {
    let agent = try agent(rules: 2)
    for number in 1...4 {
      try run("\(number)x", seenBy: agent)
      try agent.alert(of: "Marked program 2") { $0.outputText("proc.args") == "\(Self.name)-\(number)x" }
    }
    func seen(_ arguments: [String], until last: String) throws -> [String] {
      let program = try Program(
        BuiltBinary.path, ["tail", "--socket", agent.socket, "--format", "json"] + arguments, input: nil)
      try program.outputLine { $0.contains(last) }
      program.signal(SIGTERM)
      let lines = try program.finish().output.split(separator: "\n").map { try JSONTree(String($0)) }
      return lines.compactMap { $0.outputText("proc.args") }.map { String($0.dropFirst(Self.name.count + 1)) }
    }
    #expect(try seen(["--last", "2", "--rule", "marked*1"], until: "-4x") == ["3x", "4x"])
    #expect(try seen(["--since", "1h", "--rule", "*2"], until: "-4x") == ["1x", "2x", "3x", "4x"])
    #expect(
      try seen(["--last", "5", "--where", "proc.args endswith 2x and proc.name = yes"], until: "-2x")
        == ["2x", "2x"])
  }

  @Test(
    "an agent that is started anew is waited for; on disk, nothing is missing and nothing comes twice",
    .needsRoot, .needsHost)
  func restart() throws {
    let directory = try TemporaryDirectory()
    let socket = directory.path.appending("s").string
    let journal = "journal.directory=\(directory.path.appending("journal"))"
    let tail = try restarted(socket, journal)
    // A second tail sees what is in the journal: the first one has seen just that.
    let other = try Program(
      BuiltBinary.path, ["tail", "--socket", socket, "--format", "json", "--last", "1000"], input: nil)
    try other.outputLine { $0.contains("-two") }
    tail.tail.signal(SIGINT)
    other.signal(SIGINT)
    // What others lose meanwhile is told behind it, perhaps to one of the two alone.
    func past(_ tail: Program) throws -> [Substring] {
      let lines = try tail.finish().output.split(separator: "\n")
      return Array(lines[...(lines.firstIndex { $0.contains("-two") } ?? 0)])
    }
    #expect(try past(tail.tail) == past(other))
  }

  @Test(
    "of an agent whose journal was in memory, what was not sent is not known, and that is said",
    .needsRoot, .needsHost)
  func restartInMemory() throws {
    let directory = try TemporaryDirectory()
    let (tail, _) = try restarted(directory.path.appending("s").string)
    try tail.errorLine { $0.contains("its journal is in memory") }
    tail.signal(SIGINT)
    let outcome = try tail.finish()
    #expect(outcome.status == 0)
    // An alert about a loss names the rule too.
    let rules = try outcome.output.split(separator: "\n").map { try JSONTree(String($0))["rule"]?.text }
    #expect(rules.count { $0 == "Marked program 1" } == 2, "\(rules)")
  }

  /// Starts a tail, and the agent anew: an alert has come from each of the two.
  private func restarted(_ socket: String, _ options: String...) throws -> (tail: Program, agent: Agent) {
    func agent() throws -> Agent {
      try Agent(
        rules: Self.rules(name: Self.name),
        options: ["json_output=true", "sources=connector,procfs", "control.socket=\(socket)"] + options)
    }
    var first: Agent? = try agent()
    let tail = try Program(BuiltBinary.path, ["tail", "--socket", socket, "--format", "json"], input: nil)
    try run("one", seenBy: #require(first))
    try tail.outputLine { $0.contains("-one") }
    _ = try first?.finish()
    first = nil
    try tail.errorLine { $0.contains("the agent has gone; waiting for it") }
    let second = try agent()
    try run("two", seenBy: second)
    try tail.errorLine { $0.contains("the agent is back") }
    try tail.outputLine { $0.contains("-two") }
    return (tail, second)
  }

  @Test("who may not ask is told who may", .needsRoot)
  func stranger() throws {
    let agent = try Agent(options: ["sources=procfs"])
    _ = try Program("/bin/chmod", ["0755", FilePath(agent.socket).removingLastComponent().string]).finish()
    let asStranger = ["--reuid=65534", "--regid=65534", "--clear-groups", BuiltBinary.path.string]
    func tail() throws -> Outcome {
      try Program("/usr/bin/setpriv", asStranger + ["tail", "--socket", agent.socket]).finish()
    }
    // By the file's mode, and by the kernel's word where the mode lets everybody in.
    let byMode = try tail()
    _ = try Program("/bin/chmod", ["0666", agent.socket]).finish()
    for outcome in [byMode, try tail()] {
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("the group of control.group may ask"), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
  }

  @Test("the configured group may look", .needsRoot)
  func group() throws {
    let agent = try Agent(options: ["sources=procfs", "control.group=daemon"])
    _ = try Program("/bin/chmod", ["0755", FilePath(agent.socket).removingLastComponent().string]).finish()
    // daemon has gid 1 on every Debian.
    let tail = try Program(
      "/usr/bin/setpriv",
      [
        "--reuid=65534", "--regid=65534", "--groups=1", BuiltBinary.path.string, "tail", "--socket",
        agent.socket,
      ],
      input: nil)
    try awaitTails(agent, 1)
    tail.signal(SIGINT)
    #expect(try tail.finish().status == 0)
  }

  @Test("without an agent the answer is how to get one, and 2")
  func nobody() throws {
    let outcome = try windhover("tail", "--socket", "/nonexistent/control.sock")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no agent listens there"))
  }

  @Test("a tail whose reader has gone ends, also when nothing comes any more")
  func readerGone() throws {
    let agent = try Agent(options: ["sources=procfs"])
    let tail = try tail(agent)
    try awaitTails(agent, 1)
    tail.closeOutput()
    #expect(try tail.finish().status == 0)
  }

  @Test(
    "ten tails while alerts come faster than they can be read, and one does not read: nine have all of them, and no other output suffers",
    .needsRoot, .needsHost)
  func load() throws {
    let rules = 20
    let runs = 100
    let directory = try TemporaryDirectory()
    let agent = try agent("journal.directory=\(directory.path.appending("journal"))", rules: rules)
    // Files: a pipe that the test does not read would make all of them slow.
    let tails = try (1...10).map { number in
      try TailedToFile(agent.socket, directory.path.appending("output.\(number)"))
    }
    try awaitTails(agent, 10)
    tails[9].program.signal(SIGSTOP)
    _ = try Program(
      "/bin/bash", ["-c", "for i in $(seq \(runs)); do /bin/echo \(Self.name)-$i-; done > /dev/null"]
    ).finish()
    try run("last-", seenBy: agent)
    try agent.alert(of: "Marked program \(rules)") { $0.outputText("proc.args")?.hasSuffix("-last-") == true }
    let last = "grep '\"rule\":\"Marked program \(rules)\"' | grep -q -- -last-"
    let outputs = try tails.prefix(9).map { try $0.finish(when: last) }
    for output in outputs { #expect(output == outputs[0]) }
    tails[9].program.signal(SIGCONT)
    #expect(try tails[9].finish(when: last) == outputs[0])
    // The agent's own output tells what there is: on a busy machine not every program's arguments are seen.
    let own = try agent.finish().output.split(separator: "\n").count {
      $0.contains("\"rule\":\"Marked program")
    }
    #expect(outputs[0].hasPrefix("\(own) "))
    #expect(own >= rules)
  }
}

/// A tail as JSON into a file.
private final class TailedToFile {
  let program: Program
  private let file: FilePath

  init(_ socket: String, _ file: FilePath) throws {
    self.file = file
    program = try Program(
      "/bin/sh",
      [
        "-c", "exec \"$0\" tail --socket \"$1\" --format json > \"$2\"", BuiltBinary.path.string, socket,
        file.string,
      ], input: nil)
  }

  /// Waits until a command of the shell finds in the file's last lines what it looks for, and ends the tail.
  /// - Returns: how many alerts about marked programs there are, and a digest of them.
  func finish(when command: String) throws -> String {
    let deadline = ContinuousClock.now + .seconds(120)
    while try shell("tail -n 100 \(file) | \(command)").status != 0 {
      guard ContinuousClock.now < deadline else {
        throw DeadlinePassed(waitingFor: "the last alert", output: "", errors: "")
      }
      usleep(100_000)
    }
    program.signal(SIGINT)
    #expect(try program.finish().status == 0)
    return try shell(
      "echo $(grep -c \(Self.marked) \(file)) $(grep \(Self.marked) \(file) | sha256sum)"
    ).output
  }

  /// Alerts about losses, which name the rules too, may come behind the last marked one.
  private static let marked = #"'"rule":"Marked program'"#

  private func shell(_ command: String) throws -> Outcome {
    try Program("/bin/sh", ["-c", command]).finish()
  }
}
