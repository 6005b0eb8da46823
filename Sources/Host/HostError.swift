public import SystemPackage

/// What `Host` cannot do for its caller. A process that has gone or a file that may not be read is no error but a
/// `ReadOutcome`.
public enum HostError: Error, Equatable {
  /// The directory of processes could not be opened or listed.
  case cannotList(path: String, Errno)
  /// There is no process connector.
  case connector(ConnectorFailure)
}

extension HostError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotList(let path, let errno): "cannot list \(path): \(errno)"
    case .connector(let failure): failure.description
    }
  }
}
