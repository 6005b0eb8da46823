/// One option of a group: its key, what it does, and how its value gets into the group.
public struct ConfigurationOption<Group>: Sendable {
  /// The key, groups before it with dots between: `file_output.filename`.
  public let key: String
  /// What the option does, in sentences.
  public let help: String
  /// What the operator may write.
  public let form: String
  /// What holds when nobody says anything; empty for nothing.
  public let defaultText: String
  /// For a list of groups the options of one.
  let entry: [OptionDescription]
  /// Puts the value of a node into the group; the key is how the operator knows it, groups and lists included.
  let assign: @Sendable (ConfigurationNode, _ key: String, inout Group) -> [ConfigurationProblem]
}

extension ConfigurationOption where Group: ConfigurationGroup {
  /// An option with one value.
  init<Value: ConfigurationValue>(
    _ key: String, _ property: any WritableKeyPath<Group, Value> & Sendable, _ help: String
  ) {
    self.key = key
    self.help = help
    form = Value.form
    defaultText = Group()[keyPath: property].configurationText
    entry = []
    assign = { node, key, group in
      guard let value = Value(configured: node) else {
        return [ConfigurationProblem(place: node.place, reason: .wrongValue(key: key, expected: Value.form))]
      }
      group[keyPath: property] = value
      return []
    }
  }

  /// An option with a list of groups, each with options of its own.
  init<Entry: ConfigurationGroup>(
    _ key: String, each property: any WritableKeyPath<Group, [Entry]> & Sendable, _ help: String
  ) {
    self.key = key
    self.help = help
    form = "a list of groups with the options below"
    defaultText = "[]"
    entry = Entry.options.flatMap(\.descriptions)
    assign = { node, key, group in
      guard case .sequence(let nodes) = node.content else {
        let expected = "a list, as `- \(Entry.options[0].key): …`"
        return [ConfigurationProblem(place: node.place, reason: .wrongValue(key: key, expected: expected))]
      }
      var problems: [ConfigurationProblem] = []
      group[keyPath: property] = nodes.enumerated().map { index, node in
        Entry(reading: node, as: "\(key)[\(index)]", problems: &problems)
      }
      return problems
    }
  }
}

extension ConfigurationOption where Group: ConfigurationGroup {
  /// An option of a group that stands below a key of this one.
  fileprivate init<Inner: ConfigurationGroup>(
    _ option: ConfigurationOption<Inner>, below key: String,
    _ property: any WritableKeyPath<Group, Inner> & Sendable
  ) {
    self.key = "\(key).\(option.key)"
    help = option.help
    form = option.form
    defaultText = option.defaultText
    entry = option.entry
    assign = { node, key, group in option.assign(node, key, &group[keyPath: property]) }
  }
}

extension ConfigurationGroup {
  /// The group's options as they stand below a key of another group.
  static func options<Outer: ConfigurationGroup>(
    below key: String, _ property: any WritableKeyPath<Outer, Self> & Sendable
  ) -> [ConfigurationOption<Outer>] {
    options.map { ConfigurationOption<Outer>($0, below: key, property) }
  }

  /// Its contradictions as those of a group that stands below a key.
  func contradictions(below key: String) -> [(key: String, why: String)] {
    contradictions.map { (key: $0.key.isEmpty ? key : "\(key).\($0.key)", why: $0.why) }
  }
}

/// An option as the documentation shows it.
struct OptionDescription: Sendable {
  var key: String
  let help: String
  let form: String
  let defaultText: String
}

extension ConfigurationOption {
  /// The option, and those of one of its groups if it is a list of them: `remote_syslog_output[].port`.
  var descriptions: [OptionDescription] {
    [OptionDescription(key: key, help: help, form: form, defaultText: defaultText)]
      + entry.map { option in
        var option = option
        option.key = "\(key)[].\(option.key)"
        return option
      }
  }
}
