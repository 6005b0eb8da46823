import Rules

/// Prints the events that meet a request. One thread at a time.
struct EventPrinter: ~Copyable {
  private(set) var matched = 0
  private let request: EventRequest
  private var query: EventQuery
  private var output = StandardOutput()

  init(_ request: EventRequest) {
    self.request = request
    query = request.makeQuery()
  }

  /// Whether as many events were printed as were asked for.
  var isDone: Bool { matched >= request.limit }

  /// Prints a live event if it meets the condition, at once.
  mutating func print(_ facts: borrowing LiveFacts) throws(CommandFailure) {
    guard query.matches(facts) else { return }
    matched += 1
    switch request.format {
    case .text: try output.writeLine("\(SafeLine(query.text(facts)))")
    case .json: try output.writeLine(query.json(facts))
    }
    try output.flush()
  }

  /// Prints an event of a capture, of which `line` is the text, if it meets the condition.
  mutating func print(_ facts: borrowing FlatFacts, line: ArraySlice<UInt8>) throws(EventFault) {
    do {
      guard try query.matches(facts) else { return }
    } catch {
      throw .wrongEvent(error)
    }
    matched += 1
    do {
      switch request.format {
      case .text: try output.writeLine("\(SafeLine(query.text(facts)))")
      case .json where request.isSelective: try output.writeLine(query.json(facts))
      // Nothing was asked for in particular, so nothing of the event is lost.
      case .json: try output.writeLine(String(decoding: line, as: UTF8.self))
      }
    } catch {
      throw .output(error)
    }
  }

  mutating func flush() throws(CommandFailure) { try output.flush() }
}

/// Why an event of a capture could not be printed.
enum EventFault: Error {
  case wrongEvent(FlatFactsError)
  case output(CommandFailure)
}
