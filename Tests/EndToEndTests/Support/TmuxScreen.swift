import Glibc
import SystemPackage

/// A terminal of a test's own: a server of tmux with one window, which ends with this object.
final class TmuxScreen {
  private let directory: TemporaryDirectory
  private static let program: FilePath = "/usr/bin/tmux"

  static var isInstalled: Bool { Files.program(program) != nil }

  /// - Parameters:
  ///   - command: for the shell; when it has ended, its status is shown as `[exit 0]`.
  ///   - environment: beside what all programs of tests have.
  init(columns: Int, rows: Int = 40, environment: [String: String] = [:], _ command: String) throws {
    directory = try TemporaryDirectory()
    let script = try directory.write("\(command)\necho \"[exit $?]\"\nexec cat\n", to: "script")
    let variables = environment.map { "\($0.key)=\($0.value)" }
    let outcome = try tmux(
      ["-u", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env"] + variables
        + ["/bin/bash", script])
    guard outcome.status == 0 else { throw TmuxError(messages: outcome.errors) }
    // All rows are the window's.
    _ = try tmux(["set", "-g", "status", "off"])
  }

  deinit { _ = try? tmux(["kill-server"]) }

  /// What is seen, without blanks at the ends.
  /// - Parameter colours: with the escape sequences of colours, as tmux writes them.
  func text(colours: Bool = false) throws -> String {
    let lines = try tmux(["capture-pane", "-p"] + (colours ? ["-e"] : [])).output.split(
      separator: "\n", omittingEmptySubsequences: false)
    let last = lines.lastIndex { !$0.isEmpty } ?? -1
    return lines[...last].map { $0 + "\n" }.joined()
  }

  /// Waits until what is seen satisfies the predicate.
  @discardableResult
  func wait(for what: String, until isMet: (String) -> Bool) throws -> String {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let text = try text()
      if isMet(text) { return text }
      guard ContinuousClock.now < deadline else {
        throw DeadlinePassed(waitingFor: what, output: text, errors: "")
      }
      usleep(100_000)
    }
  }

  /// Types keys by their names, as `Space`, `Enter`, `C-c` or `q`.
  func type(_ keys: String...) throws { _ = try tmux(["send-keys"] + keys) }

  func resize(columns: Int) throws { _ = try tmux(["resize-window", "-x", "\(columns)"]) }

  /// What tmux says of the window, as `#{pane_title}`.
  func tell(_ format: String) throws -> String { try tmux(["display-message", "-p", format]).output }

  private func tmux(_ arguments: [String]) throws -> Outcome {
    try Program(
      Self.program, ["-L", "windhover", "-f", "/dev/null"] + arguments,
      environment: ["TMUX_TMPDIR": directory.path.string, "TERM": "xterm-256color"]
    ).finish()
  }

  struct TmuxError: Error, CustomStringConvertible {
    var messages: String
    var description: String { "tmux: \(messages)" }
  }
}
