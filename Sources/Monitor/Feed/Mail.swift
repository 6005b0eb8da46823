import Events
import Model
import Synchronization

/// Values larger than a record, on their way from the sources to the model: a box for each, and a notice in the ring.
///
/// A source puts a value into its box and pushes a record of kind `notice` that names the box.
final class Mail: Sendable {
  let accounts = MailSlot<Accounts>()
  /// What was found out about containers since the engine looked last.
  let containers = Mutex<[ContainerAnswer]>([])

  /// Hands the model what lies in a box. The engine's thread only.
  func deliver(_ box: Mailbox?, to model: inout Model) {
    switch box {
    case .accounts: if let value = accounts.take() { model.accounts = value }
    case .containers:
      let answers = containers.withLock { answers in
        defer { answers = [] }
        return answers
      }
      for answer in answers { model.learn(answer) }
    case nil: break
    }
  }
}

extension RecordView {
  /// The box that a notice names.
  var mailbox: Mailbox? {
    var box: Mailbox?
    forEachParameter { parameter, value in
      if parameter == .mailbox { box = value.integer(UInt8.self).flatMap(Mailbox.init(rawValue:)) }
    }
    return box
  }
}
