extension ProcessFile {
  /// `/proc/PID/uid_map`; see `IDMap`.
  public static var userMap: ProcessFile { ProcessFile("uid_map", limit: 64 << 10, isOnePiece: false) }
  /// `/proc/PID/gid_map`; see `IDMap`.
  public static var groupMap: ProcessFile { ProcessFile("gid_map", limit: 64 << 10, isOnePiece: false) }
}

/// How the ids of a process's user namespace map to those of the reader's. See user_namespaces(7).
public struct IDMap: Equatable, Sendable {
  /// `count` ids from `inside` on, within the namespace, are the ids from `outside` on, as the reader has them.
  public struct Extent: Equatable, Sendable {
    public let inside: UInt32
    public let outside: UInt32
    public let count: UInt32
  }

  /// As the kernel lists them, at most 340; none in a namespace whose map is still to be written.
  public let extents: [Extent]

  /// - Returns: `nil` when the bytes are not whole lines of three numbers.
  public init?(parsing bytes: Span<UInt8>) {
    var extents: [Extent] = []
    var start = 0
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
      var cursor = ByteCursor(start, end)
      guard let inside = cursor.field(bytes, as: UInt32.self),
        let outside = cursor.field(bytes, as: UInt32.self),
        let count = cursor.field(bytes, as: UInt32.self), cursor.isAtEnd
      else { return nil }
      extents.append(Extent(inside: inside, outside: outside, count: count))
      start = end + 1
    }
    self.extents = extents
  }

  /// Whether every id stands for itself, as in the initial user namespace.
  public var isWholeIdentity: Bool { extents == [Extent(inside: 0, outside: 0, count: .max)] }

  /// The reader's id for an id of the namespace; `nil` when it is not mapped.
  public func outside(_ id: UInt32) -> UInt32? {
    for extent in extents where id >= extent.inside && id - extent.inside < extent.count {
      let (outside, overflowed) = extent.outside.addingReportingOverflow(id - extent.inside)
      return overflowed ? nil : outside
    }
    return nil
  }
}
