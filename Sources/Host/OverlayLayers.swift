import SystemPackage

/// Which layer of an overlay a program's file is in: one of the image's, or the upper one, which the container writes.
///
/// One thread at a time. What a process's own mounts say is looked up on the host, among them directories that a hostile
/// process may have chosen: the caller watches the time. See Documentation/filesystems/overlayfs.rst of Linux.
public struct OverlayLayers: ~Copyable, Sendable {
  public enum Layer: UInt8, Sendable {
    /// The file is not on an overlay.
    case outside = 0
    case lower = 1
    /// Written, or changed, since the overlay was mounted.
    case upper = 2
  }

  /// What is known of a mount.
  fileprivate enum Mount {
    case notOverlay
    case overlay(Overlay)
  }

  fileprivate struct Overlay {
    /// Where the overlay is mounted, from the root directory of the process that was asked, and what of it is shown.
    let mountPoint: [UInt8]
    let shown: [UInt8]
    /// The upper directory, on the host; there is none in a read-only overlay.
    let upper: [UInt8]?
  }

  private let root: HostRoot
  private var mountInfo = ReadBuffer(capacity: 16 << 10)
  /// By the mount's id that never comes back.
  private var known: [UInt64: Mount] = [:]
  /// Mounts that are remembered: containers come and go.
  private static let knownLimit = 1024

  public init(root: HostRoot) { self.root = root }

  /// The layer of the program of the process that `directory` has chosen.
  /// - Parameters:
  ///   - path: what the link `exe` says.
  ///   - status: what `exe` leads to.
  ///   - buffer: for the caller's use afterwards; what it held is gone.
  /// - Returns: `nil` when it cannot be told, as before Linux 5.8 or when the process has ended.
  public mutating func layer(
    of path: [UInt8], _ status: FileStatus, _ directory: inout ProcessDirectory, _ buffer: inout ReadBuffer
  ) -> Layer? {
    // Overlays have no device of their own: the numbers of their files have the major 0.
    guard status.device.major == 0 else { return .outside }
    guard status.mount != 0, let mount = mount(status, &directory) else { return nil }
    guard case .overlay(let overlay) = mount else { return .outside }
    guard let upper = overlay.upper else { return .lower }
    var chroot: [UInt8] = []
    if directory.read(.root, into: &buffer) == .complete {
      chroot = buffer.withBytes { $0.copy($0.indices) }
    }
    guard let upperDirectory = try? LookupDirectory(upper, of: root) else { return nil }
    guard let place = overlay.place(of: path, below: chroot) else { return nil }
    let mark = Array(" (deleted)".utf8)
    switch Self.find(place, status, upperDirectory) {
    case .same: return .upper
    case .absent where place.suffix(mark.count).elementsEqual(mark):
      // Of a removed file of the image a whiteout remains, of one that was only ever in the upper layer nothing.
      return Self.find(place.dropLast(mark.count), status, upperDirectory) == .absent ? .upper : nil
    case .absent: return .lower
    // The file was replaced since, or may not be looked for.
    case .another, .unknown: return nil
    }
  }

  private mutating func mount(_ status: FileStatus, _ directory: inout ProcessDirectory) -> Mount? {
    let unique = directory.uniqueMount(of: .exe)
    if let unique, let mount = known[unique] { return mount }
    guard directory.read(.mountInfo, into: &mountInfo).isRead else { return nil }
    let found = mountInfo.withBytes { bytes -> Mount? in
      var found: Mount?
      MountInfo.forEachLine(in: bytes) { line in
        guard UInt64(exactly: line.id) == status.mount else { return }
        found = bytes.has("overlay", as: line.fileSystem) ? .overlay(Overlay(line, in: bytes)) : .notOverlay
      }
      return found
    }
    if let unique, let found {
      if known.count >= Self.knownLimit { known.removeAll(keepingCapacity: true) }
      known[unique] = found
    }
    return found
  }

  private enum Finding { case same, another, absent, unknown }

  /// Whether the upper directory holds the file.
  private static func find(
    _ place: ArraySlice<UInt8>, _ status: FileStatus, _ upper: borrowing LookupDirectory
  ) -> Finding {
    do throws(Errno) {
      let found = try upper.status(of: place)
      guard found.isRegular else { return .another }
      // A file of the image that was copied up keeps the number that it had.
      let isCopy = found.size == status.size && found.modified == status.modified
      return found.inode == status.inode || isCopy ? .same : .another
    } catch {
      return error == .noSuchFileOrDirectory || error == .notDirectory ? .absent : .unknown
    }
  }
}

extension OverlayLayers.Overlay {
  fileprivate init(_ line: MountLine, in bytes: Span<UInt8>) {
    mountPoint = MountText.unescaped(line.mountPoint, in: bytes)
    shown = MountText.unescaped(line.root, in: bytes)
    let upper = MountText.option("upperdir", among: line.superOptions, in: bytes)
    // The kernel shows the option as it was given, with a backslash before what would have ended it.
    self.upper = upper.map { MountText.unescaped($0, in: bytes).withoutBackslashes }
  }

  /// Where in the overlay a file is; `nil` when the path does not lead into it.
  /// - Parameters:
  ///   - path: as the agent sees it.
  ///   - chroot: the process's root directory as the agent sees it: `/` in a mount namespace of its own.
  fileprivate func place(of path: [UInt8], below chroot: [UInt8]) -> ArraySlice<UInt8>? {
    let slash = UInt8(ascii: "/")
    guard path.first == slash else { return nil }
    var rest = path[...]
    for prefix in [chroot, mountPoint] where prefix.count > 1 {
      guard rest.starts(with: prefix), rest.dropFirst(prefix.count).first == slash else {
        // Of a process below a chroot the mounts are told from there, its program perhaps from outside.
        if prefix == chroot { continue }
        return nil
      }
      rest = rest.dropFirst(prefix.count)
    }
    if shown.count > 1 { rest = (shown + rest)[...] }
    return rest.drop { $0 == slash }
  }
}

extension [UInt8] {
  /// The bytes without the backslashes that make the byte behind them stand for itself.
  fileprivate var withoutBackslashes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var isEscaped = false
    for byte in self {
      if byte == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
      } else {
        result.append(byte)
        isEscaped = false
      }
    }
    return result
  }
}
