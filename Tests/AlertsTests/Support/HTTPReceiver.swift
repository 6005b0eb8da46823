import Glibc
import Synchronization
import SystemPackage

/// A receiver of HTTP/1.1 on the loopback: keeps the bodies that it answers with 2xx, and answers as it was told.
final class HTTPReceiver: Sendable {
  struct Request: Sendable {
    /// `POST / HTTP/1.1`
    var line: String
    /// By their names in small letters.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  struct Answer: Sendable {
    var status: Int
    var body = ""
    var headers = ""
  }

  private let bodies = MessageBox()
  private let log = RequestLog()
  private let server: LoopbackServer

  var port: UInt16 { server.port }
  var url: String { "http://127.0.0.1:\(port)/" }
  /// Everything that was asked since the start.
  var requests: [Request] { log.all }

  /// - Parameter answer: `nil` answers nothing.
  init(_ answer: @escaping @Sendable (Request) -> Answer? = { _ in Answer(status: 200) }) throws {
    let (bodies, log) = (bodies, log)
    server = try LoopbackServer { connection in
      var bytes: [UInt8] = []
      while let more = connection.read() {
        bytes += more
        while let request = Self.next(in: &bytes) {
          log.append(request)
          guard let answer = answer(request) else { continue }
          // Kept before it is acknowledged, as a receiver must.
          if (200..<300).contains(answer.status) { bodies.append(request.body) }
          connection.write(
            Array(
              "HTTP/1.1 \(answer.status) x\r\nContent-Length: \(answer.body.utf8.count)\r\n\(answer.headers)\r\n\(answer.body)"
                .utf8))
        }
      }
    }
  }

  /// What was acknowledged since the last call.
  func received(atLeast count: Int = 0) -> [String] { bodies.take(atLeast: count) }

  func stop() { server.stop() }
  func start() throws { try server.start() }

  /// Takes the next whole request.
  static func next(in bytes: inout [UInt8]) -> Request? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
    }
    let count = headers["content-length"].flatMap(Int.init) ?? 0
    guard bytes.count >= end.upperBound + count else { return nil }
    let body = Array(bytes[end.upperBound..<end.upperBound + count])
    bytes.removeFirst(end.upperBound + count)
    return Request(line: String(lines.first ?? ""), headers: headers, body: body)
  }
}

/// Requests in the order in which they came.
final class RequestLog: Sendable {
  private let requests = Mutex<[HTTPReceiver.Request]>([])

  func append(_ request: HTTPReceiver.Request) { requests.withLock { $0.append(request) } }
  var all: [HTTPReceiver.Request] { requests.withLock { $0 } }
}

/// TLS in front of a receiver of this process, by socat; it ends with this object.
final class TLSFront {
  static var isPossible: Bool { unsafe access("/usr/bin/socat", X_OK) == 0 && Certificates.canBeMade }

  let port: UInt16
  private let program: Program

  /// - Parameter options: more for socat's OPENSSL-LISTEN, such as `,verify=1`.
  init(
    to port: UInt16, _ certificate: (file: String, key: String), _ options: String = ",verify=0"
  ) throws {
    // Freed again for socat: a moment in which another could take it.
    self.port = try NetworkReceiver(isStream: true).port
    program = try Program(
      "/usr/bin/socat",
      [
        "-d", "-d",
        "OPENSSL-LISTEN:\(self.port),bind=127.0.0.1,reuseaddr,fork,cert=\(certificate.file),key=\(certificate.key)\(options)",
        "TCP:127.0.0.1:\(port)",
      ])
    try program.errorLine { $0.contains("listening on") }
  }
}
