/// A file's name and bytes, and the lines in them.
///
/// The module opens no file: the caller has read it.
public struct SourceFile: Sendable {
  /// The name as the caller gave it; it may hold any character.
  public let name: String
  public let bytes: [UInt8]
  private let lineStarts: [Int]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The line and column of a byte; an offset past the end is the end.
  public func location(at offset: Int) -> SourceLocation {
    let offset = min(max(0, offset), bytes.count)
    let line = lineIndex(of: offset)
    let before = bytes.span.extracting(lineStarts[line]..<offset)
    var column = 1
    // UTF-8 continuation bytes belong to the scalar before them.
    for index in before.indices where before[index] & 0xC0 != 0x80 { column += 1 }
    return SourceLocation(file: name, line: line + 1, column: column, offset: offset)
  }

  /// The bytes of the line that holds the offset, without its line break.
  func line(at offset: Int) -> Range<Int> {
    let index = lineIndex(of: min(max(0, offset), bytes.count))
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
