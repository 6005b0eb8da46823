import Glibc
import SystemPackage
import Testing

@testable import Alerts

@Suite struct AuthorityDirectoryTests {
  @Test(
    "a directory of authorities is used as one when a certificate is found in it by its hash",
    arguments: [
      (["ca-certificates.crt"], false), ([], false), (["0123abcd.0"], true), (["xyz3abcd.0"], false),
      (["0123abcd.r0", "a.pem"], false), (["a.pem", "FFFF0000.0"], true),
    ])
  func isIndexed(names: [String], expected: Bool) throws {
    let directory = try TemporaryDirectory()
    for name in names { try directory.write("", to: name) }
    #expect(AuthorityDirectory(directory.path.string).isIndexed == expected)
    #expect(!AuthorityDirectory("/nonexistent").isIndexed)
  }

  @Test(
    "openssl finds in an indexed directory what it needs",
    .enabled(if: TLSFront.isPossible, "needs socat and openssl (Debian packages of these names)"))
  func used() throws {
    let authority = try Certificates()
    let directory = try TemporaryDirectory()
    _ = try Program("/bin/cp", [authority.authorityFile, directory.path.appending("a.pem").string]).finish()
    _ = try Program("/usr/bin/openssl", ["rehash", directory.path.string]).finish()
    #expect(AuthorityDirectory(directory.path.string).isIndexed)
    let receiver = try HTTPReceiver()
    let front = try TLSFront(
      to: receiver.port, try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]))
    var options = HTTPOptions(urls: ["https://127.0.0.1:\(front.port)/"])
    options.tls.authorityDirectory = directory.path.string
    let sink = HTTPSink(options: options)
    try sink.open()
    try sink.deliver([EncodedAlert(1, "{}")])
    #expect(sink.settled == 1)
  }
}
