extension CgroupFileName {
  /// What happened to this cgroup alone. Since Linux 5.2.
  public static let memoryEventsLocal = CgroupFileName("memory.events.local")
  /// What happened to this cgroup and to those below it.
  public static let memoryEvents = CgroupFileName("memory.events")
}

/// How often memory ran short in a cgroup, as `memory.events` and `memory.events.local` of version 2 tell it.
///
/// The counts of a cgroup go with it, and only ever grow. See cgroups(7) and the kernel's cgroup-v2.rst.
public struct MemoryEvents: Equatable, Sendable {
  /// Processes that were killed for want of memory.
  public var oomKills: UInt64
  /// How often the limit was about to be exceeded.
  public var limitHits: UInt64

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    var kills: UInt64?
    var hits: UInt64?
    let isWhole = FlatKeyedFile.forEach(in: bytes) { key, value in
      if bytes.has("oom_kill", as: key) { kills = value }
      if bytes.has("max", as: key) { hits = value }
    }
    guard isWhole, let kills, let hits else { return nil }
    oomKills = kills
    limitHits = hits
  }
}
