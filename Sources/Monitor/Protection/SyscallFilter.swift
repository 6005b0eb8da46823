// Unsafe: libseccomp's functions, on a context that is released when its owner goes.
import CLinux
import Cseccomp
import Glibc
import SystemPackage

/// Which system calls the agent may make once it has what it needs. See seccomp(2).
///
/// An allow-list: an unknown call fails with ENOSYS and is counted (`RefusedCalls`); one that only an intruder makes
/// ends the process.
public struct SyscallFilter: Sendable {
  /// The architectures that are supported. Calls through any other, such as 32-bit or x32 calls, end the process.
  enum Architecture: CaseIterable, Sendable {
    case x86, arm64

    var token: UInt32 {
      switch self {
      case .x86: wh_arch_x86_64
      case .arm64: wh_arch_arm64
      }
    }
  }

  let rules: [SyscallRule]
  /// By call, the error of what no row allows, where it is not ENOSYS.
  let answers: [String: Int32]

  init(rules: [SyscallRule], answers: [String: Int32]) {
    self.rules = rules
    self.answers = answers
  }

  /// Loads the filter for every thread of the process, for ever; installs the handler that counts.
  ///
  /// no_new_privs must be set. A thread that blocks SIGSYS is killed by a refused call, with the process.
  func install() throws(Errno) {
    guard wh_refused_calls_install() == 0 else { throw Errno(rawValue: errno) }
    for (name, error) in answers {
      guard let number = Self.number(of: name), number >= 0 else { continue }
      wh_refused_calls_answer(UInt32(number), error)
    }
    try build(for: nil).load()
  }

  /// The names in the table that the installed libseccomp, being older, does not know: refused and counted.
  var unknownNames: [String] {
    rules.flatMap(\.names).filter { Self.number(of: $0) == nil }
  }

  /// The filter as the kernel would run it, for an architecture that need not be this one.
  func program(for architecture: Architecture) throws(Errno) -> [UInt64] {
    try build(for: architecture).instructions()
  }

  private func build(for architecture: Architecture?) throws(Errno) -> Context {
    let context = try Context()
    try context.setUp(for: architecture)
    for rule in rules {
      for name in rule.names {
        guard let number = Self.number(of: name) else { continue }
        try context.add(rule, number: number)
      }
    }
    return context
  }

  /// - Returns: `nil` for a name that libseccomp does not know; a negative number for a call of other architectures.
  static func number(of name: String) -> Int32? {
    // SAFETY: a Swift string passed to C outlives the call.
    let number = unsafe seccomp_syscall_resolve_name(name)
    return number == __NR_SCMP_ERROR ? nil : number
  }

  /// - Returns: `nil` for a number that libseccomp does not know.
  static func name(of number: Int32) -> String? {
    // SAFETY: libseccomp allocates the string with malloc; it is freed once.
    guard let name = unsafe seccomp_syscall_resolve_num_arch(UInt32(SCMP_ARCH_NATIVE), number) else {
      return nil
    }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }
}

/// A filter being built in libseccomp.
@safe
private struct Context: ~Copyable {
  private let raw: scmp_filter_ctx

  init() throws(Errno) {
    // SAFETY: `deinit` releases the context, once.
    guard let raw = unsafe seccomp_init(SCMP_ACT_TRAP) else { throw .noMemory }
    unsafe self.raw = raw
  }

  deinit { unsafe seccomp_release(raw) }

  /// - Parameter architecture: `nil` for the one we run on.
  func setUp(for architecture: SyscallFilter.Architecture?) throws(Errno) {
    // SAFETY: the context is whole.
    try unsafe Self.check(seccomp_attr_set(raw, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS))
    try unsafe Self.check(seccomp_attr_set(raw, SCMP_FLTATR_CTL_TSYNC, 1))
    // A search tree: the kernel runs the filter at every call that its own bitmap does not know as always allowed.
    try unsafe Self.check(seccomp_attr_set(raw, SCMP_FLTATR_CTL_OPTIMIZE, 2))
    guard let architecture, architecture.token != seccomp_arch_native() else { return }
    try unsafe Self.check(seccomp_arch_add(raw, architecture.token))
    try unsafe Self.check(seccomp_arch_remove(raw, UInt32(SCMP_ARCH_NATIVE)))
  }

  func add(_ rule: SyscallRule, number: Int32) throws(Errno) {
    let comparisons = rule.conditions.map { condition in
      switch condition.comparison {
      case .masked(let mask, let value):
        scmp_arg_cmp(arg: condition.argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
      case .isNot(let value):
        scmp_arg_cmp(arg: condition.argument, op: SCMP_CMP_NE, datum_a: value, datum_b: 0)
      }
    }
    // SAFETY: the comparisons outlive the call, which copies them.
    let result = unsafe seccomp_rule_add_array(
      raw, rule.action.code, number, UInt32(comparisons.count), comparisons)
    try Self.check(result)
  }

  func load() throws(Errno) {
    // SAFETY: the context is whole.
    try unsafe Self.check(seccomp_load(raw))
  }

  func instructions() throws(Errno) -> [UInt64] {
    // SAFETY: the file is written by libseccomp and read back into an array of the size asked for.
    guard let file = unsafe tmpfile() else { throw Errno(rawValue: errno) }
    defer { unsafe _ = fclose(file) }
    try unsafe Self.check(seccomp_export_bpf(raw, fileno(file)))
    var program = [UInt64](repeating: 0, count: 4096)  // BPF_MAXINSNS
    let count = unsafe pread(fileno(file), &program, program.count * 8, 0)
    guard count >= 0 else { throw Errno(rawValue: errno) }
    return Array(program.prefix(count / 8))
  }

  private static func check(_ result: Int32) throws(Errno) {
    if result < 0 { throw Errno(rawValue: -result) }
  }
}

extension SyscallRule.Action {
  /// See seccomp_rule_add(3).
  fileprivate var code: UInt32 {
    switch self {
    case .allow: SCMP_ACT_ALLOW
    case .fail(let error): wh_act_errno(UInt16(error))
    case .kill: SCMP_ACT_KILL_PROCESS
    }
  }
}
