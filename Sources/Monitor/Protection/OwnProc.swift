// Unsafe: directory and file calls on buffers of this file.
import Glibc
import SystemPackage

/// What the kernel says of the agent itself, in /proc/self.
enum OwnProc {
  /// The entries of a directory that are numbers, such as the threads in `task` or the descriptors in `fd`. The
  /// latter hold that of the listing itself, which is closed on return.
  static func numbers(in path: String) throws(ProtectionError) -> [Int32] {
    // SAFETY: the stream is closed once, and an entry is read before the next call replaces it.
    guard let directory = unsafe opendir(path) else { throw .unreadable(path: path, Errno(rawValue: errno)) }
    defer { unsafe _ = closedir(directory) }
    var numbers: [Int32] = []
    errno = 0
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if let number = Int32(name) { numbers.append(number) }
      errno = 0
    }
    guard errno == 0 else { throw .unreadable(path: path, Errno(rawValue: errno)) }
    return numbers
  }

  /// A kernel file whole, as text.
  static func text(_ path: String) throws(ProtectionError) -> String {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        // SAFETY: the buffer is lent for the call alone.
        let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if count == 0 { break }
        bytes += chunk[..<count]
      }
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      throw .unreadable(path: path, error as? Errno ?? .ioError)
    }
  }

  /// Writes a value into a kernel file, in one call as the kernel wants it.
  static func write(_ value: String, to path: String) throws(Errno) {
    do {
      let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
      defer { try? file.close() }
      _ = try file.writeAll(value.utf8)
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}
