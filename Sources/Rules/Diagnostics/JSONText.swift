import Events

/// Writes JSON, for a module that may not use Foundation. See RFC 8259.
struct JSONText {
  private(set) var text = ""
  private var needsComma = false

  mutating func object(_ body: (inout JSONText) -> Void) { nest("{", "}", body) }

  mutating func array<Element>(_ elements: [Element], _ body: (inout JSONText, Element) -> Void) {
    nest("[", "]") { json in
      for element in elements { body(&json, element) }
    }
  }

  mutating func key(_ name: String) {
    string(name)
    text += ":"
    needsComma = false
  }

  mutating func bool(_ value: Bool) { value ? raw("true") : raw("false") }

  mutating func number(_ value: Int) { raw(String(value)) }

  /// A string; control characters and line separators are escaped, so the text stays on one line.
  mutating func string(_ value: String) {
    separate()
    text += "\""
    for scalar in value.unicodeScalars { append(scalar) }
    text += "\""
  }

  /// The value of a field; of bytes that are not UTF-8, each ill-formed part as U+FFFD.
  mutating func value(_ value: FieldValue) {
    switch value {
    case .bool(let flag): bool(flag)
    case .signed(let number): raw(String(number))
    case .unsigned(let number): raw(String(number))
    case .double(let number): number.isFinite ? raw(String(number)) : raw("null")
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
