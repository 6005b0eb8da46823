/// Reads the text of an output template.
struct OutputParser {
  private var operands: OperandParser
  private let isField: ((String) -> Bool)?
  private var segments: [OutputTemplate.Segment] = []
  private var literal: [UInt8] = []
  private var errors: [SyntaxError] = []

  /// Reads a template and finds all that is wrong in it.
  ///
  /// A field's name ends where the longest known name ends, so `%proc.name.` and `%evt.type_` are a field and a
  /// character; without `isField`, where a name can be no longer.
  ///
  /// - Parameters:
  ///   - text: The number of the text, for the ranges of operands.
  ///   - isField: Whether a field has this name.
  static func parse(
    _ bytes: [UInt8], text: TextID = .none, origin: Int = 0, isField: ((String) -> Bool)? = nil
  )
    -> (template: OutputTemplate, errors: [SyntaxError])
  {
    let lexer = ConditionLexer(bytes)
    var parser = OutputParser(
      operands: OperandParser(lexer: lexer, text: text, origin: origin), isField: isField)
    let start = bytes.first == UInt8(ascii: "*") ? 1 : 0
    parser.operands.lexer.position = start
    while !parser.operands.lexer.isAtEnd { parser.step() }
    parser.endLiteral()
    let template = OutputTemplate(
      text: String(decoding: bytes[start...], as: UTF8.self), segments: parser.segments,
      printsMissing: start == 1)
    return (template, parser.errors)
  }

  private init(operands: OperandParser, isField: ((String) -> Bool)?) {
    self.operands = operands
    self.isField = isField
  }

  /// Reads the text up to the next `%`, and what is behind it.
  private mutating func step() {
    let text = operands.lexer.take { $0 != UInt8(ascii: "%") }
    literal += operands.lexer.bytes[text]
    let start = operands.lexer.position
    guard operands.lexer.take("%") else { return }
    do throws(SyntaxError) {
      try operand(percent: start)
    } catch {
      errors.append(error)
    }
  }

  private mutating func operand(percent: Int) throws(SyntaxError) {
    let width = try width()
    var operand = try knownField()
    if operand == nil { operand = try operands.operand() }
    guard let operand else {
      guard !operands.lexer.isAtEnd else {
        throw SyntaxError(
          "an output cannot end in '%'", range: percent..<percent + 1, cure: "write 'percent'")
      }
      throw SyntaxError(
        "no field follows this '%'", range: percent..<percent + 1,
        cure: "write '%' only before a field or a transformer; there is no escape for it")
    }
    // Kept for the old rules that print it: what it stood for is among the fields of every alert.
    if case .field(let field) = operand, field.name == "container.info", field.argument == nil { return }
    endLiteral()
    segments.append(.operand(operand, width: width))
  }

  /// The digits before a field: to how many characters its value is cut or filled.
  private mutating func width() throws(SyntaxError) -> Int? {
    let digits = operands.lexer.take(while: ConditionLexer.isDigit)
    guard !digits.isEmpty else { return nil }
    guard let width = UInt16(operands.lexer.text(digits)), width > 0 else {
      throw SyntaxError("a width goes from 1 to \(UInt16.max)", range: digits)
    }
    return Int(width)
  }

  /// The longest known field that begins here, when it is shorter than what could be a name.
  private mutating func knownField() throws(SyntaxError) -> Operand? {
    guard let isField else { return nil }
    let start = operands.lexer.position
    var ahead = operands.lexer
    guard let name = ahead.fieldName(), !isField(ahead.text(name)) else { return nil }
    // Names are short; a longer run of letters is no field with something behind it.
    for end in stride(from: min(name.upperBound, start + 128), to: start, by: -1)
    where isField(ahead.text(start..<end)) {
      // What follows can only be meant as its argument, and is then judged as such.
      if end < ahead.bytes.count, ahead.bytes[end] == UInt8(ascii: "."), end < name.upperBound,
        let argument = FieldRegistry.field(named: ahead.text(start..<end))?.argument, argument.isDotted,
        argument.presence == .required
      {
        return nil
      }
      return try operands.field(endingAt: end).map { .field($0) }
    }
    return nil
  }

  private mutating func endLiteral() {
    guard !literal.isEmpty else { return }
    segments.append(.text(String(decoding: literal, as: UTF8.self)))
    literal = []
  }
}

extension OutputTemplate {
  /// Reads the text of an output, as of a rule or of an `append_output`; of several faults throws the first.
  public init(parsing text: String, isField: ((String) -> Bool)? = nil) throws(SyntaxError) {
    let (template, errors) = OutputParser.parse(Array(text.utf8), isField: isField)
    if let error = errors.first { throw error }
    self = template
  }
}
