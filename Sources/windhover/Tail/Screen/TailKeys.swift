/// What typed keys ask for: a value, bytes in and wishes out.
struct TailKeys {
  enum Wish: Equatable {
    /// Holds alerts back, or lets them go again.
    case pause
    case quit
    /// Only alerts with this text; empty for all.
    case search([UInt8])
  }

  /// The text that is being typed; `nil` while none is.
  private(set) var prompt: [UInt8]?
  private static let promptLimit = 200

  mutating func take(_ bytes: [UInt8]) -> [Wish] {
    var wishes: [Wish] = []
    var rest = bytes[...]
    while let byte = rest.first {
      if byte == 0x1B {
        // A lone escape leaves the prompt, or takes the search back; with more behind it, it is a key such as an arrow,
        // which means nothing here.
        if rest.count == 1, prompt.take() == nil { wishes.append(.search([])) }
        rest = Self.behindSequence(rest)
      } else if let prompt {
        rest = rest.dropFirst()
        if let wish = type(byte, prompt) { wishes.append(wish) }
      } else {
        rest = rest.dropFirst()
        if let wish = press(byte) { wishes.append(wish) }
      }
    }
    return wishes
  }

  private mutating func press(_ byte: UInt8) -> Wish? {
    switch byte {
    case UInt8(ascii: " "): return .pause
    // End of transmission, as Ctrl-D.
    case UInt8(ascii: "q"), 0x04: return .quit
    case UInt8(ascii: "/"), UInt8(ascii: "f"): prompt = []
    default: break
    }
    return nil
  }

  private mutating func type(_ byte: UInt8, _ text: [UInt8]) -> Wish? {
    switch byte {
    case 0x0A, 0x0D:
      prompt = nil
      return .search(text)
    // Backspace; Ctrl-U.
    case 0x08, 0x7F:
      // The bytes of a character behind its first are 10xxxxxx.
      let start = text.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
      prompt = Array(text[..<start])
    case 0x15: prompt = []
    case 0..<0x20: break
    default:
      if text.count < Self.promptLimit { prompt = text + [byte] }
    }
    return nil
  }

  /// What stands behind an escape sequence. See ECMA-48 §5.4.
  private static func behindSequence(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = bytes.dropFirst()
    guard rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O") else { return rest.dropFirst() }
    return rest.dropFirst().drop { !(0x40...0x7E).contains($0) }.dropFirst()
  }
}
