import ArgumentParser
import Events
import Glibc
import Monitor
import Rules

/// The arguments of every command that watches the host: where its configuration comes from.
struct ConfigurationArguments: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("config")], help: .init("The configuration.", valueName: "file"))
  var file: String?

  @Option(
    name: [.customShort("r"), .customLong("rules")], parsing: .singleValue,
    help: .init(
      "Load these rules, and no others; a directory stands for its YAML files, builtin for the rules in the binary. Repeatable.",
      valueName: "file-or-directory"))
  var rules: [String] = []

  @Option(
    name: [.customShort("o"), .customLong("option")], parsing: .singleValue,
    help: .init("Set an option, as in -o json_output=true. Repeatable.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup var source: SourceArguments

  /// The configuration that the arguments ask for.
  func configuration(trust: FileTrust) throws(CommandFailure) -> Configuration {
    var configuration: Configuration
    do throws(ConfigurationError) {
      configuration = try Configuration(file: file, overrides: overrides, trust: trust)
    } catch {
      throw .failed(error.description)
    }
    if !rules.isEmpty { configuration.rulesFiles = rules }
    try source.apply(to: &configuration)
    return configuration
  }
}

/// What is watched, and from where.
struct SourceArguments: ParsableArguments {
  @Option(help: .init("Take events from these sources: auto, or procfs,connector.", valueName: "list"))
  var sources: String?

  @Option(help: .init("Where the host's root directory is seen.", valueName: "directory"))
  var hostRoot: String?

  /// Whether one of them was given.
  var isGiven: Bool { sources != nil || hostRoot != nil }

  func apply(to configuration: inout Configuration) throws(CommandFailure) {
    if let hostRoot { configuration.hostRoot = hostRoot }
    if let sources { configuration.sources = try SourceSelection(argument: sources) }
  }

  /// The defaults, with what the arguments say.
  var configuration: Configuration {
    get throws(CommandFailure) {
      var configuration = Configuration()
      try apply(to: &configuration)
      return configuration
    }
  }
}

extension FileTrust {
  /// What this process must demand of the files that decide what it does.
  static var ofThisProcess: FileTrust { FileTrust(refusesSharedWriters: geteuid() == 0) }
}

extension SourceSelection {
  /// The value of `--sources`.
  init(argument text: String) throws(CommandFailure) {
    guard let selection = SourceSelection(text: text) else {
      let names = Self.selectable.map(\.name).joined(separator: ", ")
      throw .failed(
        "--sources \(SafeLine(text)): must be auto, or a list of \(names) with commas between them")
    }
    self = selection
  }
}
