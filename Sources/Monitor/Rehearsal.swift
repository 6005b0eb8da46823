import Alerts
import System
import SystemPackage

/// What a start with this configuration would run into, as far as that can be told without one.
public struct Rehearsal: Sendable {
  /// What was done for the agent's own protection.
  public let protection: ProtectionReport
  /// What cannot work until somebody changes it, with what helps.
  public private(set) var faults: [String] = []
  /// What does not work now and may later.
  public private(set) var warnings: [String] = []

  init(_ protection: ProtectionReport) { self.protection = protection }

  mutating func add(_ output: Output, user: String) {
    for obstacle in output.sink.obstacles(user: user) {
      let text = "output \(output.name): \(obstacle.text)"
      if obstacle.mayPass { warnings.append(text) } else { faults.append(text) }
    }
  }

  /// The journal's directory, which may be made, or its parent then.
  mutating func add(_ journal: JournalSettings, user: String) {
    guard !journal.directory.isEmpty else { return }
    let directory = FilePath(journal.directory)
    var objection = Directory.objection(to: directory, reading: true, writing: true, entering: true)
    if objection == .noSuchFileOrDirectory {
      objection = Directory.objection(to: directory.removingLastComponent(), writing: true, entering: true)
    }
    guard let objection else { return }
    let error = JournalError.unusable(path: journal.directory, reason: "\(objection)")
    faults.append("\(AgentError.journal(error, directory: journal.directory, user: user))")
  }

  mutating func add(_ problem: ControlError) { faults.append("\(problem)") }
}

extension Agent {
  /// Gives up every privilege, as `protect`, and sees what a start would run into then. Makes no file and no socket; the
  /// agent cannot be started after it.
  public func rehearse(as identity: Identity) throws(AgentError) -> Rehearsal {
    // Before the drop: a name service may load code.
    var problem: ControlError?
    let group = configuration.control.group
    if !configuration.control.path.isEmpty, !group.isEmpty, !ControlSocket.isGroup(group) {
      problem = .noGroup(group)
    }
    var rehearsal = Rehearsal(try watch.protect(as: identity))
    if let problem { rehearsal.add(problem) }
    for output in configuration.outputs { rehearsal.add(output, user: identity.userName) }
    rehearsal.add(configuration.journal, user: identity.userName)
    return rehearsal
  }
}
