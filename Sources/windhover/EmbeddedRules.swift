// Unsafe: reads the bytes that the compiler put into the binary.

import CRulesData
import Monitor
import Rules

extension RuleFile {
  /// The rules that the binary brings along, for when no others are named.
  static var embedded: RuleFile {
    RuleFile(name: "windhover_rules.yaml", bytes: embeddedBytes)
  }

  /// The same as YAML.
  static var embeddedBytes: [UInt8] {
    // SAFETY: the array lives as long as the program and has this many bytes.
    let bytes = unsafe UnsafeBufferPointer(start: wh_default_rules(), count: wh_default_rules_count())
    return unsafe Array(bytes)
  }

  /// What stands for these rules where rule files are named. A file that is called so is reached as `./builtin`.
  static let embeddedName = "builtin"

  /// The rule files that arguments name; the rules in the binary when they name none.
  ///
  /// For commands that do not act on what the rules say, so anybody's files will do.
  static func given(_ names: [String]) -> [RuleFile] {
    names.isEmpty ? [.embedded] : FileTrust(refusesSharedWriters: false).ruleFiles(named: names)
  }
}

extension FileTrust {
  /// The rule files that names stand for: paths of files and directories, and `builtin` for the rules in the binary.
  func ruleFiles(named names: [String]) -> [RuleFile] {
    names.flatMap { $0 == RuleFile.embeddedName ? [.embedded] : ruleFiles(at: [$0]) }
  }
}

extension LoadingOptions {
  /// The options for rule files that were named: with the cure for a name that the rules in the binary would define.
  static var ofNamedFiles: LoadingOptions {
    var options = LoadingOptions()
    options.cureForMissing = { kind, name in
      guard embeddedNames.contains(kind, name) else { return nil }
      return "the embedded rules are not loaded; name '\(RuleFile.embeddedName)' before this file"
    }
    return options
  }

  private static let embeddedNames = RuleLoader().names(in: .embedded)
}
