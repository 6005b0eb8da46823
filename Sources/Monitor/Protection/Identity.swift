import Glibc

/// Whose the agent's process is once its sources are open.
public enum Identity: Equatable, Sendable {
  /// Leaves the user that started the agent for this one.
  case account(Account)
  /// Stays the user that started the agent. For root that is much less safe: see SECURITY.md.
  case starter
  /// Stays root, since there is no account of this name.
  case rootForWantOf(account: String)

  /// What the agent takes when there is no account of the configured name and it was started as root.
  public enum WhenMissing: Equatable, Sendable {
    case stayRoot
    case refuse
  }

  /// The account of that name when started as root; an ordinary user cannot change, and stays.
  public static func of(account name: String, whenMissing: WhenMissing) throws(ProtectionError) -> Identity {
    try of(account: name, whenMissing: whenMissing, startedAs: geteuid())
  }

  static func of(
    account name: String, whenMissing: WhenMissing, startedAs starter: UInt32
  ) throws(ProtectionError) -> Identity {
    guard starter == 0 else { return .starter }
    if let account = try Account.named(name) { return .account(account) }
    guard whenMissing == .stayRoot else { throw .noAccount(name: name) }
    return .rootForWantOf(account: name)
  }
  /// Its name or, of the starter, its number.
  var userName: String {
    switch self {
    case .account(let account): account.name
    case .starter: "\(geteuid())"
    case .rootForWantOf: "root"
    }
  }
}
