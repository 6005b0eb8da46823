// Unsafe: the system calls that open a file.
import CLinux
import Glibc
import SystemPackage

/// The directory that is the root of the host that is watched: `/`, a host mounted elsewhere, or a fixture tree.
///
/// A value; any thread may use it. Every file that `Host` reads lies below it, `/proc` too.
public struct HostRoot: Sendable, Hashable, CustomStringConvertible {
  /// The directory without a slash at its end; empty for `/`.
  let prefix: String

  /// - Parameter path: an absolute or relative path to a directory; whether it is there shows at the first read.
  public init(_ path: String) {
    var prefix = path[...]
    while prefix.last == "/" { prefix.removeLast() }
    self.prefix = path.isEmpty ? "." : String(prefix)
  }

  /// The machine this program runs on.
  public static let live = HostRoot("/")

  /// Whether this is the root directory of the program itself.
  public var isLive: Bool { prefix.isEmpty }

  public var description: String { isLive ? "/" : prefix }

  /// Where `path`, absolute on the host, lies for this program. Symbolic links on the host may lead elsewhere: to
  /// read a file by name use `read`.
  public func path(_ path: String) -> String { prefix + path }

  /// Reads a small regular file of the host whole, following symbolic links as the host would: below a root that is
  /// not `/` no link leads out of it. See openat2(2).
  /// - Parameters:
  ///   - path: absolute on the host, such as `/etc/passwd`.
  ///   - limit: at most so many bytes are kept; more make the outcome `.truncated`.
  public func read(_ path: String, limit: Int, into buffer: inout ReadBuffer) -> ReadOutcome {
    buffer.clear()
    do throws(Errno) {
      let file = try open(path)
      return buffer.fill(from: file.descriptor, limit: limit, endsAtShortRead: false)
    } catch {
      return ReadOutcome(error)
    }
  }

  /// Opens a regular file of the host for reading; never waits for the other end of a FIFO.
  /// - Throws: `.invalidArgument` when it is not a regular file.
  func open(_ path: String) throws(Errno) -> HostFile {
    let file = try HostFile(taking: isLive ? openHere(path) : openConfined(path))
    guard file.isRegular else { throw .invalidArgument }
    return file
  }

  /// Opens a regular file of the host to be read again and again.
  /// - Throws: `.invalidArgument` when it is not a regular file.
  func keep(_ path: String) throws(Errno) -> KeptFile { KeptFile(taking: try open(path).release()) }

  /// Opens a directory of the host to be listed.
  func openDirectory(_ path: String) throws(Errno) -> Int32 {
    try isLive ? openHere(path) : openConfined(path)
  }

  // SAFETY, of each call below: a Swift string passed to C is ended by NUL and outlives the call.

  private func openHere(_ path: String) throws(Errno) -> Int32 {
    let file = unsafe wh_open_file(path)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    return file
  }

  private func openConfined(_ path: String) throws(Errno) -> Int32 {
    let root = unsafe wh_open_root(prefix)
    guard root >= 0 else { throw Errno(rawValue: errno) }
    defer { close(root) }
    let file = unsafe wh_open_in_root(root, path)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    return file
  }
}
