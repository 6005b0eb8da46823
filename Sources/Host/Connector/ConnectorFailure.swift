public import SystemPackage

/// Why there is no process connector.
public enum ConnectorFailure: Equatable, Sendable {
  /// There is no such socket, or it may not join the group of process events.
  case cannotOpen(Errno)
  /// The kernel refused the subscription.
  case refused(Errno)
  /// No acknowledgement came: another pid or user namespace than the first, where the kernel says nothing, or a kernel
  /// without process events. Messages may come even so, left over from other listeners; they would stop at any time.
  case notAcknowledged
}

extension ConnectorFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(.notPermitted), .refused(.notPermitted), .refused(.permissionDenied):
      "the process connector wants CAP_NET_ADMIN on kernels before 6.6"
    case .refused(.connectionRefused): "the process connector works in the host's network namespace only"
    case .cannotOpen(let errno): "this kernel has no process connector (\(errno))"
    case .refused(let errno): "the kernel refused the subscription to process events (\(errno))"
    case .notAcknowledged:
      "the kernel did not acknowledge the subscription to process events: they are told in the host's pid and user "
        + "namespaces only"
    }
  }
}
