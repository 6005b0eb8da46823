import Events
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@testable import Alerts

@Suite struct HTTPSinkTests {
  typealias Answer = HTTPReceiver.Answer

  private func sink(_ urls: String..., change: (inout HTTPOptions) -> Void = { _ in }) -> HTTPSink {
    signal(SIGPIPE, SIG_IGN)
    var options = HTTPOptions(urls: urls)
    options.timeoutMilliseconds = 20_000
    change(&options)
    return HTTPSink(options: options)
  }

  /// Why delivery failed.
  private func failure(_ sink: HTTPSink, _ numbers: ClosedRange<UInt64> = 1...1) -> String {
    do throws(SinkError) {
      try sink.open()
      try sink.deliver(alerts(numbers))
      return "none"
    } catch {
      sink.close()
      return error.description
    }
  }

  private func alerts(_ numbers: ClosedRange<UInt64>) -> ArraySlice<EncodedAlert> {
    numbers.map { EncodedAlert($0, "{\"n\":\($0)}") }[...]
  }

  @Test("an alert is one POST of JSON, as receivers made for Falco take it, on a connection that is kept")
  func requests() throws {
    let receiver = try HTTPReceiver()
    let sink = sink(receiver.url + "x") {
      $0.headers = ["X-Tenant: a"]
      $0.userAgent = "kestrel"
    }
    try sink.open()
    try sink.deliver(alerts(1...3))
    #expect(receiver.received(atLeast: 3) == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
    #expect(sink.settled == 3)
    let request = try #require(receiver.requests.first)
    #expect(request.line == "POST /x HTTP/1.1")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["user-agent"] == "kestrel")
    #expect(request.headers["x-tenant"] == "a")
    #expect(request.headers["authorization"] == nil && request.headers["expect"] == nil)
    #expect(sink.idleMilliseconds == -1)
  }

  @Test("what hosts put into fields arrives parsed equal, 64 KiB too") func hostile() throws {
    let receiver = try HTTPReceiver()
    let large = Sample.alert(with: Sample.hostile + [UInt8](repeating: UInt8(ascii: "y"), count: 64 << 10))
    for alert in [Sample.alert(with: Sample.hostile), large] {
      let journal = Journal()
      let runner = try SinkRunner(named: "http", journal: journal)
      let url = receiver.url
      try runner.start(format: JSONFormat()) {
        HTTPSink(
          options: {
            var options = HTTPOptions(urls: [url])
            options.messageLimit = 1 << 20
            return options
          }())
      }
      journal.append(alert)
      let body = try #require(receiver.received(atLeast: 1).first)
      #expect(try JSONTree(body) == JSONTree(JSONFormat().text(alert)))
      #expect(runner.stop(deadlineMilliseconds: 20_000))
    }
  }

  @Test("alerts that wait go together when that is asked for, as lines, within the limits") func batches()
    throws
  {
    let receiver = try HTTPReceiver()
    let sink = sink(receiver.url) {
      $0.batch.alerts = 4
      $0.batch.bytes = 30
    }
    try sink.open()
    try sink.deliver(alerts(1...5))
    try sink.deliver([EncodedAlert(6, String(repeating: "x", count: 100)), EncodedAlert(7, "{}")])
    #expect(
      receiver.received(atLeast: 4) == [
        "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", "{\"n\":4}\n{\"n\":5}\n",
        String(repeating: "x", count: 100) + "\n", "{}\n",
      ])
    #expect(receiver.requests.allSatisfy { $0.headers["content-type"] == "application/x-ndjson" })
    #expect(sink.settled == 7)
  }

  @Test("bodies go out as gzip that gzip(1) reads, when that is asked for", arguments: [0, 3, 64 << 10])
  func compressed(size: Int) throws {
    let receiver = try HTTPReceiver()
    let sink = sink(receiver.url) { $0.compressesBodies = true }
    let text = "{\(String(repeating: "x\u{E9}", count: size / 2))}"
    try sink.open()
    try sink.deliver([EncodedAlert(1, text), EncodedAlert(2, text)])
    #expect(sink.settled == 2)
    #expect(receiver.requests.allSatisfy { $0.headers["content-encoding"] == "gzip" })
    let bodies = receiver.requests.map(\.body)
    #expect(bodies.count == 2 && bodies[0] == bodies[1] && bodies[0].count < 50 + size / 20)
    let unpacked = try Program("/bin/gzip", ["-dc"], input: bodies[0]).finish()
    #expect(unpacked.status == 0 && unpacked.output == text, "\(unpacked.errors)")
    let plain = try HTTPReceiver { _ in Answer(status: 415) }
    #expect(
      failure(self.sink(plain.url) { $0.compressesBodies = true })
        == "\(plain.url): status 415 (it may not read gzip: compress_uploads)")
    #expect(failure(self.sink(plain.url)) == "\(plain.url): status 415")
  }

  @Test(
    "whatever is the receiver's state, and not the alert's, is tried again for ever",
    arguments: [301, 401, 403, 404, 408, 429, 500, 502, 503, 504])
  func unavailable(status: Int) throws {
    let receiver = try HTTPReceiver { _ in
      Answer(status: status, body: "no \u{1B}way\nmore", headers: "Location: http://127.0.0.1:1/\r\n")
    }
    let sink = sink(receiver.url)
    let hint =
      [401, 403].contains(status) ? " (the receiver wants authentication: set bearer_token_file)" : ""
    for _ in 0..<RefusalTally.limit * 2 {
      #expect(failure(sink) == "\(receiver.url): status \(status): no ?way\(hint)")
    }
    #expect(sink.settled == 0 && sink.refusals.count == 0)
  }

  @Test("who refuses a token is told with the file that it came from", arguments: [401, 403])
  func refusedToken(status: Int) throws {
    let receiver = try HTTPReceiver { _ in Answer(status: status) }
    let directory = try TemporaryDirectory()
    let file = try directory.write("old", to: "token", permissions: [.ownerReadWrite])
    #expect(
      failure(sink(receiver.url) { $0.tokenFile = file })
        == "\(receiver.url): status \(status) (it refused the token in \(file))")
    #expect(
      failure(sink(receiver.url) { $0.headers = ["Authorization: Basic eDp5"] })
        == "\(receiver.url): status \(status) (it refused the Authorization in headers)")
  }

  @Test("an alert that is refused again and again is given up and counted, and the others arrive")
  func refused() throws {
    let receiver = try HTTPReceiver {
      $0.text.contains("{\"n\":2}") ? Answer(status: 400, body: "bad") : Answer(status: 202)
    }
    for batch in [1, 8] {
      let sink = sink(receiver.url) { $0.batch.alerts = batch }
      for _ in 1..<RefusalTally.limit {
        let why = failure(sink, max(1, sink.settled + 1)...5)
        #expect(why == "alert 2 is refused: \(receiver.url): status 400: bad")
        #expect(sink.settled == 1)
      }
      #expect(failure(sink, 2...5) == "none")
      #expect(sink.settled == 5)
      #expect(sink.refusals.count == 1 && sink.refusals.lastReason == "\(receiver.url): status 400: bad")
      let sent = receiver.received(atLeast: 4).joined().filter { $0.isNumber }
      #expect(sent == "1345", "batches of \(batch)")
    }
  }

  @Test("an alert that is too large for the receiver is made smaller") func tooLarge() throws {
    let receiver = try HTTPReceiver { Answer(status: $0.body.count > 5000 ? 413 : 200) }
    let sink = sink(receiver.url)
    try sink.open()
    let large = EncodedAlert(1, String(repeating: "x", count: 16_000))
    #expect(throws: SinkError.tooLarge) { try sink.deliver([large]) }
    #expect(sink.messageLimit == 8000)
    #expect(throws: SinkError.tooLarge) {
      try sink.deliver([EncodedAlert(1, String(repeating: "x", count: 8000))])
    }
    #expect(sink.messageLimit == 4000)
    try sink.deliver([EncodedAlert(1, String(repeating: "x", count: 4000))])
    #expect(sink.settled == 1)
  }

  @Test("the token is read anew when its file changes, and only from a file that nobody else can write")
  func token() throws {
    let receiver = try HTTPReceiver()
    let directory = try TemporaryDirectory()
    let file = try directory.write("first\n", to: "token", permissions: [.ownerReadWrite])
    let sink = sink(receiver.url) { $0.tokenFile = file }
    try sink.open()
    try sink.deliver(alerts(1...1))
    try directory.write("second", to: "token", permissions: [.ownerReadWrite])
    try sink.deliver(alerts(2...2))
    #expect(receiver.requests.map { $0.headers["authorization"] } == ["Bearer first", "Bearer second"])
    for (text, mode, why) in [
      ("a b", 0o600, "it must hold one word of printable ASCII"),
      ("", 0o600, "it must hold one word of printable ASCII"),
      ("a\u{7F}", 0o600, "it must hold one word of printable ASCII"),
      ("third", 0o620, "others than its owner may write it; run: chmod go-w"),
      ("third", 0o602, "others than its owner may write it; run: chmod go-w"),
    ] {
      try directory.write(text, to: "token", permissions: [.ownerReadWrite])
      _ = unsafe chmod(file, mode_t(mode))
      #expect(failure(sink, 3...3) == "the token in \(file): \(why)")
    }
    let missing = self.sink(receiver.url) { $0.tokenFile = "/nonexistent/token" }
    #expect(failure(missing) == "the token in /nonexistent/token: No such file or directory")
    let device = self.sink(receiver.url) { $0.tokenFile = "/dev/null" }
    #expect(failure(device) == "the token in /dev/null: it is no regular file")
  }

  @Test("the next receiver stands in for one that is away or has trouble") func failover() throws {
    let (first, second) = (try HTTPReceiver { _ in Answer(status: 503) }, try HTTPReceiver())
    let sink = sink(first.url, second.url)
    #expect(failure(sink, 1...2) == "none")
    #expect(second.received(atLeast: 2).count == 2)
    #expect(first.requests.count == 1, "one that has trouble is not asked for every alert")
    first.stop()
    second.stop()
    let why = failure(sink, 3...3)
    #expect(why.hasPrefix("\(second.url): ") && why.contains("; \(first.url): "), "\(why)")
    try second.start()
    #expect(failure(sink, 3...3) == "none")
    #expect(sink.settled == 3)
  }

  @Test("a receiver that answers nothing is an error in time, and after some of them the next is tried")
  func silent() throws {
    let (silent, other) = (try HTTPReceiver { _ in nil }, try HTTPReceiver())
    let sink = sink(silent.url, other.url) {
      $0.timeoutMilliseconds = 500
      $0.consecutiveTimeouts = 2
    }
    #expect(failure(sink).hasPrefix("\(silent.url): Operation timed out"))
    // The other one has as little time, which on a busy machine may be too little.
    let attempts = (1...40).first { _ in failure(sink) == "none" }
    #expect(attempts != nil)
    #expect(other.received(atLeast: 1).first == "{\"n\":1}")
  }

  @Test("a receiver that reads nothing, breaks off, or speaks something else is an error") func broken()
    throws
  {
    let deaf = try LoopbackServer { _ in usleep(1_500_000) }
    let sink = sink("http://127.0.0.1:\(deaf.port)/") { $0.timeoutMilliseconds = 300 }
    try sink.open()
    #expect(throws: SinkError.self) {
      try sink.deliver([EncodedAlert(1, String(repeating: "x", count: 16 << 20))])
    }
    for greeting in ["", "220 mail ESMTP\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"] {
      let server = try LoopbackServer { connection in
        _ = connection.read()
        connection.write(Array(greeting.utf8))
      }
      let sink = self.sink("http://127.0.0.1:\(server.port)/")
      #expect(failure(sink).hasPrefix("http://127.0.0.1:\(server.port)/: "), "\(greeting)")
      #expect(sink.settled == 0)
    }
    let endless = try LoopbackServer { connection in
      _ = connection.read()
      connection.write(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
      connection.write([UInt8](repeating: 0, count: 4 << 20))
    }
    #expect(failure(self.sink("http://127.0.0.1:\(endless.port)/")) != "none")
  }

  @Test("a proxy is used when it is configured") func proxy()
    throws
  {
    let proxy = try HTTPReceiver()
    let through = sink("http://siem.example:2801/x") { $0.proxy = "http://127.0.0.1:\(proxy.port)" }
    #expect(failure(through) == "none")
    #expect(proxy.requests.map(\.line) == ["POST http://siem.example:2801/x HTTP/1.1"])
  }

  @Test(
    "other schemes are refused, whoever asks for them", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/"])
  func schemes(url: String) { #expect(failure(sink(url)).contains("not supported or disabled")) }

  @Test("a receiver that is away for seconds under load misses no number", arguments: [1, 100])
  func outage(batch: Int) throws {
    let receiver = try HTTPReceiver()
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 200
    var http = HTTPOptions(urls: [receiver.url])
    http.batch.alerts = batch
    var json = JSONOptions()
    json.includesSequence = true
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    let delivery = try Delivery(
      outputs: [
        Output(named: "http", sink: .http(http), format: JSONFormat(options: json), options: options)
      ], journal: Outage.journal(in: directory))
    try delivery.start {}
    let count = try Outage.run(delivery) {
      receiver.stop()
    } start: {
      try receiver.start()
    }
    #expect(delivery.stop(deadlineMilliseconds: 240_000))
    let file = try directory.write(receiver.received(atLeast: 1).joined(separator: "\n"), to: "received")
    let (missing, repeated) = try Outage.gaps(FilePath(file), behind: "\"sequence\":", count: count)
    #expect(missing.isEmpty)
    #expect(delivery.status.sinks[0].delivered == UInt64(count))
    Outage.tell("HTTP, \(batch) a request", count, repeated, delivery)
  }

  @Test("what a journal in memory cannot hold during an outage is counted, and announced with its numbers")
  func overflow() throws {
    let receiver = try HTTPReceiver()
    receiver.stop()
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 200
    var json = JSONOptions()
    json.includesSequence = true
    let delivery = try Delivery(
      outputs: [
        Output(
          named: "siem", sink: .http(HTTPOptions(urls: [receiver.url])), format: JSONFormat(options: json),
          options: options)
      ], journal: Journal(limits: JournalLimits(entries: 100)))
    try delivery.start {}
    for number in 1...1000 { delivery.append(Sample.numbered(number)) }
    #expect(delivery.status.journal.dropped == 900)
    try receiver.start()
    #expect(delivery.stop(deadlineMilliseconds: 60_000))
    // What a sink had in its hands when the rest went is delivered, so where the gap begins is not certain.
    var numbers: [UInt64] = []
    for body in try receiver.received(atLeast: 101).map({ try JSONTree($0) }) {
      let fields = body["output_fields"]
      if let number = body["sequence"]?.integer, body["rule"] == .text("Numbered") { numbers.append(number) }
      guard let first = fields?["alerts.lost.first"]?.integer, let last = fields?["alerts.lost.last"]?.integer
      else { continue }
      #expect(body["rule"] == .text("Windhover internal: alerts lost"))
      #expect(fields?["sink.name"] == .text("siem"))
      #expect(fields?["alerts.lost.count"] == .integer(last - first + 1))
      numbers += first...last
    }
    #expect(numbers == Array(1...1000))
    let status = delivery.status.sinks[0]
    #expect(status.missed >= 700 && status.missed + status.delivered == 1000)
  }
}

/// HTTPS, with socat before the receiver: whom the sink trusts, and what it says when it does not.
@Suite(.enabled(if: TLSFront.isPossible, "needs socat and openssl (Debian packages of these names)"))
struct HTTPSTests {
  private func why(_ port: UInt16, host: String = "127.0.0.1", _ change: (inout HTTPTLSOptions) -> Void)
    -> String
  {
    var options = HTTPOptions(urls: ["https://\(host):\(port)/"])
    options.timeoutMilliseconds = 20_000
    change(&options.tls)
    let sink = HTTPSink(options: options)
    do throws(SinkError) {
      try sink.open()
      try sink.deliver([EncodedAlert(1, "{}")])
      return "none"
    } catch {
      return error.description
    }
  }

  @Test("only the receiver that was meant is trusted") func trust() throws {
    let receiver = try HTTPReceiver()
    let (authority, stranger) = (try Certificates(), try Certificates(authority: "stranger"))
    let front = try TLSFront(
      to: receiver.port,
      try authority.certificate(named: "receiver", for: ["DNS:localhost", "IP:127.0.0.1"]))
    for host in ["127.0.0.1", "localhost"] {
      #expect(why(front.port, host: host) { $0.authorityFile = authority.authorityFile } == "none")
    }
    #expect(receiver.received(atLeast: 2) == ["{}", "{}"])
    let unknown = "unable to get local issuer certificate: not signed by an authority "
    #expect(why(front.port) { _ in }.hasSuffix(unknown + "that the host trusts; set ca_cert"))
    #expect(
      why(front.port) { $0.authorityFile = stranger.authorityFile }.hasSuffix(
        unknown + "in \(stranger.authorityFile); set ca_cert"))
    #expect(why(front.port) { $0.authorityFile = "/nonexistent.pem" }.contains("/nonexistent.pem"))
    #expect(why(front.port) { $0.verifies = false } == "none")

    let wrongName = try TLSFront(
      to: receiver.port, try authority.certificate(named: "other", for: ["DNS:other.example"]))
    #expect(
      why(wrongName.port) { $0.authorityFile = authority.authorityFile }.hasSuffix(
        "127.0.0.1': the certificate is not for that name; set url to one that it is for"))
    let old = try authority.certificate(named: "old", for: ["IP:127.0.0.1"], days: 0)
    usleep(1_100_000)
    let expired = try TLSFront(to: receiver.port, old)
    #expect(
      why(expired.port) { $0.authorityFile = authority.authorityFile }.contains("certificate has expired"))
  }

  @Test("a port that does not speak TLS, or speaks nothing else, is told as such") func wrongScheme() throws {
    let plain = try LoopbackServer { connection in
      _ = connection.read()
      connection.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    }
    let refusal = why(plain.port) { _ in }
    #expect(refusal.hasSuffix(" (does the port speak TLS?)"), "\(refusal)")
    // An alert of TLS, unexpected_message; and one that hangs up without a word.
    for answer in [[0x15, 3, 1, 0, 2, 2, 10], []] as [[UInt8]] {
      let server = try LoopbackServer { connection in
        _ = connection.read()
        connection.write(answer)
      }
      let sink = HTTPSink(options: HTTPOptions(urls: ["http://127.0.0.1:\(server.port)/"]))
      try sink.open()
      do throws(SinkError) {
        try sink.deliver([EncodedAlert(1, "{}")])
        Issue.record("delivered")
      } catch {
        #expect(error.description.hasSuffix(" (does the port want https?)"), "\(error)")
      }
    }
  }

  @Test("a receiver that asks who we are gets our certificate") func mutual() throws {
    let receiver = try HTTPReceiver()
    let authority = try Certificates()
    let own = try authority.certificate(named: "agent", for: ["DNS:agent.example"])
    let front = try TLSFront(
      to: receiver.port, try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]),
      ",verify=1,cafile=\(authority.authorityFile)")
    let stranger = why(front.port) { $0.authorityFile = authority.authorityFile }
    #expect(
      stranger.hasSuffix(" (the receiver may want a certificate: set mtls, client_cert and client_key)"),
      "\(stranger)")
    let known = why(front.port) {
      $0.authorityFile = authority.authorityFile
      ($0.certificateFile, $0.keyFile) = own
    }
    #expect(known == "none")
    let locked = try authority.locked(own.key)
    let asking = why(front.port) {
      $0.authorityFile = authority.authorityFile
      ($0.certificateFile, $0.keyFile) = (own.file, locked)
    }
    #expect(asking.contains(locked), "\(asking)")
  }
}
