/// What the kernel counts of memory for the whole machine, as `/proc/vmstat` tells it. See proc_vmstat(5).
public struct VMStat: Equatable, Sendable {
  public static let path = "/proc/vmstat"

  /// Processes that were killed for want of memory since the boot, wherever they were. Since Linux 4.13.
  public var oomKills: UInt64

  /// - Returns: `nil` when the bytes are torn, or have no such count.
  public init?(parsing bytes: Span<UInt8>) {
    guard let kills = FlatKeyedFile.value(of: "oom_kill", in: bytes) else { return nil }
    oomKills = kills
  }
}
