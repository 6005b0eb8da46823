/// A syslog receiver somewhere in the network.
public struct SyslogTarget: Equatable, Sendable {
  /// A name, or an address of either version.
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16 = 514) {
    self.host = host
    self.port = port
  }
}

extension SyslogTarget: CustomStringConvertible {
  /// `siem.example:514`, `[2001:db8::1]:514`
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// From what `description` gives: addresses of version 6 stand in brackets. Without a port it is `defaultPort`.
  public init?(_ text: String, defaultPort: UInt16 = 514) {
    var host = text[...]
    var port = defaultPort
    if host.first == "[", let end = host.lastIndex(of: "]") {
      let rest = host[host.index(after: end)...]
      host = host[host.index(after: host.startIndex)..<end]
      guard rest.isEmpty || rest.first == ":" else { return nil }
      if !rest.isEmpty {
        guard let number = UInt16(rest.dropFirst()) else { return nil }
        port = number
      }
    } else if let colon = host.firstIndex(of: ":"), colon == host.lastIndex(of: ":") {
      guard let number = UInt16(host[host.index(after: colon)...]) else { return nil }
      port = number
      host = host[..<colon]
    } else if host.contains(":") {
      // Nobody can tell where the address ends and the port begins.
      return nil
    }
    guard !host.isEmpty, !host.contains("/"), port > 0 else { return nil }
    self.init(host: String(host), port: port)
  }
}

/// How a message on a stream ends. See RFC 6587 §3.4.
public enum SyslogFraming: String, CaseIterable, Sendable {
  /// A line feed behind each message, which every receiver takes; no format of ours has one within.
  case lineFeed = "lf"
  /// The count of bytes before each message.
  case octetCounting = "octet"
}

/// How alerts reach a syslog receiver in the network.
public struct RemoteSyslogOptions: Equatable, Sendable {
  /// The first that can be reached is taken; the others stand in for it.
  public var targets: [SyslogTarget]
  /// Of TCP and TLS.
  public var framing = SyslogFraming.lineFeed
  /// The most bytes of one message: RFC 5424 wants receivers to take 2048, and rsyslog takes 8192 unless told otherwise.
  public var messageLimit: Int
  /// Of TCP and TLS: what was sent within these seconds is sent again after the connection broke, since nobody can tell how
  /// much of it had arrived.
  public var resendWindowSeconds: UInt64 = 30
  /// How long connecting, a handshake and each sending may take.
  public var timeoutMilliseconds: Int32 = 10_000
  /// Of RELP: how long the receiver may leave alerts without an answer.
  public var acknowledgementMilliseconds: Int32 = 30_000

  public init(targets: [SyslogTarget], messageLimit: Int = 8192) {
    self.targets = targets
    self.messageLimit = messageLimit
  }
}
