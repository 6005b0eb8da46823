import System
import SystemPackage

/// Alerts posted, as JSON unless told otherwise: one a request, as Falco does it, or several as lines.
///
/// An answer of 200 to 299 acknowledges. An alert that is refused for what it is (400, 413, 422, …) is offered a few times,
/// then given up and counted. Everything else, a wrong token too, is the receiver's state: it is tried again until it
/// changes.
public final class HTTPSink: Sink {
  public static let name = "http"

  public private(set) var settled: UInt64 = 0
  public private(set) var attempted: UInt64 = 0
  public private(set) var messageLimit: Int
  private let options: HTTPOptions
  private let tally = RefusalTally()
  private var client: HTTPClient?
  private var token: TokenFile?
  private var sentToken: String?
  /// Which receiver is tried first.
  private var preferred = 0
  private var timeouts = 0
  /// Alerts in one request: fewer after one of them was refused, until it is known which.
  private var batchCount: Int

  /// No limit goes below this because of an answer.
  private static let smallestLimit = 1024

  public init(options: HTTPOptions) {
    self.options = options
    messageLimit = max(options.messageLimit, Self.smallestLimit)
    batchCount = max(1, options.batch.alerts)
    token = options.tokenFile.isEmpty ? nil : TokenFile(path: options.tokenFile)
  }

  public var refusals: Refusals { tally.total }

  /// Prepares requests. Whether a receiver is there turns out with the first.
  public func open() throws(SinkError) {
    sentToken = nil
    do throws(StreamFailure) {
      client = try HTTPClient(options)
      if options.compressesBodies { try SinkLibrary.zlib.load() }
    } catch {
      throw .unavailable(error.description)
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    var rest = alerts
    while !rest.isEmpty {
      let batch = rest.prefix(next(rest))
      if try isTaken(batch) {
        settled = batch[batch.endIndex - 1].sequence
        batchCount = min(batchCount * 2, max(1, options.batch.alerts))
        rest = rest.dropFirst(batch.count)
      } else {
        batchCount = max(1, batch.count / 2)
      }
    }
  }

  public func close() { client = nil }

  /// How many of the alerts go into one request.
  private func next(_ alerts: ArraySlice<EncodedAlert>) -> Int {
    var (count, bytes) = (0, 0)
    for alert in alerts.prefix(batchCount) {
      bytes += alert.bytes.count + 1
      guard count == 0 || bytes <= options.batch.bytes else { break }
      count += 1
    }
    return count
  }

  /// Posts alerts to the first receiver that answers for itself.
  /// - Returns: `false` when there are several, and one of them, or all together, was refused.
  private func isTaken(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) -> Bool {
    let body = try encodedBody(of: alerts)
    var reasons: [String] = []
    for _ in options.urls.indices {
      let url = options.urls[preferred]
      switch try post(body, to: url) {
      case .answered(let status, let text):
        timeouts = 0
        attempted = max(attempted, alerts.last?.sequence ?? 0)
        if (200..<300).contains(status) {
          // What is at hand was encoded for the smaller limit already; one large alert must not shorten all that follow.
          messageLimit = max(self.options.messageLimit, Self.smallestLimit)
          return true
        }
        let reason = Self.line(status, text) + hint(status)
        if Self.isAboutTheAlert(status) {
          guard alerts.count == 1, let alert = alerts.first else { return false }
          try refused(alert, status, "\(url): \(reason)")
          return true
        }
        reasons.append("\(url): \(reason)")
      case .failed(let reason, let isTimeout):
        timeouts = isTimeout ? timeouts + 1 : 0
        if isTimeout { attempted = max(attempted, alerts.last?.sequence ?? 0) }
        if isTimeout, timeouts < options.consecutiveTimeouts { throw .unavailable("\(url): \(reason)") }
        reasons.append("\(url): \(reason)")
      }
      timeouts = 0
      preferred = (preferred + 1) % options.urls.count
    }
    preferred = 0
    throw .unavailable(reasons.isEmpty ? "no receiver" : reasons.joined(separator: "; "))
  }

  private func encodedBody(of alerts: ArraySlice<EncodedAlert>) throws(SinkError) -> [UInt8] {
    let body = body(of: alerts)
    guard options.compressesBodies else { return body }
    do throws(StreamFailure) { return try Gzip.compress(body) } catch {
      throw .unavailable(error.description)
    }
  }

  private func body(of alerts: ArraySlice<EncodedAlert>) -> [UInt8] {
    guard options.batch.alerts > 1 else { return alerts.first?.bytes ?? [] }
    var body: [UInt8] = []
    body.reserveCapacity(alerts.reduce(0) { $0 + $1.bytes.count + 1 })
    for alert in alerts {
      body += alert.bytes
      body.append(UInt8(ascii: "\n"))
    }
    return body
  }

  private func post(_ body: [UInt8], to url: String) throws(SinkError) -> HTTPClient.Outcome {
    do throws(StreamFailure) {
      guard let client else { throw StreamFailure(.socketNotConnected) }
      try authorize(client)
      let outcome = client.post(body, to: url)
      if options.echoesAnswers, case .answered(let status, let text) = outcome {
        _ = try? FileDescriptor.standardError.writeAll("\(url): \(Self.line(status, text))\n".utf8)
      }
      return outcome
    } catch {
      throw .unavailable(error.description)
    }
  }

  /// Sees to it that requests carry the token as it is now.
  private func authorize(_ client: HTTPClient) throws(StreamFailure) {
    let current = try token?.current() ?? ""
    guard current != sentToken else { return }
    // Without the empty one libcurl waits a second for receivers that do not know it.
    var lines = ["Content-Type: \(options.contentType)", "Expect:"] + options.headers
    if options.compressesBodies { lines.append("Content-Encoding: gzip") }
    if !current.isEmpty { lines.append("Authorization: Bearer \(current)") }
    try client.setHeaders(lines)
    sentToken = current
  }

  /// - Throws: unless that was the last time.
  private func refused(_ alert: EncodedAlert, _ status: Int, _ reason: String) throws(SinkError) {
    let smaller = max(Self.smallestLimit, min(messageLimit, alert.bytes.count) / 2)
    if status == 413, smaller < messageLimit, alert.bytes.count > Self.smallestLimit {
      messageLimit = smaller
      throw .tooLarge
    }
    guard tally.isFinal(alert.sequence, reason: reason) else {
      throw .unavailable("alert \(alert.sequence) is refused: \(reason)")
    }
  }

  /// Whether a status says that something is wrong with what was posted, and not with who posts or who receives.
  private static func isAboutTheAlert(_ status: Int) -> Bool {
    [400, 413, 422].contains(status)
  }

  /// What the operator can do about an answer.
  private func hint(_ status: Int) -> String {
    switch status {
    case 415 where options.compressesBodies: " (it may not read gzip: compress_uploads)"
    case 401 where options.tokenFile.isEmpty, 403 where options.tokenFile.isEmpty:
      options.headers.contains { $0.lowercased().hasPrefix("authorization:") }
        ? " (it refused the Authorization in headers)"
        : " (the receiver wants authentication: set bearer_token_file)"
    case 401, 403: " (it refused the token in \(options.tokenFile))"
    default: ""
    }
  }

  /// A status and the first line of what came with it, without what could harm a terminal.
  private static func line(_ status: Int, _ text: String) -> String {
    let words = text.utf8.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.prefix(200)
      .map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return words.isEmpty ? "status \(status)" : "status \(status): \(String(decoding: words, as: UTF8.self))"
  }
}
