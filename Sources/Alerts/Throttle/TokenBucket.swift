/// So many at once, and so many a second in the long run.
struct TokenBucket {
  private let limit: ThrottleLimit
  private var tokens: Double
  private var updatedNanoseconds: UInt64

  /// A full bucket.
  init(_ limit: ThrottleLimit, nowNanoseconds: UInt64) {
    self.limit = limit
    tokens = limit.burst
    updatedNanoseconds = nowNanoseconds
  }

  /// Whether there is a token. The clock is monotonic; were it not, no token would come or go.
  mutating func isOpen(nowNanoseconds: UInt64) -> Bool {
    refill(nowNanoseconds)
    return tokens >= 1
  }

  /// Whether it is as good as a new one.
  mutating func isFull(nowNanoseconds: UInt64) -> Bool {
    refill(nowNanoseconds)
    return tokens >= limit.burst
  }

  mutating func take() { tokens -= 1 }

  private mutating func refill(_ now: UInt64) {
    guard now > updatedNanoseconds else { return }
    tokens = min(limit.burst, tokens + Double(now - updatedNanoseconds) / 1e9 * limit.perSecond)
    updatedNanoseconds = now
  }
}
