import System
import SystemPackage

/// Writes alerts as lines, many at once, and knows after an error which of them are out as a whole.
struct LineWriter {
  /// The number of the newest alert whose line is written to its end.
  private(set) var settled: UInt64 = 0
  /// Whether the last thing written is a part of a line, after which the next line must begin anew.
  var isMidLine = false

  /// Bytes gathered for one call; a line is never parted for it.
  private static let chunkBytes = 256 << 10

  mutating func write(
    _ alerts: ArraySlice<EncodedAlert>, to descriptor: FileDescriptor
  ) throws(Errno) {
    var buffer: [UInt8] = []
    var first = alerts.startIndex
    for index in alerts.indices {
      buffer.append(contentsOf: alerts[index].bytes)
      buffer.append(UInt8(ascii: "\n"))
      guard buffer.count >= Self.chunkBytes || index == alerts.endIndex - 1 else { continue }
      try write(buffer, of: alerts[first...index], to: descriptor)
      buffer.removeAll(keepingCapacity: true)
      first = index + 1
    }
  }

  private mutating func write(
    _ buffer: [UInt8], of alerts: ArraySlice<EncodedAlert>, to descriptor: FileDescriptor
  ) throws(Errno) {
    if isMidLine {
      _ = try descriptor.write(some: [UInt8(ascii: "\n")].span)
      isMidLine = false
    }
    var written = 0
    while written < buffer.count {
      do throws(Errno) {
        written += try descriptor.write(some: buffer.span.extracting(written...))
      } catch {
        settle(alerts, written: written)
        throw error
      }
    }
    settle(alerts, written: written)
  }

  private mutating func settle(_ alerts: ArraySlice<EncodedAlert>, written: Int) {
    var end = 0
    for alert in alerts {
      let start = end
      end += alert.bytes.count + 1
      guard end <= written else {
        isMidLine = start < written
        return
      }
      settled = alert.sequence
    }
  }
}
