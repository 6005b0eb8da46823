import Alerts
import Events
public import Rules

/// A type that an option can have.
protocol ConfigurationValue: SendableMetatype {
  /// What the operator may write, as in `must be true or false`.
  static var form: String { get }

  /// `nil` when the node is not of this form.
  init?(configured node: ConfigurationNode)

  /// The value as the operator would write it.
  var configurationText: String { get }
}

extension Bool: ConfigurationValue {
  static var form: String { "true or false" }

  init?(configured node: ConfigurationNode) {
    // The words that YAML has for it, and Falco's configuration takes.
    switch node.text?.lowercased() {
    case "true", "yes", "on", "y": self = true
    case "false", "no", "off", "n": self = false
    default: return nil
    }
  }

  var configurationText: String { self ? "true" : "false" }
}

extension String: ConfigurationValue {
  static var form: String { "text" }

  init?(configured node: ConfigurationNode) {
    // A NUL would end a path early when the kernel reads it.
    guard let text = node.text, !text.utf8.contains(0) else { return nil }
    self = text
  }

  var configurationText: String { self }
}

/// A value that may be left open.
extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
  static var form: String { Wrapped.form }

  init?(configured node: ConfigurationNode) {
    guard let value = Wrapped(configured: node) else { return nil }
    self = value
  }

  var configurationText: String { self?.configurationText ?? "" }
}

extension [String]: ConfigurationValue {
  static var form: String { "a list of texts" }

  /// One text stands for a list of one.
  init?(configured node: ConfigurationNode) {
    if let text = String(configured: node) {
      self = [text]
      return
    }
    guard case .sequence(let nodes) = node.content else { return nil }
    self = []
    for node in nodes {
      guard let text = String(configured: node) else { return nil }
      append(text)
    }
  }

  var configurationText: String { "[" + joined(separator: ", ") + "]" }
}

extension Priority: ConfigurationValue {
  static var form: String {
    "one of " + allCases.map { $0.name.lowercased() }.joined(separator: ", ")
  }

  init?(configured node: ConfigurationNode) {
    guard let text = node.text else { return nil }
    self.init(name: text)
  }

  var configurationText: String { name.lowercased() }
}

/// A choice of words.
extension ConfigurationValue where Self: CaseIterable & RawRepresentable, RawValue == String {
  static var form: String { allCases.map(\.rawValue).joined(separator: " or ") }

  init?(configured node: ConfigurationNode) {
    guard let text = node.text else { return nil }
    self.init(rawValue: text)
  }

  var configurationText: String { rawValue }
}

extension RuleMatching: ConfigurationValue {}
extension FormatKind: ConfigurationValue {}
extension SyslogFraming: ConfigurationValue {}
extension SyslogOptions.Body: ConfigurationValue {}
extension SyncPolicy: ConfigurationValue {}

extension SourceSelection: ConfigurationValue {
  static var form: String {
    "auto, or a list of " + selectable.map(\.name).joined(separator: ", ")
  }

  init?(configured node: ConfigurationNode) {
    guard let names = [String](configured: node) else { return nil }
    self.init(text: names.joined(separator: ","))
  }

  var configurationText: String {
    switch self {
    case .automatic: "auto"
    case .only(let sources): sources.map(\.name).joined(separator: ",")
    }
  }
}

extension SyslogFacility: ConfigurationValue {
  static var form: String { "one of " + allCases.map { "\($0)" }.joined(separator: ", ") }

  init?(configured node: ConfigurationNode) {
    guard let text = node.text else { return nil }
    self.init(name: text)
  }

  var configurationText: String { "\(self)" }
}

/// Permission bits of a file, in octal digits.
struct FileMode: ConfigurationValue {
  var bits: UInt32

  static var form: String { "octal digits, as 0640" }

  init(bits: UInt32) { self.bits = bits }

  init?(configured node: ConfigurationNode) {
    guard let text = node.text, let bits = UInt32(text, radix: 8), bits <= 0o777 else { return nil }
    self.bits = bits
  }

  var configurationText: String { "0" + String(bits, radix: 8) }
}

extension RuleSelection: ConfigurationValue {
  static var form: String {
    "a list of steps, as `- disable: {rule: \"Read *\"}` or `- enable: {tag: network}`"
  }

  init?(configured node: ConfigurationNode) {
    guard case .sequence(let nodes) = node.content else { return nil }
    self.init()
    for node in nodes {
      guard case .mapping(let verbs) = node.content, !verbs.isEmpty else { return nil }
      for verb in verbs {
        guard ["enable", "disable"].contains(verb.key), case .mapping(let targets) = verb.value.content,
          !targets.isEmpty
        else { return nil }
        for target in targets {
          guard let target = Target(configured: target) else { return nil }
          steps.append(Step(enables: verb.key == "enable", target))
        }
      }
    }
  }

  var configurationText: String { "[" + steps.map(\.description).joined(separator: ", ") + "]" }
}

/// Which rules something is for: those that one of the targets names, or every rule when there are none.
public struct RuleTargets: Equatable, Sendable {
  public var targets: [RuleSelection.Target] = []

  /// Whether a rule is meant.
  func includes(_ rule: AlertRule) -> Bool {
    targets.isEmpty || targets.contains { $0.names(rule.name, tags: rule.tags) }
  }
}

extension RuleTargets: ConfigurationValue {
  static var form: String { "a list of rules, as `- rule: \"Shell *\"` or `- tag: network`" }

  init?(configured node: ConfigurationNode) {
    guard case .sequence(let nodes) = node.content else { return nil }
    for node in nodes {
      guard case .mapping(let entries) = node.content, entries.count == 1,
        let target = RuleSelection.Target(configured: entries[0])
      else { return nil }
      targets.append(target)
    }
  }

  var configurationText: String { "[" + targets.map(\.description).joined(separator: ", ") + "]" }
}

extension RuleSelection.Target {
  fileprivate init?(configured entry: ConfigurationNode.Entry) {
    guard let text = entry.value.text else { return nil }
    switch entry.key {
    case "rule": self = .rule(pattern: text)
    case "tag": self = .tag(text)
    default: return nil
    }
  }
}
