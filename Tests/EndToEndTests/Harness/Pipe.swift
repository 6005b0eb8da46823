import Glibc
import Synchronization
import SystemPackage

/// A pipe to or from a program. Its ends are closed by hand, each at most once.
struct Pipe {
  let reader: End
  let writer: End

  /// Makes a pipe that no program inherits by accident: its ends are closed in every program that `spawn` starts.
  init() throws {
    let ends = try descriptors.withLock { _ throws in
      let ends = try FileDescriptor.pipe()
      for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
      return ends
    }
    reader = End(descriptor: ends.readEnd)
    writer = End(descriptor: ends.writeEnd)
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

/// Held while a pipe is made or a program started, since glibc's pipe2(2) is not to be had from Swift.
let descriptors = Mutex(())
