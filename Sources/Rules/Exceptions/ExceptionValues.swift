import Events

/// Turns values of an alert into comparisons that hold for them and for no others.
struct ExceptionValues {
  private var reader: ConditionReader

  init(_ files: [RuleFile]) { reader = ConditionReader(files) }

  /// The comparisons for one value; none when it cannot be asked for.
  mutating func parts(_ operand: ExceptionOperand, _ value: FieldValue) -> [ExceptionDraft.Part] {
    switch value {
    case .bool(let flag): return plain(operand, flag ? "true" : "false")
    case .signed(let number): return plain(operand, String(number))
    case .unsigned(let number): return plain(operand, String(number))
    case .double(let number): return plain(operand, String(number))
    case .list(let values): return list(operand, values)
    case .bytes(let bytes):
      guard let field = operand.field else { return text(operand.operand, bytes) }
      switch field.type.valueClass {
      case .text, .buffer:
        // Several values were printed as one text.
        let isJoined = field.multiplicity == .any
        return text(isJoined ? operand.operand.joinedByBlanks : operand.operand, bytes)
      default: return plain(operand, String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  /// A value that is written in one way only.
  private mutating func plain(_ operand: ExceptionOperand, _ text: String) -> [ExceptionDraft.Part] {
    exact(operand.operand, .equal, Array(text.utf8)).map { [$0] } ?? []
  }

  /// All values of a list, and no others beside them.
  private mutating func list(_ operand: ExceptionOperand, _ values: [FieldValue]) -> [ExceptionDraft.Part] {
    let texts = values.compactMap(\.constant)
    guard texts.count == values.count, !texts.isEmpty, Set(texts).count <= Self.partLimit else { return [] }
    var distinct: [[UInt8]] = []
    for text in texts where !distinct.contains(text) { distinct.append(text) }
    var spellings: [String] = []
    var parts: [ExceptionDraft.Part] = []
    for text in distinct {
      guard let part = exact(operand.operand, .intersects, text), case .list(let own) = part.value else {
        return []
      }
      spellings += own
      parts.append(part)
    }
    let all = ExceptionDraft.Part(
      field: operand.operand.text, comparison: "in", value: .list(spellings))
    return [all] + parts
  }

  // MARK: - Texts

  /// A constant ends at 255 bytes; longer texts are asked for in pieces of at most so many: the second, when a piece
  /// has to be a pattern, which may take four times as many.
  private static let pieceBytes = [200, 60]
  /// As many comparisons for one value as a command line of 4 KiB may take.
  private static let partLimit = 80

  private mutating func text(_ operand: Operand, _ bytes: [UInt8]) -> [ExceptionDraft.Part] {
    if let part = whole(operand, bytes) { return [part] }
    for count in Self.pieceBytes {
      let parts = pieces(operand, TextPieces(bytes, pieceBytes: count))
      if !parts.isEmpty { return parts }
    }
    return []
  }

  /// The text in one comparison; `nil` when it is too long, or a list reaches into it in every spelling.
  private mutating func whole(_ operand: Operand, _ bytes: [UInt8]) -> ExceptionDraft.Part? {
    guard bytes.count <= Constant.byteLimit else { return nil }
    let pattern = GlobPattern(bytes)
    if !pattern.isApproximate, let part = exact(operand, .equal, bytes) { return part }
    guard var part = exact(operand, .glob, pattern.bytes) else { return nil }
    part.isApproximate = pattern.isApproximate
    return part
  }

  /// How a text begins and ends, what is between, and, where all of it is known, how long it is.
  private mutating func pieces(_ operand: Operand, _ text: TextPieces) -> [ExceptionDraft.Part] {
    guard text.pieces.count <= Self.partLimit else { return [] }
    var parts: [ExceptionDraft.Part] = []
    for (comparison, piece) in text.pieces {
      guard var part = exact(operand, comparison, piece) ?? glob(operand, comparison, piece) else {
        return []
      }
      part.isApproximate = text.isApproximate
      if !parts.contains(part) { parts.append(part) }
    }
    guard !text.isApproximate else { return parts }
    let length = Operand.call(TransformerCall(.len, [.operand(operand)]))
    guard let part = exact(length, .equal, Array(String(text.byteCount).utf8)) else { return [] }
    return parts + [part]
  }

  /// As `startswith`, `contains` or `endswith`, for a piece in which a list's name would be replaced.
  private mutating func glob(_ operand: Operand, _ comparison: Comparison, _ piece: [UInt8])
    -> ExceptionDraft.Part?
  {
    let star = [UInt8(ascii: "*")]
    let pattern = GlobPattern(piece).bytes
    return exact(
      operand, .glob,
      (comparison == .startswith ? [] : star) + pattern + (comparison == .endswith ? [] : star))
  }

  /// A comparison with a constant, in the first spelling in which it is read back as it was meant.
  private mutating func exact(_ operand: Operand, _ comparison: Comparison, _ constant: [UInt8])
    -> ExceptionDraft.Part?
  {
    let field = operand.text
    for spelling in [QuotedString.spell(constant), QuotedString.quote(constant)] {
      let text = String(decoding: spelling, as: UTF8.self)
      guard text.utf8.elementsEqual(spelling) else { continue }
      let isList = comparison.family == .list
      let condition = "\(field) \(comparison.rawValue) " + (isList ? "(\(text))" : text)
      guard let check = reader.check(condition), check.left == operand, check.comparison == comparison,
        check.soleConstant == constant
      else { continue }
      return ExceptionDraft.Part(
        field: field, comparison: comparison.rawValue, value: isList ? .list([text]) : .text(text))
    }
    return nil
  }
}

extension Check {
  /// The constant on the right when it is one and no more.
  fileprivate var soleConstant: [UInt8]? {
    switch right {
    case .literal(let literal): literal.bytes
    case .list(let literals, _): literals.count == 1 ? literals[0].bytes : nil
    case .field, .call, nil: nil
    }
  }
}

extension Operand {
  /// All values with blanks between them, as outputs print them.
  fileprivate var joinedByBlanks: Operand {
    let blank = Literal([UInt8(ascii: " ")], form: .quoted, range: .none)
    return .call(TransformerCall(.join, [.literal(blank), .operand(self)]))
  }
}

extension FieldValue {
  /// The value as conditions write it, before quotes; `nil` for a list.
  fileprivate var constant: [UInt8]? {
    switch self {
    case .bool(let flag): Array((flag ? "true" : "false").utf8)
    case .signed(let number): Array(String(number).utf8)
    case .unsigned(let number): Array(String(number).utf8)
    case .double(let number): Array(String(number).utf8)
    case .bytes(let bytes): bytes
    case .list: nil
    }
  }
}
