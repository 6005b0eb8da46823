/// What is added to the outputs of some rules: an entry of the configuration key `append_output`.
public struct OutputAddition: Equatable, Sendable {
  public var match = Match()
  /// A template whose text follows that of the rule, behind a blank.
  public var output: String?
  /// Fields that alerts carry besides those which the text names.
  public var fields: [ExtraField] = []

  /// The rules that are meant: those for which all that is given here holds; every rule when nothing is.
  public struct Match: Equatable, Sendable {
    /// The rule's name; `*` stands for any text.
    public var rule: String?
    public var source: String?
    /// The rule has all of them.
    public var tags: [String] = []

    public init() {}
  }

  /// A member of `output_fields`; it takes the place of one of the same name.
  public struct ExtraField: Equatable, Sendable {
    public var name: String
    public var content: Content

    public enum Content: Equatable, Sendable {
      /// The value of the field, or transformer, that the name is.
      case value
      /// The text of a template.
      case template(String)
      /// This text, whatever the event is.
      case constant(String)
    }

    public init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }
  }

  public init() {}

  /// Everything that is wrong with the templates and fields, in sentences without a full stop.
  public var faults: [String] {
    var compiler = ConditionCompiler()
    var plan = OutputPlan()
    let errors = compiler.append(self, to: &plan)
    return errors.map(\.text) + compiler.takeNotes().faults.map(\.text)
  }
}

extension OutputAddition.Match {
  func names(_ rule: ResolvedRule) -> Bool {
    if let name = self.rule, !RuleSelection.Target.rule(pattern: name).names(rule) { return false }
    if let source, source != rule.source { return false }
    return tags.allSatisfy(rule.tags.contains)
  }
}

extension ConditionCompiler {
  /// Adds to an output what `append_output` asks for.
  /// - Returns: what is wrong with templates; what is wrong with fields is among the notes.
  mutating func append(_ addition: OutputAddition, to plan: inout OutputPlan) -> [SyntaxError] {
    var errors: [SyntaxError] = []
    if let output = addition.output, let template = template(output, &errors) {
      plan.segments.append(.text([UInt8(ascii: " ")]))
      append(template, to: &plan)
    }
    for field in addition.fields {
      switch field.content {
      case .constant(let text): plan.extras.append(.init(name: field.name, value: .constant(text)))
      case .template(let text):
        guard let template = template(text, &errors) else { continue }
        plan.extras.append(.init(name: field.name, value: .message(compile(template))))
      case .value:
        var parser = OperandParser(lexer: ConditionLexer(Array(field.name.utf8)), text: .none)
        guard let operand = try? parser.operand(), parser.lexer.isAtEnd else {
          errors.append(SyntaxError("'\(field.name)' is no field", range: 0..<0))
          continue
        }
        guard let value = outputField(operand, named: field.name) else { continue }
        plan.extras.append(.init(name: field.name, value: .field(value)))
      }
    }
    return errors
  }

  private func template(_ text: String, _ errors: inout [SyntaxError]) -> OutputTemplate? {
    do throws(SyntaxError) {
      return try OutputTemplate(parsing: text, isField: FieldRegistry.isName)
    } catch {
      errors.append(error)
      return nil
    }
  }
}

extension SyntaxError {
  fileprivate var text: String { message + (cure.map { "; \($0)" } ?? "") }
}

extension CompileFault {
  fileprivate var text: String { message + (cure.map { "; \($0)" } ?? "") }
}
