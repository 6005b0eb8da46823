public import Model

/// What rules judge live: an event, the process it is about, and what is known beside it.
///
/// The engine's thread owns one: it applies records to `model`, and puts one event after the other into `event`. It
/// cannot be copied, since a copy counts a dozen references and the next record would then copy the whole table.
public struct LiveFacts: ~Copyable {
  /// The event to be judged.
  public var event: Event
  /// What is known now.
  public var model: Model
  public let host: HostFacts

  /// - Parameter event: the first event to be judged; before it comes, one that is about nothing.
  public init(_ event: Event = .none, model: Model, host: HostFacts) {
    self.event = event
    self.model = model
    self.host = host
  }
}

/// What does not change while the host runs.
public struct HostFacts: Sendable {
  /// The host's name as alerts print it.
  public let hostname: [UInt8]
  /// `/proc/sys/kernel/random/boot_id`, without the line feed.
  public let bootID: [UInt8]
  /// What stands in outputs where the hash of a program will stand, once it is known; `nil` when nobody reads it.
  public let hashMark: [UInt8]?

  public init(hostname: [UInt8], bootID: [UInt8], hashMark: [UInt8]? = nil) {
    self.hostname = hostname
    self.bootID = bootID
    self.hashMark = hashMark
  }
}

extension LiveFacts {
  /// The process that acted; `nil` for events of the agent itself.
  var row: ProcessRow? { event.process }

  /// Whether the event is of something that is in a container or on the host.
  var hasPlace: Bool {
    if case .mount = event.change { return true }
    return event.process != nil || event.cgroup != nil || event.container != nil
  }

  /// The creators, the nearest first.
  var ancestors: [ProcessRow] { event.process?.ancestors ?? [] }

  /// The creator; `nil` when it is not known.
  var parent: ProcessRow? { event.process?.ancestors.first }

  /// The process itself for 0, its creator for 1, and so on.
  func generation(_ index: Int) -> ProcessRow? {
    guard let row = event.process else { return nil }
    if index == 0 { return row }
    return row.ancestors.indices.contains(index - 1) ? row.ancestors[index - 1] : nil
  }

  /// The living process that leads a session or a group, whose number is its pid.
  func leader(_ pid: Int32?) -> ProcessRow? {
    guard let pid, pid > 0 else { return nil }
    if let row = event.process, row.pid == pid { return row }
    return model.table.row(pid)
  }

  /// Nanoseconds from the process's start to the event, in steps of a clock tick.
  func age(of row: ProcessRow) -> UInt64 { age(ofStart: row.startTicks) }

  /// Nanoseconds from a start, in clock ticks since boot, to the event.
  func age(ofStart startTicks: UInt64) -> UInt64 {
    let clock = model.clock
    let now = event.stamp &+ UInt64(bitPattern: clock.boot)
    let (seconds, ticks) = startTicks.quotientAndRemainder(dividingBy: max(1, clock.ticksPerSecond))
    let start = seconds &* 1_000_000_000 &+ ticks &* 1_000_000_000 / max(1, clock.ticksPerSecond)
    return now > start ? now - start : 0
  }
}
