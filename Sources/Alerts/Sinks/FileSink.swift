import System
import SystemPackage

/// Where a file sink writes.
public struct FileSinkOptions: Equatable, Sendable {
  /// `file_output.filename`
  public var path: String
  /// The permissions of a file that is made, less what the umask takes away.
  public var mode: UInt32

  public init(path: String, mode: UInt32 = 0o600) {
    self.path = path
    self.mode = mode
  }
}

/// Alerts as lines at the end of a regular file.
///
/// A file that was removed or renamed away is noticed, at most once a second, and made anew. A line that a full disk
/// or a sudden death cut off is ended before the next one begins.
public final class FileSink: Sink {
  public static let name = "file"

  private let options: FileSinkOptions
  private var file: FileDescriptor?
  private var lines = LineWriter()
  /// When it was last seen that the path leads to the open file.
  private var checkedNanoseconds: UInt64 = 0

  public init(options: FileSinkOptions) { self.options = options }

  deinit { close() }

  public var settled: UInt64 { lines.settled }

  public func open() throws(SinkError) {
    do {
      // Non-blocking, since opening a pipe without a reader would wait for ever; no link is followed, since who may
      // place one here could have the agent append to any file.
      let opened = try FileDescriptor.open(
        FilePath(options.path), .readWrite,
        options: [.append, .create, .closeOnExec, .noFollow, .nonBlocking],
        permissions: FilePermissions(rawValue: options.mode))
      file = opened
      let status = try Stat(opened)
      guard status.type == .regular else {
        throw SinkError.unavailable("\(options.path): not a regular file")
      }
      lines.isMidLine = try endsMidLine(opened, size: status.size)
      checkedNanoseconds = Clock.monotonicNanoseconds
    } catch let error as SinkError {
      throw error
    } catch Errno.tooManySymbolicLinkLevels {
      throw .unavailable("\(options.path): a symbolic link, which is not followed")
    } catch {
      throw .unavailable("\(options.path): \(error)")
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    if Clock.monotonicNanoseconds - checkedNanoseconds > Self.checkNanoseconds, !isInPlace {
      close()
      try open()
    }
    guard let file else { throw .unavailable("\(options.path): not open") }
    do { try lines.write(alerts, to: file) } catch { throw .unavailable("\(options.path): \(error)") }
  }

  public func close() {
    // Nothing is buffered here, so a failing close loses nothing.
    try? file?.close()
    file = nil
  }

  private static let checkNanoseconds: UInt64 = 1_000_000_000

  /// Whether the path still leads to the file that is open.
  private var isInPlace: Bool {
    guard let file, let here = try? Stat(file), let there = try? Stat(FilePath(options.path)) else {
      return false
    }
    return here.inode == there.inode && here.deviceID == there.deviceID
  }

  private func endsMidLine(_ file: FileDescriptor, size: Int64) throws -> Bool {
    guard size > 0 else { return false }
    let last = try file.bytes(at: size - 1, count: 1).first
    return last != UInt8(ascii: "\n")
  }
}
