public import Alerts
public import Events

/// `http_output`, and each entry of `http_outputs`: alerts posted, as JSON unless told otherwise.
public struct HTTPOutputSettings: ConfigurationGroup, Equatable {
  /// What it is for `http_output` and for an entry of a list when nobody says: off, and on.
  var enabled: Bool?
  public var isEnabled: Bool { enabled ?? false }
  /// What the status calls it, and the journal its reader; `http` when it is empty.
  public var name = ""
  public var options = HTTPOptions(urls: [])
  public var format = FormatKind.json
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()
  var authorityBundle = ""
  var showsCertificate = false
  var timeout = TimeSpan(seconds: 10)
  var consecutiveTimeouts: UInt32 = 5
  var batchAlerts: UInt32 = 1
  var batchSize = ByteSize(bytes: 1 << 20)
  var messageLimit = ByteSize(bytes: 256 << 10)

  public init() {}

  var outputName: String { name.isEmpty ? HTTPSink.name : name }

  var sinkOptions: HTTPOptions {
    var options = options
    if !authorityBundle.isEmpty { options.tls.authorityFile = authorityBundle }
    if !showsCertificate { (options.tls.certificateFile, options.tls.keyFile) = ("", "") }
    options.timeoutMilliseconds = Int(timeout.seconds) * 1000
    options.consecutiveTimeouts = Int(consecutiveTimeouts)
    options.batch.alerts = Int(batchAlerts)
    options.batch.bytes = Int(batchSize.bytes)
    options.messageLimit = Int(messageLimit.bytes)
    options.postsJSON = format.isJSON
    return options
  }

  /// `insecure`
  fileprivate var isInsecure: Bool {
    get { !options.tls.verifies }
    set { options.tls.verifies = !newValue }
  }

  static let options: [ConfigurationOption<Self>] = [
    .init(
      "enabled", \.enabled,
      "Whether alerts are posted, as Falco's JSON unless told otherwise: of `http_output` only when this says so, of an entry of `http_outputs` unless it says no."
    ),
    .init(
      "url", \.options.urls,
      "Where to, as http://host:2801/ or https://…; or a list, whose others stand in for the first."),
    .init("format", \.format, "How they are written there, whatever `json_output` says."),
    .init("user_agent", \.options.userAgent, "The program's name in each request."),
    .init(
      "headers", \.options.headers, "Headers of your own in each request, as [\"X-Scope-OrgID: tenant\"]."),
    .init(
      "bearer_token_file", \.options.tokenFile,
      "A file with the token that each request carries (RFC 6750). Read again when it changes; nobody but its owner may "
        + "be able to write it."),
    .init(
      "insecure", \.isInsecure,
      "The receiver's certificate is not checked, so that anybody on the way can read and take alerts."),
    .init(
      "ca_cert", \.options.tls.authorityFile,
      "Certificates of the authorities that may have signed the receiver's, in PEM. Empty: those that the host trusts."
    ),
    .init("ca_bundle", \.authorityBundle, "The same, by Falco's other name for it."),
    .init(
      "ca_path", \.options.tls.authorityDirectory,
      "A directory with such certificates, named by their hashes, which count besides."),
    .init("mtls", \.showsCertificate, "The agent shows a certificate of its own."),
    .init(
      "client_cert", \.options.tls.certificateFile,
      "That certificate and its chain, in PEM. Read anew for each connection."),
    .init("client_key", \.options.tls.keyFile, "Its key, in PEM without a passphrase."),
    .init(
      "proxy", \.options.proxy,
      "The proxy to go through, as http://proxy:3128. The environment's is not used."),
    .init("timeout", \.timeout, "How long a request may take, connecting included."),
    .init(
      "max_consecutive_timeouts", \.consecutiveTimeouts,
      "After so many requests in a row without an answer in time the next of several receivers is tried."),
    .init(
      "keep_alive", \.options.probesIdleConnections,
      "An idle connection is probed, so that nobody on the way forgets it."),
    .init(
      "compress_uploads", \.options.compressesBodies,
      "Requests go out as gzip, with `Content-Encoding: gzip`; the receiver must know how to read that."),
    .init("echo", \.options.echoesAnswers, "What receivers answer, on standard error."),
    .init(
      "batch.max_alerts", \.batchAlerts,
      "Alerts in one request. With more than 1, those that wait go together, a line each, which receivers made for "
        + "Falco do not take."),
    .init("batch.max_size", \.batchSize, "The most bytes of such a request."),
    .init(
      "message_limit", \.messageLimit,
      "The most bytes of one alert; a larger one loses optional parts, and carries a mark."),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
    .init(
      "name", \.name,
      "What the status calls this output, and under which it goes on after a restart; empty: `http`."),
  ]

  /// With all that the group says; a group that is off may say anything, as Falco's own configuration does.
  var contradictions: [(key: String, why: String)] {
    guard enabled != false, isEnabled || !options.urls.isEmpty else { return [] }
    var found: [(key: String, why: String)] = []
    if options.urls.isEmpty { found.append(("url", "there is none; name a receiver, as http://host:2801/")) }
    for url in options.urls {
      if let fault = Self.fault(ofURL: url) { found.append(("url", "'\(url)' \(fault)")) }
    }
    found += options.headers.filter { !Self.isHeader($0) }.map {
      ("headers", "'\($0)' is not `Name: value`, or is one that the agent sets itself")
    }
    if format.hasSyslogHeader { found.append(("format", "it is syslog's own; take text, or another")) }
    if !Self.isText(options.userAgent) { found.append(("user_agent", "it must be printable ASCII")) }
    if !authorityBundle.isEmpty, !options.tls.authorityFile.isEmpty {
      found.append(("ca_bundle", "it is another name for ca_cert; give one of them"))
    }
    if showsCertificate, options.tls.certificateFile.isEmpty || options.tls.keyFile.isEmpty {
      found.append(("mtls", "client_cert and client_key are not both set"))
    }
    if !(1...600).contains(timeout.seconds) {
      found.append(("timeout", "it must be between a second and ten minutes"))
    }
    if batchAlerts > 10_000 { found.append(("batch.max_alerts", "it must be at most 10000")) }
    if !(4096...64 << 20).contains(batchSize.bytes) {
      found.append(("batch.max_size", "it must be between 4K and 64M"))
    }
    if !(1024...16 << 20).contains(messageLimit.bytes) {
      found.append(("message_limit", "it must be between 1K and 16M"))
    }
    if !OutputName.isOne(name) { found.append(("name", OutputName.form)) }
    return found
  }

  /// What the operator may not have meant.
  var risks: [String] {
    guard isEnabled || enabled == nil else { return [] }
    var found: [String] = []
    if isInsecure {
      found.append(
        "output \(outputName): the receiver's certificate is not checked (insecure), so anybody on the way can read and "
          + "take alerts")
    }
    if !options.tokenFile.isEmpty, options.urls.contains(where: { $0.hasPrefix("http://") }) {
      found.append("output \(outputName): the bearer token goes out in the clear, to a URL without TLS")
    }
    return found
  }

  /// What is wrong with a URL. libcurl looks at the rest.
  private static func fault(ofURL url: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else {
      return "does not begin with http:// or https://"
    }
    let rest = url.dropFirst(scheme.count)
    guard isText(url), !url.contains(" "), let first = rest.utf8.first, first != UInt8(ascii: "/") else {
      return "is no URL"
    }
    guard !rest.prefix(while: { $0 != "/" && $0 != "?" }).contains("@") else {
      return "holds a user or a password, which would stand in the status; use bearer_token_file or headers"
    }
    return nil
  }

  private static func isHeader(_ line: String) -> Bool {
    guard isText(line), let colon = line.firstIndex(of: ":") else { return false }
    let name = line[..<colon].lowercased()
    return !name.isEmpty && name.utf8.allSatisfy { isNameByte($0) }
      && !["content-type", "content-length", "content-encoding", "host", "transfer-encoding", "user-agent"]
        .contains(name)
  }

  private static func isText(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }
}
