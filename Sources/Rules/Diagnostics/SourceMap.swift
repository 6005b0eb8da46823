/// The texts that ranges count in, and the way from each of their bytes back to a file.
///
/// A condition is rarely parsed as it stands in a file: YAML folds it, appended parts and exceptions are put
/// behind it, and lists are pasted into it. Each step adds a text here that says where its pieces came from.
public struct SourceMap: Sendable {
  private var texts: [Text] = []

  private enum Text: Sendable {
    case file(SourceFile)
    case scalar(YAMLScalar, node: SourceRange)
    case composed([ComposedText.Piece])
  }

  public init() {}

  /// Adds a file; ranges in it count its bytes.
  public mutating func add(_ file: SourceFile) -> TextID { add(.file(file)) }

  /// Adds the value of a scalar and returns the range of all of it.
  mutating func add(_ scalar: YAMLScalar, node: SourceRange) -> SourceRange {
    let count = scalar.text.utf8.count
    // A scalar that stands in the file as it is needs no text of its own; most list items are such.
    if scalar.style == .plain, Int(node.upper - node.lower) == count { return node }
    return SourceRange(text: add(.scalar(scalar, node: node)), lower: 0, upper: count)
  }

  /// Adds a text made of others.
  mutating func add(_ text: ComposedText) -> TextID { add(.composed(text.pieces)) }

  private mutating func add(_ text: Text) -> TextID {
    texts.append(text)
    return TextID(index: UInt32(texts.count - 1))
  }

  /// The file of a range and the bytes in it; `nil` for `SourceRange.none`.
  public func place(of range: SourceRange) -> (file: SourceFile, bytes: Range<Int>)? {
    place(of: range, by: nil)
  }

  /// As `place(of:)`; with `offsets`, many places in one large scalar take one walk along it.
  func place(of range: SourceRange, by offsets: ScalarOffsets?) -> (file: SourceFile, bytes: Range<Int>)? {
    guard let start = resolve(range.text, Int(range.lower), offsets), case .file(let file)? = text(start.text)
    else { return nil }
    let last = resolve(range.text, max(Int(range.lower), Int(range.upper) - 1), offsets)
    guard range.upper > range.lower, let last, last.text == start.text, last.lower >= start.lower else {
      return (file, Int(start.lower)..<Int(range.upper > range.lower ? start.upper : start.lower))
    }
    return (file, Int(start.lower)..<Int(last.upper))
  }

  /// The line and column where a range begins; `nil` for `SourceRange.none`.
  public func location(of range: SourceRange) -> SourceLocation? { location(of: range, by: nil) }

  func location(of range: SourceRange, by offsets: ScalarOffsets?) -> SourceLocation? {
    place(of: range, by: offsets).map { $0.file.location(at: $0.bytes.lowerBound) }
  }

  /// The file in which a range begins; `nil` for `SourceRange.none`.
  func file(of range: SourceRange) -> TextID? {
    var (id, offset) = (range.text, Int(range.lower))
    while let text = text(id) {
      switch text {
      case .file: return id
      // Whatever the byte, it stands in the file of its node.
      case .scalar(_, let node): (id, offset) = (node.text, Int(node.lower))
      case .composed(let pieces):
        guard let piece = ComposedText.piece(at: offset, in: pieces) else { return nil }
        let origin = piece.origin(ofByte: offset)
        (id, offset) = (origin.text, Int(origin.lower))
      }
    }
    return nil
  }

  /// The name of a file.
  func name(of file: TextID) -> String {
    guard case .file(let file)? = text(file) else { return "" }
    return file.name
  }

  /// Where the names of the lists stand through which this text came into its condition, the innermost last.
  func pasteSites(of range: SourceRange) -> [SourceRange] {
    var sites: [SourceRange] = []
    var position = range
    while case .composed(let pieces)? = text(position.text),
      let piece = ComposedText.piece(at: Int(position.lower), in: pieces)
    {
      if let site = piece.pastedAt { sites.append(site) }
      position = piece.origin(ofByte: Int(position.lower))
    }
    return sites
  }

  /// Whether a range was written within another one: neither pasted there nor put behind it.
  func isWritten(_ range: SourceRange, within whole: SourceRange) -> Bool {
    var position = range
    while position.text != whole.text {
      guard case .composed(let pieces)? = text(position.text),
        let piece = ComposedText.piece(at: Int(position.lower), in: pieces), piece.pastedAt == nil
      else { return false }
      position = piece.origin(ofByte: Int(position.lower))
    }
    return whole.lower <= position.lower && position.lower < whole.upper
  }

  /// The one byte of a file that a byte of a text came from, or the whole of what it stands for.
  private func resolve(_ id: TextID, _ offset: Int, _ offsets: ScalarOffsets?) -> SourceRange? {
    var position = SourceRange(text: id, lower: offset, upper: offset + 1)
    while let text = text(position.text) {
      switch text {
      case .file: return position
      case .scalar(let scalar, let node):
        guard case .file(let file)? = self.text(node.text) else { return nil }
        let raw = Int(node.lower)..<Int(node.upper)
        let target = Int(position.lower)
        let start =
          offsets?.offset(ofByte: target, of: position.text) {
            scalar.fileOffsets(range: raw, in: file.bytes)
          }
          ?? scalar.fileOffset(ofByte: target, range: raw, in: file.bytes)
        return SourceRange(text: node.text, lower: start, upper: min(start + 1, raw.upperBound))
      case .composed(let pieces):
        guard let piece = ComposedText.piece(at: Int(position.lower), in: pieces) else { return nil }
        position = piece.origin(ofByte: Int(position.lower))
      }
    }
    return nil
  }

  private func text(_ id: TextID) -> Text? { id.index < texts.count ? texts[Int(id.index)] : nil }
}
