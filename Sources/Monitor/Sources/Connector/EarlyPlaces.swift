/// Where processes were that made a session a moment ago: bounded, the oldest goes first. One thread uses it.
struct EarlyPlaces {
  /// A runtime's init becomes its container's program within a tenth of a second.
  static let limit = 64

  private var places: [Int32: DetailReader.Whereabouts] = [:]
  private var order: [Int32] = []

  /// - Parameter startTicks: when the process was started, if that is known: a pid comes back.
  func place(of pid: Int32, startedAt startTicks: UInt64?) -> DetailReader.Whereabouts? {
    guard !places.isEmpty, let place = places[pid] else { return nil }
    return startTicks == nil || startTicks == place.startTicks ? place : nil
  }

  mutating func note(_ place: DetailReader.Whereabouts, of pid: Int32) {
    if places.updateValue(place, forKey: pid) != nil { return }
    if order.count == Self.limit { places[order.removeFirst()] = nil }
    order.append(pid)
  }

  mutating func forget(_ pid: Int32) {
    guard !places.isEmpty, places.removeValue(forKey: pid) != nil else { return }
    order.removeAll { $0 == pid }
  }
}
