import Cseccomp
import Glibc
import Testing

@testable import Monitor

private let allowed = SCMP_ACT_ALLOW
private let killed = SCMP_ACT_KILL_PROCESS
private let refused = SCMP_ACT_TRAP

@Suite struct SyscallFilterTests {
  private static let filter = SyscallFilter.agent(processID: 4711)

  @Test("every row of the table does what it says", arguments: SyscallFilter.Architecture.allCases)
  func rows(architecture: SyscallFilter.Architecture) throws {
    let program = FilterProgram(try Self.filter.program(for: architecture))
    for rule in Self.filter.rules {
      for name in rule.names {
        guard let number = number(of: name, architecture) else { continue }
        let verdict = program.verdict(
          architecture: architecture.token, number: number, arguments: matching(rule.conditions))
        let expected: UInt32? =
          switch rule.action {
          case .allow: allowed
          case .kill: killed
          case .fail(let error): wh_act_errno(UInt16(error))
          }
        #expect(verdict == expected, "\(name) \(rule.conditions)")
      }
    }
  }

  @Test("what no row names is refused, and counted", arguments: SyscallFilter.Architecture.allCases)
  func others(architecture: SyscallFilter.Architecture) throws {
    let program = FilterProgram(try Self.filter.program(for: architecture))
    let named = Set(Self.filter.rules.flatMap(\.names).compactMap { number(of: $0, architecture) })
    for number in (0..<600 as Range<UInt32>) where !named.contains(number) {
      let verdict = program.verdict(
        architecture: architecture.token, number: number, arguments: [0, 0, 0, 0, 0, 0])
      #expect(verdict == refused, "call \(number)")
    }
  }

  @Test(
    "an argument decides",
    arguments: [
      ("mmap", [0, 4096, UInt64(PROT_READ | PROT_WRITE), 0x22], allowed),
      ("mmap", [0, 4096, UInt64(PROT_READ | PROT_EXEC), 0x2], allowed),
      ("mmap", [0, 4096, UInt64(PROT_READ | PROT_EXEC), 0x22], refused),
      ("mmap", [0, 4096, UInt64(PROT_WRITE | PROT_EXEC), 0x2], refused),
      ("mmap", [0, 4096, 1 << 32 | UInt64(PROT_EXEC), 0x22], refused),
      ("mprotect", [0, 4096, UInt64(PROT_READ)], allowed),
      ("mprotect", [0, 4096, UInt64(PROT_READ | PROT_EXEC)], refused),
      ("socket", [1, 2, 0], allowed), ("socket", [2, 1, 6], allowed), ("socket", [10, 1, 6], allowed),
      ("socket", [16, 3, 4], allowed), ("socket", [16, 3, 11], allowed),
      ("socket", [16, 3, 9], refused),  // audit
      ("socket", [17, 3, 0], refused),  // packets
      ("socket", [40, 1, 0], refused),  // to the hypervisor
      ("clone", [0x3D_0F00], allowed),  // pthread_create
      ("clone", [0x11], wh_act_errno(UInt16(EPERM))),  // fork
      ("clone", [0x4111], wh_act_errno(UInt16(EPERM))),  // posix_spawn
      ("clone", [0x3D_0F00 | 0x1000_0000], killed), ("clone", [0x4000_0011], killed),
      ("clone", [0x1_0002_0011], killed),
      ("clone3", [0, 88], wh_act_errno(UInt16(ENOSYS))),
      ("prctl", [15], allowed), ("prctl", [4, 1], refused), ("prctl", [22, 2], refused),
      ("prlimit64", [0, 7], allowed), ("prlimit64", [1, 7], refused),
      ("tgkill", [4711, 4711, 6], allowed), ("tgkill", [1, 1, 9], refused),
      ("rt_sigaction", [15], allowed), ("rt_sigaction", [UInt64(SIGSYS)], refused),
      ("ioctl", [0, 0x5401], allowed), ("ioctl", [0, 0xFFFF_FFFF_0000_5401], allowed),
      ("ioctl", [0, 0x5412], refused),  // types into a terminal
    ] as [(String, [UInt64], UInt32)])
  func argument(name: String, arguments: [UInt64], expected: UInt32) throws {
    for architecture in SyscallFilter.Architecture.allCases {
      let program = FilterProgram(try Self.filter.program(for: architecture))
      let number = try #require(self.number(of: name, architecture))
      let padded = arguments + [UInt64](repeating: 0, count: 6 - arguments.count)
      let verdict = program.verdict(architecture: architecture.token, number: number, arguments: padded)
      #expect(verdict == expected, "\(architecture)")
    }
  }

  @Test("a call through another architecture ends the process")
  func foreignCalls() throws {
    let program = FilterProgram(try Self.filter.program(for: .x86))
    let i386: UInt32 = 0x4000_0003
    let (execve, x32Execve): (UInt32, UInt32) = (11, 0x4000_0208)
    #expect(program.verdict(architecture: i386, number: execve, arguments: [0, 0, 0, 0, 0, 0]) == killed)
    let x86 = SyscallFilter.Architecture.x86.token
    #expect(program.verdict(architecture: x86, number: x32Execve, arguments: [0, 0, 0, 0, 0, 0]) == killed)
  }

  @Test("libseccomp knows every name of the table")
  func names() {
    #expect(Self.filter.unknownNames == [])
    #expect(Self.filter.answers.keys.filter { SyscallFilter.number(of: $0) == nil } == [])
  }

  @Test("every row gives its reason")
  func reasons() {
    for rule in Self.filter.rules { #expect(!rule.reason.isEmpty && !rule.names.isEmpty) }
  }

  /// - Returns: `nil` when the architecture has no such call.
  private func number(of name: String, _ architecture: SyscallFilter.Architecture) -> UInt32? {
    let number = unsafe seccomp_syscall_resolve_name_arch(architecture.token, name)
    return number < 0 ? nil : UInt32(number)
  }

  /// Arguments for which the conditions hold.
  private func matching(_ conditions: [SyscallRule.Condition]) -> [UInt64] {
    var arguments = [UInt64](repeating: 0, count: 6)
    for condition in conditions {
      switch condition.comparison {
      case .masked(_, let value): arguments[Int(condition.argument)] = value
      case .isNot(let value): arguments[Int(condition.argument)] = value + 1
      }
    }
    return arguments
  }
}
