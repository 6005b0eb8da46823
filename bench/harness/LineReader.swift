// Unsafe: read(2) into an array that is lent for the call.
import Glibc
import Synchronization
import System
import SystemPackage

/// Reads lines from a descriptor on a thread of its own, each stamped as it comes. Any thread may ask.
final class LineReader: Sendable {
  private struct State {
    var lines: [Child.Line] = []
    /// CLOCK_MONOTONIC nanoseconds at which the other end was found closed.
    var ended: UInt64?
  }

  private let state = Mutex(State())
  private let descriptor: FileDescriptor

  /// Takes over `descriptor`.
  init(_ descriptor: FileDescriptor) throws(Errno) {
    self.descriptor = descriptor
    _ = try NamedThread("bench-reader") { [self] in run() }
  }

  var lines: [Child.Line] { state.withLock { $0.lines } }

  func lines(from index: Int) -> ArraySlice<Child.Line> { state.withLock { $0.lines[index...] } }

  /// When the other end was closed, every line being here; `nil` while it is open.
  var ended: UInt64? { state.withLock { $0.ended } }

  /// Waits for that at most so long: a grandchild may hold the other end open.
  func waitForEnd(milliseconds: Int) {
    for _ in 0..<milliseconds where ended == nil { Clock.sleep(milliseconds: 1) }
  }

  private func run() {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var rest: [UInt8] = []
    while true {
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = (try? unsafe chunk.withUnsafeMutableBytes { unsafe try descriptor.read(into: $0) }) ?? 0
      let arrival = Clock.monotonicNanoseconds
      guard count > 0 else { break }
      var lines: [Child.Line] = []
      for byte in chunk[..<count] {
        guard byte == UInt8(ascii: "\n") else {
          rest.append(byte)
          continue
        }
        lines.append(Child.Line(arrival: arrival, text: String(decoding: rest, as: UTF8.self)))
        rest.removeAll(keepingCapacity: true)
      }
      state.withLock { $0.lines += lines }
    }
    let ended = Clock.monotonicNanoseconds
    try? descriptor.close()
    state.withLock { $0.ended = ended }
  }
}
