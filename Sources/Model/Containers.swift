/// The containers that are known, each with the process that stands for it.
///
/// The reference is the oldest process of the container, taken at its first exec after the runtime's own init; a
/// container whose processes have all ended is forgotten.
struct Containers {
  private struct Entry {
    var reference: ProcessRow
    var processes: Int
  }

  private var entries: [[UInt8]: Entry] = [:]

  /// The process that stands for the container; `nil` before its first exec.
  func reference(_ id: [UInt8]) -> ProcessRow? { entries[id]?.reference }

  /// A process has come into the container.
  mutating func enter(_ id: [UInt8], _ row: ProcessRow) {
    guard var entry = entries[id] else {
      entries[id] = Entry(reference: row, processes: 1)
      return
    }
    entry.processes += 1
    // The first pass meets processes in the order of their pids, not of their age.
    if row.startTicks < entry.reference.startTicks, !entry.reference.hasEnded { entry.reference = row }
    entries[id] = entry
  }

  /// A process of the container has ended or gone elsewhere.
  mutating func leave(_ id: [UInt8]) {
    guard var entry = entries[id] else { return }
    entry.processes -= 1
    entries[id] = entry.processes > 0 ? entry : nil
  }
}
