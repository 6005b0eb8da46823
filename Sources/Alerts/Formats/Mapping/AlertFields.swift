import Events

/// The fields of one alert by name: those that its rule prints, and the context where the rule prints none of that name.
///
/// A format uses those that it has a place for, and carries the others along as its receivers permit.
struct AlertFields {
  private var values: [String: FieldValue] = [:]
  /// Those that are the rule's own.
  private var printed: Set<String> = []
  private var used: Set<String> = []

  /// Fields without a value are left out, and those of a container for a process that is in none.
  init(_ alert: Alert) {
    values.reserveCapacity(alert.outputFields.count + alert.context.count)
    for field in alert.outputFields + alert.context where values[field.name] == nil {
      guard let value = field.value, !Self.isUnset(field.name, value) else { continue }
      values[field.name] = value
    }
    printed = Set(alert.outputFields.map(\.name))
    guard values["container.id"] == Self.host else { return }
    values = values.filter { !($0.key.hasPrefix("container.") && $0.value == Self.host) }
  }

  /// What stands in the fields of a container for a process that is in none.
  private static let host = FieldValue.text("host")

  /// Whether a value stands for none: Falco's own outputs have a login uid of -1 for who never logged in.
  static func isUnset(_ name: String, _ value: FieldValue) -> Bool {
    name == "user.loginuid" && value == .signed(-1)
  }

  /// The value in this form, of the first field that has one that can take it. Such a field is not among the rest, and of those
  /// that stand in for it only what the rule prints is.
  mutating func use(_ names: [String], as form: FieldForm) -> FieldContent? {
    for name in names {
      guard let value = values[name], let content = form.content(of: value) else { continue }
      used.insert(name)
      used.formUnion(names.filter { !printed.contains($0) && values[$0].flatMap(form.content) != nil })
      return content
    }
    return nil
  }

  /// The value of a field, which stays where it is.
  subscript(name: String) -> FieldValue? { values[name] }

  /// The fields that nothing used, by name.
  var rest: [(name: String, value: FieldValue)] {
    values.filter { !used.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// A value on its way into a format.
enum FieldContent: Equatable {
  /// A number or another word of the format itself, written as it is.
  case literal([UInt8])
  /// Bytes as the host gave them.
  case text([UInt8])
  case list([[UInt8]])

  /// Appends it as one text: the texts of a list with commas between them.
  /// - Parameter escape: appends text of the host's in the format's escapes, and tells whether it was cut.
  /// - Returns: whether it was cut.
  func append(to bytes: inout [UInt8], escape: (Span<UInt8>, inout [UInt8]) -> Bool) -> Bool {
    switch self {
    case .literal(let word):
      bytes.append(contentsOf: word)
      return false
    case .text(let text): return escape(text.span, &bytes)
    case .list(let texts): return escape(Array(texts.joined(separator: [UInt8(ascii: ",")])).span, &bytes)
    }
  }
}

/// What a format makes of a field's value.
enum FieldForm {
  case text, number, flag
  /// Each value of a list, or the one that there is.
  case list
  /// The words of a text that are parted by blanks.
  case words
  /// Nanoseconds since 1970 as milliseconds.
  case milliseconds
  /// Nanoseconds since 1970 as `2026-01-31T23:59:59.123456789Z`.
  case dateTime

  /// The value in this form; `nil` when it cannot take it.
  func content(of value: FieldValue) -> FieldContent? {
    switch (self, value) {
    case (.text, _): .text(Self.text(of: value))
    case (.number, .signed(let number)): .literal(Self.digits(number))
    case (.number, .unsigned(let number)): .literal(Self.digits(number))
    case (.flag, .bool): .literal(Self.text(of: value))
    case (.list, .list(let values)): values.isEmpty ? nil : .list(values.map(Self.text))
    case (.list, _): .list([Self.text(of: value)])
    case (.words, .bytes(let bytes)): Self.words(of: bytes)
    case (.milliseconds, .unsigned(let time)): .literal(Self.digits(time / 1_000_000))
    case (.dateTime, .unsigned(let time)): .text(Self.dateTime(time))
    default: nil
    }
  }

  private static func words(of bytes: [UInt8]) -> FieldContent? {
    let words = bytes.split(separator: UInt8(ascii: " ")).map(Array.init)
    return words.isEmpty ? nil : .list(words)
  }

  /// Text as it is; other values as JSON writes them.
  static func text(of value: FieldValue) -> [UInt8] {
    if case .bytes(let bytes) = value { return bytes }
    var text: [UInt8] = []
    JSONValue.append(value, to: &text)
    return text
  }

  static func digits(_ number: some BinaryInteger) -> [UInt8] {
    var text: [UInt8] = []
    text.append(decimal: number)
    return text
  }

  static func dateTime(_ timeNanoseconds: UInt64) -> [UInt8] {
    var text: [UInt8] = []
    CivilTime(utc: timeNanoseconds).appendDateAndTime(fractionDigits: 9, to: &text)
    text.append(UInt8(ascii: "Z"))
    return text
  }
}

/// Where a format puts a field: one row of its table.
struct FieldMapping {
  /// The format's own name for it; nested objects are parted by `.`, and `[]` follows the name of a list of one object.
  let path: [String]
  /// The fields that may be it; the first that has a value is.
  let fields: [String]
  let form: FieldForm
  /// The most bytes as written that the format's dictionary allows.
  let limit: Int
  /// What a receiver shows for a key that has no meaning of its own.
  let label: String?

  private init(path: [String], like other: FieldMapping) {
    self.path = path
    (fields, form, limit, label) = (other.fields, other.form, other.limit, other.label)
  }

  /// The same below an object.
  func below(_ object: String) -> FieldMapping {
    FieldMapping(path: object.split(separator: ".").map(String.init) + path, like: self)
  }

  init(
    _ path: String, _ fields: String..., as form: FieldForm = .text, limit: Int = .max, label: String? = nil
  ) {
    self.path = path.split(separator: ".").map(String.init)
    self.fields = fields
    self.form = form
    self.limit = limit
    self.label = label
  }
}
