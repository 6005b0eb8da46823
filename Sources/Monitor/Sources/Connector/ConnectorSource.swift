import Events
import Host
import Synchronization
import System

/// The kernel's process connector: every fork, exec, exit and change of ids, with what was lost known.
///
/// Four readers stand ready, one at work; and two subscriptions, one at work: see `ConnectorSubscriptions`.
final class ConnectorSource: Source {
  /// Buffer in the kernel: with 208 KiB, its default, a reader that stops for a moment loses thousands of messages
  /// (2,382 of 2,642 measured, none with this).
  static let receiveBufferBytes = 64 << 20
  /// Room for records: about a second's worth at 1,000 execs a second.
  static let ringBytes = 1 << 20
  static let readerCount = 4
  /// How long a message may wait of which nothing must be read. Shorter than the time for which the engine keeps what
  /// other sources say of the same process.
  static let windowMilliseconds: Int32 = 10
  /// For how long nothing may be heard before it is seen whether anything can be: on most hosts something happens.
  static let patienceMilliseconds: Int32 = 5000
  /// How often it is seen who holds a reader, while anybody does.
  static let holderLookMilliseconds: Int32 = 250

  static let id = SourceID.connector
  static let costOfAbsence =
    "processes that live shorter than a sweep are not seen, and no exec is seen as it happens"

  let feed: RecordFeed
  let counters: ConnectorCounters
  let subscriptions: ConnectorSubscriptions
  private let relay: ReaderRelay
  private let shared: ConnectorShared
  private let priority = Mutex<ThreadPriority?>(nil)

  /// Opens the socket, subscribes, and waits for the kernel's acknowledgement: without it the source is off.
  init(_ setting: SourceSetting) throws(SourceError) {
    let (root, surroundings) = (setting.root, setting.surroundings)
    guard root.isLive else {
      throw .unavailable(
        .connector, "a mounted host or a fixture tree has no kernel that tells of its processes")
    }
    do {
      subscriptions = try ConnectorSubscriptions { () throws(HostError) in
        try ProcessConnector(receiveBufferBytes: Self.receiveBufferBytes)
      }
    } catch {
      throw .unavailable(.connector, "\(error)")
    }
    feed = RecordFeed(source: .connector, capacityBytes: Self.ringBytes, bell: surroundings.bell)
    counters = ConnectorCounters()
    do {
      shared = try ConnectorShared(early: subscriptions.current.earlyMessages)
      let work = ConnectorWork(
        root: root, needs: setting.needs, scope: setting.scope, surroundings: surroundings,
        subscriptions: subscriptions, feed: feed,
        counters: counters, shared: shared)
      relay = try ReaderRelay(name: "wh-connect", threadCount: Self.readerCount) { lease in work.run(lease) }
    } catch {
      throw .noThread(.connector, "\(error)")
    }
  }

  var status: SourceStatus {
    var shortcomings: [String] = []
    let (current, replacements, isOff) = (
      subscriptions.current, subscriptions.replacements, subscriptions.isOff
    )
    if isOff {
      shortcomings.append("off: the kernel's messages do not come any more; \(Self.costOfAbsence)")
    } else if current.receiveBufferBytes < Self.receiveBufferBytes {
      shortcomings.append(
        "a receive buffer of \(current.receiveBufferBytes >> 10) KiB instead of 64 MiB (no CAP_NET_ADMIN): "
          + "a burst may be lost, counted")
    }
    let reached = priority.withLock { $0 }
    let running = relay.runningThreads
    if reached != nil, running < Self.readerCount {
      shortcomings.append("only \(running) of \(Self.readerCount) readers could be started")
    }
    if let reached, !reached.isRealTime {
      shortcomings.append(
        "readers run as \(reached) instead of SCHED_FIFO: short-lived processes may be missed")
    }
    if replacements > 0 {
      shortcomings.append(
        "the kernel's messages ceased to come; subscribed anew \(replacements) time\(replacements == 1 ? "" : "s")"
      )
    }
    return SourceStatus(
      source: .connector, isActive: !isOff, shortcomings: shortcomings,
      details: ["\(Self.readerCount) readers" + (reached.map { ", \($0)" } ?? "")])
  }

  var passedOver: [String: UInt64] { counters.all }

  /// Starts the readers, which inherit the priority that the calling thread raised itself to.
  func start() throws(SourceError) {
    let reached = ThreadPriority.raise()
    priority.withLock { $0 = reached }
    defer { try? ThreadPriority.lower() }
    do {
      try relay.start()
    } catch {
      throw .noThread(.connector, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    shared.bell.signal()
    relay.stop(milliseconds: milliseconds)
  }
}
