import Alerts
import Events
import Glibc
import SystemPackage

/// A sink and what it delivers to, so that one contract can be held against all sinks.
protocol SinkRig: AnyObject {
  func makeSink() -> any Sink
  /// The alerts that have arrived since the last call, at least so many unless they do not come, without the sink's
  /// framing.
  func received(_ count: Int) throws -> [String]
  /// The receiver vanishes, as when a daemon dies.
  func goAway() throws
  func comeBack() throws
}

/// Every sink that there is.
enum SinkKind: CaseIterable {
  case stdout, file, syslog, streamSyslog, journald, udp, tcpLines, tcpOctets, relp, http

  func makeRig() throws -> any SinkRig {
    switch self {
    case .stdout: try StdoutRig()
    case .file: try FileRig()
    case .syslog: try SyslogRig()
    case .streamSyslog: try StreamSyslogRig()
    case .journald: try JournaldRig()
    case .udp: try UDPRig()
    case .tcpLines: try TCPRig(framing: .lineFeed)
    case .tcpOctets: try TCPRig(framing: .octetCounting)
    case .relp: try RELPRig()
    case .http: try HTTPRig()
    }
  }
}

final class StdoutRig: SinkRig {
  private var pipe: Pipe

  init() throws {
    pipe = try Pipe()
    pipe.reader.becomeNonBlocking()
    signal(SIGPIPE, SIG_IGN)
  }
  func makeSink() -> any Sink { StdoutSink(descriptor: pipe.writer.descriptor) }
  func received(_ count: Int) throws -> [String] {
    var bytes: [UInt8] = []
    _ = pipe.reader.read(into: &bytes)
    return lines(bytes)
  }
  func goAway() throws { pipe.reader.close() }
  func comeBack() throws {}
}

final class FileRig: SinkRig {
  private let directory: TemporaryDirectory
  private var readBytes = 0
  var path: FilePath { directory.path.appending("logs/alerts.json") }

  init() throws {
    directory = try TemporaryDirectory()
    try comeBack()
  }
  func makeSink() -> any Sink { FileSink(options: FileSinkOptions(path: path.string)) }
  func received(_ count: Int) throws -> [String] {
    let bytes = Array(try contents(of: path).utf8)
    defer { readBytes = bytes.count }
    return lines(Array(bytes.dropFirst(readBytes)))
  }
  func goAway() throws {
    Disk.unlink(path)
    Disk.rmdir(path.removingLastComponent())
    readBytes = 0
  }
  func comeBack() throws { Disk.mkdir(path.removingLastComponent()) }
}

class SyslogRig: SinkRig {
  private let directory: TemporaryDirectory
  private var receiver: UnixReceiver?
  class var isStream: Bool { false }
  var path: FilePath { directory.path.appending("log") }

  init() throws {
    directory = try TemporaryDirectory()
    try comeBack()
  }
  func makeSink() -> any Sink {
    var options = LocalSyslogOptions()
    options.path = path.string
    options.processID = 42
    return LocalSyslogSink(options: options)
  }
  func received(_ count: Int) throws -> [String] {
    try messages().map { message in
      let text = String(decoding: message, as: UTF8.self)
      guard let end = text.firstRange(of: " windhover[42]: ") else { return "no header: \(text)" }
      return String(text[end.upperBound...])
    }
  }
  func messages() throws -> [[UInt8]] { try receiver?.messages() ?? [] }
  func goAway() throws { receiver = nil }
  func comeBack() throws { receiver = try UnixReceiver(path: path, isStream: Self.isStream) }
}

final class StreamSyslogRig: SyslogRig {
  override class var isStream: Bool { true }
}

final class JournaldRig: SyslogRig {
  override func makeSink() -> any Sink {
    var options = JournaldOptions()
    options.path = path.string
    return JournaldSink(options: options)
  }
  override func received(_ count: Int) throws -> [String] {
    try messages().map { String(decoding: $0, as: UTF8.self) }
  }
}

final class UDPRig: SinkRig {
  private let receiver: NetworkReceiver

  init() throws { receiver = try NetworkReceiver(isStream: false) }
  func makeSink() -> any Sink {
    UDPSyslogSink(
      options: RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: receiver.port)]))
  }
  func received(_ count: Int) throws -> [String] {
    var messages: [String] = []
    while messages.count < count {
      let more = try receiver.received()
      if more.isEmpty { break }
      messages += more.map { String(decoding: $0, as: UTF8.self) }
    }
    return messages
  }
  func goAway() throws { receiver.stop() }
  func comeBack() throws { try receiver.start() }
}

final class TCPRig: SinkRig {
  private let receiver: NetworkReceiver
  private let framing: SyslogFraming

  init(framing: SyslogFraming) throws {
    receiver = try NetworkReceiver(isStream: true)
    self.framing = framing
  }
  func makeSink() -> any Sink {
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "localhost", port: receiver.port)])
    options.framing = framing
    options.resendWindowSeconds = 0
    return TCPSyslogSink(options: options)
  }
  func received(_ count: Int) throws -> [String] {
    var bytes: [UInt8] = []
    while true {
      let more = try receiver.received().reduce([], +)
      bytes += more
      let messages = framing == .lineFeed ? lines(bytes) : try octetCounted(bytes)
      if messages.count >= count || more.isEmpty { return messages }
    }
  }
  func goAway() throws { receiver.stop() }
  func comeBack() throws { try receiver.start() }
}

final class RELPRig: SinkRig {
  private let receiver: RELPReceiver

  init() throws { receiver = try RELPReceiver() }
  func makeSink() -> any Sink {
    RELPSink(options: RemoteSyslogOptions(targets: [SyslogTarget(host: "localhost", port: receiver.port)]))
  }
  func received(_ count: Int) throws -> [String] { receiver.received(atLeast: count) }
  func goAway() throws { receiver.stop() }
  func comeBack() throws { try receiver.start() }
}

final class HTTPRig: SinkRig {
  private let receiver: HTTPReceiver

  init() throws { receiver = try HTTPReceiver() }
  func makeSink() -> any Sink { HTTPSink(options: HTTPOptions(urls: [receiver.url])) }
  func received(_ count: Int) throws -> [String] { receiver.received(atLeast: count) }
  func goAway() throws { receiver.stop() }
  func comeBack() throws { try receiver.start() }
}

/// The messages of a stream with counts before them.
func octetCounted(_ bytes: [UInt8]) throws -> [String] {
  var messages: [String] = []
  var rest = bytes[...]
  while let space = rest.firstIndex(of: UInt8(ascii: " ")),
    let count = Int(String(decoding: rest[..<space], as: UTF8.self))
  {
    messages.append(String(decoding: rest[(space + 1)...].prefix(count), as: UTF8.self))
    rest = rest.dropFirst(space + 1 - rest.startIndex + count)
  }
  return rest.isEmpty ? messages : messages + ["rest: " + String(decoding: rest, as: UTF8.self)]
}

func lines(_ bytes: [UInt8]) -> [String] {
  bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
}

extension EncodedAlert {
  init(_ sequence: UInt64, _ text: String) {
    self.init(
      sequence: sequence, priority: .notice, timeNanoseconds: Sample.time, bytes: Array(text.utf8))
  }
}
