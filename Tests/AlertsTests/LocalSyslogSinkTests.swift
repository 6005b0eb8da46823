import Alerts
import Events
import Glibc
import SystemPackage
import Testing

@Suite struct LocalSyslogSinkTests {
  private let directory: TemporaryDirectory
  private let receiver: UnixReceiver
  private var options = LocalSyslogOptions()

  init() throws {
    directory = try TemporaryDirectory()
    let path = directory.path.appending("log")
    receiver = try UnixReceiver(path: path, isStream: false)
    options.path = path.string
    options.processID = 42
  }

  private func deliver(_ alert: EncodedAlert, _ options: LocalSyslogOptions) throws -> String {
    let sink = LocalSyslogSink(options: options)
    try sink.open()
    try sink.deliver([alert])
    return String(decoding: try #require(try receiver.messages().first), as: UTF8.self)
  }

  @Test("a message begins with priority, local time, name and pid, as syslog(3) writes it") func header()
    throws
  {
    let message = try deliver(EncodedAlert(1, "text"), options)
    let date = try Program("/bin/date", ["-d", "@\(Sample.time / 1_000_000_000)", "+%b %e %T"]).finish()
    #expect(message == "<13>\(date.output.dropLast()) windhover[42]: text")
  }

  @Test("facility and severity make the priority", arguments: SyslogFacility.allCases, Priority.allCases)
  func priority(facility: SyslogFacility, priority: Priority) throws {
    var options = options
    options.facility = facility
    let alert = EncodedAlert(sequence: 1, priority: priority, timeNanoseconds: Sample.time, bytes: [])
    #expect(try deliver(alert, options).hasPrefix("<\(facility.rawValue * 8 + priority.rawValue)>"))
  }

  @Test("a facility has the name that syslog.conf(5) gives it") func facilityNames() {
    #expect(SyslogFacility(name: "authpriv")?.rawValue == 10)
    #expect(SyslogFacility(name: "local7")?.rawValue == 23)
    #expect(SyslogFacility(name: "nonsense") == nil)
  }

  @Test("the name in the message is held to what a tag may be") func identity() throws {
    var options = options
    options.identity = "wind hover[é:]\n" + String(repeating: "x", count: 50)
    #expect(
      try deliver(EncodedAlert(1, "text"), options).contains(
        " windhover\(String(repeating: "x", count: 23))[42]: text"))
  }

  @Test("no message with its header is larger than the limit", arguments: [100, 480, 8192])
  func limit(limit: Int) throws {
    var options = options
    options.messageLimit = limit
    options.facility = .local7
    let room = LocalSyslogSink(options: options).messageLimit
    let message = try deliver(EncodedAlert(1, String(repeating: "x", count: room)), options)
    #expect(message.utf8.count <= max(limit, 480))
    #expect(message.utf8.count >= max(limit, 480) - 2)
  }

  @Test("a message that the socket does not take makes the limit smaller until it does") func tooLarge()
    throws
  {
    var options = options
    options.messageLimit = 16 << 20
    let sink = LocalSyslogSink(options: options)
    try sink.open()
    var attempts = 0
    while true {
      do {
        try sink.deliver([EncodedAlert(1, String(repeating: "x", count: sink.messageLimit))])
        break
      } catch {
        #expect(error == .tooLarge)
        attempts += 1
      }
      try #require(attempts < 20)
    }
    #expect(attempts > 0)
    #expect(sink.settled == 1)
    #expect(try receiver.messages().count == 1)
  }

  @Test(
    "a path that fits no socket address is an error",
    arguments: ["", String(repeating: "x", count: 108), "/a\0b"])
  func path(path: String) {
    var options = options
    options.path = path
    #expect(throws: SinkError.self) { try LocalSyslogSink(options: options).open() }
  }
}
