/// Finds what is legal in a condition and most likely not meant, by its text alone.
struct ConditionLint {
  private let lists: NamedItems<CollectedList>
  /// Names of lists that are worth comparing values with; a value may well be a name of one word.
  private let listNames: [String]
  private(set) var diagnostics: [Diagnostic] = []
  /// What was found for values that were looked at before.
  private var cures: [String: String?] = [:]

  /// What the caller knows of lists that no file defines.
  private let cureForMissing: (@Sendable (RuleItem.Kind, String) -> String?)?

  init(lists: NamedItems<CollectedList>, cureForMissing: (@Sendable (RuleItem.Kind, String) -> String?)?) {
    self.lists = lists
    self.cureForMissing = cureForMissing
    listNames = lists.names.filter { $0.utf8.contains(UInt8(ascii: "_")) }
  }

  /// Looks at a condition whose macros are still names; the last item of the context is the condition's.
  mutating func inspect(_ condition: Condition, context: [RuleItem], _ sources: SourceMap) {
    switch condition.kind {
    case .and(let parts), .or(let parts):
      for part in parts { inspect(part, context: context, sources) }
    case .not(let part): inspect(part, context: context, sources)
    case .check(let check): inspect(check, context: context, sources)
    case .macro: break
    }
  }

  private mutating func inspect(_ check: Check, context: [RuleItem], _ sources: SourceMap) {
    inspectForNotAvailable(check, context: context)
    inspectForFields(check, context: context)
    guard case .list(let literals, let range)? = check.right else { return }
    if let literal = literals.first, literals.count == 1, literal.range == range, range != .none {
      diagnostics.append(
        Diagnostic(
          .compileConditionWarning, "'\(literal.text)' is compared as text: no list is called so", at: range,
          in: context, cure: cure(for: literal.text) ?? "write '(\(literal.text))' if that is meant"))
      return
    }
    if literals.count == 1, literals[0].form == .bare, let whole = context.last?.range,
      sources.isWritten(literals[0].range, within: whole)
    {
      return inspect(soleValue: literals[0], of: check, context: context)
    }
    // Lists of addresses and hashes are long; names of lists are written among few.
    guard literals.count <= 200 else { return }
    for literal in literals where literal.form == .bare && literal.bytes.contains(UInt8(ascii: "_")) {
      guard let cure = cure(for: literal.text) ?? cureForMissing(literal.text) else { continue }
      diagnostics.append(
        Diagnostic(
          .compileConditionWarning, "'\(literal.text)' is compared as text: no list is called so",
          at: literal.range,
          in: context, cure: cure))
    }
  }

  /// Warns of a single word in parentheses that looks like a list's name, or that the field can never be.
  private mutating func inspect(soleValue literal: Literal, of check: Check, context: [RuleItem]) {
    let isComm =
      if case .field(let field) = check.left { Self.commFields.contains(field.name) } else { false }
    // Of as many bytes as a comm has it is most likely a name that the kernel has cut.
    if literal.bytes.contains(UInt8(ascii: "_")), !isComm || literal.bytes.count != Self.commLimit {
      diagnostics.append(
        Diagnostic(
          .compileConditionWarning, "'\(literal.text)' is compared as text: no list is called so",
          at: literal.range,
          in: context,
          cure: cure(for: literal.text) ?? cureForMissing(literal.text)
            ?? "write '(\"\(literal.text)\")' if that is meant"))
      return
    }
    guard isComm, [.in, .intersects].contains(check.comparison), literal.bytes.count > Self.commLimit else {
      return
    }
    diagnostics.append(
      Diagnostic(
        .alwaysFalse,
        "'\(check.left.text)' has at most \(Self.commLimit) bytes and is never '\(literal.text)': no list is called so",
        at: literal.range, in: context,
        cure: "the kernel cuts names; compare basename(proc.exepath) for longer ones"))
  }

  /// Fields whose value is a comm, and the most bytes that one has.
  private static let commFields: Set = [
    "proc.name", "proc.pname", "proc.aname", "proc.sname", "proc.tracer.name",
  ]
  private static let commLimit = 15

  private func cureForMissing(_ list: String) -> String? {
    cureForMissing?(.list, list) ?? FalcoNames.cure(for: .list, list)
  }

  /// Warns of a comparison with the text that is printed for a missing value, and that no value is. A parameter that is
  /// there and empty is that text, so `evt.arg` may well be compared with it.
  private mutating func inspectForNotAvailable(_ check: Check, context: [RuleItem]) {
    guard case .field(let field) = check.left, !field.name.hasPrefix("evt.arg"),
      [.equal, .notEqual, .in, .intersects, .pmatch].contains(check.comparison)
    else { return }
    for literal in check.constants where literal.bytes.elementsEqual("<NA>".utf8) {
      diagnostics.append(
        Diagnostic(
          .unsafeNotAvailableCheck,
          "no value of '\(check.left.text)' is '<NA>': without a value every comparison is false",
          at: literal.range,
          in: context, cure: "write '\(check.left.text) exists', or 'not \(check.left.text) exists'"))
    }
  }

  /// Warns of a field's name on the right, which is text there.
  private mutating func inspectForFields(_ check: Check, context: [RuleItem]) {
    guard check.constants.count <= 200 else { return }
    for literal in check.constants
    where literal.form == .bare && literal.bytes.contains(UInt8(ascii: "."))
      && FieldRegistry.isName(literal.text)
    {
      diagnostics.append(
        Diagnostic(
          .compileConditionWarning, "'\(literal.text)' is compared as text, not as the field",
          at: literal.range,
          in: context, cure: "write 'val(\(literal.text))', or '\"\(literal.text)\"' for the text"))
    }
  }

  private mutating func cure(for text: String) -> String? {
    if let known = cures[text] { return known }
    // Each value is compared with all lists; beyond this a slip is not worth the time.
    guard cures.count * listNames.count < 200_000 else { return nil }
    // A slip or two in a long name; more may well be another name.
    let count = text.utf8.count
    let name =
      count < 8 || lists[text] != nil
      ? nil : suggestion(for: text, among: listNames, within: count < 12 ? 1 : 2)
    let cure = name.map { "did you mean the list '\($0)'?" }
    cures[text] = cure
    return cure
  }
}

extension Check {
  /// The constants on the right.
  fileprivate var constants: [Literal] {
    switch right {
    case .literal(let literal): [literal]
    case .list(let literals, _): literals
    case .field, .call, nil: []
    }
  }
}
