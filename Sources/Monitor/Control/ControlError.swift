public import SystemPackage

/// Why the agent cannot be asked how it is, or not by everybody who should. The agent works without.
public enum ControlError: Error, Equatable {
  /// Another agent answers at this path.
  case inUse(path: String)
  /// What is there is no socket.
  case occupied(path: String)
  case noGroup(String)
  /// The socket cannot be given to the group; root and the agent's user may ask.
  case groupRefused(String, Errno)
  case system(path: String, Errno)
}

extension ControlError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inUse(let path): "\(path): another agent answers there; set control.socket to another path"
    case .occupied(let path): "\(path): it is no socket; remove it, or set control.socket to another path"
    case .noGroup(let name): "control.group: no group is called '\(name)'"
    case .groupRefused(let name, let errno):
      "control.group: the socket cannot be given to '\(name)': \(errno); start the agent as root, or put its user into "
        + "that group (SupplementaryGroups= in its unit)"
    case .system(let path, let errno): "\(path): \(errno)"
    }
  }
}
