/// Counts the messages of the process connector that never came: each CPU numbers its own.
///
/// It holds only without the kernel's event filter, where filtered events use numbers up too. One thread at a time.
public struct SequenceTracker: Equatable, Sendable {
  /// A jump larger than this is no loss but a counter that began anew, as after a CPU was taken offline.
  static let greatestGap: UInt32 = 1 << 24

  private var last: [UInt32: UInt32] = [:]

  public init() {}

  /// Takes a message into account.
  /// - Returns: how many messages of its CPU were lost before it.
  public mutating func lost(before message: ConnectorMessage) -> UInt64 {
    defer { last[message.cpu] = message.sequence }
    guard let previous = last[message.cpu] else { return 0 }
    let gap = message.sequence &- previous &- 1
    return gap < Self.greatestGap ? UInt64(gap) : 0
  }
}
