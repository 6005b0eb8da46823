import Glibc
import SystemPackage

/// A real container: busybox in namespaces and a cgroup of its own, run by runc as Docker would name it.
///
/// Removed with its processes when this object goes.
final class Container {
  /// Sixty-four hexadecimal digits, as Docker's ids.
  let id: String
  private let bundle: TemporaryDirectory

  /// What a test says that skips because no container can be run here.
  static let requirement = "needs root, runc and busybox-static"

  static let isAvailable: Bool =
    geteuid() == 0
    && ["/usr/sbin/runc", "/bin/busybox"].allSatisfy { (path: String) in unsafe access(path, X_OK) == 0 }

  /// Starts the container with this command as its first process.
  init(command: [String] = ["/bin/sleep", "3600"]) throws {
    var generator = SystemRandomNumberGenerator()
    id = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    bundle = try TemporaryDirectory()
    let layout = """
      cd '\(bundle.path)' && mkdir -p rootfs/bin rootfs/proc rootfs/dev rootfs/tmp && cp /bin/busybox rootfs/bin/ &&
      for name in sh sleep id ls cat cp mkdir; do ln -s busybox rootfs/bin/$name; done
      """
    try Self.require(Program("/bin/sh", ["-c", layout]).finish())
    try bundle.write(Self.configuration(id: id, command: command), to: "config.json")
    // The container's processes keep the streams that runc has: pipes of ours would never end.
    let start =
      "exec runc run --detach --bundle '\(bundle.path)' \(id) < /dev/null > '\(bundle.path)/log' 2>&1"
    let outcome = try Program("/bin/sh", ["-c", start]).finish()
    guard outcome.status == 0 else { throw Failure(text: try contents(of: bundle.path.appending("log"))) }
  }

  deinit {
    _ = try? Program("/usr/sbin/runc", ["delete", "--force", id]).finish()
  }

  /// Runs a command in the container until it ends, as `docker exec` does.
  @discardableResult
  func exec(_ command: String...) throws -> Outcome {
    try Program("/usr/sbin/runc", ["exec", id] + command).finish()
  }

  struct Failure: Error {
    var text: String
  }

  private static func require(_ outcome: Outcome) throws {
    guard outcome.status == 0 else { throw Failure(text: outcome.errors) }
  }

  private static func configuration(id: String, command: [String]) -> String {
    let arguments = command.map { "\"\($0)\"" }.joined(separator: ", ")
    return """
      {
        "ociVersion": "1.0.2",
        "process": {
          "user": {"uid": 0, "gid": 0}, "args": [\(arguments)], "cwd": "/",
          "env": ["PATH=/bin"], "noNewPrivileges": true
        },
        "root": {"path": "rootfs"},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
        "linux": {
          "cgroupsPath": "/docker/\(id)",
          "namespaces": [
            {"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}
          ]
        }
      }
      """
  }
}
