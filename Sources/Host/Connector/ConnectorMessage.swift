// Unsafe: `native` loads an integer from bytes whose place was checked.
import CLinux

/// One event of the process connector. See proc_event in linux/cn_proc.h.
public struct ConnectorMessage: Equatable, Sendable {
  /// A thread and the process it belongs to.
  public struct Task: Equatable, Sendable {
    /// The thread's id.
    public let pid: Int32
    /// The process's id.
    public let tgid: Int32

    public init(pid: Int32, tgid: Int32) {
      self.pid = pid
      self.tgid = tgid
    }
  }

  public enum Event: Equatable, Sendable {
    /// The kernel's answer to a subscription: 0, or an errno.
    case acknowledged(error: UInt32)
    /// The message's task was made by `parent`.
    case fork(parent: Task)
    case exec
    /// - status: as wait(2) tells it.
    case exit(status: UInt32, parent: Task)
    case uid(real: UInt32, effective: UInt32)
    case gid(real: UInt32, effective: UInt32)
    case sid
    /// A tracer attached, or let go: then its ids are 0.
    case ptrace(tracer: Task)
    case comm(TaskName)
    case coredump
    /// An event that this program does not know, by the number the kernel gives it.
    case unknown(UInt32)
  }

  /// The CPU that counted `sequence`.
  public let cpu: UInt32
  /// Counts this CPU's messages.
  public let sequence: UInt32
  /// The subscription's mark plus one in an answer, 0 in events.
  public let acknowledgement: UInt32
  /// CLOCK_MONOTONIC nanoseconds.
  public let stampNanoseconds: UInt64
  /// Whom it is about: of a fork, the child.
  public let task: Task
  public let event: Event

  /// Whether it is about a process, and not about one of its threads.
  public var isProcess: Bool { task.pid == task.tgid }

  /// - Parameter bytes: one message, with its netlink header.
  /// - Returns: `nil` when the bytes are not one whole event of the connector.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count >= WH_CN_EVENT_END,
      bytes.native(UInt32.self, at: WH_CN_IDX) == 1, bytes.native(UInt32.self, at: WH_CN_VAL) == 1,
      bytes.native(UInt16.self, at: WH_CN_LENGTH) >= WH_CN_EVENT_END - WH_CN_EVENT_WHAT
    else { return nil }
    sequence = bytes.native(UInt32.self, at: WH_CN_SEQ)
    acknowledgement = bytes.native(UInt32.self, at: WH_CN_ACK)
    cpu = bytes.native(UInt32.self, at: WH_CN_EVENT_CPU)
    stampNanoseconds = bytes.native(UInt64.self, at: WH_CN_EVENT_TIME)
    let what = bytes.native(UInt32.self, at: WH_CN_EVENT_WHAT)
    let first = Task(bytes, 0)
    let second = Task(bytes, 2)
    switch what {
    case 0x0000_0000:
      task = Task(pid: 0, tgid: 0)
      event = .acknowledged(error: bytes.word(0))
    case 0x0000_0001:
      task = second
      event = .fork(parent: first)
    case 0x0000_0002: (task, event) = (first, .exec)
    case 0x0000_0004: (task, event) = (first, .uid(real: bytes.word(2), effective: bytes.word(3)))
    case 0x0000_0040: (task, event) = (first, .gid(real: bytes.word(2), effective: bytes.word(3)))
    case 0x0000_0080: (task, event) = (first, .sid)
    case 0x0000_0100: (task, event) = (first, .ptrace(tracer: second))
    case 0x0000_0200: (task, event) = (first, .comm(TaskName(bytes, at: WH_CN_EVENT_DATA + 8)))
    case 0x4000_0000: (task, event) = (first, .coredump)
    case 0x8000_0000: (task, event) = (first, .exit(status: bytes.word(2), parent: Task(bytes, 4)))
    default: (task, event) = (first, .unknown(what))
    }
  }
}

/// A task's name (comm), at most 15 bytes of any kind but NUL, without an allocation.
public struct TaskName: Equatable, Sendable {
  private let low: UInt64
  private let high: UInt64

  init(_ bytes: Span<UInt8>, at offset: Int) {
    var halves: (UInt64, UInt64) = (0, 0)
    for index in 0..<15 {
      let byte = UInt64(bytes[offset + index])
      guard byte != 0 else { break }
      if index < 8 { halves.0 |= byte << (8 * index) } else { halves.1 |= byte << (8 * (index - 8)) }
    }
    (low, high) = halves
  }

  /// The name's bytes.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    for index in 0..<15 {
      let byte = UInt8(truncatingIfNeeded: index < 8 ? low >> (8 * index) : high >> (8 * (index - 8)))
      guard byte != 0 else { break }
      result.append(byte)
    }
    return result
  }
}

extension ConnectorMessage.Task {
  /// The pair of ids that begins at the given word of the event's data.
  fileprivate init(_ bytes: Span<UInt8>, _ word: Int) {
    self.init(pid: Int32(bitPattern: bytes.word(word)), tgid: Int32(bitPattern: bytes.word(word + 1)))
  }
}

extension Span where Element == UInt8 {
  /// A 32-bit word of the event's data.
  fileprivate func word(_ index: Int) -> UInt32 { native(UInt32.self, at: WH_CN_EVENT_DATA + 4 * index) }

  /// An integer in the machine's own order.
  fileprivate func native<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at offset: Int)
    -> Value
  {
    // SAFETY: the caller checked that the whole event is there, and the load is unaligned.
    unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
  }
}
