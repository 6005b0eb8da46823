/// Processes that wait, so that the table has a given size; they end with this object.
final class Sleepers {
  private let child: Child?

  /// Fills the machine up to `total` processes.
  init(_ bench: Workbench, total: Int) throws(BenchError) {
    let missing = total - Machine.processCount
    guard missing > 0 else {
      child = nil
      return
    }
    let child = try Child(bench.program("sleepers"), [bench.path(of: .tiny), String(missing)])
    self.child = child
    do {
      try child.line(within: 120)
    } catch {
      throw .unavailable("\(total) processes: \(error)")
    }
  }

  deinit {
    child?.closeInput()
    // Ten thousand processes take their time to end; the program ends after the last of them.
    child?.end(by: 0)
  }
}
