import Glibc
import SystemPackage

/// A real rsyslogd with its own configuration, state and sockets, run in the foreground; it ends with this object.
final class Rsyslog {
  static var isInstalled: Bool { unsafe access("/usr/sbin/rsyslogd", X_OK) == 0 }

  let directory: TemporaryDirectory
  private(set) var program: Program?

  /// - Parameter configuration: what follows the modules and the working directory; `DIR` stands for the directory.
  init(_ configuration: String) throws {
    directory = try TemporaryDirectory()
    let text = """
      global(workDirectory="DIR" processInternalMessages="on")
      \(configuration)
      """
    try directory.write(text.replacing("DIR", with: directory.path.string), to: "rsyslog.conf")
    try start()
  }

  /// Starts the daemon, and waits until its log says that it has.
  func start() throws {
    program = try Program(
      "/usr/sbin/rsyslogd",
      [
        "-n", "-C", "-f", directory.path.appending("rsyslog.conf").string, "-i",
        directory.path.appending("pid").string,
      ])
  }

  /// Ends the daemon by its own pid and waits for that.
  func stop() throws {
    program?.signal(SIGTERM)
    _ = try program?.finish()
    program = nil
  }

  /// The receiver example of this repository, with its paths below `DIR`.
  static func example() throws -> String {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .removingLastComponent()
    return try contents(of: root.appending("deploy/rsyslog/windhover.conf"))
      .replacing("/var/log/windhover", with: "DIR/out")
  }

  /// Waits until a file of the daemon has so many lines, and gives them.
  func lines(of name: String, atLeast count: Int, within deadline: Duration = .seconds(10)) throws -> [String]
  {
    let end = ContinuousClock.now + deadline
    while true {
      let text = (try? contents(of: directory.path.appending(name))) ?? ""
      let lines = text.split(separator: "\n").map(String.init)
      if lines.count >= count || ContinuousClock.now > end { return lines }
      usleep(10_000)
    }
  }
}
