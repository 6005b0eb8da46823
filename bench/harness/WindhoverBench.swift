import ArgumentParser
import Glibc
import SystemPackage

@main
struct WindhoverBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "windhover-bench",
    abstract: "Measures what the agent costs and sees, and holds it against its targets.",
    discussion: """
      Runs the built agent as root on this machine, with loads of its own. Ratios are taken between alternating runs, so \
      that what else the machine does meets both alike; for the rest the machine should be idle.
      """)

  @Option(help: "The agent.") var agent = ".build/release/windhover"
  @Option(help: "The directory of the compiled load programs.") var programs = ".build/bench"
  @Option(help: "Measure only these, separated by commas; `list` names them.") var figures = ""
  @Option(help: "Sizes of the process table, separated by commas.") var processes = "100,1000,10000"
  @Option(help: "Write the report to this file too; what stands below its heading `## Why` stays.")
  var results: String?
  @Option(help: "The repository, to measure a build of a fresh clone.") var repository: String?
  @Option(help: "Falco's rule file; without it the figures about it are of generated rules, and say so.")
  var falcoRules: String?
  @Option(help: "The commit that the report names.") var revision = "unknown"
  @Option(help: "How many seconds each run waits at most for the machine to be quiet.") var patience = 20
  @Option(
    help:
      "Instead of measuring figures, keep the host busy for so many seconds and hold memory against itself.")
  var soak: Int?
  @Flag(help: "Fewer and shorter runs: shows that the bench works, measures little.") var quick = false

  func run() throws {
    var measurements = Measurement.all
    if let repository { measurements.append(ColdBuild.measurement(of: repository)) }
    if figures == "list" { return measurements.forEach { print($0.name) } }
    let wanted = figures.split(separator: ",").map(String.init)
    if let unknown = wanted.first(where: { name in !measurements.contains { $0.name == name } }) {
      throw ValidationError("No figure is called '\(unknown)'; --figures list names them.")
    }
    guard geteuid() == 0 else { throw ValidationError("The agent is measured as root.") }
    signal(SIGPIPE, SIG_IGN)
    let bench = try Workbench(
      agent: agent, programs: programs, processCounts: processes.split(separator: ",").compactMap { Int($0) },
      patienceSeconds: quick ? 0 : patience, falcoRules: falcoRules, isQuick: quick)
    if let soak {
      let outcome = try Soak.run(bench, seconds: soak)
      print(outcome.text)
      guard outcome.isFlat else { throw ExitCode(1) }
      return
    }
    var report = Report(
      command: CommandLine.arguments.joined(separator: " "), revision: revision, loadAtStart: Machine.load)
    for measurement in measurements where wanted.isEmpty || wanted.contains(measurement.name) {
      report.add(measurement, on: bench)
    }
    report.quiet = bench.quiet
    print(report.markdown)
    if let results { try report.write(to: results) }
  }
}

extension Report {
  /// Measures, and says on standard error how it goes.
  fileprivate mutating func add(_ measurement: Measurement, on bench: Workbench) {
    do {
      for figure in try measurement.measure(bench) {
        figures.append(figure)
        say("\(figure.name): \(figure.valueText) (\(figure.verdict))")
      }
    } catch {
      failures.append("\(measurement.name): \(error)")
      say("\(measurement.name): \(error)")
    }
  }

  private func say(_ line: String) { _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8) }
}
