import Alerts
import Events
import Glibc
import System
import SystemPackage
import Testing

/// A sink under TLS against openssl's own server: whom it trusts, and what it says when it does not.
@Suite(.enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"))
struct TLSSyslogTests {
  /// A server with a certificate, in the foreground; it ends with this object.
  private final class Server {
    let port: UInt16
    let program: Program

    init(_ certificate: (file: String, key: String), _ options: [String] = []) throws {
      // Freed again for the server: a moment in which another could take it.
      port = try NetworkReceiver(isStream: true).port
      program = try Program(
        "/usr/bin/openssl",
        ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate.file, "-key", certificate.key]
          + options,
        input: nil)
      try program.outputLine { $0.hasPrefix("ACCEPT") }
    }
  }

  private func sink(
    _ port: UInt16, host: String = "127.0.0.1", timeoutMilliseconds: Int32 = 20_000,
    _ change: (inout TLSOptions) -> Void
  ) -> TCPSyslogSink {
    // The server ends a connection that we gave up while it is written to.
    signal(SIGPIPE, SIG_IGN)
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: host, port: port)])
    options.timeoutMilliseconds = timeoutMilliseconds
    var tls = TLSOptions()
    change(&tls)
    return TCPSyslogSink(options: options, tls: tls)
  }

  /// The same that asks for acknowledgements.
  private func relp(_ port: UInt16, _ change: (inout TLSOptions) -> Void) -> RELPSink {
    signal(SIGPIPE, SIG_IGN)
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: port)])
    options.timeoutMilliseconds = 20_000
    options.acknowledgementMilliseconds = 1000
    var tls = TLSOptions()
    change(&tls)
    return RELPSink(options: options, tls: tls)
  }

  /// Why the sink cannot be opened.
  private func refusal(_ sink: any Sink) -> String {
    var sink = sink
    do throws(SinkError) {
      try sink.open()
      return "none"
    } catch {
      return error.description
    }
  }

  @Test(
    "alerts arrive under both versions of TLS, by name and by address", arguments: ["-tls1_2", "-tls1_3"],
    ["localhost", "127.0.0.1"])
  func trusted(version: String, host: String) throws {
    let authority = try Certificates()
    let server = try Server(
      try authority.certificate(named: "receiver", for: ["DNS:localhost", "IP:127.0.0.1"]), [version])
    let sink = sink(server.port, host: host) { $0.authorityFile = authority.authorityFile }
    try sink.open()
    try sink.deliver([EncodedAlert(1, "<9>1 one"), EncodedAlert(2, "<9>1 two")])
    try server.program.outputLine { $0 == "<9>1 two" }
    #expect(sink.settled == 0)
    sink.close()
  }

  @Test("a receiver that is not the one that was meant is refused, with the reason")
  func untrusted() throws {
    let authority = try Certificates()
    let stranger = try Certificates(authority: "stranger")
    let right = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    let server = try Server(right)
    let why = "127.0.0.1:\(server.port): TLS handshake: the receiver's certificate: "
    let unknown = why + "unable to get local issuer certificate: not signed by an authority "
    #expect(refusal(sink(server.port) { _ in }) == unknown + "that the host trusts; set tls.ca_file")
    #expect(
      refusal(sink(server.port) { $0.authorityFile = stranger.authorityFile })
        == unknown + "in \(stranger.authorityFile); set tls.ca_file")
    #expect(
      refusal(
        sink(server.port) {
          $0.authorityFile = authority.authorityFile
          $0.serverName = "siem.example"
        }
      )
        == why
        + "hostname mismatch: it is for 127.0.0.1, not for siem.example; set tls.server_name to a name that it is for"
    )
    #expect(refusal(sink(server.port) { $0.verifies = false }) == "none")

    let wrongName = try Server(
      try authority.certificate(
        named: "other",
        for: [
          "DNS:other.example", "DNS:a\u{7}b", "IP:127.0.0.2", "IP:fd00::9", "email:a@b", "DNS:c", "DNS:d",
        ]))
    #expect(
      refusal(sink(wrongName.port) { $0.authorityFile = authority.authorityFile }).contains(
        "IP address mismatch: it is for other.example, a?b, 127.0.0.2, fd00:0:0:0:0:0:0:9, c and 1 more, "
          + "not for 127.0.0.1; set tls.server_name"))
    let old = try authority.certificate(named: "old", for: ["IP:127.0.0.1"], days: 0)
    usleep(1_100_000)
    let expired = try Server(old)
    #expect(
      refusal(sink(expired.port) { $0.authorityFile = authority.authorityFile }).contains(
        "certificate has expired"))

    for (port, reason) in [
      (wrongName.port, "IP address mismatch"), (expired.port, "certificate has expired"),
      // The right one, which only does not speak RELP.
      (server.port, "no answer in time"),
    ] {
      let why = refusal(relp(port) { $0.authorityFile = authority.authorityFile })
      #expect(why.contains(reason), "\(why)")
    }
    #expect(
      refusal(relp(server.port) { $0.authorityFile = stranger.authorityFile })
        .hasPrefix(why + "unable to get local issuer certificate"))
  }

  @Test("a plain port behind TLS is told as such, and TLS behind a plain port settles nothing")
  func plain() throws {
    let talking = try LoopbackServer { connection in
      connection.write(Array("220 mail.example ESMTP ready for you\r\n".utf8))
      while connection.read() != nil {}
    }
    for sink in [sink(talking.port) { _ in }, relp(talking.port) { _ in }] as [any Sink] {
      let why = refusal(sink)
      #expect(why.contains("TLS handshake: wrong version number (does the port speak TLS?)"), "\(why)")
    }
    let ending = try LoopbackServer { _ = $0.read() }
    let why = refusal(sink(ending.port) { _ in })
    #expect(why.contains("TLS handshake: ") && why.hasSuffix(" (does the port speak TLS?)"), "\(why)")

    let authority = try Certificates()
    let server = try Server(try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]))
    let options = RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: server.port)])
    let clear = TCPSyslogSink(options: options)
    try clear.open()
    #expect(throws: SinkError.self) {
      for number in 1...500 as ClosedRange<UInt64> {
        try clear.deliver([EncodedAlert(number, "<9>1 in the clear")])
        usleep(20_000)
      }
    }
    #expect(clear.settled == 0)
    #expect(refusal(RELPSink(options: options)) != "none")
  }

  @Test("a receiver under TLS that reads nothing is an error when its time is up")
  func deaf() throws {
    let authority = try Certificates()
    let server = try Server(try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]))
    let sink = sink(server.port, timeoutMilliseconds: 300) { $0.authorityFile = authority.authorityFile }
    // As little time is enough for a handshake on most days.
    for _ in 0..<20 where refusal(sink) != "none" { sink.close() }
    server.program.signal(SIGSTOP)
    defer { server.program.signal(SIGCONT) }
    #expect(throws: SinkError.self) {
      for number in 1...1000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, String(repeating: "x", count: 60 << 10))])
      }
    }
    #expect(sink.settled == 0)
  }

  @Test("a receiver that asks who we are gets our certificate, renewed ones too")
  func mutual() throws {
    let authority = try Certificates()
    let own = try authority.certificate(named: "agent", for: ["DNS:agent.example"])
    let server = try Server(
      try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]),
      ["-Verify", "1", "-verify_return_error", "-CAfile", authority.authorityFile, "-tls1_2"])
    let known = sink(server.port) {
      $0.authorityFile = authority.authorityFile
      ($0.certificateFile, $0.keyFile) = own
    }
    try known.open()
    try known.deliver([EncodedAlert(1, "known")])
    try server.program.outputLine { $0 == "known" }
    known.close()
    _ = try authority.certificate(named: "agent", for: ["DNS:agent.example"])
    try known.open()
    try known.deliver([EncodedAlert(2, "renewed")])
    try server.program.outputLine { $0 == "renewed" }
    known.close()
    #expect(
      refusal(sink(server.port) { $0.authorityFile = authority.authorityFile }).hasSuffix(
        " (the receiver may want a certificate: set tls.certificate_file)"))
  }

  @Test("a receiver that hangs up on an agent without a certificate is told what it may have wanted")
  func stranger() throws {
    let authority = try Certificates()
    // Under TLS 1.3 the hands are shaken before it looks at our certificate.
    let server = try Server(
      try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]),
      ["-Verify", "1", "-verify_return_error", "-CAfile", authority.authorityFile, "-tls1_3"])
    let why = refusal(relp(server.port) { $0.authorityFile = authority.authorityFile })
    #expect(why.hasSuffix(" (the receiver may want a certificate: set tls.certificate_file)"), "\(why)")
    #expect(why.ranges(of: "certificate_file").count == 1, "\(why)")
  }

  @Test("files that are not there, and keys of others, are told by name")
  func wrongFiles() throws {
    let authority = try Certificates()
    let own = try authority.certificate(named: "agent", for: ["DNS:a"])
    let other = try authority.certificate(named: "other", for: ["DNS:b"])
    let server = try Server(own)
    #expect(
      refusal(sink(server.port) { $0.authorityFile = "/nonexistent.pem" }).hasSuffix(
        "TLS: /nonexistent.pem: No such file or directory"))
    let mixed = sink(server.port) { ($0.certificateFile, $0.keyFile) = (own.file, other.key) }
    let locked = try authority.locked(own.key)
    let asking = sink(server.port) { ($0.certificateFile, $0.keyFile) = (own.file, locked) }
    #expect(refusal(asking).contains("TLS: \(locked): "))
    #expect(refusal(mixed).contains("TLS: \(other.key): key values mismatch"))
  }

  @Test("a receiver that says nothing is an error in time")
  func noTLS() throws {
    let silent = try NetworkReceiver(isStream: true)
    let start = Clock.monotonicNanoseconds
    #expect(
      refusal(sink(silent.port, timeoutMilliseconds: 300) { _ in }).hasSuffix(
        "TLS handshake: no answer in time (does the port speak TLS?)"))
    #expect(Clock.monotonicNanoseconds - start < 60_000_000_000)
  }

  @Test("a receiver that goes away is noticed, and one that ends before us settles nothing")
  func gone() throws {
    let authority = try Certificates()
    let server = try Server(try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]))
    let sink = sink(server.port) { $0.authorityFile = authority.authorityFile }
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    server.program.signal(SIGTERM)
    _ = try server.program.finish()
    #expect(throws: SinkError.self) {
      for number in 2...1000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, "lost")])
        usleep(20_000)
      }
    }
    sink.finish(deadline: Clock.monotonicNanoseconds + 200_000_000)
    #expect(sink.settled == 0)
  }
}
