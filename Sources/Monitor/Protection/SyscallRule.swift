/// One row of the system call filter: names, when it applies, what happens, and why.
struct SyscallRule: Sendable {
  enum Action: Equatable, Sendable {
    case allow
    /// Returns this error and is not counted: for calls that glibc makes with every signal blocked, where the
    /// counting SIGSYS handler could not run and the kernel would kill the process instead.
    case fail(Int32)
    /// Ends the process at once; the kernel's audit log names the call.
    case kill
  }

  /// What must hold of an argument for a row to apply; of several, all.
  struct Condition: Equatable, Sendable {
    enum Comparison: Equatable, Sendable {
      case masked(UInt64, is: UInt64)
      case isNot(UInt64)
    }

    /// Which argument, from 0.
    let argument: UInt32
    let comparison: Comparison

    /// For an argument that the kernel takes as 32 bits: what stands above them does not matter to it.
    static func int(_ argument: UInt32, is value: Int32) -> Condition {
      bits(argument, of: -1, are: value)
    }

    static func bits(_ argument: UInt32, of mask: Int32, are value: Int32) -> Condition {
      Condition(
        argument: argument,
        comparison: .masked(UInt64(UInt32(bitPattern: mask)), is: UInt64(UInt32(bitPattern: value))))
    }

    static func word(_ argument: UInt32, isNot value: UInt64) -> Condition {
      Condition(argument: argument, comparison: .isNot(value))
    }
  }

  /// By name, since numbers differ between architectures; a name that an architecture lacks is left out there.
  let names: [String]
  let conditions: [Condition]
  let action: Action
  /// Why the agent makes the call, or why nobody may.
  let reason: String

  static func allow(_ names: String..., where conditions: [Condition] = [], because reason: String)
    -> SyscallRule
  {
    SyscallRule(names: names, conditions: conditions, action: .allow, reason: reason)
  }

  static func kill(_ names: String..., where conditions: [Condition] = [], because reason: String)
    -> SyscallRule
  {
    SyscallRule(names: names, conditions: conditions, action: .kill, reason: reason)
  }

  static func fail(
    _ names: String..., with error: Int32, where conditions: [Condition] = [], because reason: String
  ) -> SyscallRule {
    SyscallRule(names: names, conditions: conditions, action: .fail(error), reason: reason)
  }
}
