@testable import Rules

/// A rule file, from its bytes to what events are judged by.
enum RulesTarget {
  static func take(_ bytes: [UInt8]) {
    let compiled = CompiledRules([RuleFile(name: "f", bytes: bytes)])
    for report in compiled.resolved.reports { ReportCheck.check(report, of: bytes) }
    for rule in compiled.resolved.rules {
      let again = try? ConditionParser.parse(Array(rule.condition.text.utf8), limits: .ruleFile)
      expect(again == rule.condition, "read as another condition: \(rule.condition.text)")
    }
    var matcher = Matcher(compiled.ruleSet)
    var facts = FlatFacts()
    for event in EventTarget.events {
      try? facts.read(Array(event.utf8).span)
      _ = try? matcher.match(facts)
      for rule in matcher.matches { _ = matcher.output(of: rule, facts) }
    }
  }
}

/// A file of golden cases.
enum CasesTarget {
  static func take(_ bytes: [UInt8]) {
    ReportCheck.check(RuleTestFile(reading: SourceFile(name: "f", bytes: bytes)).report, of: bytes)
  }
}

/// What holds of every report on a file.
enum ReportCheck {
  static func check(_ report: RuleFileReport, of bytes: [UInt8]) {
    for finding in report.errors + report.warnings {
      let location = finding.location
      expect(location.line >= 1 && location.column >= 1, "no place: \(location)")
      expect((0...bytes.count).contains(location.offset), "a place outside of the file: \(location)")
    }
    let text = report.text + report.summary
    expect(
      text.unicodeScalars.allSatisfy {
        $0 == "\n" || ($0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value))
      }, "control characters in a report")
    expect(!RuleFileReport.json([report]).utf8.contains { $0 < 0x20 }, "control characters in JSON")
  }
}
