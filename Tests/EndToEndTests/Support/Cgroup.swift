import Glibc
import SystemPackage

/// A cgroup of a test's own, with everything in it killed and itself removed when this object goes.
///
/// On a host with version 1 it is a directory in each of the hierarchies that tell a process's place (of version 2,
/// systemd's) and in that of the pids controller; on one with version 2 alone it is one directory.
final class Cgroup {
  /// Where its processes are, one directory a hierarchy; the first limits their number.
  private let homes: [FilePath]
  /// The directories that hold those, or are those.
  private let parents: [FilePath]

  private static let mount: FilePath = "/sys/fs/cgroup"
  private static let isUnified = Files.exists("/sys/fs/cgroup/cgroup.controllers")
  private static let hierarchies: [FilePath] =
    isUnified
    ? [mount]
    : ["pids", "systemd", "unified"].map { mount.appending($0) }
      .filter { Files.exists($0.appending("cgroup.procs")) }

  static var isPossible: Bool {
    guard let first = hierarchies.first else { return false }
    return Files.isWritable(first) && (isUnified || first.lastComponent?.string == "pids")
  }

  /// - Parameters:
  ///   - name: the last part of its path; by default one that says that it is a test's.
  ///   - limit: how many processes it may hold.
  init(named name: String? = nil, limit: Int? = nil) throws {
    let parent = "windhover-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let parents = Self.hierarchies.map { $0.appending(parent) }
    self.parents = parents
    homes = name.map { name in parents.map { $0.appending(name) } } ?? parents
    for directory in parents + homes { try Files.makeDirectory(directory) }
    guard let limit else { return }
    if Self.isUnified { try? Files.write("+pids", to: Self.mount.appending("cgroup.subtree_control")) }
    try Files.write("\(limit)", to: parents[0].appending("pids.max"))
  }

  deinit {
    for _ in 0..<500 {
      var isGone = true
      for home in homes {
        for pid in processes(in: home) { kill(pid, SIGKILL) }
      }
      for directory in homes + parents where !Files.removeDirectory(directory) { isGone = false }
      if isGone { return }
      usleep(10_000)
    }
  }

  /// The arguments of a program that moves into the cgroup, then starts another there: pass them to `/bin/sh`.
  func arguments(starting program: FilePath, _ arguments: [String]) -> [String] {
    let moves = homes.map { "echo $$ > '\($0.appending("cgroup.procs"))'" }.joined(separator: " && ")
    return ["-c", "\(moves) && exec \"$@\"", "sh", program.string] + arguments
  }

  /// How many processes are in it now, zombies too.
  var count: Int {
    let text = Files.text(parents[0].appending("pids.current"))
    return Int(text.prefix { $0.isNumber }) ?? 0
  }

  private func processes(in directory: FilePath) -> [pid_t] {
    let text = Files.text(directory.appending("cgroup.procs"))
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }
}
