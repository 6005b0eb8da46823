import ArgumentParser
import Monitor
import Rules
import SystemPackage

struct RulesTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Test rules with golden cases: events in, alerts out.",
    discussion: """
      A file of cases is YAML with the keys `rules`, the rule files that it is for, and `cases`. Of a rule file, or a \
      directory of them, the cases are those in the directory `tests` beside it. Cases of a file that names no rules \
      are tried on the rule files given, or else on the rules in the binary.
      The exit status is 1 when a case fails or a rule file has errors.
      """)

  @Argument(help: "Files of cases, rule files, and directories of these.")
  var files: [String]

  func run() throws {
    var output = StandardOutput()
    let suite = try RuleTestSuite(paths: files)
    var passed = 0
    var failed = 0
    for file in suite.files {
      let rules = CompiledRules(suite.ruleFiles(for: file), loading: .ofNamedFiles).resolved
      guard try report(rules.reports + [file.report], to: &output) else {
        failed += max(1, file.cases.count)
        for test in file.cases where !test.faults.isEmpty {
          try output.write(RuleTestResult(test: test, differences: test.faults).text)
        }
        continue
      }
      var runner = RuleTestRunner(rules.rules)
      for test in file.cases {
        let result = runner.run(test)
        if result.isPassed { passed += 1 } else { failed += 1 }
        try output.write(result.text)
      }
    }
    try output.writeLine("\(passed) passed, \(failed) failed")
    try output.flush()
    if failed > 0 { throw Answer.no }
  }

  /// Prints the errors of files that cannot be used.
  /// - Returns: whether all of them can.
  private func report(
    _ reports: [RuleFileReport], to output: inout StandardOutput
  ) throws(CommandFailure) -> Bool {
    for report in reports {
      for error in report.errors { try output.write(error.text) }
    }
    return reports.allSatisfy(\.isSuccessful)
  }
}

/// The files that the arguments stand for, cases apart from rules.
private struct RuleTestSuite {
  private(set) var files: [RuleTestFile] = []
  /// Rule files that were given, for cases that name none.
  private var rules: [RuleFile] = []
  private let trust = FileTrust(refusesSharedWriters: false)

  init(paths: [String]) throws(CommandFailure) {
    for file in trust.ruleFiles(named: paths) { try add(file) }
    // The cases beside the rules that were given, unless they were given themselves.
    let directories = Set(
      rules.filter { $0.name != RuleFile.embedded.name }.map {
        FilePath($0.name).removingLastComponent().appending("tests").string
      })
    for directory in directories.sorted() where (try? FilePath(directory).stat()) != nil {
      for file in trust.ruleFiles(at: [directory]) where !files.contains(where: { $0.name == file.name }) {
        if case .bytes(let bytes) = file.content, !RuleTestFile.isOne(bytes) { continue }
        try add(file)
      }
    }
    if files.isEmpty { throw .failed("no case was found in \(SafeLine(paths.joined(separator: ", ")))") }
  }

  private mutating func add(_ file: RuleFile) throws(CommandFailure) {
    switch file.content {
    case .unreadable(let reason): throw .failed("\(SafeLine(file.name)): \(reason)")
    case .bytes(let bytes) where RuleTestFile.isOne(bytes):
      files.append(RuleTestFile(reading: SourceFile(name: file.name, bytes: bytes)))
    case .bytes: rules.append(file)
    }
  }

  /// The rules that a file of cases is for.
  func ruleFiles(for file: RuleTestFile) -> [RuleFile] {
    guard let paths = file.rules else { return rules.isEmpty ? [.embedded] : rules }
    let directory = FilePath(file.name).removingLastComponent()
    return trust.ruleFiles(
      named: paths.map {
        $0 == RuleFile.embeddedName ? $0 : directory.pushing(FilePath($0)).lexicallyNormalized().string
      })
  }
}
