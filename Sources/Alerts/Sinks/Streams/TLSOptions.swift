/// Whom a TLS connection trusts, and who we are. The files are read anew for each connection, so that renewed ones count.
public struct TLSOptions: Equatable, Sendable {
  /// Certificates of the authorities that may have signed the receiver's, in PEM; the host's own when it is empty.
  public var authorityFile = ""
  /// Our certificate with what lies between it and its authority, in PEM; none when it is empty.
  public var certificateFile = ""
  /// The key of that certificate, in PEM without a passphrase.
  public var keyFile = ""
  /// The name that the receiver's certificate must have; the target's own when it is empty.
  public var serverName = ""
  /// Whether the receiver's certificate is checked at all. Without that, anybody on the way can read and take alerts.
  public var verifies = true

  public init() {}
}
