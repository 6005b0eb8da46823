import Glibc
import SystemPackage

/// A real systemd-journald in a mount namespace of its own, which leaves this host's journal alone; it ends with this object.
final class Journald {
  /// Whether it is installed and this process may make mounts that nobody else sees.
  static let canRun: Bool =
    unsafe access("/lib/systemd/systemd-journald", X_OK) == 0 && access("/usr/bin/journalctl", X_OK) == 0
    && access("/etc/machine-id", R_OK) == 0 && getuid() == 0
    && (try? Program("/usr/bin/unshare", ["-m", "true"]).finish().status) == 0

  private let directory: TemporaryDirectory
  private var program: Program?

  var socket: FilePath { directory.path.appending("run/socket") }

  init() throws {
    directory = try TemporaryDirectory()
    for name in ["run", "log", "conf"] { Disk.mkdir(directory.path.appending(FilePath.Component(name)!)) }
    try directory.write(
      """
      [Journal]
      Storage=volatile
      ForwardToWall=no
      ForwardToSyslog=no
      ReadKMsg=no
      Audit=no
      RateLimitIntervalSec=0
      """, to: "conf/journald.conf")
    let script = """
      mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal &&
      mount --bind DIR/run /run/systemd/journal && mount --bind DIR/log /run/log/journal &&
      mount --bind DIR/conf /etc/systemd && exec /lib/systemd/systemd-journald
      """.replacing("DIR", with: directory.path.string)
    program = try Program(
      "/usr/bin/unshare", ["-m", "--propagation", "private", "/bin/sh", "-c", script])
    for _ in 0..<2000 where unsafe access(socket.string, W_OK) != 0 { usleep(10_000) }
  }

  deinit { try? stop() }

  /// The entries of a program as JSON, one a line, once there are so many.
  func entries(of identifier: String, atLeast count: Int) throws -> [String] {
    var lines: [String] = []
    for _ in 0..<200 {
      let found = try Program(
        "/usr/bin/journalctl",
        ["-D", directory.path.appending("log").string, "-o", "json", "--all", "--no-pager", "-t", identifier]
      ).finish()
      lines = found.output.split(separator: "\n").map(String.init)
      if lines.count >= count { return lines }
      usleep(100_000)
    }
    return lines
  }

  /// Ends the daemon by its own pid and waits for that.
  func stop() throws {
    program?.signal(SIGTERM)
    _ = try program?.finish()
    program = nil
  }
}
