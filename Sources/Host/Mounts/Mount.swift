/// One mount, with its texts as they are and not as `mountinfo` escapes them.
///
/// All of it may have been chosen by whoever mounted it.
public struct Mount: Equatable, Sendable {
  /// Unique among the mounts that exist; it comes back at once.
  public var id: Int32
  public var device: DeviceNumber
  /// Which directory of the file system is shown.
  public var root: [UInt8]
  /// Where, from the root directory of the process that was asked.
  public var point: [UInt8]
  /// The mount's own options, joined by commas.
  public var options: [UInt8]
  public var fileSystem: [UInt8]
  /// What is mounted, as the one who mounted it wrote it.
  public var source: [UInt8]
  /// Whether it takes over what is mounted at another place, and may have come from there itself.
  public var isPropagated: Bool

  /// Copies a line of `bytes`.
  public init(_ line: MountLine, in bytes: Span<UInt8>) {
    id = line.id
    device = DeviceNumber(major: line.device.major, minor: line.device.minor)
    root = MountText.unescaped(line.root, in: bytes)
    point = MountText.unescaped(line.mountPoint, in: bytes)
    options = bytes.copy(line.options)
    fileSystem = MountText.unescaped(line.fileSystem, in: bytes)
    source = MountText.unescaped(line.source, in: bytes)
    isPropagated = line.masterGroup != nil
  }

  /// Whether this is `other` after a remount or a move: of the ids of two mounts one may be the other's again.
  public func isSame(as other: Mount) -> Bool {
    id == other.id && device == other.device && root == other.root && fileSystem == other.fileSystem
      && source == other.source
  }
}

extension Mount {
  /// About how much memory it takes in a table: its place there and five texts with what manages them, all measured.
  var keptBytes: Int {
    400 + root.count + point.count + options.count + fileSystem.count + source.count
  }

  /// Whether nothing can be written through the mount.
  var isReadOnly: Bool {
    options.split(separator: UInt8(ascii: ",")).contains { $0.elementsEqual("ro".utf8) }
  }

  /// Whether a server stands behind the file system, or a program of any user: looking at a file may wait for them.
  public var isRemote: Bool {
    let name = fileSystem.prefix { $0 != UInt8(ascii: ".") }
    return Self.remoteTypes.contains { name.elementsEqual($0.utf8) }
  }

  private static let remoteTypes = [
    "9p", "afs", "autofs", "ceph", "cifs", "coda", "davfs", "fuse", "fuseblk", "glusterfs", "lustre", "nfs",
    "nfs4",
    "orangefs", "smb3", "smbfs", "virtiofs",
  ]
}

/// The number of a device, by which `mountinfo` tells file systems apart.
public struct DeviceNumber: Hashable, Sendable {
  public var major: UInt32
  public var minor: UInt32

  public init(major: UInt32, minor: UInt32) { (self.major, self.minor) = (major, minor) }
}
