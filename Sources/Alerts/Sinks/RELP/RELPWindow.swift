/// The alerts that went out on one RELP connection and were not all answered yet, in the order in which they went.
struct RELPWindow {
  private struct Outstanding {
    let transaction: UInt32
    let sequence: UInt64
    var isAnswered = false
  }

  /// So many alerts go out before the first of them must have been answered.
  static let capacity = 1024

  private var alerts: [Outstanding] = []
  /// Where in `alerts` the first begins that was not answered.
  private var first = 0
  /// The number up to which everything that went out was answered; 0 when nothing was.
  private(set) var settled: UInt64 = 0

  var count: Int { alerts.count - first }
  var isEmpty: Bool { count == 0 }
  var hasRoom: Bool { count < Self.capacity }

  mutating func sent(_ sequence: UInt64, as transaction: UInt32) {
    alerts.append(Outstanding(transaction: transaction, sequence: sequence))
  }

  /// The alert that this transaction brought and that was not answered yet.
  func sequence(of transaction: UInt32) -> UInt64? {
    index(of: transaction).map { alerts[$0].sequence }
  }

  /// Settles an alert, once all before it are settled: a receiver may answer in another order.
  mutating func answered(_ transaction: UInt32) {
    guard let index = index(of: transaction) else { return }
    alerts[index].isAnswered = true
    while first < alerts.count, alerts[first].isAnswered {
      settled = alerts[first].sequence
      first += 1
    }
    // Moved seldom, since moving costs as much as the window is long.
    guard first >= Self.capacity / 2 || isEmpty else { return }
    alerts.removeSubrange(..<first)
    first = 0
  }

  private func index(of transaction: UInt32) -> Int? {
    alerts[first...].firstIndex { $0.transaction == transaction && !$0.isAnswered }
  }
}
