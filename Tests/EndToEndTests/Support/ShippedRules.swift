import SystemPackage

/// The rule files of this repository.
enum ShippedRules {
  /// The embedded rules and those that are loaded only when asked for, as one file.
  static var withExtra: String {
    ["windhover_rules.yaml", "windhover_extra_rules.yaml"].map { Files.text(directory.appending($0)) }
      .joined(separator: "\n")
  }

  private static let directory = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent().appending("rules")
}
