// Unsafe: calls that fill a local.

import CLinux
import SystemPackage

/// Who connected the other end of a unix socket, as the kernel noted it at that moment: a process cannot choose it.
public struct SocketPeer: Equatable, Sendable {
  /// The process id, in the pid namespace of who asks; 0 when it is not in it.
  public let pid: Int32
  /// The effective user id, in the user namespace of who asks.
  public let user: UInt32
  /// The effective group id and the supplementary groups.
  public let groups: [UInt32]

  /// More groups than any account has; with more the peer is known by its effective group alone.
  fileprivate static let groupLimit = 1024
}

extension Socket {
  /// Who is at the other end of a unix socket; `nil` of any other socket. See SO_PEERCRED in unix(7).
  public var peer: SocketPeer? {
    var peer = wh_peer()
    // SAFETY: both calls fill locals and are told their size.
    guard unsafe wh_peer_of(descriptor.rawValue, &peer) == 0 else { return nil }
    var groups = [UInt32](repeating: 0, count: SocketPeer.groupLimit)
    let count = unsafe wh_peer_groups(descriptor.rawValue, &groups, groups.count)
    return SocketPeer(pid: peer.pid, user: peer.uid, groups: [peer.gid] + groups.prefix(max(0, Int(count))))
  }
}
