/// What a tail asks for: `tail last=20 since=1700000000000000000 after=81/018f….`, any of them or none; docs/status.md
/// describes them.
struct TailRequest: Equatable, Sendable {
  /// Begin so many alerts before the next one.
  var last: UInt64?
  /// Begin with the first alert that is not older: nanoseconds since 1970 UTC.
  var since: UInt64?
  /// Go on behind this alert if it is still known; if not, the others count.
  var after: Place?

  /// An alert by its number and its uuid: numbers come again when an agent dies, or has its journal in memory.
  struct Place: Equatable, Sendable {
    var sequence: UInt64
    var uuid: String
  }

  init() {}

  /// - Parameter text: what stands behind the word `tail`.
  /// - Returns: `nil` when a word of it is none of these.
  init?(_ text: ArraySlice<UInt8>) {
    for word in text.split(separator: UInt8(ascii: " ")) {
      let parts = String(decoding: word, as: UTF8.self).split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      switch parts[0] {
      case "last":
        guard let count = UInt64(parts[1]) else { return nil }
        last = count
      case "since":
        guard let time = UInt64(parts[1]) else { return nil }
        since = time
      case "after":
        let place = parts[1].split(separator: "/")
        guard place.count == 2, let sequence = UInt64(place[0]), sequence > 0 else { return nil }
        after = Place(sequence: sequence, uuid: String(place[1]))
      default: return nil
      }
    }
  }
}
