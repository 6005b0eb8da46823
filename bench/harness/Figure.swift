/// One measured figure beside its target.
struct Figure {
  var name: String
  var value: Double
  var unit: Unit
  var target: Target?
  /// The least and the greatest of the runs that `value` is the median of.
  var spread: ClosedRange<Double>?
  /// How it was measured, and what else the reader must know to judge it.
  var remarks: [String] = []

  enum Unit: String {
    case nanoseconds = "ns"
    case milliseconds = "ms"
    case seconds = "s"
    case megabytes = "MB"
    case percent = "%"
    case ratio = "×"
    case perSecond = "/s"
  }

  enum Target: Equatable {
    case atMost(Double)
    case atLeast(Double)

    func isMet(by value: Double) -> Bool {
      switch self {
      case .atMost(let limit): value <= limit
      case .atLeast(let limit): value >= limit
      }
    }
  }

  init(_ name: String, _ value: Double, _ unit: Unit, _ target: Target? = nil) {
    self.name = name
    self.value = value
    self.unit = unit
    self.target = target
  }

  /// The median of several runs, with their spread.
  init(_ name: String, medianOf sample: Sample, _ unit: Unit, _ target: Target? = nil) {
    self.init(name, sample.median, unit, target)
    spread = sample.least...sample.greatest
    remarks = ["median of \(sample.count) runs"]
  }

  /// An empty remark is none.
  func adding(_ remark: String) -> Figure {
    var figure = self
    if !remark.isEmpty { figure.remarks.append(remark) }
    return figure
  }

  /// Whether the target is met; by how much of the target it is missed.
  var verdict: String {
    guard let target else { return "no target" }
    if target.isMet(by: value) { return "met" }
    switch target {
    case .atMost(let limit): return "missed by \(decimal((value / limit - 1) * 100)) %"
    case .atLeast(let limit): return "missed by \(decimal(limit - value)) \(unit.rawValue)"
    }
  }

  var valueText: String { "\(digits(value)) \(unit.rawValue)" }

  /// A share near 100 % is judged by its second decimal.
  private func digits(_ value: Double) -> String { decimal(value, significant: unit == .percent ? 4 : 3) }

  var spreadText: String {
    spread.map { "\(digits($0.lowerBound)) – \(digits($0.upperBound))" } ?? ""
  }

  var targetText: String {
    switch target {
    case .atMost(let limit): "≤ \(decimal(limit)) \(unit.rawValue)"
    case .atLeast(let limit): "≥ \(decimal(limit)) \(unit.rawValue)"
    case nil: ""
    }
  }
}

/// A number with as many digits as a noisy machine vouches for.
func decimal(_ value: Double, significant: Int = 3) -> String {
  var scale = 1
  while abs(value) * Double(scale) < tenTo(significant - 1), scale < 10_000 { scale *= 10 }
  let (whole, fraction) = Int((abs(value) * Double(scale)).rounded()).quotientAndRemainder(dividingBy: scale)
  var digits = String(String(scale + fraction).dropFirst())
  while digits.hasSuffix("0") { digits.removeLast() }
  return (value < 0 ? "−" : "") + String(whole) + (digits.isEmpty ? "" : "." + digits)
}

private func tenTo(_ power: Int) -> Double { (0..<power).reduce(1) { product, _ in product * 10 } }
