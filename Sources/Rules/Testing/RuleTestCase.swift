public import Events

/// A golden case: events, and the alerts that rules must make of them, these and no others.
public struct RuleTestCase: Sendable {
  public var name: String
  public var location: SourceLocation
  /// The names of the rules that are judged; every rule that is enabled when there are none.
  public var only: [String]
  public var events: [RuleTestEvent]
  public var alerts: [ExpectedAlert]
  /// What is wrong with the case itself, which then fails; in paragraphs of lines.
  public var faults: [String] = []
}

/// An event of a case, as a capture would have it.
public struct RuleTestEvent: Sendable {
  /// One flat JSON object.
  var json: [UInt8]
}

/// An alert that a case expects; what it does not say may be anything.
public struct ExpectedAlert: Equatable, Sendable {
  public var rule: String
  public var priority: Priority?
  /// A part of the message.
  public var output: String?
  /// Fields that the rule prints, with their values as text; `nil` for a field without a value.
  public var fields: [Field]

  public struct Field: Equatable, Sendable {
    public var name: String
    public var value: String?
  }
}

/// What became of a case.
public struct RuleTestResult: Sendable {
  public var test: RuleTestCase
  /// What differs from what was expected, in paragraphs of lines; none when the case passed.
  public var differences: [String]

  public init(test: RuleTestCase, differences: [String]) {
    self.test = test
    self.differences = differences
  }

  public var isPassed: Bool { differences.isEmpty }

  /// The case and whether it passed, on one line, and below it what differs.
  public var text: String {
    guard !isPassed else { return "ok    \(printable(test.name))\n" }
    let lines = differences.flatMap { $0.split(separator: "\n") }.map { "        \($0)\n" }.joined()
    return "FAIL  \(printable(test.name)) (\(test.location))\n\(lines)"
  }
}
