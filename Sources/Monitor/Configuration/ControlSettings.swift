/// `control`: the socket at which `windhover status` and `windhover tail` ask the agent.
public struct ControlSettings: Equatable, Sendable {
  /// Where it is unless told otherwise.
  public static let standardPath = "/run/windhover/control.sock"

  /// `control.socket`; none when it is empty.
  public var path = Self.standardPath
  /// `control.group`: who may ask besides root; nobody when it is empty.
  public var group = ""

  var contradictions: [(key: String, why: String)] {
    path.isEmpty || path.hasPrefix("/") ? [] : [("control.socket", "it must be an absolute path")]
  }
}
