import Glibc
import SystemPackage

/// A cgroup of a test's own in the trees of some controllers, with everything in it killed and itself removed when this
/// object goes.
final class ScratchCgroup {
  /// The path from the root of its trees.
  let path: String
  private let homes: [String: FilePath]

  private static let mount: FilePath = "/sys/fs/cgroup"
  private static let isUnified = Files.exists("/sys/fs/cgroup/cgroup.controllers")

  /// What each cgroup of version 2 has without a controller, and the tree of version 2 itself.
  private static let everywhere: Set<String> = ["freezer", "unified"]
  /// The trees in which a cgroup can be frozen.
  static let freezers = isUnified ? ["unified"] : ["freezer", "unified"].filter { isPossible($0) }

  /// The tree of a controller of version 1, or that of version 2.
  static func tree(_ controller: String) -> FilePath { isUnified ? mount : mount.appending(controller) }

  /// The tree of version 2, if there is one.
  static var unified: FilePath? {
    isUnified ? mount : Files.exists("/sys/fs/cgroup/unified/cgroup.procs") ? mount.appending("unified") : nil
  }

  static func isPossible(_ controllers: String...) -> Bool {
    controllers.allSatisfy { Files.isWritable(tree($0)) }
      && (!isUnified
        || controllers.filter { !everywhere.contains($0) }.allSatisfy {
          Files.text("/sys/fs/cgroup/cgroup.controllers").split(whereSeparator: \.isWhitespace).contains(
            Substring($0))
        })
  }

  /// - Parameter suffix: the end of its name.
  init(_ controllers: String..., suffix: String = "") throws {
    let name = "windhover-test-\(getpid())-\(UInt32.random(in: 0 ... .max))\(suffix)"
    path = "/" + name
    if Self.isUnified {
      let words = controllers.filter { !Self.everywhere.contains($0) }.map { "+\($0)" }.joined(separator: " ")
      if !words.isEmpty { try Files.write(words, to: Self.mount.appending("cgroup.subtree_control")) }
    }
    homes = Dictionary(
      uniqueKeysWithValues: controllers.map { ($0, Self.tree($0).appending(name)) })
    for directory in homes.values { try Files.makeDirectory(directory) }
  }

  deinit {
    for home in Set(homes.values) {
      for _ in 0..<500 {
        for pid in Files.text(home.appending("cgroup.procs")).split(separator: "\n") {
          if let pid = pid_t(pid) { kill(pid, SIGKILL) }
        }
        if Files.removeDirectory(home) { break }
        usleep(10_000)
      }
    }
  }

  /// Writes a limit, by the file's name in either version.
  func write(_ text: String, to file: (one: String, two: String), of controller: String) throws {
    guard let home = homes[controller] else { throw Errno.noSuchFileOrDirectory }
    try Files.write(text, to: home.appending(Self.isUnified ? file.two : file.one))
  }

  /// Makes everything in it stand still for a while. It runs again whatever happens: what is frozen cannot be killed.
  func freeze(_ tree: String, for seconds: UInt32) throws {
    guard let home = homes[tree] else { throw Errno.noSuchFileOrDirectory }
    let hasWords = tree == "freezer" && !Self.isUnified
    let file = home.appending(hasWords ? "freezer.state" : "cgroup.freeze")
    defer { try? Files.write(hasWords ? "THAWED" : "0", to: file) }
    try Files.write(hasWords ? "FROZEN" : "1", to: file)
    sleep(seconds)
  }

  /// Whether the kernel tells afterwards for how long it was frozen.
  func tellsFreezing(_ tree: String) -> Bool {
    homes[tree].map { Files.text($0.appending("cgroup.stat.local")).contains("frozen_usec") } ?? false
  }

  /// Runs `body` while everything in it has 1 % of a processor.
  func whileThrottled<Result>(_ body: () throws -> Result) throws -> Result {
    let file = (one: "cpu.cfs_quota_us", two: "cpu.max")
    defer { try? write(Self.isUnified ? "max" : "-1", to: file, of: "cpu") }
    try write("1000", to: file, of: "cpu")
    return try body()
  }

  /// A program, and its arguments, that starts another in the cgroup.
  var launcher: [String] { ["/bin/sh"] + arguments(running: "exec \"$@\"") + ["sh"] }

  /// The arguments of `/bin/sh` that moves into the cgroup, then runs `command`.
  func arguments(running command: String) -> [String] {
    let moves = Set(homes.values).map { "echo $$ > '\($0.appending("cgroup.procs"))'" }
    return ["-c", moves.joined(separator: " && ") + " && " + command]
  }
}
