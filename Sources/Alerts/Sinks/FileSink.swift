import System
import SystemPackage

/// Where a file sink writes.
public struct FileSinkOptions: Equatable, Sendable {
  /// `file_output.filename`
  public var path: String
  /// The permissions of a file that is made, less what the umask takes away.
  public var mode: UInt32
  public var rotation = FileRotation()
  /// When what was written must be on the disk itself.
  public var sync = SyncPolicy.never

  public init(path: String, mode: UInt32 = 0o600) {
    self.path = path
    self.mode = mode
  }
}

/// Alerts as lines at the end of a regular file.
///
/// With limits it is set aside as `path.1` before it grows too large or too old. A file that was removed or renamed away is noticed, at most once a second, and made anew. A line that a full disk
/// or a sudden death cut off is ended before the next one begins.
public final class FileSink: Sink {
  public static let name = "file"

  private let options: FileSinkOptions
  private var file: FileDescriptor?
  private var lines = LineWriter()
  /// Bytes in the open file, and when it was begun.
  private var size: Int64 = 0
  private var birthNanoseconds: UInt64 = 0
  /// When it was last seen that the path leads to the open file.
  private var checkedNanoseconds: UInt64 = 0
  /// After a file could not be set aside it is tried again then.
  private var nextRotation: UInt64 = 0
  /// What is on the disk as far as the policy wants that, and since when something is not.
  private var synced: UInt64 = 0
  private var unsyncedSince: UInt64?

  public private(set) var complaint: String?

  public init(options: FileSinkOptions) { self.options = options }

  deinit { close() }

  public var settled: UInt64 { options.sync == .always ? synced : lines.settled }

  public var idleMilliseconds: Int32 { unsyncedSince == nil ? -1 : 1000 }

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
      size = status.size
      birthNanoseconds = opened.birthNanoseconds ?? Clock.realtimeNanoseconds
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
      try begin()
    }
    var rest = alerts
    while let first = rest.first {
      if isDue(beforeWriting: first) { try rotate() }
      guard let file else { throw .unavailable("\(options.path): not open") }
      let part = rest.prefix(roomyPrefix(of: rest))
      do { try lines.write(part, to: file) } catch { throw .unavailable("\(options.path): \(error)") }
      if size == 0 { birthNanoseconds = Clock.realtimeNanoseconds }
      size += part.reduce(0) { $0 + Int64($1.bytes.count) + 1 }
      rest = rest.dropFirst(part.count)
      unsyncedSince = options.sync == .never ? nil : unsyncedSince ?? Clock.monotonicNanoseconds
    }
    try syncIfDue()
  }

  public func close() {
    if unsyncedSince != nil { try? sync() }
    // Nothing is buffered here, so a failing close loses nothing.
    try? file?.close()
    file = nil
  }

  // MARK: - Rotation

  private func isDue(beforeWriting alert: EncodedAlert) -> Bool {
    guard size > 0, Clock.monotonicNanoseconds >= nextRotation else { return false }
    if let limit = options.rotation.maximumBytes, size + Int64(alert.bytes.count) + 1 > limit { return true }
    return options.rotation.isTooOld(bornAt: birthNanoseconds, now: Clock.realtimeNanoseconds)
  }

  /// How many of the alerts fit into the file; one at least.
  private func roomyPrefix(of alerts: ArraySlice<EncodedAlert>) -> Int {
    guard let limit = options.rotation.maximumBytes, Clock.monotonicNanoseconds >= nextRotation else {
      return alerts.count
    }
    var end = size
    let fitting = alerts.prefix { alert in
      end += Int64(alert.bytes.count) + 1
      return end <= limit
    }
    return max(1, fitting.count)
  }

  /// Begins a new file. When the old one cannot be set aside it is written on: an alert is worth more than a limit.
  private func rotate() throws(SinkError) {
    do {
      try options.rotation.setAside(options.path)
    } catch {
      complaint = "\(options.path): cannot be set aside: \(error)"
      nextRotation = Clock.monotonicNanoseconds + Self.retryNanoseconds
      return
    }
    complaint = nil
    try begin()
  }

  /// Leaves the open file for the one at the path. What cannot be brought to the disk is not settled: an error here has
  /// it written again.
  private func begin() throws(SinkError) {
    if unsyncedSince != nil {
      do { try sync() } catch { throw .unavailable("\(options.path): \(error)") }
    }
    close()
    try open()
  }

  // MARK: - Synchronisation

  private func syncIfDue() throws(SinkError) {
    guard let since = unsyncedSince else { return }
    guard options.sync == .always || Clock.monotonicNanoseconds - since >= Self.syncNanoseconds else {
      return
    }
    do { try sync() } catch { throw .unavailable("\(options.path): \(error)") }
  }

  private func sync() throws(Errno) {
    try file?.synchronize()
    synced = lines.settled
    unsyncedSince = nil
  }

  private static let syncNanoseconds: UInt64 = 1_000_000_000
  private static let retryNanoseconds: UInt64 = 60_000_000_000
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
