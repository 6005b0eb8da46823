/// What is known of one process now, or was when it ended.
///
/// Only the engine's thread reads or writes rows. Text is bytes as the kernel gave them and is shared with the
/// creator's row until an exec replaces it. A fact that was not read is `nil`, or empty where the kernel cannot
/// give an empty one.
public final class ProcessRow {
  /// Bytes of variable length that a row may hold in all; arguments are cut first.
  public static let textLimit = 3400
  /// Generations of creators that a row remembers.
  public static let ancestorLimit = 16

  public let pid: Int32
  /// Clock ticks between boot and start. From a fork record it may be one above field 22 of stat, until a read agrees.
  public internal(set) var startTicks: UInt64
  /// Whether `startTicks` came from stat, not from a fork record's stamp.
  var startIsExact = false

  /// The parent, as the kernel says now; a reaper when the creator has gone.
  public internal(set) var parentPID: Int32 = 0
  /// Creators, the nearest first, living or not; never reapers.
  public internal(set) var ancestors: [ProcessRow] = []
  /// Which count of remembered creators the row was in last.
  var pass: UInt32 = 0

  /// The name (comm), at most 15 bytes; empty when it could not be read.
  public internal(set) var name: [UInt8] = []
  /// argv, each argument ended by NUL; `nil` when it was not read.
  public internal(set) var arguments: [UInt8]?
  /// The executable as `/proc/PID/exe` spelt it at the last exec; `nil` when it was not read.
  public internal(set) var exePath: [UInt8]?
  public internal(set) var workingDirectory: [UInt8]?
  public internal(set) var root: [UInt8]?
  /// The cgroup path that names the process's place.
  public internal(set) var cgroup: [UInt8]?
  /// The container that the cgroup path claims.
  public internal(set) var claim: Container?
  /// The claim, once it counts; `nil` for a process of the host.
  public internal(set) var container: Container?

  public internal(set) var processGroup: Int32?
  public internal(set) var session: Int32?
  /// The controlling terminal's device number; 0 for none.
  public internal(set) var terminal: Int32?
  public internal(set) var virtualPID: Int32?
  public internal(set) var taskFlags: UInt64 = 0

  public internal(set) var users: IDSet?
  public internal(set) var groups: IDSet?
  public internal(set) var capabilities: CapabilitySets?
  public internal(set) var namespaces = NamespaceSet.unknown
  /// The audit login uid; 4294967295 when unset.
  public internal(set) var loginUser: UInt32?
  public internal(set) var seccomp: UInt8?
  public internal(set) var noNewPrivileges: Bool?
  public internal(set) var tracerPID: Int32?
  /// What few rules ask for; `nil` when none of it was read.
  public internal(set) var details: ProcessDetails?

  /// Whether the program was replaced since the fork, as far as is known.
  public internal(set) var hasExecuted = false
  /// Whether the last exec brought the process into a container that was running already, as `docker exec` does.
  public internal(set) var isContainerExec = false
  /// The wait status, once the process has ended.
  public internal(set) var exitStatus: UInt32?
  public internal(set) var hasEnded = false

  /// CLOCK_MONOTONIC nanoseconds of the last change that a record of the connector made.
  var changedStamp: UInt64
  /// CLOCK_MONOTONIC nanoseconds at which the row was made.
  public internal(set) var bornStamp: UInt64
  /// Which insertion into the table this is; the table's own.
  var serial: UInt64 = 0
  /// The last listing of /proc that held the process.
  var lastListing: Int32 = 0
  /// Whole listings in a row, begun after the row was made, that did not hold the process.
  var missedListings = 0
  /// Whether everything that is needed was read once.
  var isFilled = false
  /// Whether the row was made by a sweep, not by a fork record.
  var wasMetBySweep = false

  init(pid: Int32, startTicks: UInt64, stamp: UInt64) {
    self.pid = pid
    self.startTicks = startTicks
    changedStamp = stamp
    bornStamp = stamp
  }

  public var key: ProcessKey { ProcessKey(pid: pid, startTicks: startTicks) }

  /// Whether the process is a thread of the kernel (PF_KTHREAD).
  public var isKernelThread: Bool { taskFlags & 0x0020_0000 != 0 }
}
