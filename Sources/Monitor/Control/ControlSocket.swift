import Glibc
import System
import SystemPackage

/// The socket at which others ask the agent how it is, made before the privileges are dropped.
///
/// Its file has mode 0660: root, the agent's user and the configured group may connect. Who connects is checked again by
/// the kernel's word, since the file's group may have been changed.
struct ControlSocket: ~Copyable, Sendable {
  let socket: ListeningSocket
  /// What is not as it was asked for; the socket works without.
  let shortcoming: ControlError?
  private let owner: UInt32
  private let group: UInt32?

  private static let backlog: Int32 = 128
  private static let probeMilliseconds: Int32 = 200

  /// Makes the socket and, for root, the directory that holds it. A file that a dead agent left is replaced.
  /// - Parameter identity: who the agent is about to become, and so who owns the file.
  init(_ settings: ControlSettings, _ identity: Identity) throws(ControlError) {
    let account: Account? = if case .account(let account) = identity { account } else { nil }
    let group = settings.group.isEmpty ? nil : try Self.groupID(named: settings.group)
    let made: ListeningSocket
    do {
      made = try Self.bind(at: settings.path, account)
    } catch let error as ControlError {
      throw error
    } catch {
      throw .system(path: settings.path, error as? Errno ?? .ioError)
    }
    let owner = account?.user ?? geteuid()
    var shortcoming: ControlError?
    if account != nil || group != nil {
      do throws(Errno) {
        try made.setOwner(user: owner, group: group ?? account?.group ?? getegid())
      } catch {
        // Only root gives a file to a group that it is not in: root and the owner may ask nevertheless.
        shortcoming = .groupRefused(settings.group, error)
      }
    }
    do {
      try made.listen(backlog: Self.backlog)
    } catch {
      throw .system(path: settings.path, error)
    }
    socket = made
    self.shortcoming = shortcoming
    self.owner = owner
    self.group = group
  }

  private static func bind(at path: String, _ account: Account?) throws -> ListeningSocket {
    let directory = FilePath(path).removingLastComponent()
    if try Directory.make(directory, mode: 0o755), let account {
      try Directory.setOwner(of: directory, user: account.user, group: account.group)
    }
    try removeStale(FilePath(path))
    return try ListeningSocket(atPath: path)
  }

  /// Whether this peer may ask.
  borrowing func admits(_ peer: SocketPeer) -> Bool {
    isOwner(peer) || group.map(peer.groups.contains) ?? false
  }

  /// Whether it is root or the agent's user, for whom there is always room.
  borrowing func isOwner(_ peer: SocketPeer) -> Bool { peer.user == 0 || peer.user == owner }

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

  /// Whether there is a group of this name. Before the drop.
  static func isGroup(_ name: String) -> Bool { (try? groupID(named: name)) != nil }

  private static func groupID(named name: String) throws(ControlError) -> UInt32 {
    guard let group = (try? Account.group(named: name)) ?? nil else { throw .noGroup(name) }
    return group
  }
}
