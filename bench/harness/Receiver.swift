import System
import SystemPackage

/// An rsyslogd of the bench's own on this host, which writes every message that it gets as a line to a file.
final class Receiver {
  static let path = "/usr/sbin/rsyslogd"
  let port: UInt16
  /// The certificate that it shows, which a sender may take for the authority.
  let certificateFile: String
  let keyFile: String
  private let outputFile: String
  private let daemon: Child

  /// - Parameter module: imtcp or imrelp, and what it is loaded and opened with; `PORT`, `CERT` and `KEY` stand for its own.
  init(_ bench: Workbench, _ configuration: String, port: UInt16) throws(BenchError) {
    self.port = port
    certificateFile = bench.directory + "/receiver.pem"
    keyFile = bench.directory + "/receiver.key"
    outputFile = bench.directory + "/received-\(port)"
    for file in [certificateFile, keyFile, outputFile, outputFile + ".pid"] { bench.willLeave(file) }
    // What an earlier run left there would be counted again.
    try? Directory.removeFile(FilePath(outputFile))
    let openssl = try Child(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj",
        "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", keyFile, "-out", certificateFile,
      ])
    _ = try openssl.outputEnd(within: 20)
    openssl.end(by: 15)
    var text = """
      global(workDirectory="\(bench.directory)" maxMessageSize="64k")
      \(configuration)
      template(name="line" type="string" string="%msg%\\n")
      ruleset(name="all") { action(type="omfile" file="\(outputFile)" template="line" ioBufferSize="64k") }

      """
    for (word, value) in [("PORT", "\(port)"), ("CERT", certificateFile), ("KEY", keyFile)] {
      text = text.split(separator: word, omittingEmptySubsequences: false).joined(separator: value)
    }
    let file = try bench.write(text, to: "rsyslog-\(port).conf")
    daemon = try Child(Self.path, ["-n", "-C", "-f", file, "-i", outputFile + ".pid"])
  }

  /// Lines that it has written.
  var received: Int { (bytes(of: outputFile) ?? []).reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) } }

  /// Ends it; what it still held is then in the file.
  func stop() { daemon.end(by: 15) }
}
