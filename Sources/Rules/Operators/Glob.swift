/// Shell patterns over bytes: `*`, `?`, `[…]` and `\`, as fnmatch(3) without flags in the C locale.
///
/// The last `*` alone is tried again, so time is at most the product of the two lengths.
public enum Glob {
  /// Whether the whole text is what the pattern describes.
  /// - Parameter folding: whether letters of ASCII are taken for each other whatever their case.
  public static func matches(_ text: Span<UInt8>, _ pattern: Span<UInt8>, folding: Bool = false) -> Bool {
    var at = 0
    var next = 0
    var retry: (text: Int, pattern: Int)?
    while at < text.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        next += 1
        retry = (at, next)
      } else if let end = element(text[at], pattern, at: next, folding: folding) {
        at += 1
        next = end
      } else if let (start, after) = retry {
        at = start + 1
        next = after
        retry = (at, after)
      } else {
        return false
      }
    }
    while next < pattern.count, pattern[next] == UInt8(ascii: "*") { next += 1 }
    return next == pattern.count
  }

  /// The position after the pattern's element at `start`, when that element matches `byte`.
  private static func element(
    _ byte: UInt8, _ pattern: Span<UInt8>, at start: Int, folding: Bool
  ) -> Int? {
    guard start < pattern.count else { return nil }
    switch pattern[start] {
    case UInt8(ascii: "?"):
      return start + 1
    case UInt8(ascii: "["):
      guard let set = bracket(byte, pattern, at: start, folding: folding) else { break }
      return set.holds ? set.end : nil
    case UInt8(ascii: "\\"):
      // A backslash at the very end matches nothing.
      guard start + 1 < pattern.count else { return nil }
      return isSame(byte, pattern[start + 1], folding) ? start + 2 : nil
    default:
      break
    }
    return isSame(byte, pattern[start], folding) ? start + 1 : nil
  }

  private static func isSame(_ left: UInt8, _ right: UInt8, _ folding: Bool) -> Bool {
    left == right || folding && Bytes.lowered(left) == Bytes.lowered(right)
  }

  /// Whether the bracket expression at `start` holds `byte`; `nil` when it never ends, so that `[` stands for itself.
  private static func bracket(
    _ byte: UInt8, _ pattern: Span<UInt8>, at start: Int, folding: Bool
  ) -> (holds: Bool, end: Int)? {
    var index = start + 1
    let isNegated =
      index < pattern.count && (pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^"))
    if isNegated { index += 1 }
    let first = index
    var holds = false
    while index < pattern.count {
      if pattern[index] == UInt8(ascii: "]"), index > first { return (holds != isNegated, index + 1) }
      if let (name, end) = className(pattern, at: index) {
        holds = holds || isMember(byte, of: name, folding: folding)
        index = end
        continue
      }
      guard let (low, afterLow) = member(pattern, at: index) else { return nil }
      index = afterLow
      var high = low
      if index + 1 < pattern.count, pattern[index] == UInt8(ascii: "-"),
        pattern[index + 1] != UInt8(ascii: "]")
      {
        guard let (upper, afterHigh) = member(pattern, at: index + 1) else { return nil }
        (high, index) = (upper, afterHigh)
      }
      holds = holds || isWithin(byte, low, high, folding)
    }
    return nil
  }

  /// One byte of a bracket expression, escaped or not.
  private static func member(_ pattern: Span<UInt8>, at index: Int) -> (UInt8, end: Int)? {
    guard index < pattern.count else { return nil }
    guard pattern[index] == UInt8(ascii: "\\") else { return (pattern[index], index + 1) }
    return index + 1 < pattern.count ? (pattern[index + 1], index + 2) : nil
  }

  private static func isWithin(_ byte: UInt8, _ low: UInt8, _ high: UInt8, _ folding: Bool) -> Bool {
    if low <= byte && byte <= high { return true }
    guard folding else { return false }
    let lowered = Bytes.lowered(byte)
    let raised = Bytes.raised(byte)
    return low <= lowered && lowered <= high || low <= raised && raised <= high
  }

  /// The name in `[:name:]` at `index`, and the position after it.
  private static func className(_ pattern: Span<UInt8>, at index: Int) -> (String, end: Int)? {
    guard index + 1 < pattern.count, pattern[index] == UInt8(ascii: "["),
      pattern[index + 1] == UInt8(ascii: ":")
    else { return nil }
    var end = index + 2
    while end + 1 < pattern.count {
      if pattern[end] == UInt8(ascii: ":"), pattern[end + 1] == UInt8(ascii: "]") {
        return (String(decoding: pattern.extracting((index + 2)..<end)), end + 2)
      }
      end += 1
    }
    return nil
  }

  private static func isMember(_ byte: UInt8, of name: String, folding: Bool) -> Bool {
    let isUpper = byte &- UInt8(ascii: "A") < 26
    let isLower = byte &- UInt8(ascii: "a") < 26
    let isDigit = byte &- UInt8(ascii: "0") < 10
    let isGraphic = byte > 0x20 && byte < 0x7F
    switch name {
    case "alnum": return isUpper || isLower || isDigit
    case "alpha": return isUpper || isLower
    case "blank": return byte == 0x20 || byte == 0x09
    case "cntrl": return byte < 0x20 || byte == 0x7F
    case "digit": return isDigit
    case "graph": return isGraphic
    case "lower": return isLower || folding && isUpper
    case "print": return isGraphic || byte == 0x20
    case "punct": return isGraphic && !(isUpper || isLower || isDigit)
    case "space": return byte == 0x20 || (0x09...0x0D).contains(byte)
    case "upper": return isUpper || folding && isLower
    case "xdigit": return byte.hexadecimalValue != nil
    default: return false
    }
  }
}
