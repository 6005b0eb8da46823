import Glibc
import System
import SystemPackage
import Testing

/// `windhover status`, and the socket at which it asks.
@Suite struct StatusTests {
  private static let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures/docker-default").string

  /// An agent on the fixture, which needs no privileges.
  private func agent(_ options: String...) throws -> Agent {
    try Agent(options: ["sources=procfs", "host_root=\(Self.fixture)"] + options)
  }

  @Test("an agent tells in JSON what it watches, what it lost and how its outputs are")
  func json() throws {
    let agent = try agent()
    let status = try awaitStatus("nothing that waits", at: agent.socket) { $0.waiting(for: "stdout") == 0 }
    #expect(status["version"]?.text == "0.1.0")
    #expect(status["pid"] == .integer(UInt64(agent.pid)))
    let sources = status["sources"]?.list ?? []
    let procfs = sources.first { $0["name"]?.text == "procfs" }
    #expect(procfs?["active"] == .bool(true))
    #expect(procfs?["lost"]?.list != nil)
    #expect(status["rules"]?["loaded"] != .integer(0))
    #expect(status["outputs"]?.list?.first?["name"]?.text == "stdout")
  }

  @Test("a person reads the same in a few lines")
  func text() throws {
    let agent = try agent()
    let outcome = try windhover("status", "--socket", agent.socket)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("windhover 0.1.0 on ") == true)
    for word in ["events ", "rules ", "sources ", "lost ", "coverage ", "outputs "] {
      #expect(lines.contains { $0.hasPrefix(word) }, "\(word) in \(outcome.output)")
    }
  }

  @Test("without an agent the answer is how to get one, and 2")
  func nobody() throws {
    let outcome = try windhover("status", "--socket", "/nonexistent/control.sock")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no agent listens there"))
  }

  @Test("who is neither root, nor the agent's user, nor of the group is refused", .needsRoot)
  func strangers() throws {
    let agent = try agent("control.group=daemon")
    func ask(_ identity: String...) throws -> Outcome {
      try Program(
        "/usr/bin/setpriv", identity + [BuiltBinary.path.string, "status", "--socket", agent.socket]
      ).finish()
    }
    // The directory and the file let everybody in: what counts is who asks.
    _ = try Program("/bin/chmod", ["0755", FilePath(agent.socket).removingLastComponent().string]).finish()
    _ = try Program("/bin/chmod", ["0666", agent.socket]).finish()
    let stranger = try ask("--reuid=65534", "--regid=65534", "--clear-groups")
    #expect(stranger.status == 2)
    #expect(stranger.errors.contains("only root, the agent's user and the group"), "\(stranger.errors)")
    // daemon has gid 1 on every Debian.
    #expect(try ask("--reuid=65534", "--regid=65534", "--groups=1").status == 0)
    #expect(try ask("--reuid=65534", "--regid=1", "--clear-groups").status == 0)
  }

  @Test(
    "an agent that may not give its socket to the group says so, and root and its user may ask", .needsRoot)
  func groupRefused() throws {
    let directory = try TemporaryDirectory()
    Files.setPermissions(of: directory.path, to: FilePermissions(rawValue: 0o777))
    let binary = try directory.copy(BuiltBinary.path, as: "windhover")
    let socket = directory.path.appending("s").string
    // Where the repository lies, others than its owner may have no way in.
    let host = directory.path.appending("host").string
    _ = try Program("/bin/cp", ["-r", Self.fixture, host]).finish()
    _ = try Program("/bin/chmod", ["-R", "a+rX", host]).finish()
    let agent = try Agent(
      options: [
        "sources=procfs", "host_root=\(host)", "control.group=daemon", "control.socket=\(socket)",
      ], launcher: ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], binary: binary)
    #expect(agent.log.contains { $0.contains("the socket cannot be given to 'daemon'") }, "\(agent.log)")
    #expect(try windhover("status", "--socket", socket).status == 0)
  }

  @Test("the socket file is made for owner and group, and goes with the agent")
  func file() throws {
    let agent = try agent()
    let mode = try Program("/usr/bin/stat", ["-c", "%a %F", agent.socket]).finish().output
    #expect(mode == "660 socket\n")
    _ = try agent.finish()
    #expect(!Files.exists(FilePath(agent.socket)))
  }

  @Test("a second agent says that the first one answers, and works; what a killed one left is replaced")
  func twoAgents() throws {
    let directory = try TemporaryDirectory()
    let socket = directory.path.appending("s").string
    let first = try agent("control.socket=\(socket)")
    let second = try agent("control.socket=\(socket)")
    #expect(second.log.contains { $0.contains("another agent answers there") }, "\(second.log)")
    _ = try second.finish()
    #expect(try windhover("status", "--socket", socket).status == 0)
    _ = try? first.finish(by: SIGKILL)
    #expect(Files.exists(FilePath(socket)))
    let third = try agent("control.socket=\(socket)")
    #expect(!third.log.contains { $0.contains("warning: status:") }, "\(third.log)")
    #expect(try windhover("status", "--socket", socket).status == 0)
  }

  @Test("a file that is no socket stays, and a group that is none is told")
  func wrongPlaces() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("precious", to: "file")
    let agent = try agent("control.socket=\(file)")
    #expect(agent.log.contains { $0.contains("it is no socket") }, "\(agent.log)")
    #expect(try contents(of: FilePath(file)) == "precious")
    let other = try self.agent("control.group=no-such-group")
    #expect(other.log.contains { $0.contains("no group is called 'no-such-group'") }, "\(other.log)")
  }

  @Test(
    "askers that say nothing, too much, or nonsense, and more than fit, do not keep others from their answer")
  func hostileAskers() throws {
    let agent = try agent()
    func connect() throws -> Socket {
      try Socket.connected(toPath: agent.socket, kind: .stream, timeoutMilliseconds: 60_000)
    }
    let silent = try connect()
    let flood = try connect()
    let bytes = [UInt8](repeating: 0x61, count: 8192)
    _ = try flood.send(bytes.span)
    let nonsense = try connect()
    let question = Array("\u{1B}[2J nonsense\n".utf8)
    _ = try nonsense.send(question.span)
    nonsense.awaitInput(milliseconds: 60_000)
    let answer = String(decoding: try nonsense.receive(atMost: 4096) ?? [], as: UTF8.self)
    #expect(answer.hasPrefix("{\"error\":\"unknown request"))
    flood.awaitInput(milliseconds: 60_000)
    // Hung up: the end, or a reset since it had more to say.
    let end: [UInt8]?
    do { end = try flood.receive(atMost: 10) } catch { end = nil }
    #expect(end == nil)
    #expect(try windhover("status", "--socket", agent.socket).status == 0)
    // The silent one is left when its time is over.
    silent.awaitInput(milliseconds: 60_000)
    #expect(try silent.receive(atMost: 10) == nil)
  }
}
