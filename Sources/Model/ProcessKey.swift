/// Which process: a pid and the moment it was made, since pids come back.
///
/// Within one boot this is an identity; `proc.id` adds the boot id. See field 22 in proc_pid_stat(5).
public struct ProcessKey: Hashable, Sendable {
  public let pid: Int32
  /// Clock ticks between boot and the process's start.
  public let startTicks: UInt64

  public init(pid: Int32, startTicks: UInt64) {
    self.pid = pid
    self.startTicks = startTicks
  }
}
