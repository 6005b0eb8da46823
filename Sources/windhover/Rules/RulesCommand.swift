import ArgumentParser

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Check, list, show and test rules, and write exceptions for them.",
    subcommands: [RulesCheck.self, RulesList.self, RulesShow.self, RulesTest.self, RulesExcept.self])
}
