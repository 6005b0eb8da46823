import Glibc
import SystemPackage
import Testing

/// The agent posts what it finds: here on a fixture with two processes, so that nothing depends on this machine.
@Suite(.enabled(if: TLSFront.isPossible, "needs socat and openssl (Debian packages of these names)"))
struct HTTPOutputTests {
  @Test(
    "http_output posts over TLS with a token from behind the agent's system call filter, and not where the environment says"
  )
  func posting() throws {
    let directory = try TemporaryDirectory()
    let token = try directory.write("secret\n", to: "token", permissions: [.ownerReadWrite])
    let authority = try Certificates()
    let receiver = try HTTPReceiver { _ in HTTPReceiver.Answer(status: 200, body: "ok \u{1B}") }
    let front = try TLSFront(
      to: receiver.port, try authority.certificate(named: "receiver", for: ["DNS:localhost"]))
    let url = "https://localhost:\(front.port)/"
    let agent = try FixtureAgent.start(
      in: directory, "user=nobody",
      "http_output={enabled: true, url: '\(url)', echo: true, bearer_token_file: \(token), ca_cert: \(authority.authorityFile)}",
      environment: ["https_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"])
    let body = try #require(receiver.received(atLeast: 1).first)
    let alert = try JSONTree(body)
    #expect(alert["rule"] == .text(FixtureAgent.rule))
    #expect(alert["output_fields"]?["proc.name"] == .text("sleep"))
    #expect(receiver.requests.first?.headers["authorization"] == "Bearer secret")
    try agent.errorLine { $0 == "\(url): status 200: ok ?" }
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(errors.contains(" delivered, 0 failures, 0 missed, 0 waiting"), "\(errors)")
    #expect(!errors.contains("refused system call"), "\(errors)")
    #expect(!errors.contains("not confined"), "\(errors)")
  }
}
