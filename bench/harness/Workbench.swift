// Unsafe: mkdir(2), chmod(2), unlink(2), rmdir(2) with Swift strings.
import Glibc
import System
import SystemPackage

/// What every measurement works with: the agent's binary, the load programs, a directory of the bench's own.
///
/// The directory lies in /var/lib, since a rule that ships fires for programs below /tmp. It is removed at the end; what
/// a bench that was interrupted left there, the next one uses and removes.
final class Workbench {
  let agent: String
  let isQuick: Bool
  /// Sizes of the process table at which standing costs are measured.
  let processCounts: [Int]
  /// How often a run was to begin, and how often the machine was quiet then.
  private(set) var quiet = (asked: 0, found: 0)
  private let programs: String
  private let patienceSeconds: Int
  /// Where Falco's rule file is, which is no part of this repository.
  private let falcoRulesPath: String?
  let directory = "/var/lib/windhover-bench"
  private var files: [String] = []
  private var directories: [String] = []
  private var trees: [String] = []

  /// - Parameters:
  ///   - programs: the directory of the compiled load programs.
  ///   - patienceSeconds: how long a run waits at most for the machine to be quiet.
  ///   - falcoRules: Falco's rule file; `nil` when it is not there.
  ///   - isQuick: fewer and shorter runs, to see that the bench works.
  init(
    agent: String, programs: String, processCounts: [Int], patienceSeconds: Int, falcoRules: String?,
    isQuick: Bool
  ) throws(BenchError) {
    self.agent = agent
    self.programs = programs
    self.processCounts = processCounts
    self.patienceSeconds = patienceSeconds
    self.isQuick = isQuick
    falcoRulesPath = falcoRules
    // SAFETY, here and below: a Swift string passed to C is ended by NUL and outlives the call.
    guard unsafe mkdir(directory, 0o755) == 0 || errno == EEXIST else {
      throw .cannotWrite(directory, Errno(rawValue: errno))
    }
    for program in ShortProgram.allCases { try copy(self.program(program.rawValue), to: path(of: program)) }
  }

  /// Notes a file that a program will make in the bench's directory, so that it is removed at the end.
  func willLeave(_ file: String) { files.append(file) }

  /// The same for a directory with what is in it; what an earlier run left there is removed now.
  func willLeave(tree directory: String) {
    Self.removeTree(directory)
    if !trees.contains(directory) { trees.append(directory) }
  }

  private static func removeTree(_ directory: String) {
    for name in (try? Directory.names(in: FilePath(directory))) ?? [] {
      try? Directory.removeFile(FilePath(directory).appending(name))
    }
    _ = unsafe rmdir(directory)
  }

  deinit {
    for tree in trees { Self.removeTree(tree) }
    for file in files { _ = unsafe unlink(file) }
    for directory in directories.reversed() { _ = unsafe rmdir(directory) }
    _ = unsafe rmdir(directory)
  }

  /// Where a short-lived program lies, under a name that nothing else on the machine has.
  func path(of program: ShortProgram) -> String { "\(directory)/\(program.name)" }

  /// The path of a load program.
  func program(_ name: String) -> String { "\(programs)/\(name)" }

  /// How often something is repeated.
  func repetitions(_ count: Int) -> Int { isQuick ? min(count, 2) : count }

  /// Waits, before a run, until others leave the machine in peace, or patience ends.
  func settle() {
    quiet.asked += 1
    for _ in 0..<max(1, 2 * patienceSeconds) where Machine.idleShare(overMilliseconds: 500) >= 0.9 {
      quiet.found += 1
      return
    }
  }

  /// The rules that the targets are about: Falco's, or in their absence as many generated ones.
  func judgedRules() throws(BenchError) -> RuleText {
    guard let falcoRulesPath else {
      var rules = RuleText.generated(ruleCount: 25)
      rules.isJudged = true
      rules.remark = "in the place of falco_rules.yaml, which --falco-rules did not name"
      return rules
    }
    guard let bytes = bytes(of: falcoRulesPath) else { throw .unavailable("cannot read \(falcoRulesPath)") }
    return RuleText(name: "falco_rules.yaml", bytes: bytes, isJudged: true)
  }

  /// Writes a file of the bench's own and returns its path.
  func write(_ text: String, to name: String) throws(BenchError) -> String {
    let path = directory + "/" + name
    try write(Array(text.utf8), to: path, permissions: 0o644)
    return path
  }

  /// Makes a directory of the bench's own, empty or as an interrupted bench left it, and returns its path.
  func makeDirectory(_ name: String) throws(BenchError) -> String {
    let path = directory + "/" + name
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw .cannotWrite(path, Errno(rawValue: errno))
    }
    directories.append(path)
    return path
  }

  /// Copies a program of the host's below the bench's directory.
  func install(_ program: String, as name: String) throws(BenchError) {
    try copy(program, to: directory + "/" + name)
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
    guard let bytes = bytes(of: source) else {
      throw .unavailable("\(source) is missing; `make bench` builds it")
    }
    try write(bytes, to: target, permissions: 0o755)
  }

  private func write(_ bytes: [UInt8], to path: String, permissions: CModeT) throws(BenchError) {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate],
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
