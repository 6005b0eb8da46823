/// Two ways of one work, measured in turn within one run, so that what else the machine does meets both alike.
struct AlternatingPairs {
  private(set) var firsts: [Double] = []
  private(set) var seconds: [Double] = []

  /// - Parameters:
  ///   - first: measured before `second` in every other pair, after it in the rest.
  init(
    _ count: Int, first: () throws(BenchError) -> Double, second: () throws(BenchError) -> Double
  ) throws(BenchError) {
    for index in 0..<count {
      if index.isMultiple(of: 2) {
        firsts.append(try first())
        seconds.append(try second())
      } else {
        seconds.append(try second())
        firsts.append(try first())
      }
    }
  }

  /// The second's cost by the first's, pair for pair.
  var ratios: Sample { Sample(zip(firsts, seconds).map { $1 / $0 }) }
}
