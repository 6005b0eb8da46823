/// What a transformer means: the values that it takes and gives, and how it makes one from the other.
///
/// The parser's `Transformer` knows the names; this table is the one place that knows the meanings.
struct TransformerDefinition: Sendable {
  /// Its arguments, for the help and for messages.
  let usage: String
  /// One sentence for the help.
  let help: String
  let meaning: Meaning

  enum Meaning: Sendable {
    /// Each text becomes another text, or none.
    case text(TextTransform, takes: Set<ValueClass>)
    /// How many bytes a text has, or how many values a list.
    case length
    /// The values of the arguments after the first, with the first, a constant, between them.
    case join
    /// The values of all arguments, one after the other.
    case concatenation
    /// The options among the words of the first argument, as the second, a constant, describes them.
    case options
  }
}

extension Transformer {
  /// What this transformer means.
  var definition: TransformerDefinition {
    switch self {
    case .tolower:
      TransformerDefinition(
        usage: "tolower(text)", help: "The text with ASCII letters in lower case.",
        meaning: .text(.lower, takes: [.text]))
    case .toupper:
      TransformerDefinition(
        usage: "toupper(text)", help: "The text with ASCII letters in upper case.",
        meaning: .text(.upper, takes: [.text]))
    case .b64:
      TransformerDefinition(
        usage: "b64(text)", help: "What the text encodes in Base64; no value when it is not Base64.",
        meaning: .text(.base64, takes: [.text, .buffer]))
    case .basename:
      TransformerDefinition(
        usage: "basename(path)", help: "What follows the last '/' of the path.",
        meaning: .text(.basename, takes: [.text]))
    case .len:
      TransformerDefinition(
        usage: "len(text or list)", help: "Bytes of a text, or values of a list.", meaning: .length)
    case .join:
      TransformerDefinition(
        usage: "join(\"separator\", list)",
        help: "The values of a list, or of (field, field, …), with the separator between.",
        meaning: .join)
    case .concat:
      TransformerDefinition(
        usage: "concat(text, text, …)", help: "Fields and constants one after the other.",
        meaning: .concatenation)
    case .getopt:
      TransformerDefinition(
        usage: "getopt(words, \"ab:\")[b]",
        help:
          "The value of an option, its last if it is given twice; without brackets, the letters of all options.",
        meaning: .options)
    }
  }
}

/// A transformer of one text into another.
enum TextTransform: UInt8, Sendable, Hashable {
  case lower, upper, base64, basename

  /// Appends the transformed text to `values`; nothing when there is none.
  func apply(to text: ByteRange, in values: inout Values) {
    let start = values.beginText()
    switch self {
    case .lower: for index in text.indices { values.add(Bytes.lowered(values.bytes[index])) }
    case .upper: for index in text.indices { values.add(Bytes.raised(values.bytes[index])) }
    case .base64:
      guard values.addDecodedBase64(text) else { return values.dropText(start) }
    case .basename:
      var first = text.indices.upperBound
      while first > text.indices.lowerBound, values.bytes[first - 1] != UInt8(ascii: "/") { first -= 1 }
      // The bytes are there already.
      return values.append(Value(text: ByteRange(offset: first, count: text.indices.upperBound - first)))
    }
    values.endText(start)
  }
}
