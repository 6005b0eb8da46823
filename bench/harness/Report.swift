import SystemPackage

/// The results as text: a table, the remarks below it, and the circumstances.
struct Report {
  /// How the bench was called.
  var command: String
  /// The commit that was measured.
  var revision: String
  /// The load average when it began; the bench itself raises it later.
  var loadAtStart: Double
  /// How many runs there were, and how many of them found the machine quiet.
  var quiet = (asked: 0, found: 0)
  var figures: [Figure] = []
  /// What could not be measured, and why.
  var failures: [String] = []

  var markdown: String {
    var lines = [
      "# Figures", "",
      "Written by `windhover-bench`; do not edit above the last heading. Targets are those of the design.",
      "",
      "- Machine: \(Machine.description)", "- Command: `\(command)`", "- Commit: \(revision)",
      "- Date: \(Machine.date)",
      "- Load average when it began: \(decimal(loadAtStart)); "
        + "\(quiet.found) of \(quiet.asked) runs found 90 % of the CPUs idle", "",
      "| figure | measured | least – greatest | target | |", "|---|---|---|---|---|",
    ]
    lines += figures.map { figure in
      "| \(figure.name) | \(figure.valueText) | \(figure.spreadText) | \(figure.targetText) | \(figure.verdict) |"
    }
    let remarks = figures.filter { !$0.remarks.isEmpty }
    if !remarks.isEmpty { lines += ["", "How each was measured:", ""] }
    lines += remarks.map { "- \($0.name): \($0.remarks.joined(separator: "; "))." }
    if !failures.isEmpty { lines += ["", "Not measured:", ""] + failures.map { "- \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let handwrittenHeading = "\n## Why"

  /// Writes the report, and keeps what a person wrote below the heading `## Why`.
  func write(to path: String) throws(BenchError) {
    let old = text(of: path) ?? ""
    let kept = old.split(separator: Self.handwrittenHeading, maxSplits: 1, omittingEmptySubsequences: false)
    let handwritten = kept.count == 2 ? Self.handwrittenHeading + kept[1] : Self.handwrittenHeading + "\n"
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll((markdown + handwritten).utf8) }
    } catch {
      throw .cannotWrite(path, (error as? Errno) ?? .notSupported)
    }
  }
}
