// Unsafe: calls that read a local.
import CLinux
import Ccap
import Glibc
import SystemPackage

/// The steps of `PrivilegeDrop`, each with what it did or why it could not.
///
/// A step that the starter's privileges do not allow is `missing`; one that they allow but the kernel refuses throws.
struct DropSteps {
  private(set) var report = ProtectionReport()
  /// What the main thread must show at the end, line by line; the rest is as it is.
  private var intended: [(ThreadState.Line, String)] = []
  private var intendedCapabilities: [(ThreadState.Line, Capabilities)] = []
  private var filtered = false

  /// Above this the kernel ends nearly every other process first; −1000 would exempt an agent that itself leaks.
  private static let oomScoreAdjustment = -900

  mutating func surviveMemoryShortage() {
    let path = "/proc/self/oom_score_adj"
    let wanted = Self.oomScoreAdjustment
    let current = (try? OwnProc.text(path)).flatMap { Int($0.filter { $0 != "\n" }) }
    if let current, current <= wanted { return report.done(.memoryShortage, "oom_score_adj is \(current)") }
    do {
      try OwnProc.write(String(wanted), to: path)
      report.done(.memoryShortage, "oom_score_adj is \(wanted)")
    } catch {
      report.missing(
        .memoryShortage, because: "oom_score_adj stays \(current.map(String.init) ?? "unknown"): \(error)",
        cost: "when memory is short the kernel may end the agent before others")
    }
  }

  mutating func emptyBoundingSet() throws(ProtectionError) {
    let bounding = Capabilities.bounding()
    if !bounding.isEmpty {
      guard try Capabilities.effective().contains(.setCapabilities) else {
        intendedCapabilities.append((.bounding, bounding))
        return report.missing(
          .boundingSet, because: "needs cap_setpcap",
          cost: "no_new_privs alone keeps exec from bringing privileges")
      }
      for number in bounding.numbers {
        guard cap_drop_bound(cap_value_t(number)) == 0 else {
          throw .stuck(.boundingSet, Errno(rawValue: errno))
        }
      }
    }
    intendedCapabilities.append((.bounding, []))
    report.done(.boundingSet, "empty")
  }

  // MARK: User

  mutating func become(_ identity: Identity) throws(ProtectionError) {
    switch identity {
    case .account(let account) where account.user != 0: try become(account)
    case .account: stay(because: "stays root, as `user` says")
    case .starter: stay(because: "stays root")
    case .rootForWantOf(let name): stay(because: "stays root: \(ProtectionError.cure(ofMissing: name))")
    }
  }

  private mutating func stay(because reason: String) {
    intendIdentifiers(user: geteuid(), group: getegid())
    guard geteuid() == 0 else {
      return report.done(.user, "stays \(geteuid()):\(getegid()), which started it")
    }
    report.missing(
      .user, because: reason,
      cost: "who takes the agent over can write root's files and, by /proc, the memory of root's processes")
  }

  private mutating func become(_ account: Account) throws(ProtectionError) {
    let needed: Capabilities = [.setUser, .setGroup]
    let isAlready = getuid() == account.user && geteuid() == account.user && getegid() == account.group
    let canChange = try Capabilities.effective().isSuperset(of: needed)
    guard isAlready || canChange else {
      intendIdentifiers(user: geteuid(), group: getegid())
      return report.missing(
        .user, because: "becoming \(account.name) needs \(needed)",
        cost: "the agent stays \(geteuid()):\(getegid()) and can do what that user can")
    }
    if canChange {
      try taken(.user, wh_keep_capabilities(1))
      try taken(.user, setgroups(0, nil))
      try taken(.user, wh_set_group(account.group))
      try taken(.user, wh_set_user(account.user))
      intended.append((.supplementaryGroups, ""))
    }
    intendIdentifiers(user: account.user, group: account.group)
    report.done(.user, "\(account.name) (\(account.user):\(account.group))")
  }

  private mutating func intendIdentifiers(user: UInt32, group: UInt32) {
    intended.append((.users, "\(user) \(user) \(user) \(user)"))
    intended.append((.groups, "\(group) \(group) \(group) \(group)"))
  }

  // MARK: Capabilities

  mutating func keepOnly(_ wanted: Capabilities) throws(ProtectionError) {
    let kept = try Capabilities.permitted().intersection(wanted)
    try taken(.capabilities, cap_reset_ambient())
    try kept.becomeOnlyOnes()
    try taken(.capabilities, wh_keep_capabilities(0))
    for line in [ThreadState.Line.permitted, .effective] { intendedCapabilities.append((line, kept)) }
    for line in [ThreadState.Line.inheritable, .ambient] { intendedCapabilities.append((line, [])) }

    let lacking = wanted.subtracting(kept)
    guard !lacking.isEmpty else { return report.done(.capabilities, "only \(kept)") }
    report.missing(.capabilities, because: "lacks \(lacking)", cost: Self.cost(of: lacking))
  }

  private static func cost(of lacking: Capabilities) -> String {
    var unseen: [String] = []
    if lacking.contains(.sysPtrace) { unseen.append("exe, cwd, root and namespaces") }
    if lacking.contains(.dacReadSearch) { unseen.append("descriptors, environment and private files") }
    guard !unseen.isEmpty else { return "what needs them stays undone" }
    return "\(unseen.joined(separator: "; ")) of other users' processes stay unseen"
  }

  // MARK: What can never come back

  /// After the change of user, which puts the dumpable flag to what fs.suid_dumpable says.
  mutating func refuseDumps() throws(ProtectionError) {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    // SAFETY: the limit is a local.
    try unsafe taken(.coreDumps, setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit))
    try taken(.coreDumps, wh_refuse_dumps())
    report.done(.coreDumps, "none; own processes of the user cannot trace the agent")
  }

  mutating func refuseNewPrivileges() throws(ProtectionError) {
    try taken(.newPrivileges, wh_refuse_new_privileges())
    intended.append((.noNewPrivileges, "1"))
    report.done(.newPrivileges, "none, for ever")
  }

  /// Before the filter, which leaves no way to ask for it. What the filter does of the same kind still counts.
  mutating func refuseWrittenCode() {
    if wh_refuse_written_code() == 0 { return report.done(.writtenCode, "never executable") }
    let error = Errno(rawValue: errno)
    report.missing(
      .writtenCode, because: error == .invalidArgument ? "needs Linux 6.3" : "\(error)",
      cost: "the system call filter alone keeps written memory from being executed")
  }

  mutating func load(_ filter: SyscallFilter?) {
    let cost = "whoever takes over the agent can make every system call"
    guard let filter else { return report.missing(.systemCalls, because: "switched off", cost: cost) }
    do {
      try filter.install()
    } catch {
      // A kernel without seccomp, or a container that forbids it.
      return report.missing(.systemCalls, because: "seccomp is not to be had: \(error)", cost: cost)
    }
    filtered = true
    intended.append((.seccompMode, "2"))
    let unknown = filter.unknownNames
    report.done(
      .systemCalls,
      unknown.isEmpty ? "an allow-list" : "an allow-list, without \(unknown.joined(separator: ", "))")
  }

  /// What the threads of outputs will do as they start; never this one, since whoever is under Landlock reads no other
  /// process's exe, cwd, root, namespaces and descriptors.
  /// - Parameter landlock: the kernel's version of it.
  mutating func foreseeConfinement(_ landlock: Result<Int, Errno>) {
    switch landlock {
    case .success(let version):
      report.done(
        .outputs,
        "each one's thread opens its own files\(version >= 4 ? " and ports" : "") alone (Landlock \(version))"
      )
    case .failure(let error):
      let why =
        switch error {
        case .noFunction: "this kernel has no Landlock"
        case .notSupported: "Landlock is switched off in this kernel"
        default: "Landlock is not to be had: \(error)"
        }
      report.missing(
        .outputs, because: why,
        cost: "whoever takes an output's thread over can open what the whole agent can")
    }
  }

  // MARK: Check

  /// What the kernel must show for every thread: what was intended, and for the rest what the main thread shows.
  func audit() throws(ProtectionError) -> ThreadAudit {
    let path = "/proc/self/status"
    guard var state = ThreadState(parsing: try OwnProc.text(path)) else {
      throw .unreadable(path: path, .ioError)
    }
    for (line, value) in intended { state.set(line, value) }
    for (line, set) in intendedCapabilities { state.set(line, set) }
    return ThreadAudit(intended: state, refusesBlockedTrap: filtered)
  }

  private func taken(_ step: ProtectionStep, _ result: Int32) throws(ProtectionError) {
    if result != 0 { throw .stuck(step, Errno(rawValue: errno)) }
  }
}
