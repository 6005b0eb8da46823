extension YAMLNode {
  /// The text of a scalar.
  public func string() throws(SyntaxError) -> String { try scalar("text").text }

  /// The scalar's truth: `true`, `yes`, `on` or their opposites, in lower case, upper case or capitalised.
  public func bool() throws(SyntaxError) -> Bool {
    let text = try scalar("true or false").text
    guard text == text.lowercased() || text == text.uppercased() || text == capitalised(text) else {
      throw wrong("true or false", text)
    }
    switch text.lowercased() {
    case "true", "yes", "on", "y": return true
    case "false", "no", "off", "n": return false
    default: throw wrong("true or false", text)
    }
  }

  /// The scalar as a whole number, decimal or `0x…`, within bounds.
  public func integer<Number: FixedWidthInteger>(in bounds: ClosedRange<Number> = .min ... .max)
    throws(SyntaxError) -> Number
  {
    let text = try scalar("a whole number").text
    let number = text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
    guard let number, bounds.contains(number) else {
      throw wrong("a whole number from \(bounds.lowerBound) to \(bounds.upperBound)", text)
    }
    return number
  }

  /// The scalar as a finite number.
  public func double() throws(SyntaxError) -> Double {
    let text = try scalar("a number").text
    guard let number = Double(text), number.isFinite else { throw wrong("a number", text) }
    return number
  }

  /// The elements of a sequence.
  public func list() throws(SyntaxError) -> [YAMLNode] {
    guard case .sequence(let nodes) = content else {
      throw SyntaxError(
        "expected a list, found \(kind)", range: range, cure: "write '[a, b]', or lines with '- '")
    }
    return nodes
  }

  /// The entries of a mapping.
  public func mapping() throws(SyntaxError) -> YAMLMapping {
    guard case .mapping(let mapping) = content else {
      throw SyntaxError("expected keys with values, found \(kind)", range: range)
    }
    return mapping
  }

  /// Whether there is nothing: YAML's null.
  public var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.isNull
  }

  /// What this is, for messages.
  var kind: String {
    switch content {
    case .scalar(let scalar) where scalar.isNull: "nothing"
    case .scalar: "text"
    case .sequence: "a list"
    case .mapping: "keys with values"
    }
  }

  private func scalar(_ wanted: String) throws(SyntaxError) -> YAMLScalar {
    guard case .scalar(let scalar) = content, !scalar.isNull else {
      throw SyntaxError("expected \(wanted), found \(kind)", range: range)
    }
    return scalar
  }

  private func wrong(_ wanted: String, _ found: String) -> SyntaxError {
    SyntaxError("expected \(wanted), found '\(found)'", range: range)
  }

  private func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst().lowercased()
  }
}

extension YAMLMapping {
  /// A complaint for each key that is not among `known`, is not text, or stands twice.
  ///
  /// Whether these are errors or warnings is the caller's to say.
  public func keyProblems(known: [String]) -> [KeyProblem] {
    var seen: Set<String> = []
    return entries.compactMap { entry in
      guard let name = entry.name else {
        return KeyProblem(
          kind: .unknown,
          error: SyntaxError("a key must be text, found \(entry.key.kind)", range: entry.key.range))
      }
      if !seen.insert(name).inserted {
        return KeyProblem(
          kind: .duplicate,
          error: SyntaxError("the key '\(name)' stands twice; the first one counts", range: entry.key.range))
      }
      guard !known.contains(name) else { return nil }
      let meant = suggestion(for: name, among: known)
      return KeyProblem(
        kind: .unknown,
        error: SyntaxError(
          "the key '\(name)' is not known", range: entry.key.range,
          cure: meant.map { "did you mean '\($0)'?" }))
    }
  }

  /// What is wrong with one key of a mapping.
  public struct KeyProblem: Equatable, Sendable {
    public var kind: Kind
    public var error: SyntaxError

    public enum Kind: Sendable { case unknown, duplicate }
  }
}
