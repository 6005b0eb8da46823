// Unsafe: access on a constant path.
import Glibc
import SystemPackage
import Testing

@testable import Monitor

private let hasSystemd: Bool = unsafe access("/usr/bin/systemd-analyze", X_OK) == 0
private let needsSystemd: Comment = "needs systemd-analyze (Debian: systemd)"

/// deploy/systemd/windhover.service against systemd's own check and against what the agent needs.
@Suite struct SystemdUnitTests {
  private let unit: Unit

  init() throws {
    unit = try Unit(path: FilePath(#filePath).appending("../../../../deploy/systemd/windhover.service"))
  }

  @Test("it grants what the agent keeps, and nothing that the bounding set then takes away")
  func capabilities() {
    let ambient = Set(unit.words(of: "AmbientCapabilities"))
    for number in PrivilegeDrop.forProc.numbers {
      let name = Capabilities(number: number).description.uppercased()
      #expect(ambient.contains(name), "\(name)")
    }
    #expect(ambient == Set(unit.words(of: "CapabilityBoundingSet")))
    // Without it the agent cannot empty the bounding set.
    #expect(ambient.contains("CAP_SETPCAP"))
  }

  @Test("systemd finds no fault in it, and little exposure", .enabled(if: hasSystemd, needsSystemd))
  func verify() throws {
    let directory = FilePath("/tmp/windhover-unit-\(getpid())")
    defer { _ = try? SpawnedProcess(["rm", "-rf", directory.string]).finish() }
    #expect(try SpawnedProcess(["mkdir", directory.string]).finish().end == .exited(0))
    let path = directory.appending("windhover.service")
    // The binary that it names is not installed where the tests run.
    try unit.replacing("ExecStart", with: "/bin/true").write(to: path)

    let check = try run(["systemd-analyze", "verify", "--man=no", path.string])
    #expect(check.end == .exited(0), "\(check.lines)")
    #expect(check.lines == [])
    let exposure = try run(["systemd-analyze", "security", "--offline=true", "--threshold=40", path.string])
    #expect(exposure.end == .exited(0), "\(exposure.lines.suffix(1))")
  }

  @Test(
    "its system call filter lets everything through that the agent's own allows",
    .enabled(if: hasSystemd, needsSystemd))
  func callFilter() throws {
    var allowed: Set<String> = []
    for value in unit.values(of: "SystemCallFilter") {
      let refused = value.hasPrefix("~")
      let calls = try calls(
        in: (refused ? String(value.dropFirst()) : value).split(separator: " ").map(String.init))
      if refused { allowed.subtract(calls) } else { allowed.formUnion(calls) }
    }
    let rules = SyscallFilter.agent().rules
    let needed = rules.filter { $0.action == .allow }.flatMap(\.names)
    #expect(needed.filter { !allowed.contains($0) } == [])
    // What the agent calls before its own filter exists.
    #expect(["capset", "seccomp", "fanotify_init"].filter { !allowed.contains($0) } == [])
    // systemd itself executes the agent, under this filter.
    let fatal = rules.filter { $0.action == .kill && $0.conditions.isEmpty }.flatMap(\.names)
    #expect(fatal.filter { allowed.contains($0) } == ["execve", "execveat"])
  }

  /// Expands sets such as `@system-service` as the installed systemd does.
  private func calls(in names: [String]) throws -> Set<String> {
    var calls: Set<String> = []
    for name in names {
      guard name.hasPrefix("@") else {
        calls.insert(name)
        continue
      }
      let listing = try run(["systemd-analyze", "syscall-filter", "--no-pager", name]).lines
      let members = listing.filter { $0.hasPrefix("    ") && !$0.contains("#") }.map {
        String($0.dropFirst(4))
      }
      try #require(!members.isEmpty, "\(name) is no set")
      calls.formUnion(try self.calls(in: members))
    }
    return calls
  }

  private func run(_ command: [String]) throws -> ProbeResult {
    try SpawnedProcess(["sh", "-c", "exec \"$@\" 2>&1", "sh"] + command).finish()
  }
}

/// A unit file, as its lines `Key=value`. See systemd.syntax(7).
private struct Unit {
  private var lines: [String]

  init(path: FilePath) throws {
    lines = try OwnProc.text(path.lexicallyNormalized().string).split(separator: "\n").map(String.init)
  }

  func values(of key: String) -> [String] {
    lines.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
  }

  func words(of key: String) -> [String] {
    values(of: key).flatMap { $0.split(separator: " ").map(String.init) }
  }

  func replacing(_ key: String, with value: String) -> Unit {
    var copy = self
    copy.lines = lines.map { $0.hasPrefix(key + "=") ? "\(key)=\(value)" : $0 }
    return copy
  }

  func write(to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead])
    try file.closeAfter { _ = try file.writeAll((lines.joined(separator: "\n") + "\n").utf8) }
  }
}
