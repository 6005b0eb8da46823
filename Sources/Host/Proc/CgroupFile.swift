extension ProcessFile {
  /// `/proc/PID/cgroup`; see `CgroupFile`.
  public static var cgroup: ProcessFile { ProcessFile("cgroup", limit: 64 << 10) }
}

/// One line of `/proc/PID/cgroup`: a hierarchy and the process's place in it. See cgroups(7).
public struct CgroupLine: Equatable, Sendable {
  /// 0 for the unified hierarchy of version 2.
  public let hierarchy: UInt32
  /// Where the controllers lie in the bytes, separated by commas, `name=systemd` too; empty for version 2.
  public let controllers: Range<Int>
  /// Where the path lies: from the reader's cgroup namespace, so that a place outside it begins with `/..`.
  public let path: Range<Int>
  /// Whether the cgroup was removed while the process, a zombie, was in it (version 2 alone tells).
  public let isDeleted: Bool

  public var isUnified: Bool { hierarchy == 0 }

  /// Whether the hierarchy is of version 1 and has this controller.
  public func hasController(_ name: StaticString, in bytes: Span<UInt8>) -> Bool {
    var start = controllers.lowerBound
    while start < controllers.upperBound {
      let end =
        bytes.firstIndex(of: UInt8(ascii: ","), from: start, to: controllers.upperBound)
        ?? controllers.upperBound
      if bytes.has(name, as: start..<end) { return true }
      start = end + 1
    }
    return false
  }
}

/// The cgroups of one process as `/proc/PID/cgroup` tells them, of version 1, 2, or both.
public struct CgroupFile: Equatable, Sendable {
  /// The line that tells the process's place best: that of version 2 unless it is the root there, then systemd's own
  /// hierarchy, then any whose path is not the root, then the first.
  public let main: CgroupLine

  /// Whether it is the root in every hierarchy of version 1: what the kernel says there of each process that has begun to
  /// end, wherever it was. Version 2 goes on telling the place. See cgroups(7).
  public var isRootOfVersion1: Bool { main.path.count == 1 && !main.isUnified }

  /// - Returns: `nil` when the bytes are not whole lines of the file, or none at all.
  public init?(parsing bytes: Span<UInt8>) {
    var best: (rank: Int, line: CgroupLine)?
    var position = 0
    while position < bytes.count {
      guard let line = CgroupLine(parsing: bytes, at: &position) else { return nil }
      let rank = line.rank(in: bytes)
      if rank > best?.rank ?? -1 { best = (rank, line) }
    }
    guard let best else { return nil }
    main = best.line
  }

  /// Calls `body` with each line, in the file's order.
  public func forEachLine(in bytes: Span<UInt8>, _ body: (CgroupLine) -> Void) {
    var position = 0
    while position < bytes.count, let line = CgroupLine(parsing: bytes, at: &position) { body(line) }
  }
}

extension CgroupLine {
  /// Parses the line at `position` and moves behind its newline, which must be there.
  init?(parsing bytes: Span<UInt8>, at position: inout Int) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: position) else { return nil }
    var cursor = ByteCursor(position, end)
    // The kernel lets neither a controller's name nor a path hold a newline, but a path may hold colons.
    guard let hierarchy = cursor.decimal(bytes, as: UInt32.self), cursor.takes(UInt8(ascii: ":"), in: bytes),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":"), from: cursor.position, to: end),
      colon + 1 < end, bytes[colon + 1] == UInt8(ascii: "/")
    else { return nil }
    self.hierarchy = hierarchy
    controllers = cursor.position..<colon
    let suffix: StaticString = " (deleted)"
    isDeleted = hierarchy == 0 && bytes.has(suffix, endOf: colon + 1..<end)
    path = colon + 1..<(isDeleted ? end - suffix.utf8CodeUnitCount : end)
    position = end + 1
  }

  fileprivate func rank(in bytes: Span<UInt8>) -> Int {
    if path.count == 1 { return 0 }
    if isUnified { return 3 }
    return bytes.has("name=systemd", as: controllers) ? 2 : 1
  }
}
