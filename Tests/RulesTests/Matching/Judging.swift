import Testing

@testable import Rules

/// What a condition says of an event of a capture.
func verdict(_ condition: String, _ event: String) throws -> Bool {
  let tree = try ConditionParser.parse(Array(condition.utf8))
  var facts = FlatFacts()
  try facts.read(Array(event.utf8).span)
  var matcher: ConditionMatcher
  do throws(ConditionFaults) {
    matcher = try ConditionMatcher(tree)
  } catch {
    Issue.record("\(condition): \(error.diagnostics.map(\.message))")
    throw error
  }
  return try matcher.matches(facts)
}

/// What is wrong with a condition: messages with their cures.
func faults(_ condition: String) throws -> [String] {
  let tree = try ConditionParser.parse(Array(condition.utf8))
  do throws(ConditionFaults) {
    _ = try ConditionMatcher(tree)
    return []
  } catch {
    return error.diagnostics.map { $0.message + ($0.cure.map { "; " + $0 } ?? "") }
  }
}
