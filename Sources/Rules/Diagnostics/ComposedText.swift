/// A text put together from pieces of others, each of which knows where it came from.
struct ComposedText {
  private(set) var bytes: [UInt8] = []
  private(set) var pieces: [Piece] = []

  /// Bytes from `start` up to the next piece.
  struct Piece: Sendable {
    var start: UInt32
    /// Where they stand: byte for byte, or, of bytes that stand nowhere, what they belong to.
    var origin: SourceRange
    var isVerbatim: Bool
    /// Of bytes that a list brought, where its name stood.
    var pastedAt: SourceRange?

    /// Where one byte of the composed text came from.
    func origin(ofByte offset: Int) -> SourceRange {
      guard isVerbatim else { return origin }
      let start = Int(origin.lower) + offset - Int(start)
      return SourceRange(text: origin.text, lower: start, upper: start + 1)
    }
  }

  /// The piece that holds a byte; for one past the end, the last piece.
  static func piece(at offset: Int, in pieces: [Piece]) -> Piece? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if Int(pieces[middle].start) <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : pieces[low - 1]
  }

  /// Appends text that stands at `origin` as it is.
  mutating func append(_ text: some Collection<UInt8>, from origin: SourceRange, pastedAt: SourceRange? = nil)
  {
    guard !text.isEmpty else { return }
    if let last = pieces.last, last.isVerbatim, last.origin.text == origin.text, last.pastedAt == pastedAt,
      Int(last.origin.lower) + bytes.count - Int(last.start) == Int(origin.lower)
    {
      bytes += text
      return
    }
    pieces.append(
      Piece(start: UInt32(bytes.count), origin: origin, isVerbatim: true, pastedAt: pastedAt))
    bytes += text
  }

  /// Appends text that stands nowhere, on behalf of `owner`.
  mutating func append(glue text: String, for owner: SourceRange) {
    guard !text.isEmpty else { return }
    let last = pieces.last
    if last == nil || last?.isVerbatim == true || last?.origin != owner {
      pieces.append(Piece(start: UInt32(bytes.count), origin: owner, isVerbatim: false, pastedAt: nil))
    }
    bytes += text.utf8
  }

  mutating func append(_ text: SourcedText) { append(text.text.utf8, from: text.range) }

  /// Removes bytes from the end as long as they meet the condition.
  mutating func removeTrailing(while condition: (UInt8) -> Bool) {
    while let last = bytes.last, condition(last) { bytes.removeLast() }
    while let last = pieces.last, Int(last.start) >= bytes.count { pieces.removeLast() }
  }

  /// Removes blanks and line breaks at both ends.
  mutating func trim() {
    removeTrailing(while: ListPaster.isBlank)
    let count = bytes.prefix(while: ListPaster.isBlank).count
    guard count > 0 else { return }
    bytes.removeFirst(count)
    // A piece that lost its beginning starts before the text; its origin moves along.
    pieces = pieces.enumerated().compactMap { index, piece in
      var piece = piece
      let end = index + 1 < pieces.count ? Int(pieces[index + 1].start) : Int.max
      guard end > count else { return nil }
      let lost = max(0, count - Int(piece.start))
      piece.start = UInt32(max(0, Int(piece.start) - count))
      if piece.isVerbatim { piece.origin.lower += UInt32(lost) }
      return piece
    }
  }
}

/// A value of a rule file and the range of its text.
struct SourcedText: Equatable, Sendable {
  var text: String
  var range: SourceRange
}
