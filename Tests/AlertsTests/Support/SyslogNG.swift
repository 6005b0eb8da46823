import Glibc
import System
import SystemPackage

/// A real syslog-ng with its own configuration and state, run in the foreground; it ends with this object.
///
/// `make setup-test` unpacks it below .build, since Debian does not install it beside rsyslog.
final class SyslogNG {
  static var isInstalled: Bool { unsafe access(root.appending("usr/sbin/syslog-ng").string, X_OK) == 0 }

  private static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent()
  private static let root = repository.appending(".build/unpacked/syslog-ng-core")

  /// Where its modules are, in a directory of the version's name.
  private static var modules: String {
    let directory = root.appending("usr/lib/syslog-ng")
    let version = (try? Directory.names(in: directory))?.first { $0.first?.isNumber == true } ?? ""
    return directory.appending(version).string
  }

  let directory: TemporaryDirectory
  private(set) var program: Program?

  /// - Parameter configuration: what follows the version; `DIR` stands for the directory.
  init(_ configuration: String) throws {
    directory = try TemporaryDirectory()
    let text = """
      @version: 3.35
      options { keep-hostname(yes); use-dns(no); chain-hostnames(no); log-msg-size(131072); stats-freq(0); };
      \(configuration)
      """
    try directory.write(text.replacing("DIR", with: directory.path.string), to: "syslog-ng.conf")
    try start()
  }

  /// Starts the daemon, and waits until it answers at its control socket.
  func start() throws {
    let path = directory.path
    program = try Program(
      Self.root.appending("usr/sbin/syslog-ng"),
      [
        "--foreground", "--no-caps", "--stderr", "--cfgfile", path.appending("syslog-ng.conf").string,
        "--persist-file", path.appending("persist").string, "--pidfile", path.appending("pid").string,
        "--control", path.appending("ctl").string, "--module-path", Self.modules,
      ], environment: ["LD_LIBRARY_PATH": Self.root.appending("usr/lib/syslog-ng").string])
    try program?.errorLine { $0.contains("starting up") }
  }

  /// Ends the daemon by its own pid and waits for that.
  func stop(by signal: Int32 = SIGTERM) throws {
    program?.signal(signal)
    _ = try program?.finish()
    program = nil
  }

  /// The receiver example of this repository, with its paths below `DIR`.
  static func example() throws -> String {
    return try contents(of: repository.appending("deploy/syslog-ng/receiver.conf"))
      .replacing("/var/log/windhover", with: "DIR/out")
  }

  /// Waits until a file of the daemon has so many lines, and gives them.
  func lines(of name: String, atLeast count: Int) throws -> [String] {
    for _ in 0..<6000 {
      let text = (try? contents(of: directory.path.appending(name))) ?? ""
      let lines = text.split(separator: "\n").map(String.init)
      if lines.count >= count { return lines }
      usleep(10_000)
    }
    return ((try? contents(of: directory.path.appending(name))) ?? "").split(separator: "\n").map(String.init)
  }
}
