extension ProcessFile {
  /// `/proc/PID/environ`; see `Environ`. Reading it takes the process's memory lock, as with `cmdline`. Longer ones are
  /// cut, which the outcome of the read tells: a process may pad its environment to hide a variable at its end.
  public static var environ: ProcessFile { ProcessFile("environ", limit: 1 << 20) }
}

/// The environment of a process as it was at its exec, `/proc/PID/environ`. See proc_pid_environ(5).
///
/// The process can write over it at any time. It may hold secrets: take no more of it than was asked for.
public enum Environ {
  /// Calls `body` with each variable's name and value, in their order; a word without an equals sign is no variable.
  public static func forEachVariable(
    in bytes: Span<UInt8>, _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Void
  ) {
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: 0, from: start) ?? bytes.count
      // A name is never empty, so that a word may begin with the sign.
      if let sign = bytes.firstIndex(of: UInt8(ascii: "="), from: min(start + 1, end), to: end) {
        body(start..<sign, sign + 1..<end)
      }
      start = end + 1
    }
  }

  /// Whether the bytes of `name` are those of `key`.
  public static func isNamed(_ name: Range<Int>, _ key: [UInt8], in bytes: Span<UInt8>) -> Bool {
    guard name.count == key.count else { return false }
    for offset in 0..<key.count where bytes[name.lowerBound + offset] != key[offset] { return false }
    return true
  }
}
