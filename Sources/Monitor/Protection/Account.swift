// Unsafe: getpwnam_r and getgrnam_r, on buffers of this file.
import Glibc
import SystemPackage

/// A user and the group that goes with it.
public struct Account: Equatable, Sendable {
  /// For the report only.
  public let name: String
  public let user: UInt32
  public let group: UInt32

  public init(name: String, user: UInt32, group: UInt32) {
    self.name = name
    self.user = user
    self.group = group
  }

  /// Looks an account up as the host's name service knows it. Before the drop: a name service may load code.
  /// - Returns: `nil` when there is none of that name.
  /// - Throws: when the name service failed, so that it is not known whether there is one. See getpwnam(3).
  public static func named(_ name: String) throws(ProtectionError) -> Account? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var text = [CChar](repeating: 0, count: 1024)
    while true {
      // SAFETY: entry and text are locals that outlive the use of `found`, which points to the one or is nil.
      let error = unsafe getpwnam_r(name, &entry, &text, text.count, &found)
      switch error {
      case 0, ENOENT, ESRCH:
        guard unsafe error == 0 && found != nil else { return nil }
        return unsafe Account(name: name, user: entry.pw_uid, group: entry.pw_gid)
      case ERANGE where text.count < 1 << 20: text = [CChar](repeating: 0, count: 2 * text.count)
      case EINTR: continue
      default: throw .accountUnknown(name: name, Errno(rawValue: error))
      }
    }
  }

  /// The id of a group as the host's name service knows it. Before the drop, as `named`.
  /// - Returns: `nil` when there is none of that name.
  /// - Throws: when the name service failed. See getgrnam(3).
  static func group(named name: String) throws(ProtectionError) -> UInt32? {
    var entry = unsafe Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var text = [CChar](repeating: 0, count: 1024)
    while true {
      // SAFETY: as above.
      let error = unsafe getgrnam_r(name, &entry, &text, text.count, &found)
      switch error {
      case 0, ENOENT, ESRCH:
        guard unsafe error == 0 && found != nil else { return nil }
        return unsafe entry.gr_gid
      case ERANGE where text.count < 1 << 20: text = [CChar](repeating: 0, count: 2 * text.count)
      case EINTR: continue
      default: throw .accountUnknown(name: name, Errno(rawValue: error))
      }
    }
  }
}
