import Host
import Model

/// Reads the host's users and groups when their files have changed. One thread uses it. See passwd(5), group(5).
struct AccountReader: ~Copyable {
  private let root: HostRoot
  private var buffer = ReadBuffer()
  private var passwd: [UInt8] = []
  private var group: [UInt8] = []

  init(root: HostRoot) { self.root = root }

  /// The accounts, or `nil` when neither file has changed since the last call or neither can be read.
  mutating func readIfChanged() -> Accounts? {
    let newPasswd = read(Passwd.path, limit: Passwd.limit, unlessEqual: passwd)
    let newGroup = read(Group.path, limit: Group.limit, unlessEqual: group)
    guard newPasswd != nil || newGroup != nil else { return nil }
    passwd = newPasswd ?? passwd
    group = newGroup ?? group
    var users: [UInt32: Accounts.User] = [:]
    for entry in Passwd(parsing: passwd.span).entries where users[entry.uid] == nil {
      users[entry.uid] = Accounts.User(name: entry.name, home: entry.home, shell: entry.shell)
    }
    var groups: [UInt32: [UInt8]] = [:]
    for entry in Group(parsing: group.span).entries where groups[entry.gid] == nil {
      groups[entry.gid] = entry.name
    }
    return Accounts(users: users, groups: groups)
  }

  private mutating func read(_ path: String, limit: Int, unlessEqual known: [UInt8]) -> [UInt8]? {
    guard root.read(path, limit: limit, into: &buffer).isRead else { return nil }
    return buffer.withBytes { bytes -> [UInt8]? in
      var isEqual = bytes.count == known.count
      for index in 0..<bytes.count where isEqual { isEqual = bytes[index] == known[index] }
      return isEqual ? nil : (0..<bytes.count).map { bytes[$0] }
    }
  }
}
