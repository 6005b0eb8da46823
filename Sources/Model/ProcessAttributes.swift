/// Something of a process that was changed and has no kind of event of its own.
public struct AttributeChange: Equatable, Sendable {
  public let attribute: ProcessAttribute
  /// As text.
  public let before, after: [UInt8]

  init(_ attribute: ProcessAttribute, before: [UInt8], after: [UInt8]) {
    (self.attribute, self.before, self.after) = (attribute, before, after)
  }
}

/// What a process keeps until it, or somebody who may, changes it.
public enum ProcessAttribute: String, CaseIterable, Sendable {
  /// Supplementary groups, joined by commas. See setgroups(2).
  case groups
  /// The mode: 0 off, 1 strict, 2 filters. See seccomp(2).
  case seccomp
  /// How many filters there are.
  case seccompFilters = "seccomp_filters"
  /// 1 once no exec can bring privileges any more. See PR_SET_NO_NEW_PRIVS(2const).
  case noNewPrivileges = "no_new_privs"
  /// The process that traces it; 0 for none. That one has come is an event of its own.
  case tracer
  case session
  /// The process group. See setpgid(2).
  case processGroup = "pgid"
  /// The working directory.
  case workingDirectory = "cwd"
  /// The root directory. See chroot(2).
  case root
  /// The program's file, which was deleted, or is there again.
  case exe
  case loginUser = "loginuid"
  case oomScore = "oom_score_adj"
  /// How a security module confines the process.
  case securityLabel = "security_label"

  /// Whether an exec leaves it as it was: what has changed all the same was changed before.
  fileprivate var survivesExec: Bool {
    switch self {
    case .tracer, .exe, .securityLabel, .session: false
    default: true
    }
  }
}

/// What is compared of a process for events of changed attributes, as it was at one moment.
struct ProcessAttributes {
  private let row: Kept
  private let details: ProcessDetails?

  /// The members of the row itself.
  private struct Kept {
    let seccomp: UInt8?
    let noNewPrivileges: Bool?
    let tracer, session, processGroup: Int32?
    let workingDirectory, root, exe: [UInt8]?
    let loginUser: UInt32?
  }

  /// Holds the details too: whoever changes them from now on changes a copy.
  init(_ row: ProcessRow) {
    self.row = Kept(
      seccomp: row.seccomp, noNewPrivileges: row.noNewPrivileges, tracer: row.tracerPID, session: row.session,
      processGroup: row.processGroup, workingDirectory: row.workingDirectory, root: row.root,
      exe: row.exePath,
      loginUser: row.loginUser)
    details = row.details
  }

  /// What is known of both moments and differs.
  func changes(to after: ProcessAttributes, acrossExec isExec: Bool = false) -> [AttributeChange] {
    var changes: [AttributeChange] = []
    func compare<Value: Equatable>(
      _ attribute: ProcessAttribute, _ before: Value?, _ after: Value?, _ text: (Value) -> [UInt8]
    ) {
      guard !isExec || attribute.survivesExec, let before, let after, before != after else { return }
      changes.append(AttributeChange(attribute, before: text(before), after: text(after)))
    }
    let (old, new) = (row, after.row)
    compare(.seccomp, old.seccomp, new.seccomp, Self.text)
    compare(.noNewPrivileges, old.noNewPrivileges, new.noNewPrivileges) { Self.text($0 ? 1 : 0) }
    // That a tracer has come is told by an event that names it.
    if new.tracer == 0 { compare(.tracer, old.tracer, new.tracer, Self.text) }
    compare(.session, old.session, new.session, Self.text)
    compare(.processGroup, old.processGroup, new.processGroup, Self.text)
    compare(.workingDirectory, old.workingDirectory, new.workingDirectory) { $0 }
    compare(.root, old.root, new.root) { $0 }
    // Another program is an exec; the same one was deleted, or a file is at its place again.
    if old.exe?.isProgram(new.exe) == true { compare(.exe, old.exe, new.exe) { $0 } }
    compare(.loginUser, old.loginUser, new.loginUser, Self.text)
    guard let details, let now = after.details, details !== now else { return changes }
    compare(.groups, details.supplementaryGroups, now.supplementaryGroups) { groups in
      Array(groups.map { "\($0)" }.joined(separator: ",").utf8)
    }
    compare(.seccompFilters, details.seccompFilters, now.seccompFilters, Self.text)
    compare(.oomScore, details.oomScore, now.oomScore, Self.text)
    compare(.securityLabel, details.securityLabel, now.securityLabel) { $0 }
    return changes
  }

  private static func text(_ number: some BinaryInteger) -> [UInt8] { Array("\(number)".utf8) }
}

extension [UInt8] {
  /// Whether this path of a program and another, of a link below /proc, name the same: a deleted program still is.
  func isProgram(_ other: [UInt8]?) -> Bool { other.map { withoutDeletion == $0.withoutDeletion } ?? false }

  private var withoutDeletion: ArraySlice<UInt8> {
    let mark = " (deleted)".utf8
    return count > mark.count && suffix(mark.count).elementsEqual(mark) ? dropLast(mark.count) : self[...]
  }
}
