/// One group of figures that are measured together.
struct Measurement {
  /// The word for `--figures`.
  let name: String
  let measure: (Workbench) throws(BenchError) -> [Figure]

  init(_ name: String, _ measure: @escaping (Workbench) throws(BenchError) -> [Figure]) {
    self.name = name
    self.measure = measure
  }

  /// In the order of DESIGN.md's table of figures.
  static var all: [Measurement] {
    [
      Measurement("short-lived", ShortLived.measure),
      Measurement("command-lines", CommandLines.measure),
      Measurement("standing", StandingCost.measure),
      Measurement("full-read", FullRead.measure),
      Measurement("first-event", FirstEvent.measure),
      Measurement("ring", RingHop.measure),
      Measurement("latency", Latency.measure),
      Measurement("rule-loading", RuleLoading.measure),
      Measurement("rule-matching", RuleMatching.measure),
      Measurement("delivery", DeliveryRates.measure),
      Measurement("metadata", StartMetadata.measure),
    ]
  }
}
