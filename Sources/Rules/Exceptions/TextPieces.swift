/// A text of an alert in pieces that are short enough for constants, each with the operator that asks for it.
struct TextPieces {
  private(set) var pieces: [(comparison: Comparison, piece: [UInt8])] = []
  /// Whether parts of the text are not known.
  private(set) var isApproximate = false
  let byteCount: Int

  init(_ text: [UInt8], pieceBytes: Int) {
    byteCount = text.count
    let known = text.splitAtReplacements
    isApproximate = known.count > 1
    for (index, part) in known.enumerated() {
      let pieces = Self.cut(part, pieceBytes)
      for (place, piece) in pieces.enumerated() {
        let isFirst = index == 0 && place == 0
        let isLast = index == known.count - 1 && place == pieces.count - 1
        self.pieces.append((isFirst ? .startswith : isLast ? .endswith : .contains, piece))
      }
    }
  }

  private static func cut(_ bytes: ArraySlice<UInt8>, _ pieceBytes: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes
    while !rest.isEmpty {
      var end = min(rest.startIndex + pieceBytes, rest.endIndex)
      // Rule files are UTF-8: no piece may end within a character.
      while end < rest.endIndex, end > rest.startIndex + 1, rest[end] & 0xC0 == 0x80 { end -= 1 }
      pieces.append(Array(rest[..<end]))
      rest = rest[end...]
    }
    return pieces
  }
}

/// A shell pattern for one text of an alert.
struct GlobPattern {
  private(set) var bytes: [UInt8] = []
  /// Whether it matches other texts as well, since parts of this one are not known.
  let isApproximate: Bool

  init(_ text: [UInt8]) {
    let known = text.splitAtReplacements
    isApproximate = known.count > 1
    for (index, part) in known.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: "*")) }
      for byte in part { append(byte) }
    }
  }

  private mutating func append(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\\"): bytes += [byte, byte]
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "("),
      _ where hidesName(byte):
      bytes += [UInt8(ascii: "["), byte, UInt8(ascii: "]")]
    default: bytes.append(byte)
    }
  }

  /// Whether the byte begins what could be a list's name; in brackets it begins none.
  private func hidesName(_ byte: UInt8) -> Bool {
    guard byte > 0x20, byte < 0x7F, !ListPaster.isDelimiter(byte), !"!^]".utf8.contains(byte) else {
      return false
    }
    return bytes.last.map(ListPaster.isDelimiter) ?? true
  }
}

extension [UInt8] {
  /// The parts between bytes that an alert could not show, for which it has U+FFFD, and that no condition can hold,
  /// which is NUL; the whole when there are none.
  fileprivate var splitAtReplacements: [ArraySlice<UInt8>] {
    let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index < count {
      let isReplacement = self[index...].starts(with: replacement)
      guard isReplacement || self[index] == 0 else {
        index += 1
        continue
      }
      parts.append(self[start..<index])
      index += isReplacement ? replacement.count : 1
      start = index
    }
    return parts + [self[start...]]
  }
}
