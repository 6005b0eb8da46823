import Alerts
import Events

/// Alerts for tests.
enum Sample {
  static let time: UInt64 = 1_700_000_000_123_456_789

  /// An alert as a rule about containers makes it.
  static let shell = Alert(
    rule: AlertRule(name: "Shell in container", priority: .notice, tags: ["shell", "container", "T1059"]),
    timeNanoseconds: time, hostname: "kestrel.example",
    message: Array(
      #"A shell was started (proc.cmdline=sh -c "id" container.id=0123456789ab k8s.ns.name=<NA>)"#.utf8),
    outputFields: [
      AlertField("proc.cmdline", .text(#"sh -c "id""#)),
      AlertField("container.id", .text("0123456789ab")),
      AlertField("k8s.ns.name", nil),
      AlertField("proc.pid", .signed(4242)),
      AlertField("proc.is_vpgid_leader", .bool(true)),
      AlertField("evt.cpu_share", .double(0.5)),
      AlertField("proc.aargs", .list([.text("bash"), .unsigned(7)])),
      AlertField("proc.pid", .signed(4242)),
    ])

  /// An alert as the engine makes it, with the context that formats map.
  static let program = Alert(
    rule: AlertRule(
      name: "Program that is not in the image", priority: .error,
      tags: ["container", "filesystem", "mitre_execution", "mitre_command_and_control", "T1204.002", "T1105"]),
    timeNanoseconds: time, hostname: "kestrel.example",
    message: Array(
      #"Program that is not in the image | command=miner --pool="a=b|c" container=0123456789ab"#.utf8),
    outputFields: [
      AlertField("proc.cmdline", .text(#"miner --pool="a=b|c""#)),
      AlertField("container.id", .text("0123456789ab")),
      AlertField("proc.cwd", .text("/tmp/")), AlertField("k8s.ns.name", .text("shop")),
      AlertField("proc.aname[2]", .text("nginx")), AlertField("user.shell", nil),
    ],
    context: [
      AlertField("evt.type", .text("execve")), AlertField("evt.num", .unsigned(17)),
      AlertField("evt.source_name", .text("connector")), AlertField("evt.incomplete", .bool(false)),
      AlertField("proc.pid", .signed(4242)), AlertField("proc.name", .text("miner")),
      AlertField("proc.exepath", .text("/tmp/.x/miner")), AlertField("proc.cmdline", .text("not this")),
      AlertField("proc.argv", .list([.text("/tmp/.x/miner"), .text("--pool=a=b|c")])),
      AlertField("proc.id", .text("f0e1:4242:99")), AlertField("proc.pid.ts", .unsigned(time - 5_000_000)),
      AlertField("proc.tty", .unsigned(34816)), AlertField("proc.ppid", .signed(1)),
      AlertField("proc.pname", .text("sh")), AlertField("proc.pexepath", .text("/bin/dash")),
      AlertField("proc.pcmdline", .text("sh -c ./miner")), AlertField("proc.apid[1]", .signed(4200)),
      AlertField("proc.aid[1]", .text("f0e1:4200:90")), AlertField("proc.aname", .text("sh nginx")),
      AlertField("proc.aid", .text("f0e1:4200:90 f0e1:4000:80")),
      AlertField("proc.lineage", .text("nginx(4000) > sh(4200) > miner(4242)")),
      AlertField("user.uid", .unsigned(33)), AlertField("user.name", .text("www-data")),
      AlertField("user.loginuid", .signed(-1)),
      AlertField("container.id", .text("0123456789ab")),
      AlertField("container.full_id", .text("0123456789ab" + String(repeating: "c", count: 52))),
      AlertField("container.type", .text("containerd")), AlertField("container.name", .text("web")),
      AlertField("container.image", .text("registry.example/shop/web:7")),
      AlertField("container.image.repository", .text("registry.example/shop/web")),
      AlertField("container.image.tag", .text("7")),
      AlertField("container.image.digest", .text("sha256:" + String(repeating: "d", count: 64))),
      AlertField("k8s.pod.name", .text("web-5d9-x2")),
      AlertField("k8s.pod.uid", .text("6c9d3b1e-5a57-4f0e-9c0a-0d5d3c1f2b7a")),
    ])

  /// An alert with `bytes` in each of these fields, and wherever else a host or a rule file fills something.
  static func alert(with bytes: [UInt8], inEachOf names: [String]) -> Alert {
    let plain = alert(with: bytes)
    return Alert(
      rule: plain.rule, timeNanoseconds: time, hostname: plain.hostname, message: bytes,
      outputFields: plain.outputFields, context: names.map { AlertField($0, .bytes(bytes)) })
  }

  /// Bytes that break a line, a string, a terminal or UTF-8.
  static let hostile: [UInt8] =
    Array("a\nb\r\t\"]\\'\u{1B}[2J\u{7F}\u{9B}31m\u{202E}\u{2028}\u{FEFF}\u{E0041}é😀".utf8) + [
      0, 8, 12, 0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xE2, 0x82,
    ]

  /// An alert with `bytes` in every place that a host or a rule file fills.
  static func alert(with bytes: [UInt8], source: String = AlertRule.syscall) -> Alert {
    let text = String(decoding: bytes, as: UTF8.self)
    return Alert(
      rule: AlertRule(name: text, priority: .error, source: source, tags: [text]), timeNanoseconds: time,
      hostname: text, message: bytes,
      outputFields: [
        AlertField("proc.cmdline", .bytes(bytes)), AlertField(text, .list([.bytes(bytes)])),
      ])
  }

  /// The `number`th of many alerts.
  static func numbered(_ number: Int, priority: Priority = .notice, padding: Int = 0) -> Alert {
    Alert(
      rule: AlertRule(name: "Numbered", priority: priority), timeNanoseconds: time, hostname: "kestrel",
      message: Array("number \(number)".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: padding),
      outputFields: [AlertField("evt.num", .signed(Int64(number)))])
  }

  static func entry(_ alert: Alert, sequence: UInt64 = 7) -> JournalEntry {
    JournalEntry(
      sequence: sequence, uuid: UUID(high: 0x018B_CFE5_687B_7000, low: 0x8000_0000_0000_002A), alert: alert)
  }
}

extension AlertFormat {
  /// The alert in this format, as text.
  func text(_ alert: Alert, limit: Int = .max) -> String {
    var bytes: [UInt8] = []
    _ = encode(Sample.entry(alert), limit: limit, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
