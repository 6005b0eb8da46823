extension CgroupFileName {
  /// How often a fork failed here. Before Linux 6.12, and in version 1, counted where the process was that wanted to
  /// fork; since then where the limit stands, and in every cgroup above.
  public static let pidsEvents = CgroupFileName("pids.events")
  /// As `pidsEvents`, where the limit stands alone. Since Linux 6.12, in version 2.
  public static let pidsEventsLocal = CgroupFileName("pids.events.local")
}

/// How often the limit on processes was reached, as `pids.events` tells it. See the kernel's cgroup-v2.rst.
public struct PidsEvents: Equatable, Sendable {
  public var limitHits: UInt64

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    var hits: UInt64?
    let isWhole = FlatKeyedFile.forEach(in: bytes) { key, value in
      if bytes.has("max", as: key) { hits = value }
    }
    guard isWhole, let hits else { return nil }
    limitHits = hits
  }
}
