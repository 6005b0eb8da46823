public import SystemPackage

/// Why the agent cannot be asked how it is. The agent works without.
public enum ControlError: Error, Equatable {
  /// Another agent answers at this path.
  case inUse(path: String)
  /// What is there is no socket.
  case occupied(path: String)
  case noGroup(String)
  case system(path: String, Errno)
}

extension ControlError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inUse(let path): "\(path): another agent answers there; set control.socket to another path"
    case .occupied(let path): "\(path): it is no socket; remove it, or set control.socket to another path"
    case .noGroup(let name): "control.group: no group is called '\(name)'"
    case .system(let path, let errno): "\(path): \(errno)"
    }
  }
}
