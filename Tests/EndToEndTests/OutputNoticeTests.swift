import Glibc
import SystemPackage
import Testing

/// What the agent says of an output that fails: here on a fixture with two processes.
@Suite struct OutputNoticeTests {
  @Test("an output that goes on failing is in the log once, with the cure, and once more when it works again")
  func failing() throws {
    let directory = try TemporaryDirectory()
    let token = try directory.write("wrong", to: "token", permissions: [.ownerReadWrite])
    let receiver = try HTTPReceiver { request in
      HTTPReceiver.Answer(status: request.headers["authorization"] == "Bearer right" ? 200 : 401)
    }
    let agent = try FixtureAgent.start(
      in: directory,
      "http_output={enabled: true, url: '\(receiver.url)', bearer_token_file: \(token), name: siem}")
    let failing = try agent.errorLine { $0.contains("output siem: failing") }
    #expect(failing.hasPrefix("windhover: warning: output siem: failing since "), "\(failing)")
    #expect(
      failing.hasSuffix(": \(receiver.url): status 401 (it refused the token in \(token))"), "\(failing)")
    try directory.write("right", to: "token", permissions: [.ownerReadWrite])
    // A signal from elsewhere neither ends it nor has it tell anything twice.
    agent.signal(SIGUSR2)
    try agent.errorLine { $0.contains("output siem: works again, 0 waiting") }
    agent.signal(SIGTERM)
    let errors = try agent.finish().errors
    #expect(errors.ranges(of: "output siem: failing").count == 1, "\(errors)")
    #expect(errors.ranges(of: "output siem: works again").count == 1, "\(errors)")
    #expect(!errors.contains("refused system call"), "\(errors)")
  }
}
