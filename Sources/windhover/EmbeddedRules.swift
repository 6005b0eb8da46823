// Unsafe: reads the bytes that the compiler put into the binary.

import CRulesData
import Rules

extension RuleFile {
  /// The rules that the binary brings along, for when no others are named.
  static var embedded: RuleFile {
    // SAFETY: the array lives as long as the program and has this many bytes.
    let bytes = unsafe UnsafeBufferPointer(start: wh_default_rules(), count: wh_default_rules_count())
    return RuleFile(name: "windhover_rules.yaml", bytes: unsafe Array(bytes))
  }
}
