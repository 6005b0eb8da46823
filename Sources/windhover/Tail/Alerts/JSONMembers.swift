/// The members of one JSON object, as places in its text; what an alert is read with thousands of times a second.
///
/// Of nested values only the brackets are matched: whoever wants more of them reads them with a parser.
struct JSONMembers {
  struct Member {
    /// As it is written, without the quotes.
    let name: Range<Int>
    /// A text's place includes its quotes.
    let value: Range<Int>
  }

  private(set) var members: [Member] = []
  private let text: [UInt8]
  private var position: Int

  /// - Parameter range: where in `text` the object is; nothing but blanks may stand around it.
  init?(_ text: [UInt8], in range: Range<Int>? = nil) {
    self.text = text
    position = range?.lowerBound ?? 0
    let end = range?.upperBound ?? text.count
    guard readObject(end) else { return nil }
  }

  /// The value of a member, by its name as it is written; of several the last.
  subscript(_ name: String) -> Range<Int>? {
    members.last { text[$0.name].elementsEqual(name.utf8) }?.value
  }

  private mutating func readObject(_ end: Int) -> Bool {
    skipBlanks(end)
    guard take("{", end) else { return false }
    skipBlanks(end)
    if take("}", end) { return isAtEnd(end) }
    repeat {
      skipBlanks(end)
      guard let name = takeText(end) else { return false }
      skipBlanks(end)
      guard take(":", end) else { return false }
      skipBlanks(end)
      guard let value = takeValue(end) else { return false }
      members.append(Member(name: name.lowerBound + 1..<name.upperBound - 1, value: value))
      skipBlanks(end)
    } while take(",", end)
    return take("}", end) && isAtEnd(end)
  }

  private mutating func isAtEnd(_ end: Int) -> Bool {
    skipBlanks(end)
    return position == end
  }

  private mutating func skipBlanks(_ end: Int) {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar, _ end: Int) -> Bool {
    guard position < end, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func takeText(_ end: Int) -> Range<Int>? {
    let start = position
    guard take("\"", end) else { return nil }
    while position < end {
      switch text[position] {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }

  private mutating func takeValue(_ end: Int) -> Range<Int>? {
    guard position < end else { return nil }
    switch text[position] {
    case UInt8(ascii: "\""): return takeText(end)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return takeNested(end)
    default: return takeWord(end)
    }
  }

  private mutating func takeNested(_ end: Int) -> Range<Int>? {
    let start = position
    var depth = 0
    while position < end {
      switch text[position] {
      case UInt8(ascii: "\""):
        guard takeText(end) != nil else { return nil }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return start..<position }
    }
    return nil
  }

  /// A number, `true`, `false` or `null`.
  private mutating func takeWord(_ end: Int) -> Range<Int>? {
    let start = position
    while position < end {
      switch text[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
        UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
        position += 1
      default: return start < position ? start..<position : nil
      }
    }
    return start < position ? start..<position : nil
  }
}
