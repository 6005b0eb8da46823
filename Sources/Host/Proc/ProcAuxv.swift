extension ProcessFile {
  /// `/proc/PID/auxv`; see `ProcAuxv`. Reading it takes the process's memory lock, as with `cmdline`.
  public static var auxv: ProcessFile { ProcessFile("auxv", limit: 4 << 10) }
}

/// What the kernel told a program at its exec, and keeps for as long as it runs. See getauxval(3).
///
/// After a setuid program has made its real and effective ids the same, only this still tells that it was one.
public struct ProcAuxv: Equatable, Sendable {
  /// Real and effective user at the exec (AT_UID, AT_EUID).
  public private(set) var user: (real: UInt32, effective: UInt32)
  /// Real and effective group at the exec (AT_GID, AT_EGID).
  public private(set) var group: (real: UInt32, effective: UInt32)
  /// Whether the exec brought privileges: a setuid or setgid program, file capabilities, or a security module's word.
  public private(set) var isSecure: Bool

  /// - Returns: `nil` when the bytes are not a whole vector, as for a kernel thread or a zombie.
  public init?(parsing bytes: Span<UInt8>) {
    // A 32-bit program on a 64-bit kernel has pairs of half the width. Parsed as wide ones they make no known type.
    guard let vector = ProcAuxv(parsing: bytes, width: 8) ?? ProcAuxv(parsing: bytes, width: 4) else {
      return nil
    }
    self = vector
  }

  private init?(parsing bytes: Span<UInt8>, width: Int) {
    var values = (
      uid: UInt64?.none, euid: UInt64?.none, gid: UInt64?.none, egid: UInt64?.none, secure: UInt64?.none
    )
    var isWhole = false
    var position = 0
    while position + 2 * width <= bytes.count, !isWhole {
      let value = bytes.word(at: position + width, width: width)
      switch bytes.word(at: position, width: width) {
      case 0: isWhole = true
      case 11: values.uid = value
      case 12: values.euid = value
      case 13: values.gid = value
      case 14: values.egid = value
      case 23: values.secure = value
      default: break
      }
      position += 2 * width
    }
    guard isWhole, let uid = values.uid, let euid = values.euid, let gid = values.gid, let egid = values.egid,
      let secure = values.secure
    else { return nil }
    user = (UInt32(truncatingIfNeeded: uid), UInt32(truncatingIfNeeded: euid))
    group = (UInt32(truncatingIfNeeded: gid), UInt32(truncatingIfNeeded: egid))
    isSecure = secure != 0
  }

  public static func == (left: ProcAuxv, right: ProcAuxv) -> Bool {
    left.user == right.user && left.group == right.group && left.isSecure == right.isSecure
  }
}
