/// A line of a tail that is no alert. docs/status.md describes them.
struct AgentNotice: Decodable {
  struct Greeting: Decodable {
    /// Another one after each start of the agent.
    var agent: String
    /// The number of the first alert that comes.
    var first: UInt64
    /// Whether numbers go on after a restart.
    var stored: Bool
    /// Whether the alert that this tail had last comes right before.
    var resumed: Bool
  }

  var tail: Greeting?
  var live: Bool?
  var missed: UInt64?
  var dropped: UInt64?
  var error: String?

  /// Whether a line is to be read as one. Alerts begin with their context, unless they were shortened, and have a rule.
  static func mayBe(_ line: [UInt8]) -> Bool {
    guard !line.starts(with: alertStart), line.count < 4096 else { return false }
    guard let members = JSONMembers(line) else { return true }
    return members["rule"] == nil && keys.contains { members[$0] != nil }
  }

  private static let alertStart = Array("{\"context\":".utf8)
  private static let keys = ["tail", "live", "missed", "dropped", "error"]
}
