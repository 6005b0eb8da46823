/// What the agent says of its work when it ends.
struct Summary {
  /// Records lost, by source, reason and kind, as "connector vanished of executed".
  private(set) var losses: [String: Int] = [:]
  private(set) var records: [String: Int] = [:]

  /// From lines as `source connector: 120 records; lost: 3 vanished of executed, 1 shed of executed`.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      guard let mark = line.firstRange(of: "source ") else { continue }
      let words = line[mark.upperBound...].split(separator: ":", maxSplits: 1)
      guard words.count == 2, let count = Int(words[1].prefix { $0 != "r" }.filter(\.isNumber)) else {
        continue
      }
      records[String(words[0])] = count
      guard let lost = words[1].firstRange(of: "lost: ") else { continue }
      // Behind the losses stands what was passed over on purpose.
      for item in words[1][lost.upperBound...].prefix(while: { $0 != ";" }).split(separator: ", ") {
        let parts = item.split(separator: " ", maxSplits: 1)
        if parts.count == 2, let count = Int(parts[0]) {
          losses["\(words[0]) \(parts[1])", default: 0] += count
        }
      }
    }
  }

  /// How often records were lost for one of these reasons.
  func lost(_ reasons: String..., source: String) -> Int {
    losses.filter { key, _ in
      reasons.contains { key == "\(source) \($0)" || key.hasPrefix("\(source) \($0) of ") }
    }.values.reduce(0, +)
  }
}
