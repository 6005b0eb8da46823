import Events
import Model

/// Records written one after the other and applied to a model, with the events that each one gave.
struct Script: ~Copyable {
  static let hostNamespaces = NamespaceSet(
    cgroup: 1, ipc: 2, mnt: 3, net: 4, pid: 5, time: 6, user: 7, uts: 8)
  static let second: UInt64 = 1_000_000_000

  private let ring = Ring(capacityBytes: 1 << 16)
  private var writer = RecordWriter()
  private(set) var model: Model
  private(set) var stamp: UInt64 = 100 * second

  init(processLimit: Int = 1000, startStamp: UInt64 = 50 * second, hostCapabilities: UInt64 = .max) {
    var settings = Model.Settings(
      startStamp: startStamp, hostNamespaces: Self.hostNamespaces, processLimit: processLimit)
    settings.hostCapabilities = hostCapabilities
    model = Model(
      settings: settings,
      clock: ClockOffsets(realtime: 0, boot: 0, ticksPerSecond: 100))
  }

  /// Start ticks of a process that was made now.
  var ticks: UInt64 { stamp / 10_000_000 }

  mutating func learn(_ answer: ContainerAnswer) { model.learn(answer) }

  mutating func wait(_ nanoseconds: UInt64) { stamp += nanoseconds }

  /// Applies one record.
  /// - Parameter age: how long before now its read began.
  @discardableResult
  mutating func apply(
    _ kind: RecordKind, _ pid: Int32, from source: SourceID = .connector, start: UInt64 = 0, age: UInt64 = 0,
    _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    stamp += 1000
    writer.begin(kind, from: source, stamp: stamp - age, pid: pid, startTicks: start)
    fill(&writer)
    let pushed = ring.push(writer)
    precondition(pushed)
    var events: [Event] = []
    _ = ring.drain { view in
      model.apply(view, into: &events)
      return true
    }
    return events
  }

  @discardableResult
  mutating func fork(_ parent: Int32, _ child: Int32) -> [Event] {
    apply(.forked, child) { $0.append(.parentPID, parent) }
  }

  @discardableResult
  mutating func exec(_ pid: Int32, _ path: String, _ fill: (inout RecordWriter) -> Void = { _ in }) -> [Event]
  {
    apply(.executed, pid) {
      $0.append(.name, Array((path.split(separator: "/").last ?? "").utf8).span)
      $0.append(.arguments, Array((path + "\0").utf8).span)
      $0.append(.exePath, Array(path.utf8).span)
      fill(&$0)
    }
  }

  /// A sweep's full read of a process.
  @discardableResult
  mutating func state(
    _ pid: Int32, start: UInt64, parent: Int32 = 0, path: String = "/bin/sh", age: UInt64 = 0,
    _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    apply(.state, pid, from: .procfs, start: start, age: age) {
      $0.insert(.filled)
      $0.append(.name, Array((path.split(separator: "/").last ?? "").utf8).span)
      $0.append(.exePath, Array(path.utf8).span)
      $0.append(.parentPID, parent)
      fill(&$0)
    }
  }

  /// A whole listing of /proc that holds these pids.
  @discardableResult
  mutating func listing(_ number: Int32, _ pids: [Int32]) -> [Event] {
    let began = stamp
    apply(.present, number, from: .procfs) { writer in
      writer.append(.presence, pids.flatMap { [$0, 0, 0, 0] })
    }
    return apply(.listingEnded, number, from: .procfs, age: stamp + 1000 - began)
  }
}

extension RecordWriter {
  mutating func claim(_ id: String, _ type: ContainerType = .docker, vouched: Bool) {
    append(.containerID, Array(id.utf8).span)
    append(.containerType, type.rawValue)
    append(.containerVouched, UInt8(vouched ? 1 : 0))
  }

  mutating func namespaces(_ change: (inout NamespaceSet) -> Void) {
    var set = Script.hostNamespaces
    change(&set)
    append(.namespaces, NamespaceType.allCases.map { set[$0] })
  }
}
