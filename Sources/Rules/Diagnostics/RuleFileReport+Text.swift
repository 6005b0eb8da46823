import Events

extension RuleFileReport {
  /// The report for a terminal: one paragraph a finding, errors and warnings in the order of the file.
  ///
  /// ```
  /// rules/process.yaml:12:17: error: there is no macro 'spwned_process'
  ///   condition: spwned_process and proc.name = sh
  ///              ^^^^^^^^^^^^^^
  ///   did you mean 'spawned_process'?
  /// ```
  ///
  /// Nothing from the file reaches the terminal unescaped.
  public var text: String {
    var text = ""
    let findings = (errors + warnings).sorted { $0.location.offset < $1.location.offset }
    for finding in findings { text += finding.text }
    if omittedCount > 0 { text += "\(printable(name)): \(omittedCount) more\n" }
    return text
  }

  /// The file and how many errors and warnings it has, on one line.
  public var summary: String {
    let parts = [Self.count(errors.count, "error"), Self.count(warnings.count, "warning")].compactMap(\.self)
    return "\(printable(name)): \(parts.isEmpty ? "ok" : parts.joined(separator: ", "))\n"
  }

  private static func count(_ count: Int, _ noun: String) -> String? {
    count == 0 ? nil : count.of(noun)
  }
}

extension RuleFileReport.Finding {
  /// The finding as a paragraph of lines.
  public var text: String {
    var text = "\(location): \(code.severity.rawValue): \(printable(message)) [\(code.rawValue)]\n"
    if let excerpt {
      for line in excerpt.text.split(separator: "\n") { text += "  \(line)\n" }
    }
    if let cure { text += "  \(printable(cure))\n" }
    for note in notes { text += "  \(note.location): \(printable(note.message))\n" }
    return text
  }
}
