/// One thing that the agent gives up, or protects itself by.
public enum ProtectionStep: String, CaseIterable, Sendable {
  case descriptors, environment
  case fileMode = "file mode"
  case memoryShortage = "memory shortage"
  case boundingSet = "bounding set"
  case user, capabilities
  case coreDumps = "core dumps"
  case newPrivileges = "new privileges"
  case writtenCode = "written code"
  case systemCalls = "system calls"
  case outputs
}

extension ProtectionStep: CustomStringConvertible {
  public var description: String { rawValue }
}

/// What was done to protect the agent, and what was not possible: one line a step.
public struct ProtectionReport: Equatable, Sendable {
  public enum Outcome: Equatable, Sendable {
    /// The step was taken; the text says what holds now.
    case done(String)
    /// The step was not possible, or not asked for: why, and what that costs.
    case missing(reason: String, cost: String)
  }

  public struct Entry: Equatable, Sendable, CustomStringConvertible {
    public let step: ProtectionStep
    public let outcome: Outcome

    /// One line, for the log.
    public var description: String {
      switch outcome {
      case .done(let text): "\(step): \(text)"
      case .missing(let reason, let cost): "\(step): not protected: \(reason); \(cost)"
      }
    }
  }

  /// In the order of the steps.
  public private(set) var entries: [Entry] = []

  /// Whether every step was taken.
  public var isComplete: Bool {
    entries.allSatisfy { if case .done = $0.outcome { true } else { false } }
  }

  /// - Returns: `nil` for a step that was not reached.
  public subscript(step: ProtectionStep) -> Outcome? { entries.last { $0.step == step }?.outcome }

  mutating func done(_ step: ProtectionStep, _ text: String) {
    entries.append(Entry(step: step, outcome: .done(text)))
  }

  mutating func missing(_ step: ProtectionStep, because reason: String, cost: String) {
    entries.append(Entry(step: step, outcome: .missing(reason: reason, cost: cost)))
  }
}
