import Events
import Rules

/// Which events are asked for, and what is to be printed of them: checked, and fit to be handed to another thread.
struct EventRequest: Sendable {
  /// `nil` for every event.
  private let condition: Condition?
  private let fields: [String]
  let format: ReportFormat
  /// Whether somebody chose the fields.
  let isSelective: Bool
  /// After so many events the request is met.
  let limit: Int
  /// What the condition and the fields want the sources to read.
  let needs: Needs
  /// Of which processes the sources read what costs most.
  let scope: DetailScope

  /// - Parameter fields: names with commas between them; `nil` for the usual ones.
  init(condition: String?, fields: String?, format: ReportFormat, limit: Int) throws(CommandFailure) {
    self.condition = try Self.checked(condition)
    self.format = format
    self.limit = limit
    isSelective = fields != nil
    self.fields =
      fields?.split(separator: ",").map(String.init)
      ?? (format == .json ? EventQuery.everyField : Self.usualFields)
    do throws(ConditionFaults) {
      let query = try EventQuery(self.condition, printing: self.fields)
      (needs, scope) = (query.needs, query.scope)
    } catch {
      let faults = error.diagnostics.map { $0.message + ($0.cure.map { "; \($0)" } ?? "") }
      throw .failed("--fields: " + faults.map { "\(SafeLine($0))" }.joined(separator: "\n"))
    }
  }

  /// The request, ready to judge events.
  func makeQuery() -> EventQuery {
    do throws(ConditionFaults) {
      return try EventQuery(condition, printing: fields)
    } catch {
      preconditionFailure("init has made a query of the same condition and fields")
    }
  }

  private static func checked(_ text: String?) throws(CommandFailure) -> Condition? {
    guard let text else { return nil }
    let checked = CheckedCondition(try RuleFile(conditionArgument: text), beside: [.embedded])
    guard checked.report.isSuccessful else {
      throw .failed("the condition is wrong\n" + checked.report.text.dropLast())
    }
    return checked.condition
  }

  /// What most people want to see of an event.
  private static let usualFields = [
    "evt.time", "evt.type", "proc.pid", "proc.name", "proc.cmdline", "proc.pname", "user.name",
    "container.id",
  ]
}
