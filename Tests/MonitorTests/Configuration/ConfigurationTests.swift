@testable import Alerts
import Events
import Model
import Rules
import Testing

@testable import Monitor

/// What is wrong with a configuration, one line a problem; empty when nothing is.
private func problems(_ text: String? = nil, _ overrides: String...) -> String {
  do throws(ConfigurationError) {
    _ = try configuration(text, overrides)
    return ""
  } catch {
    return error.description
  }
}

private func configuration(
  _ text: String? = nil, _ overrides: [String] = []
) throws(ConfigurationError) -> Configuration {
  let file = text.map { SourceFile(name: "windhover.yaml", bytes: Array($0.utf8)) }
  return try Configuration(reading: file, overrides: overrides)
}

@Suite struct ConfigurationTests {
  /// An option, a value that is not its default, and what the value does.
  private static let values: [(key: String, value: String, isSet: @Sendable (Configuration) -> Bool)] = [
    ("rules_files", "[a.yaml, b]", { $0.rulesFiles == ["a.yaml", "b"] }),
    (
      "rules", "[{disable: {tag: network}}]",
      { $0.ruleSelection.steps == [.init(enables: false, .tag("network"))] }
    ),
    ("rule_matching", "first", { $0.ruleMatching == .first }),
    ("priority", "WARNING", { $0.minimumPriority == .warning }),
    ("sources", "procfs", { $0.sources == .only([.procfs]) }),
    ("host_root", "/host", { $0.hostRoot == "/host" }),
    ("user", "_windhover", { $0.user == "_windhover" }),
    ("hostname", "web-1", { $0.hostname == "web-1" }),
    ("exe_hash.max_size", "1M", { $0.largestHashed.bytes == 1 << 20 }),
    ("json_output", "true", \.writesJSON),
    ("json_include_output_property", "false", { !$0.format.json.includesOutput }),
    ("json_include_message_property", "true", \.format.json.includesMessage),
    ("json_include_output_fields_property", "false", { !$0.format.json.includesOutputFields }),
    ("json_include_tags_property", "false", { !$0.format.json.includesTags }),
    ("json_include_uuid_property", "true", \.format.json.includesUUID),
    ("json_include_sequence_property", "true", \.format.json.includesSequence),
    ("time_format_iso_8601", "true", { $0.format.json.usesISO8601 && $0.format.text.usesISO8601 }),
    (
      "append_output",
      "[{match: {rule: a*, source: syscall, tags: [x, y]}, extra_output: o, extra_fields: [proc.pid, {n: '%proc.name!'}]}]",
      {
        var addition = OutputAddition()
        addition.match.rule = "a*"
        addition.match.source = "syscall"
        addition.match.tags = ["x", "y"]
        addition.output = "o"
        addition.fields = [.init("proc.pid", .value), .init("n", .template("%proc.name!"))]
        return $0.outputAdditions.entries == [addition]
      }
    ),
    (
      "static_fields", "{env: prod, a.b: '%c'}",
      { $0.staticFields.fields == [.init("env", .constant("prod")), .init("a.b", .constant("%c"))] }
    ),
    ("stdout_output.enabled", "false", { !$0.stdout.isEnabled }),
    ("stdout_output.format", "json", { $0.stdout.format == .json }),
    ("stdout_output.priority", "error", { $0.stdout.minimumPriority == .error }),
    ("stdout_output.only", "[{tag: net}]", { $0.stdout.only.targets == [.tag("net")] }),
    ("file_output.enabled", "true", \.file.isEnabled),
    ("file_output.filename", "/var/log/alerts", { $0.file.options.path == "/var/log/alerts" }),
    ("file_output.permissions", "0640", { $0.file.options.mode == 0o640 }),
    ("file_output.format", "rfc5424", { $0.file.format == .rfc5424 }),
    ("file_output.priority", "error", { $0.file.minimumPriority == .error }),
    (
      "file_output.only", "[{rule: 'Shell *'}, {tag: net}]",
      { $0.file.only.targets == [.rule(pattern: "Shell *"), .tag("net")] }
    ),
    ("file_output.name", "audit", { $0.file.outputName == "audit" }),
    ("file_output.rotate.max_size", "5M", { $0.file.sinkOptions.rotation.maximumBytes == 5 << 20 }),
    ("file_output.rotate.max_age", "1d", { $0.file.sinkOptions.rotation.maximumAgeSeconds == 86_400 }),
    ("file_output.rotate.keep", "9", { $0.file.sinkOptions.rotation.keep == 9 }),
    ("file_output.sync", "always", { $0.file.sinkOptions.sync == .always }),
    (
      "file_outputs", "[{filename: /a}, {filename: /b, name: b, enabled: false}]",
      { $0.moreFiles.map(\.options.path) == ["/a", "/b"] && $0.outputs.map(\.name) == ["stdout", "file"] }
    ),
    ("syslog_output.enabled", "true", \.syslog.isEnabled),
    ("syslog_output.path", "/run/log", { $0.syslog.options.path == "/run/log" }),
    ("syslog_output.format", "cef", { $0.syslog.format == .cef }),
    ("syslog_output.facility", "local3", { $0.syslog.options.facility == .local3 }),
    ("syslog_output.ident", "wh", { $0.syslog.options.identity == "wh" }),
    ("syslog_output.priority", "error", { $0.syslog.minimumPriority == .error }),
    ("syslog_output.only", "[{tag: net}]", { $0.syslog.only.targets == [.tag("net")] }),
    ("syslog_output.message_limit", "64K", { $0.syslog.sinkOptions.messageLimit == 64 << 10 }),
    ("journald_output.enabled", "true", \.journald.isEnabled),
    ("journald_output.path", "/run/j", { $0.journald.options.path == "/run/j" }),
    ("journald_output.facility", "local3", { $0.journald.facility == .local3 }),
    ("journald_output.ident", "wh", { $0.journald.identity == "wh" }),
    ("journald_output.priority", "error", { $0.journald.minimumPriority == .error }),
    ("journald_output.only", "[{tag: net}]", { $0.journald.only.targets == [.tag("net")] }),
    (
      "remote_syslog_output", "[{targets: 'a:1'}, {targets: b, protocol: udp}]",
      { $0.remoteSyslog.map(\.targets) == [["a:1"], ["b"]] && $0.remoteSyslog[1].transport == .udp }
    ),
    ("http_output.enabled", "true", \.http.isEnabled),
    (
      "http_output.url", "[http://a/, https://b:1/c]",
      { $0.http.options.urls == ["http://a/", "https://b:1/c"] }
    ),
    ("http_output.format", "ecs", { $0.http.format == .ecs }),
    ("http_output.user_agent", "wh", { $0.http.sinkOptions.userAgent == "wh" }),
    ("http_output.headers", "['X-A: b']", { $0.http.sinkOptions.headers == ["X-A: b"] }),
    ("http_output.bearer_token_file", "/t", { $0.http.sinkOptions.tokenFile == "/t" }),
    ("http_output.insecure", "true", { !$0.http.sinkOptions.tls.verifies }),
    ("http_output.ca_cert", "/c", { $0.http.sinkOptions.tls.authorityFile == "/c" }),
    ("http_output.ca_bundle", "/c", { $0.http.sinkOptions.tls.authorityFile == "/c" }),
    ("http_output.ca_path", "/c", { $0.http.sinkOptions.tls.authorityDirectory == "/c" }),
    ("http_output.mtls", "true", \.http.showsCertificate),
    ("http_output.client_cert", "/c", { $0.http.options.tls.certificateFile == "/c" }),
    ("http_output.client_key", "/k", { $0.http.options.tls.keyFile == "/k" }),
    ("http_output.proxy", "http://p:1", { $0.http.sinkOptions.proxy == "http://p:1" }),
    ("http_output.timeout", "3s", { $0.http.sinkOptions.timeoutMilliseconds == 3000 }),
    ("http_output.max_consecutive_timeouts", "2", { $0.http.sinkOptions.consecutiveTimeouts == 2 }),
    ("http_output.keep_alive", "false", { !$0.http.sinkOptions.probesIdleConnections }),
    ("http_output.compress_uploads", "true", { $0.http.sinkOptions.compressesBodies }),
    ("http_output.echo", "true", { $0.http.sinkOptions.echoesAnswers }),
    ("http_output.batch.max_alerts", "50", { $0.http.sinkOptions.batch.alerts == 50 }),
    ("http_output.batch.max_size", "64K", { $0.http.sinkOptions.batch.bytes == 64 << 10 }),
    ("http_output.message_limit", "64K", { $0.http.sinkOptions.messageLimit == 64 << 10 }),
    ("http_output.priority", "error", { $0.http.minimumPriority == .error }),
    ("http_output.only", "[{tag: x}]", { $0.http.only.targets.count == 1 }),
    ("http_output.name", "siem", { $0.http.outputName == "siem" }),
    (
      "http_outputs", "[{url: http://a/}, {url: http://b/, name: b, enabled: false}]",
      {
        $0.moreHTTP.map(\.options.urls) == [["http://a/"], ["http://b/"]]
          && $0.outputs.map(\.name) == ["stdout", "http"]
      }
    ),
    (
      "journal.directory", "/var/lib/windhover/journal",
      { $0.journal.directory == "/var/lib/windhover/journal" }
    ),
    ("journal.max_size", "2G", { $0.journal.limits.maximumBytes == 2 << 30 }),
    ("journal.max_age", "36h", { $0.journal.limits.maximumAgeSeconds == 36 * 3600 }),
    ("journal.sync", "always", { $0.journal.limits.sync == .always }),
    ("throttle.per_second", "0.5", { $0.throttle.options.rule == ThrottleLimit(perSecond: 0.5, burst: 10) }),
    ("throttle.burst", "3", { $0.throttle.burst.perSecond == 3 }),
    (
      "throttle.rules", "[{rule: a, per_second: 2, burst: 4}, {rule: b}]",
      { $0.throttle.options.rules == ["a": ThrottleLimit(perSecond: 2, burst: 4), "b": nil] }
    ),
    (
      "throttle.key.fields", "[container.id, proc.name]",
      { $0.throttle.options.key?.fields == ["container.id", "proc.name"] }
    ),
    ("throttle.key.per_second", "7", { $0.throttle.options.key?.limit.perSecond == 7 }),
    ("throttle.key.burst", "8", { $0.throttle.keyBurst.perSecond == 8 }),
    ("throttle.fold", "5m", { $0.throttle.options.foldSeconds == 300 }),
    ("control.socket", "/run/wh.sock", { $0.control.path == "/run/wh.sock" }),
    ("control.group", "adm", { $0.control.group == "adm" }),
    ("log_level", "debug", { $0.logLevel == .debug }),
    ("cgroup.interval", "1m", { $0.cgroups.interval.seconds == 60 }),
    ("cgroup.throttled_percent", "12.5", { $0.cgroups.thresholds.throttling == 12.5 }),
    ("cgroup.cpu_pressure_percent", "1", { $0.cgroups.thresholds.cpuPressure == 1 }),
    ("cgroup.memory_pressure_percent", "2", { $0.cgroups.thresholds.memoryPressure == 2 }),
    ("cgroup.io_pressure_percent", "3", { $0.cgroups.thresholds.ioPressure == 3 }),
    ("cgroup.memory_percent", "100", { $0.cgroups.thresholds.memoryUse == 100 }),
  ]

  @Test("each option changes its property, from the file and from -o", arguments: values.map(\.key))
  func eachOption(key: String) throws {
    let (_, value, isSet) = try #require(Self.values.first { $0.key == key })
    // Alone, these would be refused for another reason.
    let companion: [String] =
      switch key {
      case "file_output.enabled": ["file_output.filename=x"]
      case "http_output.enabled": ["http_output.url=http://a/"]
      case "stdout_output.enabled": ["syslog_output.enabled=true"]
      case "throttle.key.fields": ["throttle.key.per_second=1"]
      case "throttle.key.per_second": ["throttle.key.fields=proc.name"]
      default: []
      }
    #expect(!isSet(Configuration()))
    #expect(isSet(try configuration(nil, ["\(key)=\(value)"] + companion)))

    let parts = key.split(separator: ".")
    let line =
      parts.enumerated().map { "\(String(repeating: "  ", count: $0))\($1):" }.joined(separator: "\n")
      + " \(value)"
    #expect(isSet(try configuration(line, companion)))
  }

  @Test("no option is without a row in the table above")
  func everyOption() {
    #expect(Configuration.options.map(\.key) == Self.values.map(\.key))
  }

  @Test("an argument wins over the file, and a later argument over an earlier one")
  func precedence() throws {
    let file = "priority: error\njson_output: true\nrules_files: [a, b]\n"
    let result = try configuration(
      file, ["priority=debug", "priority=notice", "rules_files[1]=c", "rules_files[2]=d", "rules_files[]=e"])
    #expect(result.minimumPriority == .notice)
    #expect(result.writesJSON)
    #expect(result.rulesFiles == ["a", "c", "d", "e"])
  }

  @Test(
    "an empty file is the defaults",
    arguments: [
      "", "# nothing\n", "---\n", "~", "syslog_output:\n  # enabled: true\n",
    ])
  func empty(text: String) throws {
    #expect(try configuration(text) == Configuration())
  }

  @Test(
    "yes and no have the spellings that YAML gives them",
    arguments: [("true", true), ("Yes", true), ("ON", true), ("false", false), ("no", false), ("Off", false)])
  func truth(text: String, expected: Bool) throws {
    #expect(try configuration("json_output: \(text)").writesJSON == expected)
  }

  @Test("one path stands for a list of one, and names of sources may be a list or text with commas")
  func lists() throws {
    #expect(try configuration("rules_files: a b.yaml").rulesFiles == ["a b.yaml"])
    let expected = SourceSelection.only([.procfs, .connector])
    #expect(try configuration("sources: [procfs, connector]").sources == expected)
    #expect(try configuration("sources: procfs,connector,procfs").sources == expected)
    #expect(try configuration("sources: auto").sources == .automatic)
  }

  @Test("every fault of a file is named with its place, in one pass")
  func faults() {
    let text = """
      json_outptu: true
      priority: loud
      stdout_output: true
      syslog_output:
        enabld: true
        enabled: 1
      rules_files: [a, [b]]
      json_output: true
      json_output: false
      filename: x
      ? [a]
      : b
      """
    let expected = """
      windhover.yaml:9:1: 'json_output' stands twice; the first is at windhover.yaml:8:1
      windhover.yaml:11:3: a key must be plain text
      windhover.yaml:1:1: there is no option 'json_outptu'; did you mean 'json_output'?
      windhover.yaml:2:11: 'priority' must be one of emergency, alert, critical, error, warning, notice, \
      informational, debug
      windhover.yaml:3:16: 'stdout_output' is a group of options and has no value of its own
      windhover.yaml:5:3: there is no option 'syslog_output.enabld'; did you mean 'syslog_output.enabled'?
      windhover.yaml:6:12: 'syslog_output.enabled' must be true or false
      windhover.yaml:7:14: 'rules_files' must be a list of texts
      windhover.yaml:10:1: there is no option 'filename'
      """
    #expect(problems(text) == expected)
  }

  @Test(
    "what is no configuration says so",
    arguments: [
      ("- a\n- b\n", "windhover.yaml:1:1: the file must hold options, one a line: KEY: VALUE"),
      ("hello", "windhover.yaml:1:1: the file must hold options, one a line: KEY: VALUE"),
      ("a: [", "windhover.yaml:1:5: not YAML: "),
      ("priority: info\n---\npriority: debug\n", "windhover.yaml:3:1: not YAML: there is a second document"),
    ])
  func notAConfiguration(text: String, expected: String) {
    #expect(problems(text).hasPrefix(expected))
  }

  @Test(
    "options that mean nothing together are refused",
    arguments: [
      (["file_output.enabled=true"], "file_output: it is enabled, but file_output.filename is not set"),
      (
        ["stdout_output.enabled=false", "control.socket="],
        "stdout_output: no output and no control.socket: nobody would see an alert"
      ),
    ])
  func contradictions(arguments: [String], expected: String) {
    let error = #expect(throws: ConfigurationError.self) { try configuration(nil, arguments) }
    #expect(error?.description == expected)
  }

  @Test("without an output alerts are for whoever asks at the control socket, which is told")
  func noOutput() throws {
    let result = try configuration(nil, ["stdout_output.enabled=false"])
    #expect(result.risks == ["no output is enabled: alerts are seen by windhover tail alone"])
  }

  @Test(
    "a wrong argument of -o is refused and quoted",
    arguments: [
      ("priority", "expected KEY=VALUE"),
      ("=x", "the key must look like"),
      (".priority=x", "the key must look like"),
      ("a..b=x", "the key must look like"),
      ("a.=x", "the key must look like"),
      ("a[x]=x", "the key must look like"),
      ("a[-1]=x", "the key must look like"),
      ("a[0=x", "the key must look like"),
      ("a[0]b=x", "the key must look like"),
      ("rules_files[1]=x", "there is no element 1 in a list of 0"),
      ("priority.deep=x", "'priority' must be"),
      ("priority[0]=x", "'priority' must be"),
      ("rules_files=[a", "not YAML"),
      ("file_output.permissions=0999", "octal digits"),
      ("file_output.permissions=7777", "octal digits"),
      ("syslog_output.facility=local8", "one of kern, user"),
      ("sources=[]", "'sources' must be auto, or a list of"),
      (#"file_output\.filename=x"#, "there is no option 'file_output.filename'; in a group"),
      ("stdout_output.enable=true", "did you mean 'stdout_output.enabled'?"),
    ])
  func wrongArguments(argument: String, expected: String) {
    let text = problems(nil, argument)
    #expect(text.hasPrefix("-o "))
    #expect(text.contains(expected), "\(text)")
  }

  @Test("a value after -o is text as it stands, unless it is a list or a group")
  func argumentValues() throws {
    #expect(try configuration(nil, ["hostname=a: b # c"]).hostname == "a: b # c")
    #expect(try configuration(nil, ["hostname=a=b"]).hostname == "a=b")
    #expect(try configuration(nil, ["syslog_output={enabled: true}"]).syslog.isEnabled)
  }

  @Test("each option of a receiver in the network changes what is sent, and how")
  func receiver() throws {
    let result = try configuration(
      """
      json_include_uuid_property: true
      remote_syslog_output:
        - name: siem
          targets: [siem.example:6514, "[2001:db8::1]:514", spare]
          framing: octet
          body: json
          facility: local3
          ident: kestrel
          enterprise_number: 32473
          priority: warning
          message_limit: 64K
          resend_window: 1m
        - {targets: old.example, protocol: udp, format: rfc3164}
        - targets: [safe.example, other.example:10514]
          protocol: tls
          tls: {ca_file: /ca, certificate_file: /cert, key_file: /key, server_name: siem.example, verify: false}
        - {targets: sure.example, protocol: relp}
        - {targets: 'sure.example:20514', protocol: relp-tls, tls: {ca_file: /ca}}
        - {targets: off.example, enabled: false}
      """)
    var siem = RemoteSyslogOptions(
      targets: [
        .init(host: "siem.example", port: 6514), .init(host: "2001:db8::1", port: 514),
        .init(host: "spare", port: 514),
      ], messageLimit: 64 << 10)
    siem.framing = .octetCounting
    siem.resendWindowSeconds = 60
    let old = RemoteSyslogOptions(targets: [.init(host: "old.example")])
    var safe = RemoteSyslogOptions(targets: [
      .init(host: "safe.example", port: 6514), .init(host: "other.example", port: 10514),
    ])
    safe.framing = .octetCounting
    var tls = TLSOptions()
    (tls.authorityFile, tls.certificateFile, tls.keyFile) = ("/ca", "/cert", "/key")
    (tls.serverName, tls.verifies) = ("siem.example", false)
    let sure = RemoteSyslogOptions(targets: [.init(host: "sure.example", port: 20514)])
    let safer = RemoteSyslogOptions(targets: [.init(host: "sure.example", port: 20514)])
    var authority = TLSOptions()
    authority.authorityFile = "/ca"
    #expect(
      result.sinks == [
        .stdout, .tcp(siem), .udp(old), .tls(safe, tls), .relp(sure, nil), .relp(safer, authority),
      ])
    #expect(result.outputs.map(\.name) == ["stdout", "siem", "udp", "tls", "relp", "relp-tls"])
    #expect(
      result.outputs.map(\.options.minimumPriority) == [.debug, .warning, .debug, .debug, .debug, .debug])
    let format = try #require(result.outputs[1].format as? RFC5424Format)
    #expect(format.options.enterpriseNumber == 32473 && format.options.body == .json)
    #expect(format.options.facility == .local3 && format.options.applicationName == "kestrel")
    #expect(format.options.json.includesUUID)
    #expect(result.outputs[2].format is RFC3164Format)
    #expect(
      result.risks.count == 1
        && result.risks[0].hasPrefix("output tls: the receiver's certificate is not checked"))
  }

  @Test(
    "text in lines on a stream, which some receivers take for a count, is told",
    arguments: [
      ("protocol: tcp, format: text", true), ("protocol: tls, format: text, framing: lf", true),
      ("protocol: tls, format: text", false), ("protocol: udp, format: text", false),
      ("protocol: tcp, format: text, framing: octet", false), ("protocol: tcp, format: json", false),
    ])
  func looksCounted(text: String, isTold: Bool) throws {
    let result = try configuration("remote_syslog_output: [{name: a, targets: [\"h:1\"], \(text)}]")
    #expect(result.risks.contains { $0.hasPrefix("output a: a line of the format text begins") } == isTold)
  }

  @Test("http_output becomes an output of JSON, with a certificate only if mtls says so, and risks are told")
  func http() throws {
    let result = try configuration(
      """
      http_output: {enabled: true, url: "http://sidekick:2801/", client_cert: /c, client_key: /k, bearer_token_file: /t}
      http_outputs: [{url: "https://a/", name: a, mtls: true, client_cert: /c, client_key: /k, insecure: true}]
      """)
    var plain = HTTPOptions(urls: ["http://sidekick:2801/"])
    plain.tokenFile = "/t"
    var safe = HTTPOptions(urls: ["https://a/"])
    (safe.tls.certificateFile, safe.tls.keyFile, safe.tls.verifies) = ("/c", "/k", false)
    #expect(result.sinks == [.stdout, .http(plain), .http(safe)])
    #expect(result.outputs.map(\.name) == ["stdout", "http", "a"])
    #expect(result.outputs[1].format is JSONFormat)
    #expect(result.risks.count == 2)
    #expect(result.risks.contains { $0.hasPrefix("output http: the bearer token goes out in the clear") })
    #expect(result.risks.contains { $0.hasPrefix("output a: the receiver's certificate is not checked") })
  }

  @Test(
    "what cannot be meant in http_output is told",
    arguments: [
      ("enabled: true", "http_output.url: there is none"),
      ("enabled: true, url: siem.example", "'siem.example' does not begin with http:// or https://"),
      ("enabled: true, url: 'file:///etc/passwd'", "does not begin with http:// or https://"),
      ("enabled: true, url: 'http:///x'", "is no URL"),
      ("enabled: true, url: 'http://a b/'", "is no URL"),
      ("enabled: true, url: 'http://me:secret@a/'", "holds a user or a password"),
      ("enabled: true, url: 'http://a/', headers: [x]", "'x' is not `Name: value`"),
      ("enabled: true, url: 'http://a/', headers: [\"X: a\\nY: b\"]", "is not `Name: value`"),
      ("enabled: true, url: 'http://a/', headers: ['Host: b']", "one that the agent sets itself"),
      ("enabled: true, url: 'http://a/', ca_cert: /a, ca_bundle: /b", "another name for ca_cert"),
      ("enabled: true, url: 'http://a/', mtls: true", "client_cert and client_key are not both set"),
      ("enabled: true, url: 'http://a/', timeout: 0", "between a second and ten minutes"),
      ("enabled: true, url: 'http://a/', batch: {max_alerts: 20000}", "at most 10000"),
      ("enabled: true, url: 'http://a/', batch: {max_size: 1}", "between 4K and 64M"),
      ("enabled: true, url: 'http://a/', message_limit: 100", "between 1K and 16M"),
      ("enabled: true, url: 'http://a/', name: ../x", "at most 32 letters"),
      ("enabled: true, url: 'http://a/', format: rfc5424", "format: it is syslog's own"),
    ])
  func wrongHTTP(text: String, expected: String) {
    let found = problems("http_output: {\(text)}")
    #expect(found.contains(expected), "\(found)")
  }

  @Test(
    "what is wrong in an entry of a list is told with its place, the entry's number, and the cure",
    arguments: [
      ("x", "1:23: 'remote_syslog_output' must be a list, as `- targets: …`"),
      ("[x]", "1:24: 'remote_syslog_output[0]' must be a group, as `{targets: …}`"),
      (
        "[{targets: a, portocol: udp}]",
        "1:37: there is no option 'remote_syslog_output[0].portocol'; did you mean 'protocol'?"
      ),
      (
        "[{targets: a}, {targets: b, protocol: ssl}]",
        "1:61: 'remote_syslog_output[1].protocol' must be udp or tcp or tls or relp or relp-tls"
      ),
      (
        "[{protocol: udp}]",
        "1:24: remote_syslog_output[0]: targets: there is none; name a receiver, as siem.example:514"
      ),
      ("[{targets: 'a:b'}]", "targets: 'a:b' is not HOST, HOST:PORT or [ADDRESS]:PORT"),
      ("[{targets: '2001:db8::5:6514'}]", "is not HOST, HOST:PORT or [ADDRESS]:PORT"),
      ("[{targets: 'tls://a:6514'}]", "is not HOST, HOST:PORT or [ADDRESS]:PORT"),
      ("[{targets: a, protocol: udp, framing: lf}]", "framing: udp has its own; leave it out"),
      ("[{targets: a, protocol: relp, framing: lf}]", "framing: relp has its own; leave it out"),
      ("[{targets: a, name: ../x}]", "name: it must be at most 32 letters"),
      ("[{targets: a, ident: 'a b'}]", "ident: it must be 1 to 48 printable ASCII"),
      ("[{targets: a, message_limit: 100}]", "message_limit: it must be between 480 bytes"),
      ("[{targets: a, body: ecs, message_limit: 2047}]", "message_limit: it must be between 2048 bytes"),
      ("[{targets: a, message_limit: 9999999999G}]", "must be a number of bytes"),
      ("[{targets: a, resend_window: 2h}]", "resend_window: it must be at most an hour"),
      ("[{targets: a, enterprise_number: 0}]", "must be a number from 1 to"),
      (
        "[{targets: a, protocol: tls, tls: {key_file: /k}}]", "tls: certificate_file and key_file go together"
      ),
      (
        "[{targets: a, tls: {ca_file: /k}}]",
        "tls: it has a meaning with `protocol: tls` and `relp-tls` alone"
      ),
      ("[{targets: a, protocol: tls, tls: {verfy: no}}]", "did you mean 'tls.verify'?"),
      ("[{targets: a}, {targets: b}]", "several outputs are called 'tcp'; give each a name of its own"),
    ])
  func wrongReceiver(text: String, expected: String) {
    let found = problems("remote_syslog_output: \(text)")
    #expect(found.contains(expected), "\(found)")
  }

  @Test(
    "limits that cannot be meant are refused",
    arguments: [
      ("syslog_output.message_limit=100", "480 bytes"),
      ("journald_output.ident=a b", "it must be 1 to 48 printable ASCII"),
      ("journal.directory=journal", "it must be an absolute path"),
      ("control.socket=wh.sock", "it must be an absolute path"),
      ("journal.max_size=10", "at least 1M"), ("journal.max_age=1", "at least a minute"),
      ("journal.max_age=999999d", "at most 36500d"),
      ("throttle.rules=[{rule: a}, {rule: a}]", "the rule 'a' stands there twice"),
      ("journal.max_age=1w", "'journal.max_age' must be a time"),
      ("throttle.per_second=0", "must be a number above 0"), ("throttle.per_second=inf", "above 0"),
      ("throttle.burst=0.5", "it must be 1 or more"),
      ("throttle.key.fields=proc.name", "it needs both fields and per_second"),
      ("throttle.key={fields: proc.nmae, per_second: 1}", "no field is called 'proc.nmae'"),
      ("throttle.rules=[{per_second: 1}]", "throttle.rules[0]: rule: it must be a rule's name"),
      (
        "stdout_output.format=xml", "must be text or json or rfc3164 or rfc5424 or cef or leef or ecs or ocsf"
      ),
    ])
  func wrongLimits(argument: String, expected: String) {
    let found = problems(nil, argument)
    #expect(found.contains(expected), "\(found)")
  }

  @Test("every place alerts go takes every format that it can have, and http says what it posts")
  func formats() throws {
    let result = try configuration(
      """
      stdout_output: {format: cef}
      file_output: {enabled: true, filename: /a, format: leef}
      syslog_output: {enabled: true, format: ocsf}
      remote_syslog_output: [{targets: a, format: ecs}, {targets: b, name: b, format: rfc3164, body: cef}]
      http_output: {enabled: true, url: "http://a/", format: leef}
      http_outputs: [{name: c, url: "http://a/", format: ocsf}]
      """)
    let formats = result.outputs.map { type(of: $0.format).name }
    #expect(formats == ["cef", "leef", "ocsf", "ecs", "rfc3164", "leef", "ocsf"])
    var posted: [Bool] = []
    for case .http(let options) in result.sinks { posted.append(options.postsJSON) }
    #expect(posted == [false, true])
    #expect(
      problems("syslog_output: {format: rfc5424}").contains(
        "syslog_output.format: the output writes syslog's header itself"))
  }

  @Test("each output that is enabled becomes a sink with its options")
  func sinks() throws {
    #expect(Configuration().sinks == [.stdout])
    let all = try configuration(
      nil,
      [
        "file_output={enabled: true, filename: /a, permissions: 0644}", "syslog_output.enabled=true",
        "syslog_output.path=/b", "journald_output={enabled: true, path: /c}",
      ])
    var syslog = LocalSyslogOptions()
    syslog.path = "/b"
    var journald = JournaldOptions()
    journald.path = "/c"
    #expect(
      all.sinks == [
        .stdout, .file(FileSinkOptions(path: "/a", mode: 0o644)), .syslog(syslog), .journald(journald),
      ])
    #expect(all.outputs.last?.format is JournaldFormat)
  }

  @Test("rules are selected step by step, as Falco writes it in the file and after -o")
  func ruleSelection() throws {
    let file = """
      rules:
        - disable:
            rule: "*"
        - enable:
            tag: network
            rule: Shell*
      """
    let selection = try configuration(file, ["rules[].disable.tag=host"]).ruleSelection
    #expect(
      selection.steps == [
        .init(enables: false, .rule(pattern: "*")), .init(enables: true, .tag("network")),
        .init(enables: true, .rule(pattern: "Shell*")), .init(enables: false, .tag("host")),
      ])
  }

  @Test(
    "a step that cannot be understood is refused",
    arguments: ["x", "[x]", "[{}]", "[{disabel: {tag: a}}]", "[{disable: tag}]", "[{disable: {name: a}}]"])
  func wrongSelection(text: String) {
    #expect(problems("rules: \(text)").contains("'rules' must be a list of steps"))
  }
}
