// Unsafe: libcap's functions, on sets that live no longer than the call.
import Ccap
import Glibc
import SystemPackage

/// A set of capabilities, a bit each, as the kernel numbers them. See capabilities(7).
public struct Capabilities: OptionSet, Hashable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Read any file and list any directory.
  public static let dacReadSearch = Capabilities(number: 2)
  /// Take another group, and other supplementary groups.
  public static let setGroup = Capabilities(number: 6)
  /// Take another user.
  public static let setUser = Capabilities(number: 7)
  /// Shrink the bounding set.
  public static let setCapabilities = Capabilities(number: 8)
  /// Configure the network; large socket buffers; the process connector before Linux 6.6.
  public static let netAdmin = Capabilities(number: 12)
  /// See exe, cwd, root and namespaces of other users' processes.
  public static let sysPtrace = Capabilities(number: 19)
  /// Among much else: create a fanotify group.
  public static let sysAdmin = Capabilities(number: 21)
  /// Real-time scheduling and negative nice values.
  public static let sysNice = Capabilities(number: 23)
  /// Lower one's own OOM score; raise hard limits.
  public static let sysResource = Capabilities(number: 24)

  init(number: Int32) { self.init(rawValue: 1 << UInt64(number)) }

  /// The numbers of the set's members, ascending.
  var numbers: [Int32] { (0..<Int32(UInt64.bitWidth)).filter { contains(Capabilities(number: $0)) } }
}

extension Capabilities: CustomStringConvertible {
  /// `cap_dac_read_search, cap_sys_ptrace`; `none` for the empty set.
  public var description: String {
    isEmpty ? "none" : numbers.map(Self.name).joined(separator: ", ")
  }

  private static func name(_ number: Int32) -> String {
    // SAFETY: libcap allocates the string, also for a number it does not know; it is freed once.
    guard let name = unsafe cap_to_name(cap_value_t(number)) else { return "cap_\(number)" }
    defer { unsafe _ = cap_free(name) }
    return unsafe String(cString: name)
  }
}

// MARK: The calling thread's

extension Capabilities {
  /// What the calling thread may use now.
  static func effective() throws(ProtectionError) -> Capabilities { try ofThisThread(CAP_EFFECTIVE) }

  /// What the calling thread may make effective.
  static func permitted() throws(ProtectionError) -> Capabilities { try ofThisThread(CAP_PERMITTED) }

  /// What exec could still bring the calling thread.
  static func bounding() -> Capabilities {
    var set: Capabilities = []
    // The kernel refuses the first number that it does not know.
    for number in 0..<Int32(UInt64.bitWidth) {
      let present = cap_get_bound(cap_value_t(number))
      if present < 0 { break }
      if present > 0 { set.insert(Capabilities(number: number)) }
    }
    return set
  }

  private static func ofThisThread(_ flag: cap_flag_t) throws(ProtectionError) -> Capabilities {
    // SAFETY: the state is freed on every path; the flag's value is a local.
    guard let state = unsafe cap_get_proc() else { throw Self.failure() }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    var set: Capabilities = []
    for number in 0..<Int32(cap_max_bits()) {
      var value = CAP_CLEAR
      guard unsafe cap_get_flag(state, cap_value_t(number), flag, &value) == 0 else {
        throw Self.failure()
      }
      if value == CAP_SET { set.insert(Capabilities(number: number)) }
    }
    return set
  }

  /// Makes the set the calling thread's permitted and effective one; nothing is inheritable or ambient any more.
  func becomeOnlyOnes() throws(ProtectionError) {
    // SAFETY: the state is freed on every path; the values outlive the calls that read them.
    guard let state = unsafe cap_init() else { throw Self.failure() }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    let values = numbers.map { cap_value_t($0) }
    for flag in [CAP_PERMITTED, CAP_EFFECTIVE] where !values.isEmpty {
      guard unsafe cap_set_flag(state, flag, Int32(values.count), values, CAP_SET) == 0 else {
        throw Self.failure()
      }
    }
    guard unsafe cap_set_proc(state) == 0 else { throw Self.failure() }
  }

  private static func failure() -> ProtectionError { .stuck(.capabilities, Errno(rawValue: errno)) }
}
