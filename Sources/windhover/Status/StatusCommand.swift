import ArgumentParser
import Monitor

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Ask the running agent what it sees, what it lost, and how its outputs are.",
    discussion: """
      Root, the agent's user and the group of the option control.group may ask. The exit status is 2 when no agent answers.
      """)

  @Option(help: .init("Where the agent listens.", valueName: "path"))
  var socket = ControlSettings.standardPath

  @Option(help: "How to print the answer.")
  var format = Format.text

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  func run() throws {
    let answer = try AgentConnection(path: socket).ask("status")
    var output = StandardOutput()
    switch format {
    case .json: try output.writeLine(String(decoding: answer, as: UTF8.self))
    case .text:
      guard let status = StatusAnswer(line: answer) else {
        throw CommandFailure.failed("\(socket): the answer is not that of an agent of this version")
      }
      for line in status.text { try output.writeLine(SafeLine(line).description) }
    }
    try output.flush()
  }
}
