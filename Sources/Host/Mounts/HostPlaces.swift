/// Where on the host a mount of a container comes from.
///
/// A container's `mountinfo` names the file system by its device and the directory within it; the host's own table says
/// where that file system lies on the host. So no file is opened inside a container. A value; any thread may use it.
public struct HostPlaces: Sendable {
  /// A path on the host.
  public struct Place: Equatable, Sendable {
    public var path: [UInt8]
    /// Whether looking at it could wait for a server or a program: it is not looked at then.
    public var isRemote: Bool

    public init(path: [UInt8], isRemote: Bool) { (self.path, self.isRemote) = (path, isRemote) }
  }

  private struct Entry {
    var root: [UInt8]
    var point: [UInt8]
    var isRemote: Bool
  }

  private var entries: [DeviceNumber: [Entry]] = [:]
  private var remotePoints: [[UInt8]] = []

  /// Knows no place.
  public init() {}

  /// - Parameter mounts: those of the host, in the order of its `mountinfo`.
  public init(_ mounts: some Sequence<Mount>) {
    for mount in mounts {
      entries[mount.device, default: []].append(
        Entry(root: mount.root, point: mount.point, isRemote: mount.isRemote))
      if mount.isRemote { remotePoints.append(mount.point) }
    }
  }

  /// Whether the way to a path of the host leads over a mount behind which a server or a program stands: looking at it
  /// could wait for them.
  public func crossesRemote(_ path: [UInt8]) -> Bool {
    remotePoints.contains { PathBytes.remainder(of: path, below: $0) != nil }
  }

  /// Whether the host has the same directory of the same file system mounted at this path.
  func has(_ mount: Mount, at path: [UInt8]) -> Bool {
    (entries[mount.device] ?? []).contains { $0.root == mount.root && $0.point == path }
  }

  /// The place on the host of what is mounted; `nil` when the host does not show it anywhere.
  public func place(of mount: Mount) -> Place? {
    var best: (rest: ArraySlice<UInt8>, entry: Entry)?
    for entry in entries[mount.device] ?? [] {
      guard let rest = PathBytes.remainder(of: mount.root, below: entry.root) else { continue }
      // The mount nearest to it; of several the first, which is where the file system was mounted itself.
      if best.map({ rest.count < $0.rest.count }) ?? true { best = (rest, entry) }
    }
    guard let (rest, entry) = best else { return nil }
    let path = rest.isEmpty ? entry.point : (entry.point == [UInt8(ascii: "/")] ? [] : entry.point) + rest
    return Place(path: path, isRemote: entry.isRemote)
  }
}

/// Paths as bytes.
enum PathBytes {
  /// What is left of `path` behind `directory`, with the slash; empty when they are the same, `nil` when it lies
  /// elsewhere.
  static func remainder(of path: [UInt8], below directory: [UInt8]) -> ArraySlice<UInt8>? {
    if path == directory { return [] }
    if directory == [UInt8(ascii: "/")] { return path[...] }
    guard path.count > directory.count, path.starts(with: directory),
      path[directory.count] == UInt8(ascii: "/")
    else { return nil }
    return path[directory.count...]
  }

  static func isAt(_ path: [UInt8], orBelow directory: String) -> Bool {
    remainder(of: path, below: Array(directory.utf8)) != nil
  }
}
