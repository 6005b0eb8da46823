/// Turns conditions and outputs into rows of one set of tables and collects all that is wrong with them.
struct ConditionCompiler: ~Copyable {
  var builder = TableBuilder()
  /// The fields that were read since the last `takeNotes`, in order, with doubles.
  var fields: [ResolvedField] = []
  /// Whether macros may be left in conditions.
  var allowsMacros = false
  /// What was found wrong since the last `takeNotes`.
  private var faults: [CompileFault] = []
  /// What was found questionable since the last `takeNotes`.
  var remarks: [CompileRemark] = []

  /// Takes out what was noted since the last call.
  mutating func takeNotes() -> Notes {
    defer { (fields, faults, remarks) = ([], [], []) }
    return Notes(fields: fields, faults: faults, remarks: remarks)
  }

  /// What compiling a condition or an output brought to light beside the tables.
  struct Notes {
    let fields: [ResolvedField]
    let faults: [CompileFault]
    let remarks: [CompileRemark]
  }

  /// The expression of a condition; with a constant in the place of each faulty comparison.
  mutating func compile(_ condition: Condition) -> Expression {
    switch condition.kind {
    case .and(let parts): return .and(expressions(parts))
    case .or(let parts): return .or(expressions(parts))
    case .not(let part): return .not(compile(part))
    case .check(let check):
      do throws(CompileFault) {
        return try compile(check)
      } catch {
        faults.append(error)
        return .constant(false)
      }
    case .macro(let name):
      if !allowsMacros { faults.append(CompileFault("no macro is called '\(name)'", at: condition.range)) }
      return .constant(false)
    }
  }

  private mutating func expressions(_ conditions: [Condition]) -> [Expression] {
    var result: [Expression] = []
    for condition in conditions { result.append(compile(condition)) }
    return result
  }

  /// An operand for an output or a list of fields; `nil` when it is faulty.
  mutating func typed(_ operand: Operand) -> TypedOperand? {
    do throws(CompileFault) {
      return try compile(operand)
    } catch {
      faults.append(error)
      return nil
    }
  }
}
