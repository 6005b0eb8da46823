extension ProcessFile {
  /// `/proc/PID/cmdline`; see `Cmdline`. Reading it takes the process's memory lock: a hostile process can hold the
  /// reader for as long as it likes. Longer ones are cut, which the outcome of the read tells.
  public static var cmdline: ProcessFile { ProcessFile("cmdline", limit: 256 << 10) }
}

/// The arguments of a process as `/proc/PID/cmdline` tells them. See proc_pid_cmdline(5).
///
/// The process can write over its arguments at any time: what stands here is what it wants to be seen as. Empty for
/// kernel threads and zombies. Places are those in the bytes that were parsed.
public struct Cmdline: Equatable, Sendable {
  /// The first argument, by custom the program's name.
  public let first: Range<Int>
  /// The other arguments, each followed by NUL but perhaps the last.
  public let rest: Range<Int>
  /// Whether this is one line that the process wrote over its arguments, as with setproctitle(3), and not a list.
  public let isTitle: Bool

  /// - Returns: `nil` when there are no arguments at all.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return nil }
    let firstEnd = bytes.firstIndex(of: 0) ?? bytes.count
    first = 0..<firstEnd
    // A title is one text with a space in it; what NULs follow are what is left of the arguments it replaced.
    var next = firstEnd
    while next < bytes.count, bytes[next] == 0 { next += 1 }
    if next == bytes.count,
      firstEnd == bytes.count || bytes.firstIndex(of: UInt8(ascii: " "), to: firstEnd) != nil
    {
      rest = bytes.count..<bytes.count
      isTitle = true
    } else {
      rest = min(firstEnd + 1, bytes.count)..<bytes.count
      isTitle = false
    }
  }

  /// Calls `body` with the place of each argument after the first, empty ones too.
  public func forEachArgument(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = rest.lowerBound
    while start < rest.upperBound {
      let end = bytes.firstIndex(of: 0, from: start, to: rest.upperBound) ?? rest.upperBound
      body(start..<end)
      start = end + 1
    }
  }
}
