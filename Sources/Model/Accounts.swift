/// Users and groups of the host by number, as its passwd and group files tell; an immutable value.
///
/// The source that reads the files makes a new value and puts it into a mailbox. See passwd(5), group(5).
public struct Accounts: Sendable {
  public struct User: Sendable, Equatable {
    public let name: [UInt8]
    public let home: [UInt8]
    public let shell: [UInt8]

    public init(name: [UInt8], home: [UInt8], shell: [UInt8]) {
      self.name = name
      self.home = home
      self.shell = shell
    }
  }

  private let users: [UInt32: User]
  private let groups: [UInt32: [UInt8]]

  public static let none = Accounts(users: [:], groups: [:])

  /// - Parameters:
  ///   - users: the first entry of each uid.
  ///   - groups: the first name of each gid.
  public init(users: [UInt32: User], groups: [UInt32: [UInt8]]) {
    self.users = users
    self.groups = groups
  }

  /// The user of this uid on the host; `nil` when the files do not name it.
  public func user(_ uid: UInt32) -> User? { users[uid] }

  /// The name of this gid on the host; `nil` when the files do not name it.
  public func groupName(_ gid: UInt32) -> [UInt8]? { groups[gid] }
}
