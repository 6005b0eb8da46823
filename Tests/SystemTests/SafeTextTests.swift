import System
import Testing

@Suite struct SafeTextTests {
  private func safe(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    SafeText.append(bytes.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  @Test(
    "printable text stays as it is",
    arguments: ["", "sh -c 'id'", "~ }|{\"", "grüße", "日本語", "👩\u{200D}🚀", "می\u{200C}خواهم", "e\u{301}"])
  func keeps(text: String) { #expect(safe(Array(text.utf8)) == text) }

  @Test(
    "control characters are written as escapes",
    arguments: [
      (Array("a\tb\nc\rd".utf8), #"a\tb\nc\rd"#),
      (Array("\u{1b}[2J".utf8), #"\u{1b}[2J"#),
      ([0, 7, 0x7F], #"\u{0}\u{7}\u{7f}"#),
      (Array("\u{80}\u{9b}31m\u{9f}\u{a0}".utf8), "\\u{80}\\u{9b}31m\\u{9f}\u{a0}"),
    ])
  func escapesControls(bytes: [UInt8], expected: String) { #expect(safe(bytes) == expected) }

  @Test(
    "characters that hide or reorder their neighbours are written as escapes",
    arguments: [
      0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF,
      0xFFF9,
      0xE0001, 0xE007F,
    ] as [UInt32])
  func escapesInvisible(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(safe(Array("a\(Character(scalar))b".utf8)) == "a\\u{\(String(value, radix: 16))}b")
  }

  @Test("text that only looks escaped can be told from escaped text")
  func unambiguous() {
    #expect(safe(Array(#"\n"#.utf8)) == #"\\n"#)
    #expect(safe(Array("\n".utf8)) == #"\n"#)
    #expect(safe(Array(#"\u{1b}"#.utf8)) == #"\\u{1b}"#)
  }

  @Test(
    "each ill-formed part of UTF-8 becomes one replacement character",
    arguments: [
      ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),  // overlong '/'
      ([0xE2, 0x82], "\u{FFFD}"),  // cut off
      ([0xE2, 0x82, 0x41], "\u{FFFD}A"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),  // surrogate
      ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),  // above U+10FFFF
      ([0xF0, 0x9F, 0x92, 0x0A], #"�\n"#),
      ([0x9B, 0x33, 0x31, 0x6D], "\u{FFFD}31m"),  // a bare C1 byte
      ([0xF5, 0x80], "\u{FFFD}\u{FFFD}"),
    ] as [([UInt8], String)])
  func replaces(bytes: [UInt8], expected: String) { #expect(safe(bytes) == expected) }

  @Test("random bytes decode as the standard library decodes them, and never break a line")
  func agreesWithStandardLibrary() throws {
    var random = SplitMix64(seed: 0x5AFE)
    // Bytes that lead, continue or end sequences, more often than chance would bring them.
    let pool: [UInt8] = [
      0x0A, 0x1B, 0x41, 0x5C, 0x7F, 0x80, 0x8F, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xE2, 0xED, 0xF0, 0xF4,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        Bool.random(using: &random)
          ? pool.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
      }
      let text = safe(bytes)
      #expect(
        !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }, "\(bytes)")
      #expect(
        unescape(text) == String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value), "\(bytes)")
    }
  }

  /// Undoes the escapes, strictly: anything but the documented ones fails the comparison.
  private func unescape(_ text: String) -> [UInt32] {
    var result: [UInt32] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        result.append(scalar.value)
        continue
      }
      switch rest.popFirst() {
      case "\\": result.append(0x5C)
      case "t": result.append(9)
      case "n": result.append(10)
      case "r": result.append(13)
      case "u":
        let digits = rest.dropFirst().prefix { $0 != "}" }
        rest = rest.dropFirst(digits.count + 2)
        result.append(UInt32(String(String.UnicodeScalarView(digits)), radix: 16) ?? .max)
      default: result.append(.max)
      }
    }
    return result
  }
}
