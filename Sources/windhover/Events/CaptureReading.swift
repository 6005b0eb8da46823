import Rules

/// Judges the events of a capture, in the order of its lines.
struct CaptureReading {
  let path: String

  func run(_ request: EventRequest) throws {
    var printer = EventPrinter(request)
    var lines = try InputLines(path: path)
    var facts = FlatFacts()
    var check = FlatFactsCheck()
    var faults = 0
    var number = 0
    while !printer.isDone, let line = try lines.next() {
      number += 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      do throws(EventFault) {
        do throws(FlatFactsError) {
          try facts.read(Array(line).span)
          try check.check(facts)
        } catch {
          throw .wrongEvent(error)
        }
        try printer.print(facts, line: line)
      } catch .wrongEvent(let error) {
        faults += 1
        ExitStatus.explain("\(lines.name):\(number): \(SafeLine(error.description))")
      } catch .output(let failure) {
        throw failure
      }
    }
    try printer.flush()
    if faults > 0 { throw CommandFailure.explained }
    if printer.matched == 0 { throw Answer.no }
  }
}
