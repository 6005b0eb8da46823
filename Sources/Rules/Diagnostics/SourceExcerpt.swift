/// A line of a file and the stretch of it that is meant, fit for a terminal.
public struct SourceExcerpt: Equatable, Sendable {
  /// The line, control characters escaped, broken UTF-8 replaced, cut to what a terminal shows.
  public var line: String
  /// Where the carets go: characters before them, and how many.
  public var caretColumn: Int
  public var caretCount: Int

  /// The most characters of a line before and behind the fault; conditions may be a megabyte on one line.
  private static let context = 60

  /// `nil` when the line is empty, as behind the end of a file.
  init?(_ file: SourceFile, _ range: Range<Int>) {
    let line = file.line(at: range.lowerBound)
    guard !line.isEmpty else { return nil }
    let start = min(range.lowerBound, line.upperBound)
    let end = min(max(start, range.upperBound), line.upperBound)
    let from = max(line.lowerBound, start - Self.context)
    let marked = start..<min(end, Self.scalarBoundary(file.bytes, start + Self.context))
    let to = min(line.upperBound, Self.scalarBoundary(file.bytes, marked.upperBound + Self.context))

    var text = from > line.lowerBound ? "…" : ""
    // In broken UTF-8 no character may begin before the fault.
    text += Self.printable(file.bytes, min(start, Self.scalarBoundary(file.bytes, from))..<start)
    let column = text.unicodeScalars.count
    let meant = Self.printable(file.bytes, marked)
    text += meant
    text += Self.printable(file.bytes, marked.upperBound..<to)
    if to < line.upperBound { text += "…" }
    self.line = text
    caretColumn = column
    caretCount = max(1, meant.unicodeScalars.count)
  }

  /// The excerpt with its carets on a line of their own.
  public var text: String {
    line + "\n" + String(repeating: " ", count: caretColumn) + String(repeating: "^", count: caretCount)
  }

  private static func printable(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    // A tab's width depends on the terminal; as a blank it keeps the carets in their place.
    let text = String(decoding: bytes[range].map { $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self)
    return Rules.printable(text)
  }

  /// The first byte from here on that begins a character.
  private static func scalarBoundary(_ bytes: [UInt8], _ offset: Int) -> Int {
    var offset = offset
    while bytes.indices.contains(offset), bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    return offset
  }
}
