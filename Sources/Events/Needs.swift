/// What a rule set wants to know of each process; the sources read no more than this.
///
/// `RuleSet.needs` is the union over all fields that its rules name; name, parent and start time are always read.
public struct Needs: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `/proc/PID/cmdline`.
  public static let arguments = Needs(rawValue: 1 << 0)
  /// The link `/proc/PID/exe`.
  public static let exe = Needs(rawValue: 1 << 1)
  /// The link `/proc/PID/cwd`.
  public static let workingDirectory = Needs(rawValue: 1 << 2)
  /// Capability sets, seccomp, no_new_privs, tracer and virtual pid of `/proc/PID/status`.
  public static let credentials = Needs(rawValue: 1 << 3)
  /// `/proc/PID/cgroup` and the container that it claims.
  public static let cgroup = Needs(rawValue: 1 << 4)
  /// User and group ids of `/proc/PID/status`.
  public static let users = Needs(rawValue: 1 << 5)
  /// `/proc/PID/loginuid`.
  public static let loginUser = Needs(rawValue: 1 << 6)
  /// Names of users and groups.
  public static let accounts = Needs(rawValue: 1 << 7)
  /// The link `/proc/PID/root`.
  public static let root = Needs(rawValue: 1 << 8)
  /// Events of processes that only forked.
  public static let forks = Needs(rawValue: 1 << 9)
  /// Events of processes that ended.
  public static let exits = Needs(rawValue: 1 << 10)

  /// The eight links of `/proc/PID/ns`; at 7 µs each they are half of what a whole read of a process costs.
  public static let namespaces = NamespaceType.allCases.reduce(Needs()) { $0.union(.namespace($1)) }

  /// The link of one type in `/proc/PID/ns`.
  public static func namespace(_ type: NamespaceType) -> Needs {
    Needs(rawValue: 1 << (16 + UInt32(type.rawValue)))
  }

  /// Everything: what `events` without a list of fields asks for.
  public static let all = Needs(rawValue: (1 << 11) - 1).union(.namespaces)
}
