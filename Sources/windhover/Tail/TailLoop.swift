import Rules
import System
import SystemPackage

/// Reads alerts from their source and shows those that are wanted, until the source ends, a signal comes or nobody looks.
/// The main thread only.
struct TailLoop: ~Copyable {
  private let source: any AlertSource
  private let beginning: TailBeginning
  private let vitals: AgentVitals?
  private var filter: AlertFilter
  private var screen: TailScreen
  /// The last alerts of the past, until all of it was read; `nil` from then on.
  private var held: [TailedAlert]? = []
  private var isPast = true
  private var shown = 0
  private var hidden = 0
  private var faults = 0
  private var isOver = false

  private static let statusMilliseconds: Int32 = 1000
  /// More faults than these are counted only.
  private static let toldFaults = 10

  init(
    _ source: any AlertSource, from beginning: TailBeginning, filter: consuming AlertFilter,
    screen: consuming TailScreen, vitals: AgentVitals?
  ) {
    self.source = source
    self.beginning = beginning
    self.filter = filter
    self.screen = screen
    self.vitals = vitals
    if beginning.last == nil { held = nil }
  }

  consuming func run(_ signals: TailSignals) throws {
    if screen.hasStatus, let vitals = vitals?.now {
      try screen.title(
        "windhover \(vitals.version) on \(SafeLine(vitals.hostname)), up \(StatusAnswer.duration(vitals.uptimeSeconds)), "
          + "\(vitals.rules) rules: \(vitals.text)")
    }
    var set = PollSet()
    while !isOver, !signals.hasCome {
      try take(try source.read())
      try screen.update(status: status)
      wait(signals, &set)
      // A reader that has gone is noticed also when there is nothing to write.
      if set.hasInput(1) { throw CommandFailure.outputClosed }
    }
    try screen.finish()
    if faults > 0 {
      if faults > Self.toldFaults { ExitStatus.explain("\(faults) lines in all were no alerts") }
      throw CommandFailure.explained
    }
  }

  private func wait(_ signals: TailSignals, _ set: inout PollSet) {
    set.removeAll()
    set.add(signals.descriptor, input: true, output: false)
    set.add(.standardOutput, input: false, output: false)
    if let descriptor = source.descriptor { set.add(descriptor, input: true, output: false) }
    let times = [source.patienceMilliseconds, screen.hasStatus ? Self.statusMilliseconds : -1]
    set.wait(milliseconds: isOver ? 0 : times.filter { $0 >= 0 }.min() ?? -1)
  }

  private mutating func take(_ events: [AlertSourceEvent]) throws(CommandFailure) {
    guard !events.isEmpty else { return }
    try screen.begin()
    for event in events {
      switch event {
      case .line(let line): try take(line)
      case .present: try release()
      case .note(let text): try screen.note(text)
      case .failure(let text): throw .failed(text)
      case .end:
        try release()
        isOver = true
      }
    }
    try screen.end(status: status)
  }

  private mutating func take(_ line: [UInt8]) throws(CommandFailure) {
    guard line.contains(where: { $0 > 0x20 }) else { return }
    guard let alert = TailedAlert(line) else { return try tell("no alert: \(Self.excerpt(line))") }
    if isPast, let since = beginning.since, let time = alert.timeNanoseconds, time < since { return }
    do {
      guard try filter.admits(alert) else {
        hidden += 1
        return
      }
    } catch {
      return try tell("not judged by --where: \(SafeLine(error.description))")
    }
    guard held != nil, let limit = beginning.last else { return try show(alert) }
    held?.append(alert)
    // Cut now and then: each time would move all of them.
    if let count = held?.count, count > 2 * limit + 100 { held?.removeFirst(count - limit) }
  }

  private mutating func show(_ alert: TailedAlert) throws(CommandFailure) {
    shown += 1
    try screen.show(alert)
  }

  /// Shows what was held: the past is over.
  private mutating func release() throws(CommandFailure) {
    isPast = false
    guard let held, let limit = beginning.last else { return }
    self.held = nil
    for alert in held.suffix(limit) { try show(alert) }
  }

  private mutating func tell(_ fault: String) throws(CommandFailure) {
    faults += 1
    if faults <= Self.toldFaults { try screen.note(fault) }
  }

  private var status: String {
    let counts = "\(shown) shown" + (hidden > 0 ? ", \(hidden) hidden" : "")
    guard let vitals else { return counts }
    return counts + " | " + (vitals.now?.text ?? "the agent does not answer")
  }

  /// The beginning of a line, for a message.
  private static func excerpt(_ line: [UInt8]) -> String {
    "\(SafeLine(Array(line.prefix(60))))" + (line.count > 60 ? "…" : "")
  }
}
