/// An exception of several fields, and the YAML for it.
struct ExceptionDraft {
  let rule: String
  var name = ""
  var parts: [Part] = []
  /// Fields that were left out, since they differ from event to event.
  var momentary: [String] = []
  /// What else whoever takes the exception should know.
  var remarks: [String] = []

  /// One comparison, which the exception wants to hold.
  struct Part: Equatable {
    /// A field or a transformer, as exceptions write it.
    let field: String
    let comparison: String
    let value: Value
    /// Whether it holds for more than the value that the alert stands for.
    var isApproximate = false

    enum Value: Equatable {
      /// The text of a constant as conditions have it, with quotes where it needs some.
      case text(String)
      case list([String])
    }
  }

  init(rule: String) { self.rule = rule }

  /// An item of a rule file that appends the exception to its rule.
  var yaml: String {
    var text = "# Silences alerts of this rule that print the same values. Load it after the rule.\n"
    if !momentary.isEmpty {
      text +=
        "# Left out, as they differ from event to event: \(printable(momentary.joined(separator: ", ")))\n"
    }
    for remark in remarks { text += "# Note: \(printable(remark))\n" }
    text += """
      - rule: \(Self.scalar(rule))
        exceptions:
          - name: \(Self.scalar(name))
            fields: [\(parts.map { Self.scalar($0.field) }.joined(separator: ", "))]
            comps: [\(parts.map { Self.scalar($0.comparison) }.joined(separator: ", "))]
            values:
              - [\(parts.map { Self.text(of: $0.value) }.joined(separator: ", "))]
        override:
          exceptions: append

      """
    return text
  }

  private static func text(of value: Part.Value) -> String {
    switch value {
    case .text(let text): scalar(text)
    case .list(let texts): "[\(texts.map(scalar).joined(separator: ", "))]"
    }
  }

  /// A text as a YAML scalar: plain where it can be nothing else, else in double quotes.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map(ConditionLexer.isLetter) == true && text.utf8.count < 60
      && text.utf8.allSatisfy { ConditionLexer.isNameByte($0) || $0 == UInt8(ascii: ".") }
    return isPlain && !keywords.contains(text.lowercased()) ? text : quoted(text)
  }

  /// Words that a reader of YAML may take for something else than text.
  private static let keywords: Set = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan"]

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: append(scalar, to: &result)
      }
    }
    return result + "\""
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    // What YAML does not take as it is, and what a terminal would not show.
    guard scalar.value > 0xFFFD || (printable(String(scalar)).unicodeScalars.count > 1) else {
      result.unicodeScalars.append(scalar)
      return
    }
    let digits = String(scalar.value, radix: 16)
    let count = scalar.value > 0xFFFF ? 8 : 4
    result += (count == 8 ? "\\U" : "\\u") + String(repeating: "0", count: count - digits.count) + digits
  }
}
