/// The kinds of fault in rule files: Falco's names where Falco has one, `LINT_…` for those of our own.
public enum DiagnosticCode: String, CaseIterable, Sendable {
  case fileRead = "LOAD_ERR_FILE_READ"
  case yamlParse = "LOAD_ERR_YAML_PARSE"
  case yamlValidate = "LOAD_ERR_YAML_VALIDATE"
  case compileConditionError = "LOAD_ERR_COMPILE_CONDITION"
  case compileOutput = "LOAD_ERR_COMPILE_OUTPUT"
  case validate = "LOAD_ERR_VALIDATE"
  case extensionError = "LOAD_ERR_EXTENSION"

  case unknownSource = "LOAD_UNKNOWN_SOURCE"
  case unsafeNotAvailableCheck = "LOAD_UNSAFE_NA_CHECK"
  case noEventType = "LOAD_NO_EVTTYPE"
  case unknownFilter = "LOAD_UNKNOWN_FILTER"
  case unusedMacro = "LOAD_UNUSED_MACRO"
  case unusedList = "LOAD_UNUSED_LIST"
  case unknownItem = "LOAD_UNKNOWN_ITEM"
  case deprecatedItem = "LOAD_DEPRECATED_ITEM"
  case warningExtension = "LOAD_WARNING_EXTENSION"
  case appendNoValues = "LOAD_APPEND_NO_VALUES"
  case exceptionNameNotUnique = "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
  case invalidMacroName = "LOAD_INVALID_MACRO_NAME"
  case invalidListName = "LOAD_INVALID_LIST_NAME"
  case compileConditionWarning = "LOAD_COMPILE_CONDITION"
  case unknownKey = "LOAD_UNKNOWN_KEY"

  /// A condition, or a part of one, that is true for every event.
  case alwaysTrue = "LINT_ALWAYS_TRUE"
  /// A condition, or a part of one, that no event can meet.
  case alwaysFalse = "LINT_ALWAYS_FALSE"
  /// A list's name compared with `=`: its items are pasted there as text.
  case listNameAsValue = "LINT_LIST_NAME_AS_VALUE"
  /// A list's name that stays text, since lists in lists expand one level only.
  case listNotExpanded = "LINT_LIST_NOT_EXPANDED"
  /// An exception that can never apply.
  case uselessException = "LINT_USELESS_EXCEPTION"
  /// A rule that another one hides.
  case shadowedRule = "LINT_SHADOWED_RULE"
  /// A key that stands twice in one mapping; the first one counts.
  case duplicateKey = "LINT_DUPLICATE_KEY"
  /// A plugin that the file asks for and that nothing here stands in for.
  case missingPlugin = "LINT_MISSING_PLUGIN"
}

extension DiagnosticCode {
  /// How grave a diagnostic is.
  public enum Severity: String, Sendable { case error, warning }

  /// Errors are those whose name begins with `LOAD_ERR_`; a file with one of them is not loaded.
  public var severity: Severity { rawValue.hasPrefix("LOAD_ERR_") ? .error : .warning }

  /// The fault in a few words, as `codedesc` in JSON.
  public var summary: String {
    switch self {
    case .fileRead: "The file cannot be read"
    case .yamlParse: "The file is not well-formed YAML"
    case .yamlValidate: "The YAML has not the structure of a rules file"
    case .compileConditionError: "The condition is wrong"
    case .compileOutput: "The output is wrong"
    case .validate: "A rule, macro, list or exception is wrong"
    case .extensionError: "An extension item is wrong"
    case .unknownSource: "Unknown event source"
    case .unsafeNotAvailableCheck: "Comparison with <NA> that can surprise"
    case .noEventType: "The condition names no event type"
    case .unknownFilter: "Unknown field or event type"
    case .unusedMacro: "Unused macro"
    case .unusedList: "Unused list"
    case .unknownItem: "Unknown item"
    case .deprecatedItem: "Deprecated item"
    case .warningExtension: "An extension item is questionable"
    case .appendNoValues: "Exception appended without values"
    case .exceptionNameNotUnique: "Exception name used twice"
    case .invalidMacroName: "Invalid macro name"
    case .invalidListName: "Invalid list name"
    case .compileConditionWarning: "The condition is questionable"
    case .unknownKey: "Unknown key"
    case .alwaysTrue: "Always true"
    case .alwaysFalse: "Always false"
    case .listNameAsValue: "List compared as a value"
    case .listNotExpanded: "List name left as text"
    case .uselessException: "Exception without effect"
    case .shadowedRule: "Rule hidden by another"
    case .duplicateKey: "Key used twice"
    case .missingPlugin: "Missing plugin"
    }
  }
}
