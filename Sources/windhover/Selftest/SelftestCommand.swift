import ArgumentParser
import FoundationEssentials
import Monitor
import System

struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract:
      "Run a marked program, and wait until each output of the running agent has delivered the alert about it.",
    discussion: """
      Prints the time for each output, from the program's start. An output over TCP or TLS counts when the alert was sent \
      and the connection has held for two seconds since, one over UDP when it was sent, one that is acknowledged when it \
      was. The exit status is 1 when an output, or the agent itself, did not have it in \
      time, and 2 when no agent answers.
      """)

  @Option(help: .init("Where the agent listens.", valueName: "path"))
  var socket = ControlSettings.standardPath

  @Option(help: .init("How long to wait for the outputs.", valueName: "seconds"))
  var timeout: Double = 30

  @Flag(help: .hidden)
  var mark = false

  func validate() throws {
    guard timeout > 0, timeout <= 55 else {
      throw ValidationError("--timeout \(timeout): must be a number of seconds up to 55")
    }
  }

  func run() throws {
    // The marked program itself: there long enough for an agent that only looks now and then.
    guard !mark else { return Clock.sleep(milliseconds: UInt32(timeout * 1000)) }
    let agent = AgentConnection(path: socket)
    let name = MarkedProgram.randomName()
    _ = try state(of: name, agent)
    let program = try MarkedProgram(named: name, lifetimeSeconds: timeout)
    let began = Clock.monotonicNanoseconds
    let deadline = began + UInt64(timeout * 1e9)
    var sendings: [String: Sending] = [:]
    var sure: [String: UInt64] = [:]
    var last: SelftestAnswer
    repeat {
      Clock.sleep(milliseconds: 5)
      last = try state(of: name, agent)
      let now = Clock.monotonicNanoseconds
      for output in last.outputs {
        let sending = Sending(since: now, failures: output.failures)
        guard output.delivered else {
          sendings[output.name] = nil
          continue
        }
        // The connection may have broken after all: then it was sent once more.
        if sendings[output.name]?.failures != output.failures { sendings[output.name] = sending }
      }
      sure = sendings.filter { last.isSure($0.key, since: $0.value.since) }.mapValues { $0.since - began }
    } while (!last.seen || sure.count < last.outputs.count) && Clock.monotonicNanoseconds < deadline
    program.end()
    try report(last, sure)
    if !last.seen || sure.count < last.outputs.count { throw Answer.no }
  }

  /// When an output was first seen to have the alert, and how often it had failed by then.
  private struct Sending {
    let since: UInt64
    let failures: UInt64
  }

  private func state(of name: String, _ agent: AgentConnection) throws -> SelftestAnswer {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let answer = try agent.ask("selftest \(name)")
    guard let state = try? decoder.decode(SelftestAnswer.self, from: Data(answer)) else {
      throw CommandFailure.failed("\(socket): the answer is not that of an agent of this version")
    }
    return state
  }

  private func report(_ answer: SelftestAnswer, _ times: [String: UInt64]) throws {
    var output = StandardOutput()
    if !answer.seen { try output.writeLine("the agent has not seen the program") }
    let width = answer.outputs.map(\.name.count).max() ?? 0
    for entry in answer.outputs {
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      if let time = times[entry.name] {
        try output.writeLine("\(SafeLine(name))  \(entry.verb) in \(time / 1_000_000) ms")
      } else {
        let error = entry.lastError.map { ": \(SafeLine($0))" } ?? ""
        try output.writeLine("\(SafeLine(name))  not delivered\(error)")
      }
    }
    try output.flush()
  }
}

/// What an agent answers to `selftest`.
struct SelftestAnswer: Decodable {
  struct Output: Decodable {
    var name: String
    var delivered: Bool
    var receipt: String
    var failures: UInt64
    var lastError: String?

    /// What an output may say of itself.
    var verb: String {
      switch receipt {
      case "acknowledged": "delivered"
      case "connection": "sent, without a receipt,"
      default: "sent, which UDP does not confirm,"
      }
    }
  }

  /// Whether the program was seen.
  var seen: Bool
  var outputs: [Output]

  /// How long a connection that confirms nothing must hold after the alert was sent.
  private static let holdNanoseconds: UInt64 = 2_000_000_000

  /// Whether an output that has had the alert since then is worth to be believed.
  func isSure(_ name: String, since nanoseconds: UInt64) -> Bool {
    guard let output = outputs.first(where: { $0.name == name }), output.receipt == "connection" else {
      return true
    }
    return Clock.monotonicNanoseconds >= nanoseconds + Self.holdNanoseconds
  }
}
