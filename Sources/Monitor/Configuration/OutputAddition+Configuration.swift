import Rules

extension OutputAdditions: ConfigurationValue {
  static var form: String {
    "a list of entries, as `- {match: {rule: Shell *, source: syscall, tags: [network]}, extra_output: \"on %evt.hostname\", "
      + "extra_fields: [proc.pid, {env: prod}]}`"
  }

  init?(configured node: ConfigurationNode) {
    guard case .sequence(let nodes) = node.content else { return nil }
    self.init()
    for node in nodes {
      guard let addition = OutputAddition(configured: node) else { return nil }
      entries.append(addition)
    }
  }

  /// Nobody is shown any but the default.
  var configurationText: String { entries.isEmpty ? "[]" : "\(entries.count) entries" }
}

extension OutputAddition {
  /// `nil` when it is of another form, has an unknown key, or adds nothing.
  fileprivate init?(configured node: ConfigurationNode) {
    guard case .mapping(let entries) = node.content else { return nil }
    self.init()
    for entry in entries {
      switch entry.key {
      case "match":
        guard let match = Match(configured: entry.value) else { return nil }
        self.match = match
      case "extra_output":
        guard let text = entry.value.text else { return nil }
        output = text
      case "extra_fields":
        guard case .sequence(let nodes) = entry.value.content else { return nil }
        for node in nodes {
          guard let fields = ExtraField.fields(configured: node) else { return nil }
          self.fields += fields
        }
      default: return nil
      }
    }
    if output == nil, fields.isEmpty { return nil }
  }
}

extension OutputAddition.Match {
  fileprivate init?(configured node: ConfigurationNode) {
    if case .null = node.content {
      self.init()
      return
    }
    guard case .mapping(let entries) = node.content else { return nil }
    self.init()
    for entry in entries {
      switch (entry.key, entry.value.text) {
      case ("rule", let text?): rule = text
      case ("source", let text?): source = text
      case ("tags", _):
        guard let tags = [String](configured: entry.value) else { return nil }
        self.tags = tags
      default: return nil
      }
    }
  }
}

extension OutputAddition.ExtraField {
  /// A name alone is that of a field; one with a text becomes a field of that name.
  fileprivate static func fields(configured node: ConfigurationNode) -> [Self]? {
    if let name = node.text { return [Self(name, .value)] }
    guard case .mapping(let entries) = node.content, !entries.isEmpty else { return nil }
    var fields: [Self] = []
    for entry in entries {
      guard let text = entry.value.text else { return nil }
      fields.append(Self(entry.key, .template(text)))
    }
    return fields
  }
}

extension StaticFields: ConfigurationValue {
  static var form: String { "names with their texts, as `{environment: production}`" }

  init?(configured node: ConfigurationNode) {
    guard case .mapping(let entries) = node.content else { return nil }
    for entry in entries {
      guard let text = entry.value.text, !entry.key.isEmpty else { return nil }
      fields.append(OutputAddition.ExtraField(entry.key, .constant(text)))
    }
  }

  var configurationText: String { "{" + fields.map(\.name).joined(separator: ", ") + "}" }
}
