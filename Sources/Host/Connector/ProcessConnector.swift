// Unsafe: receives into the caller's slots, whose size the type fixes.
import CLinux
import Glibc
public import System
public import SystemPackage

/// The kernel's process connector: a message for every fork, exec, exit and change of ids on the host.
///
/// Opened and subscribed on the main thread while the privileges are there; afterwards any one thread at a time may
/// receive, and no capability is needed. The subscription is taken back when it goes. It works only from the initial
/// pid, user and network namespaces. See netlink(7).
public final class ProcessConnector: Sendable {
  /// What one attempt to receive brought.
  public enum Receipt: Equatable, Sendable {
    /// The batch holds messages.
    case messages
    /// There is none now.
    case none
    /// The kernel's buffer was full, and it dropped messages: how many, the sequence numbers will tell.
    case overflow
    case failed(Errno)
  }

  /// The receive buffer that the kernel granted, in bytes as it accounts them.
  public let receiveBufferBytes: Int
  private let socket: FileDescriptor
  /// What came up to the acknowledgement.
  private let early: [ConnectorMessage]

  /// Opens, subscribes, and waits for the kernel's acknowledgement.
  /// - Parameters:
  ///   - receiveBufferBytes: wanted; without CAP_NET_ADMIN `net.core.rmem_max` bounds it.
  ///   - milliseconds: how long to wait for the acknowledgement.
  public init(receiveBufferBytes: Int, acknowledgementMilliseconds milliseconds: UInt64 = 500)
    throws(ConnectorError)
  {
    let raw = wh_connector_open()
    guard raw >= 0 else { throw .cannotOpen(Errno(rawValue: errno)) }
    socket = FileDescriptor(rawValue: raw)
    let granted = wh_socket_receive_buffer(raw, Int32(clamping: receiveBufferBytes))
    self.receiveBufferBytes = Int(granted)
    // Any number would do; one that other listeners hardly use tells our acknowledgement from theirs.
    let mark = UInt32(truncatingIfNeeded: Clock.monotonicNanoseconds)
    guard wh_connector_subscribe(raw, 1, mark) == 0 else {
      let error = Errno(rawValue: errno)
      Glibc.close(raw)
      throw .refused(error)
    }
    do throws(ConnectorError) {
      early = try Self.awaitAcknowledgement(of: mark, on: raw, within: milliseconds)
    } catch {
      _ = wh_connector_subscribe(raw, 0, 0)
      Glibc.close(raw)
      throw error
    }
  }

  deinit {
    _ = wh_connector_subscribe(socket.rawValue, 0, 0)
    try? socket.close()
  }

  /// The messages that came while `init` waited; to be handled before any other.
  public var earlyMessages: [ConnectorMessage] { early }

  /// Receives what is there without waiting, replacing what the batch held.
  public func receive(into batch: inout ConnectorBatch) -> Receipt { batch.receive(from: socket.rawValue) }

  /// Sleeps until there is something to receive or `bell` was rung.
  public func wait(or bell: borrowing EventDescriptor) {
    var polls = [
      pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: bell.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    // SAFETY: two locals. An interrupted sleep is a spurious wake-up, which callers allow for.
    _ = unsafe poll(&polls, 2, -1)
  }

  private static func awaitAcknowledgement(
    of mark: UInt32, on socket: Int32, within milliseconds: UInt64
  ) throws(ConnectorError) -> [ConnectorMessage] {
    var batch = ConnectorBatch()
    var received: [ConnectorMessage] = []
    let deadline = Clock.monotonicNanoseconds + milliseconds * 1_000_000
    while true {
      let now = Clock.monotonicNanoseconds
      guard now < deadline else { throw .notAcknowledged }
      var pollDescriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      // SAFETY: a local.
      _ = unsafe poll(&pollDescriptor, 1, Int32((deadline - now) / 1_000_000) + 1)
      guard batch.receive(from: socket) == .messages else { continue }
      var answer: UInt32?
      for message in batch.messages {
        if case .acknowledged(let error) = message.event, message.acknowledgement == mark &+ 1 {
          answer = error
        }
        // The answer too: it has used up a sequence number.
        received.append(message)
      }
      guard let answer else { continue }
      guard answer == 0 else { throw .refused(Errno(rawValue: Int32(bitPattern: answer))) }
      return received
    }
  }
}

/// Why there is no process connector.
public enum ConnectorError: Error, Equatable, CustomStringConvertible {
  /// There is no such socket: another network namespace than the first, or a kernel without CONFIG_PROC_EVENTS.
  case cannotOpen(Errno)
  /// The kernel refused the subscription, mostly for want of CAP_NET_ADMIN.
  case refused(Errno)
  /// No acknowledgement came: another pid or user namespace than the first, where the kernel says nothing.
  case notAcknowledged

  public var description: String {
    switch self {
    case .cannotOpen(let errno):
      "the process connector cannot be opened (\(errno)): it needs the host's network namespace and CONFIG_PROC_EVENTS"
    case .refused(let errno):
      "the kernel refused the subscription to process events (\(errno)): before Linux 6.6 it needs CAP_NET_ADMIN"
    case .notAcknowledged:
      "the kernel did not acknowledge the subscription: it needs the host's pid and user namespaces"
    }
  }
}

/// Room for the datagrams of one call, and the messages in them. One thread at a time.
public struct ConnectorBatch: ~Copyable {
  private var slots = [UInt8](repeating: 0, count: Int(WH_CONNECTOR_SLOTS * WH_CONNECTOR_SLOT))
  private var lengths = [UInt32](repeating: 0, count: Int(WH_CONNECTOR_SLOTS))
  /// What the last call brought, in the order of arrival.
  public private(set) var messages: [ConnectorMessage] = []
  /// Datagrams that were no event of the kernel's.
  public private(set) var strangers: UInt64 = 0

  public init() { messages.reserveCapacity(Int(WH_CONNECTOR_SLOTS)) }

  mutating func receive(from socket: Int32) -> ProcessConnector.Receipt {
    messages.removeAll(keepingCapacity: true)
    // SAFETY: both arrays have the sizes that the function fills at most.
    let count = unsafe wh_connector_receive(socket, &slots, &lengths)
    guard count >= 0 else {
      switch Errno(rawValue: errno) {
      case .resourceTemporarilyUnavailable, .interrupted: return .none
      case .noBufferSpace: return .overflow
      case let other: return .failed(other)
      }
    }
    for slot in 0..<Int(count) {
      let start = slot * Int(WH_CONNECTOR_SLOT)
      let end = start + min(Int(lengths[slot]), Int(WH_CONNECTOR_SLOT))
      if let message = ConnectorMessage(parsing: slots.span.extracting(start..<end)) {
        messages.append(message)
      } else {
        strangers += 1
      }
    }
    return messages.isEmpty ? .none : .messages
  }
}
