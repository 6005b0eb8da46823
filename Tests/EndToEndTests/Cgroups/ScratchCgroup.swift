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

  /// The tree of a controller of version 1, or that of version 2.
  static func tree(_ controller: String) -> FilePath { isUnified ? mount : mount.appending(controller) }

  /// The tree of version 2, if there is one.
  static var unified: FilePath? {
    isUnified ? mount : Files.exists("/sys/fs/cgroup/unified/cgroup.procs") ? mount.appending("unified") : nil
  }

  static func isPossible(_ controllers: String...) -> Bool {
    controllers.allSatisfy { Files.isWritable(tree($0)) }
      && (!isUnified
        || controllers.filter { $0 != "freezer" }.allSatisfy {
          Files.text("/sys/fs/cgroup/cgroup.controllers").split(whereSeparator: \.isWhitespace).contains(
            Substring($0))
        })
  }

  /// - Parameter suffix: the end of its name.
  init(_ controllers: String..., suffix: String = "") throws {
    let name = "windhover-test-\(getpid())-\(UInt32.random(in: 0 ... .max))\(suffix)"
    path = "/" + name
    if Self.isUnified {
      let words = controllers.map { "+\($0)" }.joined(separator: " ")
      try Files.write(words, to: Self.mount.appending("cgroup.subtree_control"))
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

  /// The arguments of `/bin/sh` that moves into the cgroup, then runs `command`.
  func arguments(running command: String) -> [String] {
    let moves = Set(homes.values).map { "echo $$ > '\($0.appending("cgroup.procs"))'" }
    return ["-c", moves.joined(separator: " && ") + " && " + command]
  }
}
