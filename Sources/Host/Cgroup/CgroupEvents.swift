extension CgroupFileName {
  public static let cgroupEvents = CgroupFileName("cgroup.events")
}

/// What `cgroup.events` of version 2 tells of a cgroup and those below it. See the kernel's cgroup-v2.rst.
public struct CgroupEvents: Equatable, Sendable {
  /// Whether there is a process in it or below.
  public var isPopulated: Bool
  /// Whether every process in it stands still, at its own order or at that of a cgroup above. Since Linux 5.2.
  public var isFrozen: Bool

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    var populated: UInt64?
    var frozen: UInt64 = 0
    let isWhole = FlatKeyedFile.forEach(in: bytes) { key, value in
      if bytes.has("populated", as: key) { populated = value }
      if bytes.has("frozen", as: key) { frozen = value }
    }
    guard isWhole, let populated else { return nil }
    isPopulated = populated != 0
    isFrozen = frozen != 0
  }
}
