import Glibc
import System
import SystemPackage

/// A real rsyslogd with its own configuration, state and sockets, run in the foreground; it ends with this object.
final class Rsyslog {
  static var isInstalled: Bool { unsafe access("/usr/sbin/rsyslogd", X_OK) == 0 }

  /// Whether its TLS by OpenSSL is installed (Debian package rsyslog-openssl).
  static var speaksTLS: Bool { has("lmnsd_ossl.so") }

  /// Whether it has TLS by this library: `ossl` or `gtls` (Debian packages rsyslog-openssl and rsyslog-gnutls).
  static func has(driver: String) -> Bool { has("lmnsd_\(driver).so") }

  /// Whether it takes RELP (Debian package rsyslog-relp).
  static var speaksRELP: Bool { has("imrelp.so") }

  /// Whether this module is installed, wherever the architecture has it.
  private static func has(_ module: String) -> Bool {
    ["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""].contains {
      unsafe access("/usr/lib/\($0)rsyslog/\(module)", R_OK) == 0
    }
  }

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
  func stop(by signal: Int32 = SIGTERM) throws {
    program?.signal(signal)
    _ = try program?.finish()
    program = nil
  }

  /// Waits until somebody has this port, as far as this host shows it.
  func waitUntilListening(_ port: UInt16, isStream: Bool = false) throws {
    let hexadecimal = String(port, radix: 16, uppercase: true)
    let needle = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal + " "
    for _ in 0..<6000 {
      let isThere = try contents(of: isStream ? "/proc/net/tcp" : "/proc/net/udp").split(separator: "\n")
        .contains {
          // State 0A is LISTEN.
          $0.contains(needle) && (!isStream || $0.contains(" 00000000:0000 0A "))
        }
      if isThere { return }
      usleep(10_000)
    }
  }

  /// A receiver example of this repository, with its paths below `DIR`.
  static func example(_ name: FilePath.Component) throws -> String {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .removingLastComponent()
    return try contents(of: root.appending("deploy/rsyslog").appending(name))
      .replacing("/var/log/windhover", with: "DIR/out")
  }

  /// Waits until this stands near the end of a file of the daemon, which may be large by then.
  func await(_ text: String, endOf name: String, within deadline: Duration = .seconds(120)) throws {
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
      if let file = try? FileDescriptor.open(directory.path.appending(name), .readOnly) {
        defer { try? file.close() }
        let size = try Stat(file).size
        let tail = try file.bytes(at: max(0, size - 50_000), count: 50_000)
        if String(decoding: tail, as: UTF8.self).contains(text) { return }
      }
      usleep(100_000)
    }
  }

  /// Waits until a line of a file of the daemon satisfies the predicate.
  func line(of name: String, within deadline: Duration = .seconds(60), where predicate: (String) -> Bool)
    throws
    -> String
  {
    let end = ContinuousClock.now + deadline
    while true {
      let text = (try? contents(of: directory.path.appending(name))) ?? ""
      // What is behind the last end of a line may be half of one.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
      if let line = lines.first(where: predicate) { return line }
      guard ContinuousClock.now < end else {
        throw DeadlinePassed(waitingFor: "a line of \(name)", output: String(text.suffix(4096)), errors: "")
      }
      usleep(10_000)
    }
  }

  /// Waits until a file of the daemon has so many lines, and gives them.
  func lines(of name: String, atLeast count: Int, within deadline: Duration = .seconds(60)) throws -> [String]
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
