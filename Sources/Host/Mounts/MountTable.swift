/// The mounts of one namespace as they were read last, and how they differ from the reading before. One thread uses it.
public struct MountTable: Sendable {
  /// What became of a mount.
  public enum Change: Equatable, Sendable {
    case added(Mount)
    /// It has other options.
    case remounted(Mount)
    /// It lies elsewhere.
    case moved(Mount)
    case removed(Mount)
  }

  /// What one read brought.
  public struct Reading: Sendable {
    /// In the order of the file.
    public private(set) var mounts: [Mount] = []
    /// Whether the table ended before the limit of the read.
    public let isWhole: Bool

    /// - Parameter buffer: the bytes of `mountinfo`.
    public init(_ buffer: borrowing ReadBuffer, isWhole: Bool) {
      self.isWhole = isWhole
      mounts = buffer.withBytes { bytes in
        var mounts: [Mount] = []
        MountInfo.forEachLine(in: bytes) { mounts.append(Mount($0, in: bytes)) }
        return mounts
      }
    }
  }

  private var mounts: [Int32: Mount] = [:]
  /// About how much memory it takes.
  public private(set) var keptBytes = 0
  /// Whether the last reading held all mounts.
  public private(set) var isWhole = true

  public init() {}

  /// Takes a reading over.
  /// - Returns: what has changed, those that went first; `nil` when there is nothing to compare it with: it is the first,
  ///   or shares no mount with the one before and is of another namespace that got the same number.
  public mutating func replace(with reading: Reading) -> [Change]? {
    var now: [Int32: Mount] = [:]
    now.reserveCapacity(reading.mounts.count)
    for mount in reading.mounts { now[mount.id] = mount }
    defer {
      mounts = now
      keptBytes = now.values.reduce(0) { $0 + $1.keptBytes }
      isWhole = reading.isWhole
    }
    guard now.contains(where: { id, mount in mounts[id].map { $0.isSame(as: mount) } ?? false }) else {
      return nil
    }
    var changes: [Change] = []
    for (id, old) in mounts where now[id].map({ !$0.isSame(as: old) }) ?? reading.isWhole {
      changes.append(.removed(old))
    }
    for mount in reading.mounts {
      guard let old = mounts[mount.id], old.isSame(as: mount) else {
        changes.append(.added(mount))
        continue
      }
      if old.point != mount.point {
        changes.append(.moved(mount))
      } else if old.options != mount.options {
        changes.append(.remounted(mount))
      }
    }
    return changes
  }
}
