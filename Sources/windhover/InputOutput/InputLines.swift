// Unsafe: reads into a buffer that is being made.

import SystemPackage

/// The lines of a file or of standard input, one after the other, however large the whole is.
struct InputLines: ~Copyable {
  private let descriptor: FileDescriptor
  /// For messages.
  let name: String
  private var bytes: [UInt8] = []
  /// The first byte in `bytes` that was not given out, and the first in which no line end was looked for.
  private var start = 0
  private var searched = 0
  private var isAtEnd = false

  /// A line longer than this is not what this program is fed with.
  private static let lineLimit = 64 << 20
  private static let chunkBytes = 256 << 10

  /// - Parameter path: `-` for standard input.
  init(path: String) throws(CommandFailure) {
    name = path == "-" ? "standard input" : SafeLine(path).description
    do {
      descriptor = path == "-" ? .standardInput : try .open(FilePath(path), .readOnly, options: .closeOnExec)
    } catch {
      throw .failed("\(name): \(error)")
    }
  }

  deinit { if descriptor != .standardInput { try? descriptor.close() } }

  /// The next line without its end; `nil` after the last.
  mutating func next() throws(CommandFailure) -> ArraySlice<UInt8>? {
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { (start, searched) = (end + 1, end + 1) }
        return bytes[start..<end]
      }
      searched = bytes.count
      if isAtEnd {
        defer { start = bytes.count }
        return start < bytes.count ? bytes[start...] : nil
      }
      guard bytes.count - start <= Self.lineLimit else { throw .failed("\(name): a line is too long") }
      try fill()
    }
  }

  /// All that is left.
  mutating func rest() throws(CommandFailure) -> [UInt8] {
    while !isAtEnd {
      guard bytes.count - start <= Self.lineLimit else { throw .failed("\(name): there is too much of it") }
      try fill()
    }
    defer { start = bytes.count }
    return Array(bytes[start...])
  }

  private mutating func fill() throws(CommandFailure) {
    bytes.removeFirst(start)
    searched -= start
    start = 0
    do {
      // SAFETY: the buffer is lent for the call, which writes no more than its count and says how much it wrote.
      let chunk = try unsafe [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count throws in
        count = try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      bytes += chunk
      isAtEnd = chunk.isEmpty
    } catch {
      throw .failed("\(name): \(error)")
    }
  }
}
