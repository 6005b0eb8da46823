import Rules

/// A value as the operator wrote it, before anybody asked what it means.
struct ConfigurationNode {
  var content: Content
  /// Where it was written: `windhover.yaml:3:7`, or the argument of `-o`.
  var place: String

  enum Content {
    /// Nothing, `~` or `null`.
    case null
    case scalar(String)
    case sequence([ConfigurationNode])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var place: String
    var value: ConfigurationNode
  }
}

extension ConfigurationNode {
  /// A node of a YAML file; keys that are not text, or stand twice, are problems.
  init(_ node: YAMLNode, in file: SourceFile, problems: inout [ConfigurationProblem]) {
    place = file.location(at: node.range.lowerBound).description
    switch node.content {
    case .scalar(let scalar): content = scalar.isNull ? .null : .scalar(scalar.text)
    case .sequence(let nodes):
      content = .sequence(nodes.map { ConfigurationNode($0, in: file, problems: &problems) })
    case .mapping(let mapping):
      var entries: [Entry] = []
      for entry in mapping.entries {
        let place = file.location(at: entry.key.range.lowerBound).description
        guard let key = entry.name else {
          problems.append(ConfigurationProblem(place: place, reason: .keyIsNotText))
          continue
        }
        if let earlier = entries.first(where: { $0.key == key }) {
          problems.append(
            ConfigurationProblem(place: place, reason: .duplicateKey(key, firstAt: earlier.place)))
          continue
        }
        let value = ConfigurationNode(entry.value, in: file, problems: &problems)
        entries.append(Entry(key: key, place: place, value: value))
      }
      content = .mapping(entries)
    }
  }

  /// The value of one scalar; `nil` for anything else.
  var text: String? {
    if case .scalar(let text) = content { text } else { nil }
  }
}
