/// How large a datagram may be: what the operator allows, and less once a socket has found one too large.
struct DatagramLimit {
  private(set) var bytes: Int
  private let smallest: Int

  /// - Parameter smallest: what every receiver must take; nothing goes below it.
  init(_ bytes: Int, smallest: Int) {
    self.bytes = max(bytes, smallest)
    self.smallest = smallest
  }

  /// A message of so many bytes was too large.
  /// - Returns: whether a smaller one can be tried.
  mutating func shrink(from tooMany: Int) -> Bool {
    let smaller = max(smallest, min(bytes, tooMany) / 2)
    guard smaller < bytes else { return false }
    bytes = smaller
    return true
  }
}
