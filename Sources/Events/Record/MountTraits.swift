/// What a source says of a mount besides what the kernel's table holds.
public struct MountTraits: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A container runtime's socket, or a directory that holds one.
  public static let runtimeSocket = MountTraits(rawValue: 1 << 0)
  /// A directory or file of the host that no container should have.
  public static let hostPath = MountTraits(rawValue: 1 << 1)
  /// It was there, and has other options now.
  public static let remounted = MountTraits(rawValue: 1 << 2)
  /// It was there, and lies elsewhere now.
  public static let moved = MountTraits(rawValue: 1 << 3)
  /// Mounts at another place appear here too, and this may be one.
  public static let propagated = MountTraits(rawValue: 1 << 4)
  /// It was there when the namespace was first looked at.
  public static let initial = MountTraits(rawValue: 1 << 5)
  /// The namespace still has the host's own root directory: it is a service's, or a container's that is being made.
  public static let beforeRoot = MountTraits(rawValue: 1 << 6)
}
