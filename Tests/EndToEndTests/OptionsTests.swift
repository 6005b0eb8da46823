import Glibc
import SystemPackage
import Testing

/// What each option changes in what the agent does. The host is a fixture with two processes, so nothing here needs
/// privileges or depends on what this machine runs.
@Suite struct OptionsTests {
  private let directory: TemporaryDirectory
  private let rules: String

  init() throws {
    directory = try TemporaryDirectory()
    rules = try directory.write(
      """
      - rule: Sleeper
        desc: d
        condition: evt.type = process_seen and proc.name = sleep
        output: "seen %proc.name in %container.id"
        priority: WARNING
        tags: [b, a]
      - rule: Second
        desc: d
        condition: evt.type = process_seen and proc.name = sleep
        output: again
        priority: DEBUG
      """, to: "rules.yaml")
  }

  private static let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures/docker-default").string

  /// Where the agent of a test listens.
  private var socket: String { directory.path.appending("s").string }

  /// Starts the agent on the fixture with these options.
  private func agent(_ options: [String], own: [String]? = nil) throws -> Program {
    let usual = own ?? ["-r", rules, "-o", "rules=[{disable: {rule: Second}}]"]
    let arguments =
      [
        "run", "--sources", "procfs", "--host-root", Self.fixture, "-o", "control.socket=\(socket)",
      ] + usual
    return try Program(
      BuiltBinary.path, arguments + options.flatMap { ["-o", $0] }, environment: ["TZ": "UTC"])
  }

  /// The first alert on standard output.
  private func alert(_ options: String...) throws -> String {
    let agent = try agent(options)
    let line = try agent.outputLine { _ in true }
    agent.signal(SIGTERM)
    #expect(try agent.finish().status == 0)
    return line
  }

  /// Everything of a run that has seen both processes, raised so many alerts, and whose outputs have them.
  private func run(
    _ options: String..., own: [String]? = nil, alerts: UInt64 = 0,
    until isMet: (JSONTree) -> Bool = { _ in true }
  ) throws -> Outcome {
    let agent = try agent(options, own: own)
    try agent.errorLine { $0.contains("watching") }
    try awaitStatus("both processes", at: socket) { status in
      let isSent = status["outputs"]?.list?.allSatisfy { $0["waiting"] == .integer(0) } == true
      let raised = status["rules"]?["alerts"]?.integer ?? 0
      return status["processes"] == .integer(2) && raised >= alerts && isSent && isMet(status)
    }
    // What is not to come would come now.
    usleep(300_000)
    agent.signal(SIGTERM)
    return try agent.finish()
  }

  @Test("without options an alert is Falco's line of text, with the time of day")
  func text() throws {
    let line = try alert()
    #expect(
      line.wholeMatch(of: /\d\d:\d\d:\d\d\.\d{9}: Warning seen sleep in 020fcb10a400/) != nil, "\(line)")
  }

  @Test("time_format_iso_8601 begins the line with a date")
  func iso8601() throws {
    let line = try alert("time_format_iso_8601=true")
    let pattern = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}\+0000: Warning seen .*/
    #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
  }

  @Test("json_output makes an object of it, and the json_include options choose its keys")
  func json() throws {
    let usual: Set = ["hostname", "output", "output_fields", "priority", "rule", "source", "tags", "time"]
    let object = try JSONTree(try alert("json_output=true", "hostname=web-1"))
    #expect(object.keys == usual)
    #expect(object["hostname"] == .text("web-1"))
    #expect(object["tags"] == .list([.text("a"), .text("b")]))
    #expect(object["output_fields"]?["container.id"] == .text("020fcb10a400"))

    let without = try alert(
      "json_output=true", "json_include_output_property=false", "json_include_output_fields_property=false",
      "json_include_tags_property=false")
    #expect(try JSONTree(without).keys == usual.subtracting(["output", "output_fields", "tags"]))
    let with = try alert(
      "json_output=true", "json_include_message_property=true", "json_include_uuid_property=true",
      "json_include_sequence_property=true")
    #expect(try JSONTree(with).keys == usual.union(["message", "uuid", "sequence"]))
  }

  @Test("append_output and static_fields add to the text and to the fields of the rules that are meant")
  func additions() throws {
    let additions = """
      append_output=[{match: {tags: [a]}, extra_output: "as %user.uid", extra_fields: [proc.pname, {who: "%proc.name!"}]},
      {match: {rule: Second}, extra_output: never}]
      """.split(separator: "\n").joined()
    let object = try JSONTree(try alert("json_output=true", additions, "static_fields.env=prod"))
    #expect(object["output"]?.text?.hasSuffix(": Warning seen sleep in 020fcb10a400 as 0") == true)
    let fields = try #require(object["output_fields"])
    #expect(fields["env"] == .text("prod"))
    #expect(fields["who"] == .text("sleep!"))
    #expect(fields.keys.isSuperset(of: ["user.uid", "proc.pname"]))
    let wrong = try agent(["append_output=[{extra_output: '%proc.nmae'}]"]).finish()
    #expect(wrong.status == 2)
    #expect(
      wrong.errors == "windhover: append_output: no field is called 'proc.nmae'; did you mean 'proc.name'?\n")
  }

  @Test("rules, priority and rule_matching decide which rules make alerts")
  func selection() throws {
    func expect(_ count: Int, _ options: String...) throws {
      let own = ["-r", rules] + options.flatMap { ["-o", $0] }
      let outcome = try run(own: own, alerts: UInt64(count))
      #expect(outcome.output.split(separator: "\n").count == count, "\(options)")
    }
    try expect(2)
    try expect(1, "rule_matching=first")
    try expect(1, "priority=warning")
    try expect(1, "rules=[{disable: {tag: a}}]")
    try expect(0, "rules[].disable.rule=*")
  }

  @Test("rules_files names the rules, in the file as after -o")
  func rulesFiles() throws {
    let other = try directory.write(
      """
      - rule: Other
        desc: d
        condition: evt.type = process_seen and proc.name = containerd-shim
        output: other
        priority: NOTICE
      """, to: "other.yaml")
    let file = try directory.write("rules_files: \(other)\n", to: "windhover.yaml")
    for own in [["-c", file], ["-o", "rules_files=\(other)"]] {
      let agent = try agent([], own: own)
      #expect(try agent.outputLine { _ in true }.hasSuffix("Notice other"))
    }
  }

  @Test(
    "builtin names the rules in the binary, before a file that changes them",
    arguments: [["-r", "builtin", "-r", "FILE"], ["-o", "rules_files=[builtin, FILE]"]])
  func builtinRules(names: [String]) throws {
    let file = try directory.write(
      "- rule: Container frozen\n  enabled: false\n- rule: Mining image\n  enabled: false\n", to: "mine.yaml")
    let own = names.map { $0.replacing("FILE", with: file) }
    let outcome = try run(own: own)
    let all = try run(own: ["-r", "builtin"])
    #expect(all.errors.contains("watching with 26 rules"), "\(all.errors)")
    #expect(outcome.errors.contains("watching with 24 rules"), "\(outcome.errors)")
  }

  @Test("sources takes those that are named and no others")
  func sources() throws {
    let own = ["run", "--dry-run", "--host-root", Self.fixture, "-r", rules, "-o", "sources=procfs"]
    let outcome = try Program(BuiltBinary.path, own).finish()
    #expect(outcome.errors.contains("source procfs: on"))
    #expect(!outcome.errors.contains("source connector"))
  }

  @Test(
    "file_output appends alerts to a file that is made with its permissions, and standard output can be off")
  func file() throws {
    let file = directory.path.appending("alerts.log")
    let outcome = try run(
      "stdout_output.enabled=false", "file_output.enabled=true", "file_output.filename=\(file)",
      "file_output.permissions=0640", alerts: 1
    )
    #expect(outcome.output == "")
    #expect(try contents(of: file).hasSuffix("Warning seen sleep in 020fcb10a400\n"))
    #expect(try file.stat().permissions == [.ownerReadWrite, .groupRead])
  }

  @Test("syslog_output sends alerts to the daemon's socket, with facility and name as configured")
  func syslog() throws {
    let socket = try LogSocket(path: directory.path.appending("log").string)
    let agent = try agent([
      "syslog_output.enabled=true", "syslog_output.path=\(socket.path)", "syslog_output.facility=local3",
      "syslog_output.ident=kestrel",
    ])
    let message = try #require(socket.message())
    // local3 is 19, and a warning 4.
    #expect(message.hasPrefix("<\(19 * 8 + 4)>"), "\(message)")
    #expect(message.contains(" kestrel[\(agent.pid)]: "), "\(message)")
    #expect(message.hasSuffix("Warning seen sleep in 020fcb10a400"))
  }

  @Test("syslog_output.format and .message_limit hold for the daemon's socket alone")
  func syslogFormat() throws {
    let socket = try LogSocket(path: directory.path.appending("log").string)
    let agent = try agent([
      "syslog_output.enabled=true", "syslog_output.path=\(socket.path)", "syslog_output.format=json",
      "syslog_output.message_limit=480",
    ])
    let message = try #require(socket.message())
    #expect(message.contains("]: {\"hostname\":") && message.utf8.count <= 480, "\(message)")
    #expect(try agent.outputLine { _ in true }.hasSuffix("Warning seen sleep in 020fcb10a400"))
  }

  @Test("http_output.compress_uploads posts gzip")
  func compressed() throws {
    let receiver = try HTTPReceiver()
    let agent = try agent(["http_output={enabled: true, url: '\(receiver.url)', compress_uploads: true}"])
    _ = receiver.received(atLeast: 1)
    let request = try #require(receiver.requests.first)
    #expect(request.headers["content-encoding"] == "gzip")
    let unpacked = try Program("/bin/gzip", ["-dc"], input: request.body).finish()
    #expect(try JSONTree(unpacked.output)["rule"] == .text("Sleeper"), "\(unpacked.errors)")
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(!errors.contains("not confined") && !errors.contains("refused system call"), "\(errors)")
  }

  @Test(
    "an output whose library is not installed is told with the package that has it, and the others work",
    arguments: [
      ("libssl.so.3", "output tls: TLS needs OpenSSL 3 (package libssl3"),
      ("libcurl.so.4", "output http: HTTP needs libcurl (package libcurl4"),
      // libcurl needs it, too.
      ("libz.so.1", "output http: HTTP needs libcurl (package libcurl4"),
    ])
  func missingLibrary(library: String, expected: String) throws {
    // Found first, and no library.
    try directory.write("none", to: library)
    let agent = try Program(
      BuiltBinary.path,
      [
        "run", "--sources", "procfs", "--host-root", Self.fixture, "-o", "control.socket=", "-r", rules,
        "-o", "rules=[{disable: {rule: Second}}]",
        "-o", "remote_syslog_output=[{targets: '127.0.0.1:1', protocol: tls}]",
        "-o", "http_output={enabled: true, url: 'http://127.0.0.1:1/', compress_uploads: true}",
      ], environment: ["LD_LIBRARY_PATH": directory.path.string])
    try agent.errorLine { $0.contains(expected) && $0.contains(library) }
    try agent.outputLine { $0.hasSuffix("Warning seen sleep in 020fcb10a400") }
    agent.signal(SIGTERM)
    #expect(try agent.finish().status == 0)
  }

  @Test("stdout_output.format and .priority hold for that output alone")
  func ownFormat() throws {
    let file = directory.path.appending("alerts.log")
    let outcome = try run(
      "json_output=true", "stdout_output.format=text", "file_output.enabled=true",
      "file_output.filename=\(file)", "file_output.priority=error", alerts: 1
    )
    #expect(outcome.output.hasSuffix(": Warning seen sleep in 020fcb10a400\n"))
    #expect(try contents(of: file) == "")
    #expect(
      outcome.errors.contains("sink file: 0 delivered, 0 failures, 0 missed, 0 waiting, 1 not for it")
    )
  }

  @Test("throttle holds alerts back, and a summary tells how many")
  func throttle() throws {
    let all = try directory.write(
      """
      - rule: Any
        desc: d
        condition: evt.type = process_seen
        output: "seen %proc.name"
        priority: WARNING
      """, to: "any.yaml")
    let outcome = try run(
      "throttle.per_second=0.001", "throttle.burst=1", "throttle.rules=[{rule: Anyy}]", own: ["-r", all]
    ) { $0["throttle"]?["held"] == .integer(1) }
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.count == 2 && lines.last?.contains("Alerts held back: 1 of 'Any'") == true, "\(outcome.output)")
    #expect(outcome.errors.contains("throttle: 1 alert held back, 1 told in summaries"))
    #expect(outcome.errors.contains("throttle.rules: there is no rule 'Anyy'; did you mean 'Any'?"))
  }

  @Test(
    "an option that names no rule is warned about, with the rule that is meant",
    arguments: [
      ("rules=[{disable: {rule: Sleepr}}]", "rules: there is no rule 'Sleepr'; did you mean 'Sleeper'?"),
      (
        "stdout_output.only=[{rule: Sleepr}]",
        "stdout_output.only: there is no rule 'Sleepr'; did you mean 'Sleeper'?"
      ),
      (
        "file_outputs=[{name: a, filename: /x, enabled: false, only: [{tag: c}]}]",
        "file_outputs.only: there is no rule with the tag 'c'; did you mean 'a'?"
      ),
      (
        "append_output=[{match: {rule: Nope}, extra_output: x}]", "append_output: there is no rule 'Nope'"
      ),
      (
        "throttle.rules=[{rule: 'Sleep*', per_second: 1}]",
        "throttle.rules: there is no rule 'Sleep*'; a name is to be written out"
      ),
      ("stdout_output.only=[{rule: Monitor tampering}, {rule: 'Sl*'}, {tag: a}]", nil),
    ] as [(String, String?)])
  func absentRules(option: String, warning: String?) throws {
    let own = [
      "run", "--dry-run", "-o", "control.socket=", "--sources", "procfs", "--host-root", Self.fixture, "-r",
      rules, "-o", option,
    ]
    let outcome = try Program(BuiltBinary.path, own).finish()
    let found = outcome.errors.split(separator: "\n").filter { $0.contains("there is no rule") }
    #expect(found == (warning.map { ["windhover: warning: \($0)"] } ?? []), "\(outcome.errors)")
  }

  @Test(
    "remote_syslog_output sends to a receiver, and journal.directory keeps what it did not take",
    .needsRsyslog)
  func remoteSyslog() throws {
    // Below the range from which the kernel gives ports away.
    let port = 20_000 + Int(getpid()) % 10_000
    let receiver = [
      "stdout_output.enabled=false", "user=root", "journal.directory=\(directory.path.appending("journal"))",
      "remote_syslog_output=[{name: siem, targets: ['127.0.0.1:\(port)'], framing: octet, facility: local3}]",
    ]
    let early = try agent(receiver)
    try awaitStatus("an alert for the receiver", at: socket) { $0.waiting(for: "siem") == 1 }
    early.signal(SIGTERM)
    let outcome = try early.finish()
    #expect(outcome.errors.contains("sink siem: 0 delivered"), "\(outcome.errors)")
    #expect(outcome.errors.contains("1 waiting"), "\(outcome.errors)")

    let daemon = try Rsyslog(
      """
      module(load="imtcp")
      input(type="imtcp" address="127.0.0.1" port="\(port)" ruleset="all")
      template(name="whole" type="string"
        string="%syslogfacility-text%.%syslogseverity-text% %app-name% %procid% %msgid% %msg%\\n")
      ruleset(name="all") { action(type="omfile" file="DIR/received" template="whole") }
      """)
    let late = try agent(receiver)
    let received = try daemon.lines(of: "received", atLeast: 3)
    let (gaps, lines) = (
      received.filter { $0.contains("No agent ran") }, received.filter { !$0.contains("No agent ran") }
    )
    #expect(gaps.count == 1 && gaps.allSatisfy { $0.hasPrefix("local3.info windhover ") }, "\(received)")
    #expect(lines.count == 2, "\(received)")
    for line in lines {
      #expect(
        line.hasPrefix("local3.warning windhover ") && line.hasSuffix("seen sleep in 020fcb10a400"), "\(line)"
      )
    }
    #expect(lines.first?.contains(" \(late.pid) ") == true && lines.last?.contains(" \(late.pid) ") == true)
    late.signal(SIGTERM)
    #expect(try late.finish().errors.contains("sink siem: 3 delivered"))
    try daemon.stop()
  }

  @Test(
    "remote_syslog_output sends under TLS from behind the agent's system call filter",
    .enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"))
  func tls() throws {
    let authority = try Certificates()
    let certificate = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    // Freed again for the server: a moment in which another could take it.
    let port = try NetworkReceiver(isStream: true).port
    let server = try Program(
      "/usr/bin/openssl",
      ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate.file, "-key", certificate.key],
      input: nil)
    try server.outputLine { $0.hasPrefix("ACCEPT") }
    let agent = try agent([
      "stdout_output.enabled=false", "user=nobody",
      "remote_syslog_output=[{targets: '127.0.0.1:\(port)', protocol: tls, framing: lf, tls: {ca_file: \(authority.authorityFile)}}]",
    ])
    let line = try server.outputLine { $0.contains("sleep") }
    #expect(line.hasSuffix("seen sleep in 020fcb10a400"), "\(line)")
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(!errors.contains("refused system call"), "\(errors)")
  }

  @Test("file_outputs are more files, each for rules of its own, and a file is set aside when it is full")
  func files() throws {
    let first = directory.path.appending("first").string
    let second = directory.path.appending("second").string
    let outcome = try run(
      "rules=[{enable: {rule: Second}}]",
      "file_outputs=[{filename: \(first), name: a, only: [{rule: 'Sle*'}]}, {filename: \(second), name: b, only: [{rule: Second}], format: json}]",
      alerts: 2
    )
    #expect(try contents(of: FilePath(first)).hasSuffix("Warning seen sleep in 020fcb10a400\n"))
    #expect(try contents(of: FilePath(second)).contains("\"rule\":\"Second\""))
    #expect(outcome.errors.contains("sink a: 1 delivered, 0 failures, 0 missed, 0 waiting, 1 not for it"))

    let third = directory.path.appending("third").string
    let large = String(repeating: "x", count: 3000)
    _ = try run(
      "rules=[{enable: {rule: Second}}]", "append_output=[{extra_output: \(large)}]",
      "file_output={enabled: true, filename: \(third), sync: always, rotate: {max_size: 4K, keep: 1}}",
      alerts: 2
    )
    #expect(try contents(of: FilePath(third)).contains("x"))
    #expect(Files.exists(FilePath(third + ".1")))
  }

  @Test(
    "remote_syslog_output sends by RELP from behind the agent's system call filter, and rsyslog acknowledges",
    .needsRsyslog,
    .enabled(if: Rsyslog.speaksRELP, "needs imrelp of rsyslog (Debian package rsyslog-relp)"),
    .enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"),
    arguments: [true, false])
  func relp(isEncrypted: Bool) throws {
    let authority = try Certificates()
    let receiver = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    let own = try authority.certificate(named: "agent", for: ["DNS:agent.example"])
    // Freed again for the daemon: a moment in which another could take it.
    let port = try NetworkReceiver(isStream: true).port
    let tls = """
      tls="on" tls.caCert="\(authority.authorityFile)" tls.myCert="\(receiver.file)" tls.myPrivKey="\(receiver.key)"
      tls.authMode="name" tls.permittedPeer=["agent.example"]
      """
    let daemon = try Rsyslog(
      """
      module(load="imrelp")
      input(type="imrelp" address="127.0.0.1" port="\(port)" ruleset="all" \(isEncrypted ? tls : ""))
      ruleset(name="all") { action(type="omfile" file="DIR/received") }
      """)
    try daemon.waitUntilListening(port, isStream: true)
    let files =
      "tls: {ca_file: \(authority.authorityFile), certificate_file: \(own.file), key_file: \(own.key)}"
    let agent = try agent([
      "stdout_output.enabled=false", "user=nobody",
      isEncrypted
        ? "remote_syslog_output=[{targets: '127.0.0.1:\(port)', protocol: relp-tls, \(files)}]"
        : "remote_syslog_output=[{targets: '127.0.0.1:\(port)', protocol: relp}]",
    ])
    _ = try daemon.lines(of: "received", atLeast: 1)
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(errors.contains(" delivered, 0 failures, 0 missed, 0 waiting"), "\(errors)")
    let lines = try daemon.lines(of: "received", atLeast: 1)
    #expect(lines.contains { $0.hasSuffix("seen sleep in 020fcb10a400") }, "\(lines)")
    #expect(!errors.contains("refused system call"), "\(errors)")
    try daemon.stop()
  }

  @Test("a journal that cannot be opened is told, and the agent does not start")
  func wrongJournal() throws {
    let outcome = try agent(["journal.directory=/nonexistent/journal"]).finish()
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains("journal: /nonexistent/journal: No such file or directory"), "\(outcome.errors)"
    )
  }

  @Test("log_level keeps the agent quiet, or makes it talk")
  func logLevel() throws {
    let own = ["run", "--dry-run", "--host-root", Self.fixture, "-r", rules]
    let quiet = try Program(BuiltBinary.path, own + ["-o", "log_level=error"]).finish()
    #expect(quiet.errors == "")
    let usual = try Program(BuiltBinary.path, own).finish()
    #expect(usual.errors.contains("source procfs"))
  }

  @Test("user is whom the agent becomes", .needsRoot)
  func user() throws {
    let agent = try agent(["user=nobody"])
    try agent.errorLine { $0.contains("watching") }
    let status = try contents(of: FilePath("/proc/\(agent.pid)/status"))
    #expect(status.contains("Uid:\t65534\t65534\t65534\t65534"))
  }
}
