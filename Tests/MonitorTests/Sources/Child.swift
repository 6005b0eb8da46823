import Glibc
import Testing

/// A program started for a test and ended by its pid.
struct Child {
  /// Whether a child may mount, and a program is there that needs no other file.
  static var canMountBusybox: Bool {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    unsafe geteuid() == 0 && access("/bin/busybox", X_OK) == 0
  }

  let pid: Int32

  /// Starts `arguments[0]` with these arguments and this program's environment.
  init(_ arguments: [String]) throws {
    var started: Int32 = 0
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe argv.append(nil)
    // SAFETY: argv is ended by nil, its strings live until they are freed below.
    let result = unsafe posix_spawn(&started, arguments[0], nil, nil, argv, environ)
    unsafe argv.forEach { unsafe free($0) }
    try #require(result == 0, "cannot start \(arguments[0])")
    pid = started
  }

  /// Kills it and waits for its end.
  func end() {
    kill(pid, SIGKILL)
    wait()
  }

  /// Waits for its end.
  func wait() {
    var status: Int32 = 0
    // SAFETY: a local.
    _ = unsafe waitpid(pid, &status, 0)
  }
}
