import Glibc
import SystemPackage
import Testing

/// Holds what the agent told of storms of execs against what was started: seen, or counted as lost.
enum ExecLedger {
  static let rule = "Program"
  static let rules = """
    - rule: Program
      desc: Every program that is started, whatever is known of it.
      condition: evt.type = execve
      output: pid=%proc.pid parent=%proc.ppid arguments=%proc.args
      priority: INFORMATIONAL
    """

  /// Starts so many programs one after the other, and waits.
  /// - Returns: the process id of their parent.
  static func storm(of count: Int, perSecond: Int = 500) throws -> pid_t {
    let storm = try Program(Tool.storm.path(), ["exec", "\(count)", "\(perSecond)"])
    #expect(try storm.finish(within: .seconds(300)).output == "executed \(count)\n")
    return storm.pid
  }

  /// Starts few programs again and again until an alert about one of them satisfies the predicate: after a storm nothing
  /// is read until the reader's share has fallen, and that may take a while.
  /// - Returns: how many were started, by the process id of their parent.
  static func trickle(
    _ agent: Agent, until predicate: (JSONTree) -> Bool
  ) throws -> [pid_t: Int] {
    var storms: [pid_t: Int] = [:]
    for _ in 1...20 {
      let storm = try storm(of: 30, perSecond: 10)
      storms[storm] = 30
      let alert = try? agent.alert(of: rule, within: .seconds(1)) {
        $0.outputText("proc.ppid") == "\(storm)" && predicate($0)
      }
      if alert != nil { return storms }
    }
    Issue.record("none of \(storms.count * 30) programs was seen so")
    return storms
  }

  /// The arguments that an alert of the rule tells; empty when they could not be read.
  static func arguments(of alert: JSONTree) -> String { alert.outputText("proc.args") ?? "" }

  /// Ends the agent, and checks that for each storm every program is an alert or counted, and that what an alert lacks
  /// is counted too.
  /// - Parameter storms: how many programs were started, by the process id of their parent.
  static func expectBalanced(_ storms: [pid_t: Int], by agent: Agent) throws {
    // What is started last is seen last, unless it is lost itself.
    var isSeen = false
    for _ in 1...12 where !isSeen {
      let last = try Program("/bin/sleep", ["600"])
      isSeen =
        (try? agent.alert(of: rule, within: .seconds(10)) { $0.outputText("proc.pid") == "\(last.pid)" })
        != nil
      last.signal(SIGTERM)
    }
    #expect(isSeen)
    let outcome = try agent.finish()
    #expect(outcome.status == 0)
    let summary = Summary(outcome.errors)
    let unseen = summary.lost("ring_full", "socket_overflow", "sequence_gap", source: "connector")
    let unread = summary.lost(
      "shed", "vanished", "reader_stuck", "not_risked", "argv_superseded", source: "connector")
    let lines = outcome.output.split(separator: "\n")
    for (storm, started) in storms {
      // A program of which nothing could be read is an alert too: the kernel told its fork and its exec.
      let seen = lines.filter {
        $0.contains("\"proc.ppid\":\(storm)}") || $0.contains("\"proc.ppid\":\(storm),")
      }
      .compactMap { try? JSONTree(String($0)) }.map(arguments)
      #expect(seen.count <= started)
      #expect(seen.count + unseen >= started, "\(outcome.errors)")
      let bare = seen.filter { !$0.hasPrefix("drop ") }
      #expect(bare.filter { $0 != "" } == [], "arguments of another program")
      #expect(bare.count <= unread, "\(outcome.errors)")
    }
  }
}
