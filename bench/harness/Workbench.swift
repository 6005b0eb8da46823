// Unsafe: mkdir(2), chmod(2), unlink(2), rmdir(2) with Swift strings.
import Glibc
import System
import SystemPackage

/// What every measurement works with: the agent's binary, the load programs, a directory of the bench's own.
///
/// The directory lies in /var/lib, since a rule that ships fires for programs below /tmp. It is removed at the end.
final class Workbench {
  let agent: String
  let isQuick: Bool
  /// Sizes of the process table at which standing costs are measured.
  let processCounts: [Int]
  private let programs: String
  let directory = "/var/lib/windhover-bench.\(getpid())"
  private var files: [String] = []

  /// - Parameters:
  ///   - programs: the directory of the compiled load programs.
  ///   - isQuick: fewer and shorter runs, to see that the bench works.
  init(agent: String, programs: String, processCounts: [Int], isQuick: Bool) throws(BenchError) {
    self.agent = agent
    self.programs = programs
    self.processCounts = processCounts
    self.isQuick = isQuick
    // SAFETY, here and below: a Swift string passed to C is ended by NUL and outlives the call.
    guard unsafe mkdir(directory, 0o755) == 0 else { throw .cannotWrite(directory, Errno(rawValue: errno)) }
    try copy(program("tiny"), to: tiny)
  }

  deinit {
    for file in files { _ = unsafe unlink(file) }
    _ = unsafe rmdir(directory)
  }

  /// The program that short-lived processes run, under a name that nothing else on the machine has.
  var tiny: String { directory + "/\(Self.tinyName)" }
  static let tinyName = "wh-bench-tiny"

  /// The path of a load program.
  func program(_ name: String) -> String { "\(programs)/\(name)" }

  /// How often something is repeated.
  func repetitions(_ count: Int) -> Int { isQuick ? min(count, 2) : count }

  /// Writes a file of the bench's own and returns its path.
  func write(_ text: String, to name: String) throws(BenchError) -> String {
    let path = directory + "/" + name
    try write(Array(text.utf8), to: path, permissions: 0o644)
    return path
  }

  /// Writes rules and returns their path.
  ///
  /// - Parameters:
  ///   - parent: each exec of a child of this process is an alert.
  ///   - readsAll: a rule that never matches asks for every file that the agent can read of a process.
  func rules(execsBelow parent: pid_t? = nil, readsAll: Bool = false) throws(BenchError) -> String {
    var text = ""
    if let parent {
      text += """
        - rule: bench exec
          desc: An exec of a process that the bench started.
          condition: evt.type in (execve, execveat) and proc.ppid = \(parent)
          output: bench <%proc.cmdline>
          priority: NOTICE

        """
    }
    if readsAll {
      text += """
        - rule: bench reads
          desc: Needs all that can be read of a process, and never matches.
          condition: >
            proc.name = no-such-process and proc.cmdline contains x and proc.exepath contains x
            and proc.cwd contains x and container.id = x and user.uid = 1 and user.loginuid = 1
            and proc.ns.mnt.id = 1 and thread.cap_effective contains CAP_SYS_ADMIN
          output: bench
          priority: NOTICE

        """
    }
    return try write(text, to: "rules-\(files.count).yaml")
  }

  private func copy(_ source: String, to target: String) throws(BenchError) {
    do {
      let file = try FileDescriptor.open(FilePath(source), .readOnly)
      defer { try? file.close() }
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = try unsafe bytes.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
      bytes.removeSubrange(count...)
      try write(bytes, to: target, permissions: 0o755)
    } catch {
      throw (error as? BenchError) ?? .cannotStart(source, (error as? Errno) ?? .notSupported)
    }
  }

  private func write(_ bytes: [UInt8], to path: String, permissions: CModeT) throws(BenchError) {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate],
        permissions: FilePermissions(rawValue: permissions))
      files.append(path)
      try file.closeAfter { _ = try file.writeAll(bytes) }
      // The umask must not keep the agent's own user from reading it.
      _ = unsafe chmod(path, permissions)
    } catch {
      throw .cannotWrite(path, (error as? Errno) ?? .notSupported)
    }
  }
}
