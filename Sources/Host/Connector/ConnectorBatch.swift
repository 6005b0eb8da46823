// Unsafe: receives into slots whose sizes the type fixes.
import CLinux
import Glibc
import SystemPackage

/// Room for the datagrams of one call, and the messages in them. One thread at a time.
public struct ConnectorBatch: ~Copyable, Sendable {
  private var slots = [UInt8](repeating: 0, count: Int(WH_CONNECTOR_SLOTS * WH_CONNECTOR_SLOT))
  private var lengths = [UInt32](repeating: 0, count: Int(WH_CONNECTOR_SLOTS))
  /// What the last call brought, in the order of arrival.
  public private(set) var messages: [ConnectorMessage] = []
  /// Datagrams that the kernel did not send (any process of the same network namespace may try), that were cut, or that
  /// held something else than process events.
  public private(set) var strangers: UInt64 = 0
  /// Whether the last call filled all the room, so that more may be waiting.
  public private(set) var isFull = false

  public init() { messages.reserveCapacity(Int(WH_CONNECTOR_SLOTS)) }

  mutating func receive(from socket: Int32) -> ProcessConnector.Receipt {
    messages.removeAll(keepingCapacity: true)
    // SAFETY: both arrays have the sizes that the function fills at most.
    let count = unsafe wh_connector_receive(socket, &slots, &lengths)
    isFull = count == WH_CONNECTOR_SLOTS
    guard count >= 0 else {
      switch Errno(rawValue: errno) {
      case .resourceTemporarilyUnavailable, .interrupted: return .none
      case .noBufferSpace: return .overflow
      case let other: return .failed(other)
      }
    }
    // Taken out and put back, so that the slots can be lent meanwhile, and the array's room is kept.
    var found: [ConnectorMessage] = []
    swap(&found, &messages)
    for slot in 0..<Int(count) {
      let start = slot * Int(WH_CONNECTOR_SLOT)
      let end = start + min(Int(lengths[slot]), Int(WH_CONNECTOR_SLOT))
      if !Self.appendMessages(in: slots.span.extracting(start..<end), to: &found) { strangers += 1 }
    }
    swap(&found, &messages)
    return messages.isEmpty ? .none : .messages
  }

  /// Appends the messages of one datagram, which may be several. See netlink(7).
  /// - Returns: whether it held process events alone, whole.
  static func appendMessages(in datagram: Span<UInt8>, to messages: inout [ConnectorMessage]) -> Bool {
    var start = 0
    while start < datagram.count {
      guard datagram.count - start >= Int(WH_NLMSG_HEADER) else { return false }
      let length = Int(datagram.word(at: start + Int(WH_NLMSG_LENGTH), width: 4))
      guard length >= Int(WH_NLMSG_HEADER), length <= datagram.count - start,
        datagram.word(at: start + Int(WH_NLMSG_TYPE), width: 2) == UInt64(WH_NLMSG_DONE),
        let message = ConnectorMessage(parsing: datagram.extracting(start..<start + length))
      else { return false }
      messages.append(message)
      start += (length + 3) & ~3
    }
    return datagram.count > 0
  }
}
