public import Alerts
public import SystemPackage

/// Why the agent cannot start, or cannot go on.
public enum AgentError: Error {
  case source(SourceError)
  /// Neither the connector nor /proc can be had.
  case noSource
  case protection(ProtectionError)
  case delivery(JournalError)
  /// The journal's directory cannot be used by the user that the agent has become.
  case journal(JournalError, directory: String, user: String)
  /// A resource of the system is not to be had.
  case system(String, Errno)
}

extension AgentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .source(let error): "\(error)"
    case .noSource: "no source of events can be had: neither the process connector nor /proc"
    case .protection(let error): "\(error)"
    case .delivery(let error): "\(error)"
    case .journal(let error, let directory, let user):
      "\(error); the user \(user), which the agent is by then, must be able to write it: "
        + "install -d -o \(user) -m 0700 \(directory)"
    case .system(let what, let errno): "\(what): \(errno)"
    }
  }
}
