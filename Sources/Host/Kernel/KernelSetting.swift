/// A setting of the kernel that an intruder would change: where it lies, and which of its values protect more.
///
/// A value; any thread may use it. See proc_sys(5) and, for each, Documentation/admin-guide/sysctl of the kernel.
public struct KernelSetting: Sendable, Equatable {
  /// As sysctl(8) names it, as in `kernel.core_pattern`; the path for what does not lie below `/proc/sys`.
  public let name: String
  /// The file, or the directory of what is registered; absolute on the host.
  let path: String
  let content: Content
  private let protection: Protection

  enum Content: Sendable, Equatable {
    /// A file that holds the value.
    case value
    /// A directory with a file for each kind of program that an interpreter is registered for.
    case interpreters
  }

  /// How the values of a setting stand to each other.
  private enum Protection: Sendable, Equatable {
    /// None protects more than another.
    case unordered
    /// The larger number protects more.
    case more
    /// The smaller number protects more.
    case less
    /// 0 protects; all other numbers are alike.
    case zero
    /// These numbers, the weakest first.
    case numbers([Int64])
    /// These words, the weakest first.
    case words([StaticString])
    /// Each bit that is set opens something, and 1 opens all: the magic SysRq key.
    case fewerBits

    static func == (left: Protection, right: Protection) -> Bool {
      switch (left, right) {
      case (.unordered, .unordered), (.more, .more), (.less, .less), (.zero, .zero), (.fewerBits, .fewerBits):
        true
      case (.numbers(let left), .numbers(let right)): left == right
      case (.words(let left), .words(let right)): left.map(\.description) == right.map(\.description)
      default: false
      }
    }
  }

  private init(_ path: String, _ protection: Protection, _ content: Content = .value) {
    self.path = path
    self.protection = protection
    self.content = content
    let below = "/proc/sys/"
    name =
      path.hasPrefix(below)
      ? String(path.dropFirst(below.count).map { $0 == "/" ? "." : $0 }) : path
  }

  /// How much a value protects: only to be compared with another value of the same setting, the larger one protects
  /// more. `nil` when the values have no order or this one is not known.
  public func strength(of value: Span<UInt8>) -> Int64? {
    if case .words(let words) = protection {
      return words.firstIndex { value.has($0, as: 0..<value.count) }.map(Int64.init)
    }
    var cursor = ByteCursor(0, value.count)
    guard let number = cursor.field(value, as: Int64.self), cursor.isAtEnd else { return nil }
    switch protection {
    case .unordered, .words: return nil
    case .more: return number
    case .less: return number == .min ? .max : -number
    case .zero: return number == 0 ? 1 : 0
    case .numbers(let order): return order.firstIndex(of: number).map(Int64.init)
    case .fewerBits: return number == 1 ? -64 : -Int64(number.nonzeroBitCount)
    }
  }
}

extension KernelSetting {
  /// Every setting that is watched. Whether packets are forwarded is none: container runtimes switch that on.
  public static let all = programs + hardening

  /// Those that make the kernel run a program, as root and outside every container.
  private static let programs: [KernelSetting] =
    [
      "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hotplug",
      "/proc/sys/kernel/poweroff_cmd", "/sys/kernel/uevent_helper",
    ].map { KernelSetting($0, .unordered) }
    + [KernelSetting("/proc/sys/fs/binfmt_misc", .unordered, .interpreters)]
    // Version 1 of cgroups runs it when the last process of a group has ended.
    + [
      "blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "memory", "misc", "net_cls",
      "net_prio",
      "perf_event", "pids", "rdma", "systemd",
    ].map { KernelSetting("/sys/fs/cgroup/\($0)/release_agent", .unordered) }

  private static let hardening: [KernelSetting] = [
    KernelSetting("/proc/sys/kernel/randomize_va_space", .more),
    KernelSetting("/proc/sys/kernel/kptr_restrict", .more),
    KernelSetting("/proc/sys/kernel/dmesg_restrict", .more),
    KernelSetting("/proc/sys/kernel/perf_event_paranoid", .more),
    // 1 cannot be taken back, 2 can.
    KernelSetting("/proc/sys/kernel/unprivileged_bpf_disabled", .numbers([0, 2, 1])),
    KernelSetting("/proc/sys/net/core/bpf_jit_harden", .more),
    KernelSetting("/proc/sys/kernel/yama/ptrace_scope", .more),
    KernelSetting("/proc/sys/kernel/io_uring_disabled", .more),
    KernelSetting("/proc/sys/kernel/kexec_load_disabled", .more),
    KernelSetting("/proc/sys/kernel/modules_disabled", .more),
    KernelSetting("/proc/sys/kernel/sysrq", .fewerBits),
    KernelSetting("/proc/sys/kernel/unprivileged_userns_clone", .less),
    KernelSetting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", .more),
    KernelSetting("/proc/sys/kernel/apparmor_restrict_unprivileged_unconfined", .more),
    KernelSetting("/proc/sys/user/max_user_namespaces", .zero),
    KernelSetting("/proc/sys/vm/mmap_min_addr", .more),
    KernelSetting("/proc/sys/vm/mmap_rnd_bits", .more),
    KernelSetting("/proc/sys/vm/unprivileged_userfaultfd", .less),
    KernelSetting("/proc/sys/fs/protected_symlinks", .more),
    KernelSetting("/proc/sys/fs/protected_hardlinks", .more),
    KernelSetting("/proc/sys/fs/protected_fifos", .more),
    KernelSetting("/proc/sys/fs/protected_regular", .more),
    // 2 dumps core for root alone, 1 for everybody.
    KernelSetting("/proc/sys/fs/suid_dumpable", .numbers([1, 2, 0])),
    KernelSetting("/proc/sys/dev/tty/ldisc_autoload", .less),
    KernelSetting("/proc/sys/dev/tty/legacy_tiocsti", .less),
    KernelSetting("/sys/fs/selinux/enforce", .more),
    KernelSetting(
      "/sys/module/apparmor/parameters/mode", .words(["unconfined", "complain", "enforce", "kill"])),
  ]
}
