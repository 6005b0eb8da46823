import Model

/// What a system call that no source tells of leaves behind: something that a process keeps, whose change is an event of
/// its own.
///
/// The change is not the call. It is seen at the next exec or sweep, if it lasts so long; by which call it came, with
/// which arguments, and calls that failed are not known. So a rule for the call is never judged by the change: it is told
/// what there is instead.
struct LastingChange {
  let attribute: ProcessAttribute

  /// - Returns: `nil` for a call of which nothing is seen.
  init?(of call: String) {
    switch call {
    case "chdir", "fchdir": attribute = .workingDirectory
    case "chroot", "pivot_root": attribute = .root
    case "seccomp": attribute = .seccomp
    case "setgroups": attribute = .groups
    case "setpgid": attribute = .processGroup
    default: return nil
    }
  }

  /// What the calls among these types leave behind; `nil` when none leaves anything.
  static func text(of types: [String]) -> String? {
    let kept = types.compactMap { type in LastingChange(of: type).map { (type, $0.attribute.rawValue) } }
    guard !kept.isEmpty else { return nil }
    let names = Set(kept.map(\.1)).sorted().joined(separator: ", ")
    return
      "what \(kept.map(\.0).joined(separator: ", ")) changed shows as evt.type=process_changed with evt.arg.name=\(names) "
      + "at the next exec or sweep, if it lasts so long"
  }
}
