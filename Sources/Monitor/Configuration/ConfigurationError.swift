import System

/// Everything that is wrong with a configuration, found in one pass.
public struct ConfigurationError: Error, Equatable, Sendable {
  public let problems: [ConfigurationProblem]
}

extension ConfigurationError: CustomStringConvertible {
  /// One line a problem: `windhover.yaml:3:1: there is no option 'json_outptu'; did you mean 'json_output'?`
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// One fault in a configuration.
public struct ConfigurationProblem: Error, Equatable, Sendable {
  /// File, line and column, or the argument.
  public let place: String
  public let reason: Reason

  public enum Reason: Equatable, Sendable {
    /// The file cannot be read, or must not be trusted.
    case unreadable(String)
    case notYAML(String)
    case notAMapping
    case keyIsNotText
    case duplicateKey(String, firstAt: String)
    case unknownKey(String, didYouMean: String?)
    /// Dots stand between groups in the documentation and after `-o`; a file has a line for each group.
    case dotInKey(String)
    /// The option takes other values than this.
    case wrongValue(key: String, expected: String)
    /// A group of options was given a value of its own.
    case groupHasValue(String)
    /// An argument of `-o` is not `KEY=VALUE`.
    case wrongOverride(String)
    /// Two options do not go together.
    case contradiction(String)
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  public var description: String {
    var line: [UInt8] = []
    SafeText.append("\(place): \(message)", to: &line)
    return String(decoding: line, as: UTF8.self)
  }

  /// What is wrong, without the place.
  public var message: String {
    switch reason {
    case .unreadable(let why): why
    case .notYAML(let why): "not YAML: \(why)"
    case .notAMapping: "the file must hold options, one a line: KEY: VALUE"
    case .keyIsNotText: "a key must be plain text"
    case .duplicateKey(let key, let first): "'\(key)' stands twice; the first is at \(first)"
    case .unknownKey(let key, let candidate):
      "there is no option '\(key)'" + (candidate.map { "; did you mean '\($0)'?" } ?? "")
    case .dotInKey(let key):
      "there is no option '\(key)'; in a group, an option stands on a line of its own below the group's name"
    case .wrongValue(let key, let expected): "'\(key)' must be \(expected)"
    case .groupHasValue(let key): "'\(key)' is a group of options and has no value of its own"
    case .wrongOverride(let why): why
    case .contradiction(let why): why
    }
  }
}
