import Events

/// What an alert printed a value of, read back from its name in `output_fields`.
struct ExceptionOperand {
  let operand: Operand
  /// The field when it is one, with its type; `nil` for a transformer.
  let field: ResolvedField?
  /// Whether the value belongs to one event or process, and will not come again.
  let isMomentary: Bool

  /// `nil` for a name that is none of a field: alerts carry other things too.
  init?(_ name: String) {
    var parser = OperandParser(lexer: ConditionLexer(Array(name.utf8)), text: .none)
    guard let operand = try? parser.operand(), parser.lexer.isAtEnd,
      let matcher = try? ConditionMatcher(Condition(.check(Check(operand, .exists, nil))))
    else { return nil }
    self.operand = operand
    let fields = matcher.fields.compactMap { try? FieldRegistry.resolve(spelling: $0) }
    if case .field = operand { field = fields.first } else { field = nil }
    isMomentary = fields.contains { Self.isMomentary($0) }
  }

  /// Whether a value stands for none, as in alerts that print `<NA>` for it in JSON too; of a parameter it is a value.
  func isMissing(_ value: FieldValue) -> Bool {
    value == .text("<NA>") && field?.field.name != "evt.arg"
  }

  private static func isMomentary(_ field: ResolvedField) -> Bool {
    switch field.type {
    case .abstime, .reltime: return true
    default: break
    }
    if field.field.timeFormat != nil || momentary.contains(field.field.name) { return true }
    guard ["evt.arg", "evt.rawarg"].contains(field.field.name), case .key(let key) = field.argument else {
      return false
    }
    return momentaryParameters.contains(key)
  }

  /// Numbers of processes and events, measurements, and texts that hold such.
  static let momentary: Set<String> = [
    "evt.num", "evt.cpu", "evt.args", "evt.info", "evt.around", "proc.pid", "proc.ppid", "proc.vpid",
    "proc.pvpid", "proc.apid", "proc.id", "proc.sid", "proc.pgid", "proc.vpgid", "proc.loginshellid",
    "proc.tracer.pid", "proc.nthreads", "proc.nchilds", "proc.fdopencount", "proc.fdusage", "proc.vmsize",
    "proc.vmrss", "proc.vmswap", "proc.pidns_init_start_ts", "thread.tid", "thread.vtid", "thread.pfmajor",
    "thread.pfminor", "thread.cpu", "thread.cpu.user", "thread.cpu.system", "thread.vmsize", "thread.vmrss",
    "fd.uid", "fd.cport",
  ]

  static let momentaryParameters: Set<String> = ["pid", "tid", "ptid", "vpid", "vtid", "pgid", "vpgid"]
}
