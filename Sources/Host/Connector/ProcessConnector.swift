// Unsafe: poll.
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

  /// The receive buffer that the kernel granted, in the measure of what was asked for.
  public let receiveBufferBytes: Int
  let socket: FileDescriptor
  /// Gets a copy of those messages of which something must be read at once, and is only waited on. `nil` when the kernel
  /// refused it: then every message wakes.
  let pressing: FileDescriptor?
  /// Tells the kernel's answers to this subscription from those to others: every listener hears all of them.
  private let mark: UInt32
  /// What came up to the acknowledgement.
  private let early: [ConnectorMessage]

  /// Opens, subscribes, and waits for the kernel's acknowledgement.
  /// - Parameters:
  ///   - receiveBufferBytes: wanted; without CAP_NET_ADMIN `net.core.rmem_max` bounds it.
  ///   - milliseconds: how long to wait for the acknowledgement.
  public init(receiveBufferBytes: Int, acknowledgementMilliseconds milliseconds: UInt64 = 500)
    throws(HostError)
  {
    // The kernel serves the listener first that joined last, so that a message is here when the other socket wakes us.
    let pressing = wh_connector_open_pressing()
    let raw = wh_connector_open()
    guard raw >= 0 else {
      let error = Errno(rawValue: errno)
      if pressing >= 0 { Glibc.close(pressing) }
      throw .connector(.cannotOpen(error))
    }
    self.pressing = pressing >= 0 ? FileDescriptor(rawValue: pressing) : nil
    socket = FileDescriptor(rawValue: raw)
    let granted = wh_socket_receive_buffer(raw, Int32(clamping: receiveBufferBytes))
    self.receiveBufferBytes = Int(max(0, granted))
    // Any number would do that other listeners hardly use.
    mark = UInt32(truncatingIfNeeded: Clock.monotonicNanoseconds)
    guard wh_connector_subscribe(raw, 1, mark) == 0 else {
      let error = Errno(rawValue: errno)
      Glibc.close(raw)
      if pressing >= 0 { Glibc.close(pressing) }
      throw .connector(.refused(error))
    }
    do throws(HostError) {
      early = try Self.awaitAcknowledgement(of: mark, on: raw, within: milliseconds)
    } catch {
      _ = wh_connector_subscribe(raw, 0, mark)
      Glibc.close(raw)
      if pressing >= 0 { Glibc.close(pressing) }
      throw error
    }
  }

  deinit {
    // Before Linux 6.6 a socket that is only closed goes on counting as a listener, for as long as the host runs.
    _ = wh_connector_subscribe(socket.rawValue, 0, mark)
    try? socket.close()
    try? pressing?.close()
  }

  /// Has it take in nothing until `wake`, and forgets what has come. No privilege is needed for either.
  /// - Returns: whether the kernel does so.
  public func standBy() -> Bool {
    pressing.map { wh_connector_mute($0.rawValue) == 0 } ?? true && wh_connector_mute(socket.rawValue) == 0
  }

  /// Has it take in messages again.
  /// - Returns: whether the kernel does so.
  public func wake() -> Bool {
    pressing.map { wh_connector_press($0.rawValue) == 0 } ?? true && wh_connector_unmute(socket.rawValue) == 0
  }

  /// Has the kernel tell of the calling thread, so that whoever listens has a message when this returns. It names that
  /// thread as it is named.
  public static func knock() { wh_connector_knock() }

  /// The messages that came while `init` waited; to be handled before any other.
  public var earlyMessages: [ConnectorMessage] { early }

  /// Receives what is there without waiting, replacing what the batch held.
  public func receive(into batch: inout ConnectorBatch) -> Receipt { batch.receive(from: socket.rawValue) }

  /// Sleeps until there is something to receive, `bell` was rung, or the time is over; -1: for as long as it takes.
  /// - Returns: `false` when the time is over.
  @discardableResult
  public func wait(or bell: borrowing EventDescriptor, milliseconds: Int32 = -1) -> Bool {
    sleep(on: socket, or: bell, milliseconds: milliseconds)
  }

  /// Sleeps until there is an exec, a change of ids or a new session to receive, `bell` was rung, or the time is over.
  /// Forks, exits and whatever else the kernel tells of alone do not wake.
  /// - Returns: `false` when the time is over.
  public func waitForPressing(or bell: borrowing EventDescriptor, milliseconds: Int32) -> Bool {
    guard let pressing else { return sleep(on: socket, or: bell, milliseconds: milliseconds) }
    let isWoken = sleep(on: pressing, or: bell, milliseconds: milliseconds)
    // Before the caller receives: what comes later wakes again.
    if isWoken { wh_connector_discard(pressing.rawValue) }
    return isWoken
  }

  private func sleep(
    on descriptor: FileDescriptor, or bell: borrowing EventDescriptor, milliseconds: Int32
  ) -> Bool {
    var polls: InlineArray<2, pollfd> = [
      pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: bell.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    var span = polls.mutableSpan
    // SAFETY: two entries, a local. An interrupted sleep is a spurious wake-up, which callers allow for.
    return unsafe span.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, 2, milliseconds) } != 0
  }

  private static func awaitAcknowledgement(
    of mark: UInt32, on socket: Int32, within milliseconds: UInt64
  ) throws(HostError) -> [ConnectorMessage] {
    var batch = ConnectorBatch()
    var received: [ConnectorMessage] = []
    let deadline = Clock.monotonicNanoseconds + milliseconds * 1_000_000
    while true {
      let now = Clock.monotonicNanoseconds
      guard now < deadline else { throw .connector(.notAcknowledged) }
      var pollDescriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      // SAFETY: a local.
      _ = unsafe poll(&pollDescriptor, 1, Int32((deadline - now) / 1_000_000) + 1)
      switch batch.receive(from: socket) {
      case .messages: break
      // What overflows here shows in the numbers of what comes after.
      case .none, .overflow: continue
      case .failed(let error): throw .connector(.refused(error))
      }
      var answer: UInt32?
      for message in batch.messages {
        if case .acknowledged(let error) = message.event, message.acknowledgement == mark &+ 1 {
          answer = error
        }
        // The answer too: it has used up a sequence number.
        received.append(message)
      }
      guard let answer else { continue }
      guard answer == 0 else { throw .connector(.refused(Errno(rawValue: Int32(bitPattern: answer)))) }
      return received
    }
  }
}
