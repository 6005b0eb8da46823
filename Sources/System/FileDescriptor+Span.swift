// Unsafe: write(2) from a lent span, pread(2) into a local.

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

  /// The byte at this offset, or `nil` behind the end. See pread(2).
  public func byte(at offset: Int64) throws(Errno) -> UInt8? {
    var byte: UInt8 = 0
    do {
      // SAFETY: one byte of a local.
      let count = try unsafe withUnsafeMutableBytes(of: &byte) {
        try unsafe read(fromAbsoluteOffset: offset, into: $0)
      }
      return count == 1 ? byte : nil
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }
}
