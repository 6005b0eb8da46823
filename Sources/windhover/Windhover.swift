import ArgumentParser
import Glibc

@main
struct Windhover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "windhover",
    abstract: "Watches a Linux host and its containers, and raises an alert when a rule matches.",
    version: Version.current,
    subcommands: [
      Run.self, TailCommand.self, EventsCommand.self, StatusCommand.self, SelftestCommand.self,
      RulesCommand.self,
      FieldsCommand.self,
    ])

  static func main() {
    // A pipe that its reader closed is a write error with EPIPE, which ends a command in success, not a signal.
    signal(SIGPIPE, SIG_IGN)
    Glibc.exit(ExitStatus(of: perform).rawValue)
  }

  private static func perform() throws {
    var command = try parseAsRoot()
    try command.run()
  }
}
