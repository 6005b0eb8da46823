import SystemPackage

/// Standard output of one command, buffered.
///
/// Its owner calls `flush` at the end, and after each line that somebody may wait for. Not for alerts: those go
/// through a sink.
struct StandardOutput: ~Copyable {
  private var waiting: [UInt8] = []
  private static let bufferBytes = 64 << 10

  mutating func write(_ text: some StringProtocol) throws(CommandFailure) {
    try write(text.utf8)
  }

  mutating func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
    waiting.append(contentsOf: bytes)
    if waiting.count >= Self.bufferBytes { try flush() }
  }

  /// Writes the text and ends the line.
  mutating func writeLine(_ text: some StringProtocol) throws(CommandFailure) {
    try write(text.utf8)
    try write(CollectionOfOne(UInt8(ascii: "\n")))
  }

  mutating func flush() throws(CommandFailure) {
    defer { waiting.removeAll(keepingCapacity: true) }
    do {
      try FileDescriptor.standardOutput.writeAll(waiting)
    } catch Errno.brokenPipe {
      throw .outputClosed
    } catch {
      throw .failed("cannot write to standard output: \(error)")
    }
  }
}
