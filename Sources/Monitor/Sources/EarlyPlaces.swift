/// Where processes were that made a session a moment ago: bounded, the oldest goes first. One thread uses it.
struct EarlyPlaces {
  /// A runtime's init becomes its container's program within a tenth of a second.
  static let limit = 64

  private var places: [Int32: DetailReader.Whereabouts] = [:]
  private var order: [Int32] = []

  func place(of pid: Int32) -> DetailReader.Whereabouts? { places.isEmpty ? nil : places[pid] }

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
