import Events

/// Values as JSON, in the shapes that Falco gives them.
enum JSONValue {
  static func append(_ value: FieldValue?, to bytes: inout [UInt8]) {
    switch value {
    case nil: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .signed(let number): bytes.append(decimal: number)
    case .unsigned(let number): bytes.append(decimal: number)
    // JSON has no words for infinity and what is not a number.
    case .double(let number): bytes.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
    case .bytes(let text): append(text.span, to: &bytes)
    case .list(let values): append(list: values, to: &bytes) { append($0, to: &$1) }
    }
  }

  /// Appends text in quotes.
  static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    EscapedText.append(text, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  static func append<Element>(
    list: [Element], to bytes: inout [UInt8], _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    for (index, element) in list.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      appendElement(element, &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}

/// Writes the members of one JSON object.
struct JSONObject {
  private var isEmpty = true

  /// Appends `{`.
  init(into bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "{")) }

  /// Appends a key and, through `appendValue`, its value.
  mutating func member(_ key: String, in bytes: inout [UInt8], _ appendValue: (inout [UInt8]) -> Void) {
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
    isEmpty = false
    JSONValue.append(key.utf8.span, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendValue(&bytes)
  }

  /// Appends a key and text; of text that takes more than `limit` bytes the beginning and `…`.
  mutating func member(_ key: String, _ text: String, limit: Int = .max, in bytes: inout [UInt8]) {
    member(key, in: &bytes) { bytes in
      bytes.append(UInt8(ascii: "\""))
      _ = EscapedText.append(text.utf8.span, limit: limit, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// Appends `}`.
  consuming func end(in bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "}")) }
}
