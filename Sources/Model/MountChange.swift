public import Events

/// A mount that came, changed or went. All text may have been chosen by whoever mounted it.
public struct MountChange: Sendable {
  /// Where, in the namespace.
  public var point: [UInt8] = []
  /// Which directory of the file system is shown: `/` but for bind mounts.
  public var root: [UInt8] = []
  /// What is mounted: a device, or any word.
  public var source: [UInt8] = []
  public var fileSystem: [UInt8] = []
  /// Joined by commas.
  public var options: [UInt8] = []
  /// Where on the host that lies which is shown; `nil` when the host does not show it.
  public var hostPath: [UInt8]?
  public var traits: MountTraits = []
  /// The inode number of the mount namespace.
  public var namespace: UInt64 = 0
}
