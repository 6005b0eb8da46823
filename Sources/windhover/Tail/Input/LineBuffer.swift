/// Bytes as they come, given out as lines.
struct LineBuffer {
  /// A longer line is no alert; it is left out.
  static let lineLimit = 64 << 20

  private var bytes: [UInt8] = []
  /// The first byte that was not given out, and the first in which no line end was looked for.
  private var start = 0
  private var searched = 0
  private var isTooLong = false

  mutating func append(_ chunk: [UInt8]) {
    bytes.removeFirst(start)
    searched -= start
    start = 0
    bytes += chunk
  }

  /// The next whole line without its end.
  mutating func next() -> [UInt8]? {
    while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[start..<end]
      (start, searched) = (end + 1, end + 1)
      if !isTooLong { return Array(line) }
      isTooLong = false
    }
    searched = bytes.count
    if bytes.count - start > Self.lineLimit {
      isTooLong = true
      clear()
    }
    return nil
  }

  /// What is left without a line end.
  mutating func takeRest() -> [UInt8] {
    defer { clear() }
    return isTooLong ? [] : Array(bytes[start...])
  }

  mutating func clear() {
    bytes = []
    (start, searched) = (0, 0)
  }
}
