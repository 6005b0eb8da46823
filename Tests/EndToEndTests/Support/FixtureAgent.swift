import SystemPackage
import Testing

/// An agent on a fixture of two processes, about one of which it raises an alert at once: nothing depends on this machine,
/// and no privilege is needed.
enum FixtureAgent {
  private static let host = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("Fixtures/docker-default").string

  /// The rule that it is raised by.
  static let rule = "Sleeper"

  /// Starts it, without a control socket and with nothing on standard output.
  /// - Parameters:
  ///   - directory: where its rules are written.
  ///   - options: `-o` of each.
  static func start(
    in directory: TemporaryDirectory, _ options: String..., environment: [String: String] = [:]
  ) throws -> Program {
    let rules = try directory.write(
      """
      - rule: \(rule)
        desc: d
        condition: evt.type = process_seen and proc.name = sleep
        output: "seen %proc.name in %container.id"
        priority: WARNING
      """, to: "rules.yaml", permissions: [.ownerReadWrite])
    let all = ["control.socket=", "stdout_output.enabled=false"] + options
    return try Program(
      BuiltBinary.path,
      ["run", "--sources", "procfs", "--host-root", host, "-r", rules] + all.flatMap { ["-o", $0] },
      environment: environment)
  }
}
