extension ProcessFile {
  /// `/proc/PID/stat`: readable for every process by everyone; see `ProcStat`.
  public static var stat: ProcessFile { ProcessFile("stat", limit: 4 << 10) }
}

/// One process as `/proc/PID/stat` tells it. See proc_pid_stat(5).
public struct ProcStat: Equatable, Sendable {
  public let pid: Int32
  /// Where the name lies in the bytes that were parsed: any bytes, 15 at most, 63 of a kernel thread.
  public let name: Range<Int>
  /// The letter of the state: `R` running, `S` sleeping, `Z` zombie and so on.
  public let state: UInt8
  public let parentPID: Int32
  public let processGroup: Int32
  public let session: Int32
  /// Device number of the controlling terminal; 0 for none.
  public let terminal: Int32
  /// The kernel's PF_ flags.
  public let flags: UInt32
  public let threadCount: Int32
  /// When the process started, in ticks since boot (`Clock.ticksPerSecond`). With the pid it names the process.
  public let startTicks: UInt64

  /// Whether this is a thread of the kernel's own (PF_KTHREAD).
  public var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

  /// Whether the process has begun to end (PF_EXITING).
  public var isExiting: Bool { flags & 4 != 0 }

  /// Whether the process has ended and waits for its parent.
  public var isZombie: Bool { state == UInt8(ascii: "Z") }

  /// Whether the process's remains were taken away while the line was made: the kernel then writes −1 for group and
  /// session, 0 for parent and terminal, whatever they were.
  public var isReleased: Bool { processGroup < 0 }

  /// - Returns: `nil` when the bytes are not a whole line of stat, as after a torn read.
  public init?(parsing bytes: Span<UInt8>) {
    // Only a whole line ends in a newline, and a number that was cut would pass for a smaller one.
    guard bytes.count > 0, bytes[bytes.count - 1] == UInt8(ascii: "\n") else { return nil }
    var cursor = ByteCursor(0, bytes.count)
    // The name may hold any byte, ')' and newline too; after it come only numbers, so the last ')' ends it.
    guard let pid = cursor.decimal(bytes, as: Int32.self), cursor.takes(UInt8(ascii: " "), in: bytes),
      cursor.takes(UInt8(ascii: "("), in: bytes),
      let close = bytes.lastIndex(of: UInt8(ascii: ")")), close >= cursor.position
    else { return nil }
    name = cursor.position..<close
    cursor = ByteCursor(close + 1, bytes.count)
    cursor.skipBlanks(bytes)
    guard let state = cursor.next(bytes), let parentPID = cursor.field(bytes, as: Int32.self),
      let processGroup = cursor.field(bytes, as: Int32.self),
      let session = cursor.field(bytes, as: Int32.self),
      let terminal = cursor.field(bytes, as: Int32.self), cursor.field(bytes, as: Int32.self) != nil,
      let flags = cursor.field(bytes, as: UInt32.self), cursor.skipFields(10, in: bytes),
      let threadCount = cursor.field(bytes, as: Int32.self), cursor.skipFields(1, in: bytes),
      let startTicks = cursor.field(bytes, as: UInt64.self)
    else { return nil }
    self.pid = pid
    self.state = state
    self.parentPID = parentPID
    self.processGroup = processGroup
    self.session = session
    self.terminal = terminal
    self.flags = flags
    self.threadCount = threadCount
    self.startTicks = startTicks
  }
}

extension ByteCursor {
  /// Moves over `count` numbers, whatever their values.
  fileprivate mutating func skipFields(_ count: Int, in bytes: Span<UInt8>) -> Bool {
    for _ in 0..<count {
      skipBlanks(bytes)
      _ = takes(UInt8(ascii: "-"), in: bytes)
      let first = position
      while let byte = peek(bytes), byte &- UInt8(ascii: "0") < 10 { _ = next(bytes) }
      guard position > first else { return false }
    }
    return true
  }
}
