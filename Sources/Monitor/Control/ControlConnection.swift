import System

/// A connection to someone who may ask, fit to be handed to another thread.
final class ControlConnection: Sendable {
  let socket: Socket
  /// Whether it is root or the agent's user.
  let isOwner: Bool

  init(_ socket: consuming Socket, isOwner: Bool) {
    self.socket = socket
    self.isOwner = isOwner
  }
}
