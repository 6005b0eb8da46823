/// One exec of a storm, as its argument tells: `x17@123456789`.
struct StormExec: Hashable {
  /// Whether it is the second exec of its process.
  var isSecond: Bool
  var index: Int
  /// CLOCK_MONOTONIC nanoseconds just before the first exec.
  var began: UInt64

  /// Reads the alert of the bench's rule.
  /// - Returns: `nil` unless the command line in it is exactly one that the storm gave.
  init?(alert: String, of load: Storm.Load) {
    let opening = "<\(load.program.name) "
    guard let start = alert.firstIndex(of: "<"), let end = alert.lastIndex(of: ">"),
      alert[start..<end].hasPrefix(opening)
    else { return nil }
    let argument = alert[start..<end].dropFirst(opening.count)
    let parts = argument.dropFirst().split(separator: "@", omittingEmptySubsequences: false)
    guard let mode = argument.first, "ex".contains(mode), parts.count == 2, let index = Int(parts[0]),
      let began = UInt64(parts[1])
    else { return nil }
    isSecond = load.execsTwice && mode == "x"
    self.index = index
    self.began = began
  }
}
