import Rules
import System
import SystemPackage

/// Reads alerts from their source and shows those that are wanted, until the source ends, a signal comes or nobody looks.
/// The main thread only.
struct TailLoop: ~Copyable {
  private let source: any AlertSource
  private let beginning: TailBeginning
  /// `nil` where no agent is asked how it is.
  var vitals: AgentVitals?
  /// `nil` where no keys are taken.
  var keyboard: Keyboard?
  private var keys = TailKeys()
  /// Alerts that are held back while somebody reads; `nil` while nobody does.
  private var waiting: [TailedAlert]?
  /// The text that alerts must have, in small letters.
  private var search: [UInt8] = []
  private var filter: AlertFilter
  private var screen: TailScreen
  /// The last alerts of the past, until all of it was read; `nil` from then on.
  private var held: [TailedAlert]? = []
  private var isPast = true
  private var shown = 0
  private var hidden = 0
  private var faults = 0
  /// Whether any line was an alert.
  private var hasAlerts = false
  private var isOver = false

  private static let waitingLimit = 20_000
  private static let statusMilliseconds: Int32 = 1000
  /// More faults than these are counted only.
  private static let toldFaults = 10

  init(
    _ source: any AlertSource, from beginning: TailBeginning, filter: consuming AlertFilter,
    screen: consuming TailScreen
  ) {
    self.source = source
    self.beginning = beginning
    self.filter = filter
    self.screen = screen
    if beginning.last == nil { held = nil }
  }

  consuming func run(_ signals: TailSignals) throws {
    if screen.hasStatus, let vitals = vitals?.now {
      try screen.title(
        "windhover \(SafeLine(vitals.version)) on \(SafeLine(vitals.hostname)), "
          + "up \(StatusAnswer.duration(vitals.uptimeSeconds)), \(vitals.rules) rules: \(vitals.text)")
    }
    var set = PollSet()
    while !isOver, !signals.hasCome {
      if hasRoom { try take(try source.read()) }
      try screen.update(status: status)
      wait(signals, &set)
      // A reader that has gone is noticed also when there is nothing to write.
      if set.hasInput(1) { throw CommandFailure.outputClosed }
      if let keyboard, set.hasInput(2) { try obey(keyboard) }
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
    // Only if it is read: the end of what nobody reads would end every wait at once.
    if let keyboard { set.add(keyboard.descriptor, input: true, output: false) }
    if hasRoom, let descriptor = source.descriptor { set.add(descriptor, input: true, output: false) }
    let times = [hasRoom ? source.patienceMilliseconds : -1, screen.hasStatus ? Self.statusMilliseconds : -1]
    set.wait(milliseconds: isOver ? 0 : times.filter { $0 >= 0 }.min() ?? -1)
  }

  /// Whether alerts that are held back leave room for more; without it the source waits.
  private var hasRoom: Bool { waiting.map { $0.count < Self.waitingLimit } ?? true }

  /// Does what was typed.
  private mutating func obey(_ keyboard: Keyboard) throws(CommandFailure) {
    guard let bytes = keyboard.read() else {
      isOver = true
      return
    }
    for wish in keys.take(bytes) {
      switch wish {
      case .quit: isOver = true
      case .pause: try pause()
      case .search(let text): search = text.map(Self.lowered)
      }
    }
  }

  private mutating func pause() throws(CommandFailure) {
    guard let held = waiting else {
      waiting = []
      return
    }
    waiting = nil
    try screen.begin()
    for alert in held { try show(alert) }
    try screen.end(status: status)
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
    hasAlerts = true
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
    guard waiting == nil else {
      waiting?.append(alert)
      return
    }
    guard search.isEmpty || alert.contains(search) else {
      hidden += 1
      return
    }
    shown += 1
    try screen.show(alert)
  }

  /// Shows what was held: the past is over.
  private mutating func release() throws(CommandFailure) {
    isPast = false
    // As of a file in another format, which would be waited for without end.
    guard hasAlerts || faults < Self.toldFaults else {
      throw .failed(
        "none of \(faults) lines is an alert in JSON, as an output with `format: json` writes them")
    }
    guard let held, let limit = beginning.last else { return }
    self.held = nil
    for alert in held.suffix(limit) { try show(alert) }
  }

  private mutating func tell(_ fault: String) throws(CommandFailure) {
    faults += 1
    if faults <= Self.toldFaults { try screen.note(fault) }
  }

  private var status: String {
    if let prompt = keys.prompt { return "/\(SafeLine(prompt))_" }
    let parts = [
      waiting.map { "PAUSED, \($0.count) waiting" }, search.isEmpty ? nil : "/\(SafeLine(search))",
      "\(shown) shown" + (hidden > 0 ? ", \(hidden) hidden" : ""),
      vitals.map { $0.now?.text ?? "the agent does not answer" },
      keyboard == nil ? nil : hint,
    ]
    return parts.compactMap(\.self).joined(separator: " | ")
  }

  /// The keys that can be pressed now.
  private var hint: String {
    if waiting != nil { return "space goes on" }
    return search.isEmpty ? "space pauses, / searches, q ends" : "Esc shows all, q ends"
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
  }

  /// The beginning of a line, for a message.
  private static func excerpt(_ line: [UInt8]) -> String {
    "\(SafeLine(Array(line.prefix(60))))" + (line.count > 60 ? "…" : "")
  }
}
