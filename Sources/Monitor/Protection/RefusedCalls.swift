import CLinux

/// The system calls that the filter refused since it was loaded, as the SIGSYS handler counted them. Any thread.
///
/// A count above zero is worth a look: a library changed its ways, or somebody is in the agent. Not counted are
/// `clone3`, `fork` and `vfork`, which glibc calls with every signal blocked.
public enum RefusedCalls {
  public struct Count: Equatable, Sendable {
    /// The call's name, or its number where no name is known; `others` stands for the numbers from 1024 on.
    public let name: String
    public let times: UInt64
  }

  public static var total: UInt64 {
    (0...UInt32(WH_REFUSED_NUMBERS)).reduce(0) { $0 + wh_refused_calls_count($1) }
  }

  /// Every call that was refused at least once, by number.
  public static func counts() -> [Count] {
    (0...UInt32(WH_REFUSED_NUMBERS)).compactMap { number in
      let times = wh_refused_calls_count(number)
      guard times > 0 else { return nil }
      guard number < WH_REFUSED_NUMBERS else { return Count(name: "others", times: times) }
      return Count(name: SyscallFilter.name(of: Int32(number)) ?? String(number), times: times)
    }
  }
}
