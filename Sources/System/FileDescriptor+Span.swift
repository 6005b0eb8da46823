// Unsafe: reads into and writes from arrays and spans that are lent for the call.

import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Writes as much of `bytes` as the file takes in one call, and tells how much that was. See write(2).
  public func write(some bytes: Span<UInt8>) throws(Errno) -> Int {
    do {
      // SAFETY: the span lives for the call, which reads it only.
      return try unsafe bytes.withUnsafeBytes { try unsafe write($0) }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }

  /// Writes all of `bytes` at an offset, whatever the file's position is. See pwrite(2).
  public func write(_ bytes: Span<UInt8>, at offset: Int64) throws(Errno) {
    do {
      // SAFETY: the span lives for the call, which reads it only.
      _ = try unsafe bytes.withUnsafeBytes { try unsafe writeAll(toAbsoluteOffset: offset, $0) }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }

  /// The bytes from an offset on: `count` of them, or less at the end of the file. See pread(2).
  public func bytes(at offset: Int64, count: Int) throws(Errno) -> [UInt8] {
    do {
      return try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
          // SAFETY: the rest of the buffer that the array lends; only what was read counts as initialized.
          let rest = unsafe UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
          let read = try unsafe read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
          guard read > 0 else { return }
          filled += read
        }
      }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }

  /// The next bytes of a file or stream, at most `limit`, as one call gives them; none at its end. See read(2).
  public func read(atMost limit: Int) throws(Errno) -> [UInt8] {
    do {
      return try unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        // SAFETY: the buffer that the array lends; only what was read counts as initialized.
        filled = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }

  /// Makes the file so long: cuts it, or lengthens it with zeros. See ftruncate(2).
  public func cut(to byteCount: Int64) throws(Errno) {
    do { try resize(to: byteCount) } catch let error as Errno { throw error } catch { throw .ioError }
  }

  /// Returns when what was written is on the disk. See fdatasync(2).
  public func synchronize() throws(Errno) {
    guard fdatasync(rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Locks the file for this open description; the end of the process opens the lock. See flock(2).
  /// - Returns: whether nobody else holds the lock.
  public func lockExclusively() -> Bool { flock(rawValue, LOCK_EX | LOCK_NB) == 0 }

  /// Opens the lock of `lockExclusively`.
  public func unlock() { _ = flock(rawValue, LOCK_UN) }
}
