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
