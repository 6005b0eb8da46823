extension CgroupFileName {
  public static let memoryOOMControl = CgroupFileName("memory.oom_control")
}

/// The OOM killer's state in a cgroup, as `memory.oom_control` of version 1 tells it.
///
/// Nothing notifies of a change: who wants to know must read it again. See the kernel's cgroup-v1/memory.rst.
public struct MemoryOOMControl: Equatable, Sendable {
  /// Processes that were killed for want of memory, those of cgroups below not among them. Since Linux 4.13.
  public var oomKills: UInt64

  /// - Returns: `nil` when the bytes are not such a file, are torn, or have no count.
  public init?(parsing bytes: Span<UInt8>) {
    guard let kills = FlatKeyedFile.value(of: "oom_kill", in: bytes) else { return nil }
    oomKills = kills
  }
}
