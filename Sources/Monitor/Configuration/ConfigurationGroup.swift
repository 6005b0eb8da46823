import Rules

/// Options that stand together: the whole configuration, or one entry of a list.
protocol ConfigurationGroup: Sendable {
  /// The defaults.
  init()
  /// Every option of the group, in the order of the documentation.
  static var options: [ConfigurationOption<Self>] { get }
  /// Values that are of the right form and still cannot be meant, each with the option that it is about.
  var contradictions: [(key: String, why: String)] { get }
}

extension ConfigurationGroup {
  /// The defaults, changed by what an entry of a list says.
  /// - Parameter name: the entry's place in the configuration: `remote_syslog_output[0]`.
  init(reading node: ConfigurationNode, as name: String, problems: inout [ConfigurationProblem]) {
    self.init()
    guard case .mapping = node.content else {
      problems.append(
        ConfigurationProblem(
          place: node.place,
          reason: .wrongValue(key: name, expected: "a group, as `{\(Self.options[0].key): …}`")))
      return
    }
    let known = problems.count
    assign(node, as: name + ".", problems: &problems)
    // What is wrong already would only be told twice.
    guard problems.count == known else { return }
    problems += contradictions.map { key, why in
      ConfigurationProblem(place: "\(node.place): \(name)", reason: .contradiction("\(key): \(why)"))
    }
  }

  /// Gives each entry of a group to its option, and looks into the groups within it.
  /// - Parameters:
  ///   - path: what stands before the group's keys when the operator is told of them.
  ///   - prefix: what stands before them in the options' own keys.
  mutating func assign(
    _ group: ConfigurationNode, as path: String = "", below prefix: String = "",
    problems: inout [ConfigurationProblem]
  ) {
    guard case .mapping(let entries) = group.content else { return }
    for entry in entries {
      let key = prefix + entry.key
      let name = path + entry.key
      if entry.key.contains(".") {
        problems.append(ConfigurationProblem(place: entry.place, reason: .dotInKey(name)))
      } else if let option = Self.options.first(where: { $0.key == key }) {
        problems += option.assign(entry.value, name, &self)
      } else if Self.options.contains(where: { $0.key.hasPrefix(key + ".") }) {
        switch entry.value.content {
        case .mapping: assign(entry.value, as: name + ".", below: key + ".", problems: &problems)
        case .null: break
        case .scalar, .sequence:
          problems.append(ConfigurationProblem(place: entry.value.place, reason: .groupHasValue(name)))
        }
      } else {
        let candidate = Self.suggestion(for: entry.key, below: prefix)
        problems.append(
          ConfigurationProblem(place: entry.place, reason: .unknownKey(name, didYouMean: candidate)))
      }
    }
  }

  /// The key or group that a misspelt one most likely stands for: of its own group, or with the group left out.
  private static func suggestion(for name: String, below prefix: String) -> String? {
    let siblings = options.compactMap { option -> String? in
      guard option.key.hasPrefix(prefix) else { return nil }
      return option.key.dropFirst(prefix.count).split(separator: ".").first.map(String.init)
    }
    if let sibling = Rules.suggestion(for: name, among: Set(siblings).sorted()) { return prefix + sibling }
    return Rules.suggestion(for: prefix + name, among: options.map(\.key))
  }
}
