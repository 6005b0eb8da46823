import Glibc
import SystemPackage
import Testing

/// Holds every test of a suite to leaving the machine as it was: no process, mount or cgroup of ours stays behind.
struct LeavesNothingBehind: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    guard testCase != nil else { return }
    var left: [String] = []
    for _ in 0..<600 {
      left = Self.all()
      if left.isEmpty { return }
      usleep(50_000)
    }
    Issue.record("left behind: \(left.joined(separator: "; "))")
  }

  /// What carries the mark of this test run's directories, cgroups and containers, or is one of its tools.
  private static func all() -> [String] {
    let marks = ["windhover-test-\(getpid())-", Container.idMark]
    let isMarked = { (text: String) in marks.contains { text.contains($0) } }

    let mounts = Files.text("/proc/self/mountinfo").split(separator: "\n").map(String.init).filter(isMarked)
    let processes = Files.names(in: "/proc").filter { pid_t($0) != nil && pid_t($0) != getpid() }
      .map { (pid: $0, program: Files.target(of: FilePath("/proc/\($0)/exe")) ?? "") }
      .filter { process in
        process.program.hasPrefix(Tool.directory.string) || isMarked(process.program)
          || isMarked(Files.text(FilePath("/proc/\(process.pid)/cgroup")))
      }
    let cgroups = ["", "cpu", "freezer", "memory", "pids", "systemd", "unified"].flatMap { hierarchy in
      Files.names(in: FilePath("/sys/fs/cgroup/\(hierarchy)")).filter(isMarked).map { "\(hierarchy)/\($0)" }
    }
    return mounts.map { "mount \($0)" } + processes.map { "process \($0.pid) \($0.program)" }
      + cgroups.map { "cgroup \($0)" }
  }
}

extension Trait where Self == LeavesNothingBehind {
  static var leavesNothingBehind: Self { LeavesNothingBehind() }
}
