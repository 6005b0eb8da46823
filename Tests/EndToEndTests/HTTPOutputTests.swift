import Glibc
import SystemPackage
import Testing

/// The agent posts what it finds: here on a fixture with two processes, so that nothing depends on this machine.
@Suite(.enabled(if: TLSFront.isPossible, "needs socat and openssl (Debian packages of these names)"))
struct HTTPOutputTests {
  private static let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures/docker-default").string

  @Test(
    "http_output posts over TLS with a token from behind the agent's system call filter, and not where the environment says"
  )
  func posting() throws {
    let directory = try TemporaryDirectory()
    let rules = try directory.write(
      """
      - rule: Sleeper
        desc: d
        condition: evt.type = process_seen and proc.name = sleep
        output: "seen %proc.name in %container.id"
        priority: WARNING
      """, to: "rules.yaml")
    let token = try directory.write("secret\n", to: "token", permissions: [.ownerReadWrite])
    let authority = try Certificates()
    let receiver = try HTTPReceiver { _ in HTTPReceiver.Answer(status: 200, body: "ok \u{1B}") }
    let front = try TLSFront(
      to: receiver.port, try authority.certificate(named: "receiver", for: ["DNS:localhost"]))
    let agent = try Program(
      BuiltBinary.path,
      [
        "run", "--sources", "procfs", "--host-root", Self.fixture, "-r", rules, "-o", "control.socket=", "-o",
        "stdout_output.enabled=false", "-o", "user=nobody", "-o",
        "http_output={enabled: true, url: 'https://localhost:\(front.port)/', echo: true, bearer_token_file: \(token), ca_cert: \(authority.authorityFile)}",
      ],
      environment: ["https_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"])
    let body = try #require(receiver.received(atLeast: 1).first)
    let alert = try JSONTree(body)
    #expect(alert["rule"] == .text("Sleeper"))
    #expect(alert["output_fields"]?["proc.name"] == .text("sleep"))
    #expect(receiver.requests.first?.headers["authorization"] == "Bearer secret")
    try agent.errorLine { $0 == "https://localhost:\(front.port)/: status 200: ok ?" }
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(errors.contains(" delivered, 0 failures, 0 missed, 0 waiting"), "\(errors)")
    #expect(!errors.contains("refused system calls"), "\(errors)")
    #expect(!errors.contains("not confined"), "\(errors)")
  }
}
