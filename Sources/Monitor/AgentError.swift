public import Rules
public import SystemPackage

/// Why the agent cannot start.
public enum AgentError: Error {
  /// A rule file is wrong; the report holds every error of every file.
  case rules(RuleFileReport)
  case source(SourceError)
  /// Neither the connector nor /proc can be had.
  case noSource
  case protection(ProtectionError)
  /// A resource of the system is not to be had.
  case system(String, Errno)
}

extension AgentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rules(let report): report.text
    case .source(let error): "\(error)"
    case .noSource: "no source of events can be had: neither the process connector nor /proc"
    case .protection(let error): "\(error)"
    case .system(let what, let errno): "\(what): \(errno)"
    }
  }
}
