import CLinux
import Glibc
public import SystemPackage

/// How soon the calling thread gets a CPU when others want it too. See sched(7).
///
/// A reader of the process connector must come before what it watches: at normal priority it reads the arguments of half
/// of all short-lived processes, at nice −10 of 94 to 99 %, under SCHED_FIFO of 99.8 % and more (measured, two CPUs).
/// Each call is about the calling thread alone, but threads that it starts inherit what it has.
public enum ThreadPriority: Equatable, Sendable {
  /// SCHED_FIFO at this priority: before every thread that is not real-time.
  case realTime(Int32)
  /// The best nice value, since real time was refused with this error.
  case favoured(refused: Errno)
  /// As before, since a better nice value was refused too, with this error.
  case normal(refused: Errno)

  /// Takes the best of SCHED_FIFO 10, nice −20 and what it has. The first two want CAP_SYS_NICE; SCHED_FIFO is refused
  /// even to root in a cgroup of version 1 without a real-time budget.
  /// - Returns: what was reached, for the operator to see.
  public static func raise() -> ThreadPriority {
    let priority: Int32 = 10
    if wh_set_realtime(priority) == 0 { return .realTime(priority) }
    let refused = Errno(rawValue: errno)
    if wh_set_nice(-20) == 0 { return .favoured(refused: refused) }
    return .normal(refused: Errno(rawValue: errno))
  }

  /// Takes the worst nice value: whoever else wants the processor gets it.
  public static func yield() { _ = wh_set_nice(19) }

  /// Goes back to SCHED_OTHER and nice 0. Wants no privilege after `raise`: a nice value above 0, which is the starter's
  /// choice, stays.
  public static func lower() throws(Errno) {
    let isFavoured = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) < 0
    guard wh_set_ordinary() == 0, !isFavoured || wh_set_nice(0) == 0 else { throw Errno(rawValue: errno) }
  }
}

extension ThreadPriority {
  /// Whether SCHED_FIFO was reached.
  public var isRealTime: Bool {
    if case .realTime = self { true } else { false }
  }
}

extension ThreadPriority: CustomStringConvertible {
  public var description: String {
    switch self {
    case .realTime(let priority): "SCHED_FIFO \(priority)"
    case .favoured(let refused): "nice −20 (SCHED_FIFO refused: \(refused))"
    case .normal(let refused): "normal (SCHED_FIFO and nice −20 refused: \(refused))"
    }
  }
}
