/// Turns conditions and outputs into rows of one set of tables and collects all that is wrong with them.
struct ConditionCompiler {
  private var checks = CheckCompiler(operands: OperandCompiler(builder: TableBuilder()))
  private(set) var faults: [CompileFault] = []

  var builder: TableBuilder {
    get { checks.operands.builder }
    _modify { yield &checks.operands.builder }
  }

  /// Takes out what was noted since the last call: the fields that were read, and the faults.
  mutating func takeNotes() -> (fields: [ResolvedField], faults: [CompileFault]) {
    defer {
      checks.operands.fields = []
      faults = []
    }
    return (checks.operands.fields, faults)
  }

  /// The expression of a condition; with a constant in the place of each faulty comparison.
  mutating func compile(_ condition: Condition) -> Expression {
    switch condition.kind {
    case .and(let parts):
      return .and(parts.map { compile($0) })
    case .or(let parts): return .or(parts.map { compile($0) })
    case .not(let part): return .not(compile(part))
    case .check(let check):
      do throws(CompileFault) {
        return try checks.compile(check)
      } catch {
        faults.append(error)
        return .constant(false)
      }
    case .macro(let name):
      faults.append(CompileFault("no macro is called '\(name)'", at: condition.range))
      return .constant(false)
    }
  }

  /// An operand for an output or a list of fields; `nil` when it is faulty.
  mutating func compile(_ operand: Operand) -> TypedOperand? {
    do throws(CompileFault) {
      return try checks.operands.compile(operand)
    } catch {
      faults.append(error)
      return nil
    }
  }

  /// A field that the caller has resolved.
  mutating func use(_ field: ResolvedField) -> TypedOperand { checks.operands.use(field) }
}
