import Alerts
import Events
import System
import SystemPackage

/// How many alerts leave in a second, what the journal costs, and what an idle output costs.
enum DeliveryRates {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var figures = [try journalCost(bench), try toFile(bench)]
    for receiver in ReceiverKind.allCases {
      do {
        figures.append(try toReceiver(receiver, bench))
      } catch {
        figures.append(Figure("alerts to \(receiver.name)", 0, .perSecond).adding("not measured: \(error)"))
      }
    }
    return figures + [try idle(bench)]
  }

  /// An alert as a rule about execs makes it.
  private static let alert = Alert(
    rule: AlertRule(
      name: "Shell in a container", priority: .notice, tags: ["container", "shell", "T1059.004"]),
    timeNanoseconds: 1_700_000_000_000_000_000, hostname: "bench.example",
    message: Array(
      "Shell in a container | shell=sh command=sh -c id terminal=0 parent=nginx user=root uid=0 container=0123456789ab"
        .utf8),
    outputFields: [
      AlertField("proc.name", .text("sh")), AlertField("proc.cmdline", .text("sh -c id")),
      AlertField("proc.tty", .unsigned(0)), AlertField("proc.pname", .text("nginx")),
      AlertField("user.name", .text("root")), AlertField("user.uid", .unsigned(0)),
      AlertField("container.id", .text("0123456789ab")), AlertField("container.type", .text("docker")),
    ])

  /// A journal on the disk, in a directory of the bench's own.
  private static func journal(_ bench: Workbench) throws(BenchError) -> Journal {
    let directory = bench.directory + "/journal"
    bench.willLeave(tree: directory)
    do {
      return try Journal(storage: JournalStorage(directory: directory))
    } catch {
      throw .cannotWrite(directory, .ioError)
    }
  }

  /// CPU of all threads for an alert that goes into the journal on the disk, and nowhere else.
  private static func journalCost(_ bench: Workbench) throws(BenchError) -> Figure {
    let count = bench.isQuick ? 20_000 : 100_000
    var costs: [Double] = []
    for _ in 0..<bench.repetitions(9) {
      bench.settle()
      let journal = try journal(bench)
      do { try journal.start() } catch { throw .cannotStart("the journal", .ioError) }
      let before = Clock.processCPUNanoseconds
      for number in 0..<count {
        journal.append(alert)
        // 20,000 a second: the writer gathers what came meanwhile, as it does in an agent.
        if number % 20 == 19 { Clock.sleep(milliseconds: 1) }
      }
      journal.close()
      costs.append(Double(Clock.processCPUNanoseconds - before) / Double(count))
    }
    return Figure("journal on disk: CPU an alert", medianOf: Sample(costs), .nanoseconds, .atMost(10_000))
      .adding("\(count) alerts at nearly 20,000/s, all threads; synchronised every second")
  }

  /// Alerts a second into a file, while the journal is on the disk too.
  private static func toFile(_ bench: Workbench) throws(BenchError) -> Figure {
    let path = bench.directory + "/alerts.json"
    bench.willLeave(path)
    var rates: [Double] = []
    for _ in 0..<bench.repetitions(5) {
      bench.settle()
      let output = Output(named: "file", sink: .file(FileSinkOptions(path: path)), format: JSONFormat())
      rates.append(try rate(of: output, bench, count: bench.isQuick ? 20_000 : 200_000))
    }
    return Figure("alerts to a file", medianOf: Sample(rates), .perSecond, .atLeast(10_000))
      .adding("JSON, with the journal on the same disk; as many as go")
  }

  private enum ReceiverKind: CaseIterable {
    case tcp, tls, relp, relpTLS

    var name: String {
      switch self {
      case .tcp: "rsyslog over TCP"
      case .tls: "rsyslog under TLS"
      case .relp: "rsyslog by RELP, each acknowledged"
      case .relpTLS: "rsyslog by RELP under TLS, each acknowledged"
      }
    }

    var isEncrypted: Bool { self == .tls || self == .relpTLS }
    var port: UInt16 { isEncrypted ? 26_514 : 20_514 }

    var configuration: String {
      switch self {
      case .tcp:
        """
        module(load="imtcp")
        input(type="imtcp" port="PORT" address="127.0.0.1" ruleset="all")
        """
      case .tls:
        """
        global(DefaultNetstreamDriverCAFile="CERT" DefaultNetstreamDriverCertFile="CERT"
          DefaultNetstreamDriverKeyFile="KEY")
        module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
        input(type="imtcp" port="PORT" address="127.0.0.1" ruleset="all")
        """
      case .relp:
        """
        module(load="imrelp")
        input(type="imrelp" port="PORT" address="127.0.0.1" ruleset="all")
        """
      case .relpTLS:
        """
        module(load="imrelp")
        input(type="imrelp" port="PORT" address="127.0.0.1" ruleset="all" tls="on" tls.caCert="CERT"
          tls.myCert="CERT" tls.myPrivKey="KEY" tls.authMode="certvalid")
        """
      }
    }

    func sink(_ receiver: Receiver) -> SinkSettings {
      var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: receiver.port)])
      options.framing = .octetCounting
      var tls = TLSOptions()
      tls.authorityFile = receiver.certificateFile
      switch self {
      case .tcp: return .tcp(options)
      case .tls: return .tls(options, tls)
      case .relp: return .relp(options, nil)
      case .relpTLS:
        // imrelp takes nobody without a certificate: here both sides have the same.
        (tls.certificateFile, tls.keyFile) = (receiver.certificateFile, receiver.keyFile)
        return .relp(options, tls)
      }
    }

    /// The least that the design wants.
    var target: Figure.Target? { self == .tcp ? nil : .atLeast(5000) }
  }

  /// Alerts a second until they are all in the receiver's file.
  private static func toReceiver(_ kind: ReceiverKind, _ bench: Workbench) throws(BenchError) -> Figure {
    let count = bench.isQuick ? 10_000 : 50_000
    var rates: [Double] = []
    for _ in 0..<bench.repetitions(5) {
      bench.settle()
      let receiver = try Receiver(bench, kind.configuration, port: kind.port)
      var options = DeliveryOptions()
      options.maximumBackoffMilliseconds = 100
      let output = Output(
        named: "remote", sink: kind.sink(receiver), format: RFC5424Format(options: SyslogOptions()),
        options: options)
      rates.append(try rate(of: output, bench, count: count))
      // The end of a daemon writes what it still had in memory.
      receiver.stop()
      guard receiver.received == count else {
        throw .failed(program: "rsyslogd", saying: "of \(count) alerts it wrote \(receiver.received)")
      }
    }
    return Figure("alerts to \(kind.name)", medianOf: Sample(rates), .perSecond, kind.target)
      .adding(
        "RFC 5424, on loopback, from the first to the last that was sent; all \(count) were in its file")
  }

  /// Alerts a second until the output has sent all of them.
  private static func rate(of output: Output, _ bench: Workbench, count: Int) throws(BenchError) -> Double {
    do {
      let delivery = try Delivery(outputs: [output], journal: try journal(bench))
      try delivery.start {}
      let first = delivery.journal.append(alert)
      while delivery.status.sinks[0].sentThrough < first {
        guard delivery.status.sinks[0].failures < 100 else {
          throw BenchError.unavailable(delivery.status.sinks[0].lastError ?? "no receiver")
        }
        Clock.sleep(milliseconds: 1)
      }
      let began = Clock.monotonicNanoseconds
      var last = first
      for number in 1..<count {
        last = delivery.journal.append(alert)
        // What is in memory is bounded, and nothing may be dropped.
        while number % 256 == 0, last - delivery.status.sinks[0].sentThrough > 8192 {
          Clock.sleep(milliseconds: 1)
        }
      }
      while delivery.status.sinks[0].sentThrough < last { Clock.sleep(milliseconds: 1) }
      let seconds = Double(Clock.monotonicNanoseconds - began) / 1e9
      delivery.stop(deadlineMilliseconds: 10_000)
      guard delivery.status.sinks[0].missed == 0, delivery.status.journal.dropped == 0 else {
        throw BenchError.failed(program: "delivery", saying: "alerts were dropped")
      }
      return Double(count - 1) / seconds
    } catch {
      throw (error as? BenchError) ?? .failed(program: "delivery", saying: "\(error)")
    }
  }

  /// What an agent with an idle output takes more than one without.
  private static func idle(_ bench: Workbench) throws(BenchError) -> Figure {
    let receiver = try Receiver(bench, ReceiverKind.tls.configuration, port: ReceiverKind.tls.port)
    defer { receiver.stop() }
    let output =
      "remote_syslog_output=[{targets: '127.0.0.1:\(receiver.port)', protocol: tls, tls: {ca_file: \(receiver.certificateFile)}}]"
    var differences: [Double] = []
    for _ in 0..<bench.repetitions(5) {
      bench.settle()
      let without = try memory(bench, [])
      differences.append(try memory(bench, ["-o", output]) - without)
    }
    return Figure(
      "RssAnon of an idle output under TLS", medianOf: Sample(differences), .megabytes, .atMost(1)
    )
    .adding("an agent with it, less one without; OpenSSL included")
  }

  private static func memory(_ bench: Workbench, _ options: [String]) throws(BenchError) -> Double {
    let agent = try Agent(bench, ["-o", "control.socket="] + options)
    try agent.waitUntilQuiet()
    Clock.sleep(milliseconds: 1000)
    let megabytes = agent.costs.rssAnonMegabytes ?? 0
    try agent.end()
    return megabytes
  }
}
