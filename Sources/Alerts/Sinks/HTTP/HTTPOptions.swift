/// Where alerts are posted to, and how.
public struct HTTPOptions: Equatable, Sendable {
  /// The first is taken; the others stand in for it.
  public var urls: [String]
  public var userAgent = "windhover"
  /// `Name: value` each, added to every request.
  public var headers: [String] = []
  /// A file with a bearer token (RFC 6750), read again when it changes; none when it is empty.
  public var tokenFile = ""
  public var tls = HTTPTLSOptions()
  /// `http://proxy:3128`, or as libcurl takes it; none when it is empty, whatever the environment says.
  public var proxy = ""
  /// How long one request may take, connecting included.
  public var timeoutMilliseconds = 10_000
  /// After so many requests in a row without an answer in time the next receiver is tried.
  public var consecutiveTimeouts = 5
  /// Whether the kernel probes an idle connection, so that nobody on the way forgets it.
  public var probesIdleConnections = true
  public var batch = HTTPBatchLimits()
  /// Whether bodies go out as gzip (RFC 9110 §8.4), which the receiver must know how to read.
  public var compressesBodies = false
  /// The most bytes of one alert.
  public var messageLimit = 256 << 10
  /// Whether alerts are JSON, as the header of a request tells.
  public var postsJSON = true
  /// Whether what receivers answer is written to standard error.
  public var echoesAnswers = false

  public init(urls: [String]) { self.urls = urls }

  /// What a request says of its body.
  var contentType: String {
    guard postsJSON else { return "text/plain; charset=utf-8" }
    return batch.alerts > 1 ? "application/x-ndjson" : "application/json"
  }
}

/// How much goes into one request.
public struct HTTPBatchLimits: Equatable, Sendable {
  /// 1: each alert is a request of its own, as receivers made for Falco want it. More: a line each.
  public var alerts = 1
  public var bytes = 1 << 20

  public init() {}
}

/// Whom HTTPS trusts, and who we are. The files are read anew for each connection.
public struct HTTPTLSOptions: Equatable, Sendable {
  /// Whether the receiver's certificate is checked.
  public var verifies = true
  /// Certificates of the authorities that may have signed the receiver's, in PEM; the host's own when it is empty.
  public var authorityFile = ""
  /// A directory of such certificates, named by their hashes.
  public var authorityDirectory = ""
  /// Our certificate and its key, in PEM; none when they are empty.
  public var certificateFile = ""
  public var keyFile = ""

  public init() {}
}
