extension SyntaxError {
  /// libyaml's complaint, with the cure where the usual cause is known.
  init(_ fault: YAMLFault, in bytes: [UInt8], offsets: CharacterOffsets) {
    var offset = Self.byte(of: fault.position, in: bytes, offsets: offsets)
    // Of what never ends, the beginning helps more than the end of the file.
    if offset >= bytes.count || fault.problem == "could not find expected ':'", fault.context != nil {
      offset = Self.byte(of: fault.start, in: bytes, offsets: offsets)
    }
    let character = offset < bytes.count ? bytes[offset] : nil
    let message = [fault.context, fault.problem].compactMap(\.self).joined(separator: ": ")
    self.init(
      message, range: offset..<min(offset + 1, bytes.count),
      cure: Self.cure(for: fault.problem, character: character))
  }

  private static func byte(of position: YAMLFault.Position, in bytes: [UInt8], offsets: CharacterOffsets)
    -> Int
  {
    switch position {
    case .byte(let offset): min(offset, bytes.count)
    case .character(let index): offsets.byte(ofCharacter: index)
    }
  }

  private static func cure(for problem: String, character: UInt8?) -> String? {
    switch problem {
    case "found character that cannot start any token":
      switch character {
      case UInt8(ascii: "\t"): "indent with blanks, not with tabs"
      case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"): "put the value in quotes"
      default: nil
      }
    case "mapping values are not allowed in this context":
      "put a value that holds ': ' in quotes, or after '>' on lines of its own"
    case "could not find expected ':'", "did not find expected key":
      "check the indentation here and above; a value over several lines goes after '>', indented"
    case "did not find expected '-' indicator":
      "begin every item with '- ' in the same column"
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      "put a value that holds ',', '[', ']', '{' or '}' in quotes, and close the bracket"
    case "found unexpected end of stream": "close the quote"
    case "invalid leading UTF-8 octet", "invalid trailing UTF-8 octet", "incomplete UTF-8 octet sequence",
      "invalid Unicode character", "invalid length of a UTF-8 sequence":
      "save the file as UTF-8"
    case "control characters are not allowed": "write it as an escape in double quotes"
    default: nil
    }
  }
}
