extension ProcessFile {
  /// `/proc/PID/oom_score_adj`; see `OOMScoreAdj`.
  public static var oomScoreAdj: ProcessFile { ProcessFile("oom_score_adj", limit: 16) }
}

/// How much likelier the process is to be ended when memory runs out. See proc_pid_oom_score_adj(5).
public struct OOMScoreAdj: Equatable, Sendable {
  /// −1000 (never) to 1000 (first).
  public let value: Int32

  /// - Returns: `nil` when the bytes are not one such number.
  public init?(parsing bytes: Span<UInt8>) {
    var cursor = ByteCursor(0, bytes.count)
    guard let value = cursor.decimal(bytes, as: Int32.self), (-1000...1000).contains(value) else {
      return nil
    }
    _ = cursor.takes(UInt8(ascii: "\n"), in: bytes)
    guard cursor.isAtEnd else { return nil }
    self.value = value
  }
}
