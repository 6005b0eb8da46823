public import SystemPackage

/// Why the agent does not run: it would hold more than it says, or cannot know.
public enum ProtectionError: Error, Equatable, Sendable {
  /// The name service could not say whether there is such an account.
  case accountUnknown(name: String, Errno)
  /// The configured account does not exist, and staying root is not allowed.
  case noAccount(name: String)
  /// Other threads exist, which would keep what the main thread gives up.
  case notAlone(threads: Int)
  /// Not on the main thread.
  case notMainThread
  /// A privilege could have been given up, but the kernel refused.
  case stuck(ProtectionStep, Errno)
  /// The kernel's own state could not be read.
  case unreadable(path: String, Errno)
  /// A thread holds something else than intended.
  case threadDiffers(ThreadDifference)
}

extension ProtectionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .accountUnknown(let name, let error): "cannot look up the account '\(name)': \(error)"
    case .noAccount(let name): "user: \(Self.cure(ofMissing: name))"
    case .notAlone(let threads):
      "privileges must be dropped before any other thread exists; there are \(threads) threads"
    case .notMainThread: "privileges must be dropped on the main thread"
    case .stuck(let step, let error): "\(step): the kernel refused: \(error)"
    case .unreadable(let path, let error): "cannot read \(path): \(error)"
    case .threadDiffers(let difference): "not running, since the drop is not complete: \(difference)"
    }
  }
  /// That there is no such account, and what helps.
  static func cure(ofMissing account: String) -> String {
    let how =
      account == "windhover" ? " with `systemd-sysusers windhover.sysusers` (the file in deploy/systemd)" : ""
    return "there is no account '\(account)': make one\(how), or set `user` to one that is there"
  }
}
