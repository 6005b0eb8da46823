/// A file below `/proc/PID`, and how it is read. Each is declared beside its parser.
public struct ProcessFile: Sendable {
  let name: String
  /// At most so many bytes are kept.
  let limit: Int
  /// Whether the kernel makes the file in one piece, so that a short read is its end.
  let isOnePiece: Bool

  init(_ name: String, limit: Int, isOnePiece: Bool = true) {
    self.name = name
    self.limit = limit
    self.isOnePiece = isOnePiece
  }
}

/// A symbolic link below `/proc/PID`.
public struct ProcessLink: Sendable {
  let name: String
}
