public import Events

/// Writes JSON on one line, for modules that may not use Foundation. A value; one thread uses it. See RFC 8259.
///
/// Keys and elements are written in the order of the calls; the caller keeps keys apart.
public struct JSONText {
  /// What was written so far.
  public private(set) var text = ""
  private var needsComma = false

  public init() {}

  /// An object; `body` writes its keys and values.
  public mutating func object(_ body: (inout JSONText) -> Void) { nest("{", "}", body) }

  /// An array; `body` writes one value for each element.
  public mutating func array<Element>(_ elements: [Element], _ body: (inout JSONText, Element) -> Void) {
    nest("[", "]") { json in
      for element in elements { body(&json, element) }
    }
  }

  /// A key; its value is what is written next.
  public mutating func key(_ name: String) {
    string(name)
    text += ":"
    needsComma = false
  }

  public mutating func bool(_ value: Bool) { value ? raw("true") : raw("false") }

  public mutating func number(_ value: some BinaryInteger) { raw(String(value)) }

  /// A number; `null` for infinity and what is not a number, for which JSON has no words.
  public mutating func number(_ value: Double) { raw(value.isFinite ? String(value) : "null") }

  public mutating func null() { raw("null") }

  /// A string; control characters and line separators are escaped, so the text stays on one line.
  public mutating func string(_ value: String) {
    separate()
    text += "\""
    for scalar in value.unicodeScalars { append(scalar) }
    text += "\""
  }

  /// The value of a field; of bytes that are not UTF-8, each ill-formed part as U+FFFD.
  public mutating func value(_ value: FieldValue) {
    switch value {
    case .bool(let flag): bool(flag)
    case .signed(let number): raw(String(number))
    case .unsigned(let number): raw(String(number))
    case .double(let value): number(value)
    case .bytes(let bytes): string(String(decoding: bytes, as: UTF8.self))
    case .list(let values): array(values) { json, value in json.value(value) }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}":
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }

  private mutating func raw(_ value: String) {
    separate()
    text += value
  }

  private mutating func nest(_ open: String, _ close: String, _ body: (inout JSONText) -> Void) {
    separate()
    text += open
    needsComma = false
    body(&self)
    text += close
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { text += "," }
    needsComma = true
  }
}
