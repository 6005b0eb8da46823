import Glibc
import SystemPackage

/// A pipe to or from a program. Its ends are closed by hand, each at most once.
struct Pipe {
  let reader: End
  let writer: End

  /// Makes a pipe that no other program inherits, whichever thread starts one meanwhile: a leaked end would keep a
  /// stream from ending. Glibc's pipe2(2) is not to be had from Swift, so it is a FIFO whose name is gone at once.
  init() throws {
    let path = "/tmp/windhover-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    // SAFETY: the string lives until the call has returned.
    guard unsafe mkfifo(path, 0o600) == 0 else { throw Errno(rawValue: errno) }
    defer { _ = unsafe unlink(path) }
    // Not to block, this end is opened before the other one.
    let readEnd = try FileDescriptor.open(FilePath(path), .readOnly, options: [.nonBlocking, .closeOnExec])
    reader = End(descriptor: readEnd)
    writer = End(descriptor: try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec))
    _ = fcntl(readEnd.rawValue, F_SETFL, 0)
  }

  struct End {
    let descriptor: FileDescriptor

    func close() { try? descriptor.close() }

    func becomeNonBlocking() { _ = fcntl(descriptor.rawValue, F_SETFL, O_NONBLOCK) }

    enum State { case open, ended }

    /// Appends what is there now.
    func read(into bytes: inout [UInt8]) -> State {
      var chunk = [UInt8](repeating: 0, count: 16 << 10)
      while true {
        // SAFETY: the buffer is lent for the call, which writes no more than its count.
        let result = Result { () throws in
          try unsafe chunk.withUnsafeMutableBytes { buffer in unsafe try descriptor.read(into: buffer) }
        }
        switch result {
        case .success(0): return .ended
        case .success(let count): bytes.append(contentsOf: chunk.prefix(count))
        case .failure(let error): return (error as? Errno) == .resourceTemporarilyUnavailable ? .open : .ended
        }
      }
    }

    /// Writes what fits now; everything counts as written once nobody reads.
    func write(_ bytes: ArraySlice<UInt8>) -> Int {
      do {
        // SAFETY: the buffer is lent for the call, which only reads it.
        return try unsafe bytes.withUnsafeBytes { buffer in try unsafe descriptor.write(buffer) }
      } catch {
        return (error as? Errno) == .resourceTemporarilyUnavailable ? 0 : bytes.count
      }
    }
  }
}
