import Glibc
import System
import SystemPackage

/// The socket at which others ask the agent how it is, made before the privileges are dropped.
///
/// Its file has mode 0660: root, the agent's user and the configured group may connect. Who connects is checked again by
/// the kernel's word, since the file's group may have been changed.
struct ControlSocket: ~Copyable, Sendable {
  let socket: ListeningSocket
  private let owner: UInt32
  private let group: UInt32?

  private static let backlog: Int32 = 16
  private static let probeMilliseconds: Int32 = 200

  /// Makes the socket and, for root, the directory that holds it. A file that a dead agent left is replaced.
  /// - Parameter identity: who the agent is about to become, and so who owns the file.
  init(_ settings: ControlSettings, _ identity: Identity) throws(ControlError) {
    let account: Account? = if case .account(let account) = identity { account } else { nil }
    let group = settings.group.isEmpty ? nil : try Self.groupID(named: settings.group)
    let made: ListeningSocket
    do {
      made = try Self.listen(at: settings.path, account, group)
    } catch let error as ControlError {
      throw error
    } catch {
      throw .system(path: settings.path, error as? Errno ?? .ioError)
    }
    socket = made
    owner = account?.user ?? geteuid()
    self.group = group
  }

  private static func listen(
    at path: String, _ account: Account?, _ group: UInt32?
  ) throws -> ListeningSocket {
    let directory = FilePath(path).removingLastComponent()
    if try Directory.make(directory, mode: 0o755), let account {
      try Directory.setOwner(of: directory, user: account.user, group: account.group)
    }
    try removeStale(FilePath(path))
    let socket = try ListeningSocket(atPath: path)
    if account != nil || group != nil {
      try socket.setOwner(user: account?.user ?? geteuid(), group: group ?? account?.group ?? getegid())
    }
    try socket.listen(backlog: backlog)
    return socket
  }

  /// Whether this peer may ask.
  borrowing func admits(_ peer: SocketPeer?) -> Bool {
    guard let peer else { return false }
    return peer.user == 0 || peer.user == owner || group.map(peer.groups.contains) ?? false
  }

  /// Removes the file of an agent that is gone.
  private static func removeStale(_ path: FilePath) throws {
    guard Directory.isSocket(path) else {
      if try exists(path) { throw ControlError.occupied(path: path.string) }
      return
    }
    do {
      _ = try Socket.connected(toPath: path.string, kind: .stream, timeoutMilliseconds: probeMilliseconds)
      throw ControlError.inUse(path: path.string)
    } catch Errno.connectionRefused {
      try Directory.removeFile(path)
    } catch Errno.noSuchFileOrDirectory {
      return
    }
  }

  private static func exists(_ path: FilePath) throws -> Bool {
    do {
      try FileDescriptor.open(path, .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec]).close()
      return true
    } catch Errno.noSuchFileOrDirectory {
      return false
    }
  }

  private static func groupID(named name: String) throws(ControlError) -> UInt32 {
    guard let group = (try? Account.group(named: name)) ?? nil else { throw .noGroup(name) }
    return group
  }
}
