/// Falco's rule file, where `WINDHOVER_FALCO_RULES` says it is; it is not part of this repository.
enum FalcoRules {
  static var path: String? { RuleFixture.environment("WINDHOVER_FALCO_RULES") }

  static func bytes() throws -> [UInt8] { try RuleFixture.bytes(path ?? "") }

  /// The text of a file that lies beside the rule file.
  static func text(of name: String) throws -> String {
    let folder = (path ?? "").split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = (folder + [name[...]]).joined(separator: "/")
    return String(decoding: try RuleFixture.bytes(path), as: UTF8.self)
  }
}
