@testable import Rules

/// One condition: lexer, parser, printer, compiler.
enum ConditionTarget {
  static func take(_ bytes: [UInt8]) {
    do throws(SyntaxError) {
      let condition = try ConditionParser.parse(bytes)
      let text = condition.text
      let again = try? ConditionParser.parse(Array(text.utf8), limits: .ruleFile)
      expect(again == condition, "read as another condition: \(text)")
      expect(again?.text == text, "printed as another text: \(text)")
      judge(condition)
    } catch {
      expect(isInside(error.range, bytes), "a fault outside of the text: \(error)")
    }
  }

  /// A condition that compiles can be asked about an event that has nothing.
  private static func judge(_ condition: Condition) {
    guard var matcher = try? ConditionMatcher(condition) else { return }
    var facts = FlatFacts()
    try? facts.read(Array("{}".utf8).span)
    _ = try? matcher.matches(facts)
  }
}

/// The text of an output.
enum OutputTarget {
  static func take(_ bytes: [UInt8]) {
    for isField in [nil, { FieldRegistry.isName($0) }] as [((String) -> Bool)?] {
      let (template, errors) = OutputParser.parse(bytes, isField: isField)
      expect(errors.allSatisfy { isInside($0.range, bytes) }, "a fault outside of the text: \(errors)")
      for pair in zip(template.segments, template.segments.dropFirst()) {
        if case (.text, .text) = pair { expect(false, "two texts in a row") }
      }
    }
  }
}

/// One YAML text.
enum YAMLTarget {
  static func take(_ bytes: [UInt8]) {
    // Small limits, so that reaching them is common.
    var limits = YAMLLimits()
    limits.nodeCount = 10_000
    let stream = YAMLStream(parsing: bytes, limits: limits)
    if let error = stream.error {
      expect(isInside(error.range, bytes), "a fault outside of the text: \(error)")
    }
    for document in stream.documents { check(document, bytes) }
  }

  private static func check(_ node: YAMLNode, _ bytes: [UInt8]) {
    expect(isInside(node.range, bytes), "a node outside of the text: \(node.range)")
    switch node.content {
    case .scalar: break
    case .sequence(let nodes): for node in nodes { check(node, bytes) }
    case .mapping(let mapping):
      for entry in mapping.entries {
        check(entry.key, bytes)
        check(entry.value, bytes)
      }
    }
  }
}

func isInside(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
  range.lowerBound >= 0 && range.upperBound <= bytes.count
}
