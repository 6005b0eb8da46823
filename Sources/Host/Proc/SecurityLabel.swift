import SystemPackage

extension ProcessFile {
  /// `/proc/PID/attr/apparmor/current`: AppArmor's word alone; see `SecurityLabel`. Absent before Linux 5.1, failed
  /// (EINVAL) without AppArmor.
  public static var appArmorLabel: ProcessFile { ProcessFile("attr/apparmor/current", limit: 4 << 10) }
  /// `/proc/PID/attr/current`: the word of the first security module that has one; see `SecurityLabel`. Failed (EINVAL)
  /// when there is none.
  public static var securityLabel: ProcessFile { ProcessFile("attr/current", limit: 4 << 10) }
}

/// How a security module confines a process: `docker-default (enforce)`, `system_u:system_r:container_t:s0`. See
/// proc_pid_attr(5).
public struct SecurityLabel: Equatable, Sendable {
  /// Where the label lies in the bytes that were parsed.
  public let text: Range<Int>

  /// - Returns: `nil` when the bytes hold no label.
  public init?(parsing bytes: Span<UInt8>) {
    // AppArmor ends it with a newline, SELinux with NUL.
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0 || bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    guard end > 0 else { return nil }
    text = 0..<end
  }
}

extension ProcessDirectory {
  /// Reads how the chosen process is confined.
  ///
  /// - Returns: `.absent` when no security module confines processes, too: an errno that says so is no failure.
  public mutating func readSecurityLabel(into buffer: inout ReadBuffer) -> ReadOutcome {
    let outcome = read(.appArmorLabel, into: &buffer)
    if outcome.isRead || outcome == .denied { return outcome }
    let other = read(.securityLabel, into: &buffer)
    return other == .failed(.invalidArgument) ? .absent : other
  }
}
