extension YAMLScalar {
  /// Where a byte of the value stands in the file: the way back through folding, indentation and escapes.
  ///
  /// libyaml tells only where a scalar begins and ends. Bytes that are not blanks appear in the file in the same
  /// order, as themselves or as one escape, so both texts are walked together. A blank may stand for a line
  /// break and its indentation; its place is where those begin.
  ///
  /// - Parameter range: The scalar's node range, in `bytes`.
  func fileOffset(ofByte target: Int, range: Range<Int>, in bytes: [UInt8]) -> Int {
    var walk = ScalarWalk(bytes: bytes, range: range, style: style)
    for (index, byte) in text.utf8.enumerated() {
      let offset = walk.next(byte)
      if index == target { return offset }
    }
    return min(walk.position, range.upperBound)
  }

  /// `fileOffset` of every byte, and of the end.
  func fileOffsets(range: Range<Int>, in bytes: [UInt8]) -> [Int] {
    var walk = ScalarWalk(bytes: bytes, range: range, style: style)
    var offsets = text.utf8.map { walk.next($0) }
    offsets.append(min(walk.position, range.upperBound))
    return offsets
  }
}

/// A walk along a scalar as it stands in the file, one byte of its value at a time.
private struct ScalarWalk {
  let bytes: [UInt8]
  let end: Int
  let style: YAMLScalar.Style
  private(set) var position: Int
  /// Bytes that the escape at `position` still gives.
  private var owed = 0

  init(bytes: [UInt8], range: Range<Int>, style: YAMLScalar.Style) {
    self.bytes = bytes
    self.style = style
    end = min(range.upperBound, bytes.count)
    position = min(range.lowerBound, end)
    skipProperties()
    switch style {
    case .plain: break
    case .singleQuoted, .doubleQuoted: position = min(position + 1, end)
    case .literal, .folded: skipHeader()
    }
  }

  /// The place of the next byte of the value.
  mutating func next(_ byte: UInt8) -> Int {
    if owed > 0 {
      owed -= 1
      let start = position
      if owed == 0 { position = min(position + unit(at: position).length, end) }
      return start
    }
    if isBlank(byte) {
      let start = position
      let unit = unit(at: position)
      if unit.isBlank { position = min(position + unit.length, end) }
      return start
    }
    while position < end, unit(at: position).isBlank { position += unit(at: position).length }
    let start = min(position, end)
    let unit = unit(at: start)
    if unit.produced > 1 { owed = unit.produced - 1 } else { position = min(start + unit.length, end) }
    return start
  }

  private struct Unit {
    var length: Int
    var produced = 1
    var isBlank = false
  }

  /// What stands at an offset: one byte, or one escape.
  private func unit(at offset: Int) -> Unit {
    guard offset < end else { return Unit(length: 0) }
    let byte = bytes[offset]
    if style == .singleQuoted, byte == UInt8(ascii: "'") { return Unit(length: 2) }
    guard style == .doubleQuoted, byte == UInt8(ascii: "\\"), offset + 1 < end else {
      return Unit(length: 1, isBlank: isBlank(byte))
    }
    switch bytes[offset + 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"), 0x20, 0x09, 0x0A, 0x0D:
      return Unit(length: 2, isBlank: true)
    case UInt8(ascii: "N"), UInt8(ascii: "_"): return Unit(length: 2, produced: 2)
    case UInt8(ascii: "L"), UInt8(ascii: "P"): return Unit(length: 2, produced: 3)
    case UInt8(ascii: "x"): return numericEscape(at: offset, digits: 2)
    case UInt8(ascii: "u"): return numericEscape(at: offset, digits: 4)
    case UInt8(ascii: "U"): return numericEscape(at: offset, digits: 8)
    default: return Unit(length: 2)
    }
  }

  private func numericEscape(at offset: Int, digits: Int) -> Unit {
    let hex = bytes[min(offset + 2, end)..<min(offset + 2 + digits, end)]
    let value = UInt32(String(decoding: hex, as: UTF8.self), radix: 16) ?? 0
    let isBlank = value < 0x80 && isBlank(UInt8(value))
    let produced = Unicode.Scalar(value).map { String($0).utf8.count } ?? 1
    return Unit(length: 2 + digits, produced: produced, isBlank: isBlank)
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }

  /// Anchor and tag, which libyaml counts as part of the node.
  private mutating func skipProperties() {
    while position < end, bytes[position] == UInt8(ascii: "&") || bytes[position] == UInt8(ascii: "!") {
      while position < end, !isBlank(bytes[position]) { position += 1 }
      while position < end, isBlank(bytes[position]) { position += 1 }
    }
  }

  /// The `|` or `>` line of a block scalar.
  private mutating func skipHeader() {
    while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    position = min(position + 1, end)
  }
}
