import ArgumentParser
import Rules

struct RulesShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the rules in the binary as the YAML that they were written in.",
    discussion: """
      To change a rule or to add an exception, write a file with the change alone and load it after these: \
      `windhover run -r builtin -r FILE`.
      """)

  func run() throws {
    var output = StandardOutput()
    try output.write(String(decoding: RuleFile.embeddedBytes, as: UTF8.self))
    try output.flush()
  }
}
