import Events
import Model

extension FieldRegistry {
  /// `user.*` and `group.*`.
  static let user: [Field] = [
    Field("user.uid", .uint32, "Effective user id.", needs: .users) {
      $2.number($0.row?.users?.effective)
    },
    Field(
      "user.name", .charbuf,
      "Name of the effective user in the host's files; within a container root alone has one.",
      needs: [.users, .accounts]
    ) { facts, _, values in
      guard let uid = facts.row?.users?.effective else { return }
      values.text(facts.userName(uid))
    },
    Field(
      "user.homedir", .charbuf, "Home directory of the effective user.", needs: [.users, .accounts]
    ) {
      facts, _, values in
      guard let row = facts.row, row.container == nil, let uid = row.users?.effective else { return }
      values.text(facts.model.accounts.user(uid)?.home)
    },
    Field("user.shell", .charbuf, "Login shell of the effective user.", needs: [.users, .accounts]) {
      facts, _, values in
      guard let row = facts.row, row.container == nil, let uid = row.users?.effective else { return }
      values.text(facts.model.accounts.user(uid)?.shell)
    },
    Field("user.ruid", .uint32, "Real user id.", needs: .users) { $2.number($0.row?.users?.real) },
    Field("user.suid", .uint32, "Saved user id.", needs: .users) { $2.number($0.row?.users?.saved) },
    Field("user.fsuid", .uint32, "File system user id.", needs: .users) {
      $2.number($0.row?.users?.fileSystem)
    },
    Field("user.loginuid", .int64, "User id of the login (audit); -1 when unset.", needs: .loginUser) {
      facts, _, values in
      guard let uid = facts.row?.loginUser else { return }
      values.number(Int32(bitPattern: uid))
    },
    Field(
      "user.loginname", .charbuf, "Name of the user of the login (audit).", needs: [.loginUser, .accounts]
    ) {
      facts, _, values in
      guard let uid = facts.row?.loginUser, uid != .max else { return }
      values.text(facts.model.accounts.user(uid)?.name)
    },
    Field("group.gid", .uint32, "Effective group id.", needs: .users) {
      $2.number($0.row?.groups?.effective)
    },
    Field(
      "group.name", .charbuf,
      "Name of the effective group in the host's files; within a container root alone has one.",
      needs: [.users, .accounts]
    ) { facts, _, values in
      guard let gid = facts.row?.groups?.effective else { return }
      values.text(facts.groupName(gid))
    },
  ]
}

extension LiveFacts {
  /// The name of a user; the files of the host say nothing about users of a container but root.
  fileprivate func userName(_ uid: UInt32) -> [UInt8]? {
    if row?.container != nil { return uid == 0 ? Array("root".utf8) : nil }
    return model.accounts.user(uid)?.name
  }

  fileprivate func groupName(_ gid: UInt32) -> [UInt8]? {
    if row?.container != nil { return gid == 0 ? Array("root".utf8) : nil }
    return model.accounts.groupName(gid)
  }
}

extension Values {
  /// Appends a user's name, or the number when it has none.
  mutating func user(_ uid: UInt32, in facts: borrowing LiveFacts) {
    if let name = facts.userName(uid) { text(name) } else { text(decimal: uid) }
  }

  /// Appends a group's name, or the number when it has none.
  mutating func group(_ gid: UInt32, in facts: borrowing LiveFacts) {
    if let name = facts.groupName(gid) { text(name) } else { text(decimal: gid) }
  }
}
