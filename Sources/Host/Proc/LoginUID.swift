extension ProcessFile {
  /// `/proc/PID/loginuid`; see `LoginUID`. Absent from a kernel without auditing.
  public static var loginUID: ProcessFile { ProcessFile("loginuid", limit: 16) }
}

/// The user as whom someone logged in, whatever they became since. See pam_loginuid(8).
public struct LoginUID: Equatable, Sendable {
  /// The user; `nil` when nobody logged in, as for services.
  public let uid: UInt32?

  /// - Returns: `nil` when the bytes are not one number.
  public init?(parsing bytes: Span<UInt8>) {
    var cursor = ByteCursor(0, bytes.count)
    guard let value = cursor.decimal(bytes, as: UInt32.self) else { return nil }
    // The kernel ends it with nothing, a copy in a fixture or an editor perhaps with a newline.
    _ = cursor.takes(UInt8(ascii: "\n"), in: bytes)
    guard cursor.isAtEnd else { return nil }
    uid = value == .max ? nil : value
  }
}
