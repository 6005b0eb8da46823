// Unsafe: posix_spawn(3) and kill(2), with strings that live for the call.

import Glibc
import System
import SystemPackage

/// This program once more, under a name that no other has, so that the agent knows it.
///
/// The name is that of a symbolic link in a directory of its own, since the kernel names a program after the path that it
/// was started by.
struct MarkedProgram: ~Copyable {
  private let directory: FilePath
  private let link: FilePath
  private let pid: pid_t

  /// Where temporary files go: `TMPDIR`, else `/tmp`. See environ(7).
  private static var parent: String {
    let wanted = Environment.value(of: "TMPDIR") ?? ""
    return wanted.hasPrefix("/") ? wanted : "/tmp"
  }

  /// A name that the kernel keeps whole.
  static func randomName() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return "whst-" + String((0..<10).map { _ in letters.randomElement() ?? "x" })
  }

  /// Starts it; it ends by itself after its lifetime.
  init(named name: String, lifetimeSeconds: Double) throws(CommandFailure) {
    var template = Array("\(Self.parent)/windhover-selftest-XXXXXX".utf8CString)
    // SAFETY: mkdtemp changes the six last letters of a string that ends in NUL.
    guard unsafe mkdtemp(&template) != nil else {
      throw .failed(
        "\(Self.parent): cannot make a directory: \(Errno(rawValue: errno)); set TMPDIR to another place")
    }
    let directory = FilePath(
      String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    let link = directory.appending(name)
    do {
      pid = try Self.start(link, ["selftest", "--mark", "--timeout", "\(lifetimeSeconds)"])
    } catch {
      Self.remove(link, directory)
      throw .failed("\(link): cannot be started: \(error)")
    }
    self.directory = directory
    self.link = link
  }

  private static func start(_ link: FilePath, _ arguments: [String]) throws(Errno) -> pid_t {
    // Not a link to /proc/self/exe, which would lead to whatever reads it.
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    // SAFETY: readlink is told the buffer's size less one, so that a zero stays behind what it writes.
    guard unsafe readlink("/proc/self/exe", &target, target.count - 1) > 0,
      unsafe symlink(target, link.string) == 0
    else { throw Errno(rawValue: errno) }

    var pid: pid_t = 0
    var pointers = unsafe ([link.string] + arguments).map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    // SAFETY: the vector ends with a null pointer and lives until the call has returned.
    let error = unsafe posix_spawn(&pid, link.string, nil, nil, pointers, environ)
    guard error == 0 else { throw Errno(rawValue: error) }
    return pid
  }

  private static func remove(_ link: FilePath, _ directory: FilePath) {
    _ = unsafe unlink(link.string)
    _ = unsafe rmdir(directory.string)
  }

  /// Ends it; what else drops it does so too.
  consuming func end() {}

  deinit {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    // SAFETY: fills a local.
    _ = unsafe waitpid(pid, &status, 0)
    Self.remove(link, directory)
  }
}
