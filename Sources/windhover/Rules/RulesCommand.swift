import ArgumentParser

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Check, list and test rules.",
    subcommands: [RulesCheck.self, RulesList.self, RulesTest.self])
}
