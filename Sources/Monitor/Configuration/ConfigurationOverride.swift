import Rules

/// One `-o KEY=VALUE`: Falco's way to change an option for one run.
///
/// `a.b=x` goes into groups, `a[0]=x` replaces an element of a list, `a[]=x` adds one, `\.` is a dot in a key. A value
/// that begins with `[` or `{` is read as YAML, any other is text as it stands.
struct ConfigurationOverride {
  var path: [Step]
  var value: ConfigurationNode

  enum Step: Equatable {
    case key(String)
    case element(Int)
    case newElement
  }

  init(parsing argument: String) throws(ConfigurationProblem) {
    let place = "-o \(argument)"
    guard let equals = argument.firstIndex(of: "=") else {
      throw ConfigurationProblem(place: place, reason: .wrongOverride("expected KEY=VALUE"))
    }
    guard let path = Self.path(argument[..<equals]) else {
      throw ConfigurationProblem(
        place: place,
        reason: .wrongOverride("the key must look like a.b, a[0] or a[], with \\. for a dot in a name"))
    }
    self.path = path
    value = try Self.value(String(argument[argument.index(after: equals)...]), place: place)
  }

  private static func value(_ text: String, place: String) throws(ConfigurationProblem) -> ConfigurationNode {
    guard text.hasPrefix("[") || text.hasPrefix("{") else {
      return ConfigurationNode(content: .scalar(text), place: place)
    }
    var problems: [ConfigurationProblem] = []
    do throws(SyntaxError) {
      guard let root = try YAMLStream.document(parsing: Array(text.utf8)) else {
        return ConfigurationNode(content: .null, place: place)
      }
      let file = SourceFile(name: place, bytes: Array(text.utf8))
      let node = ConfigurationNode(root, in: file, problems: &problems)
      if let problem = problems.first { throw SyntaxError(problem.description, range: root.range) }
      return node
    } catch {
      throw ConfigurationProblem(place: place, reason: .notYAML(error.message))
    }
  }

  /// `nil` when the text is no path.
  private static func path(_ text: Substring) -> [Step]? {
    var rest = text
    var steps: [Step] = []
    while true {
      let name = takeName(&rest)
      guard !name.isEmpty else { return nil }
      steps.append(.key(name))
      while rest.first == "[" {
        guard let element = takeElement(&rest) else { return nil }
        steps.append(element)
      }
      guard let separator = rest.popFirst() else { return steps }
      guard separator == "." else { return nil }
    }
  }

  private static func takeName(_ rest: inout Substring) -> String {
    var name = ""
    while let character = rest.first, character != ".", character != "[" {
      rest.removeFirst()
      name.append(character == "\\" && rest.first == "." ? rest.removeFirst() : character)
    }
    return name
  }

  private static func takeElement(_ rest: inout Substring) -> Step? {
    guard let close = rest.firstIndex(of: "]") else { return nil }
    let digits = rest[..<close].dropFirst()
    rest = rest[close...].dropFirst()
    if digits.isEmpty { return .newElement }
    guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return Int(digits).map(Step.element)
  }
}

extension ConfigurationNode {
  /// Puts the override's value at its place, and makes the groups and lists on the way there.
  mutating func apply(_ override: ConfigurationOverride) throws(ConfigurationProblem) {
    try set(override.path[...], to: override.value)
  }

  private mutating func set(
    _ path: ArraySlice<ConfigurationOverride.Step>, to value: ConfigurationNode
  ) throws(ConfigurationProblem) {
    guard let step = path.first else {
      self = value
      return
    }
    switch (step, content) {
    case (.key(let key), .mapping(var entries)):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].place = value.place
        try entries[index].value.set(path.dropFirst(), to: value)
      } else {
        entries.append(Entry(key: key, place: value.place, value: try .made(by: path.dropFirst(), of: value)))
      }
      content = .mapping(entries)
    case (.element(let index), .sequence(var nodes)) where nodes.indices.contains(index):
      try nodes[index].set(path.dropFirst(), to: value)
      content = .sequence(nodes)
    case (.element(let index), .sequence(var nodes)) where index == nodes.count:
      nodes.append(try .made(by: path.dropFirst(), of: value))
      content = .sequence(nodes)
    case (.element(let index), .sequence(let nodes)):
      throw ConfigurationProblem(
        place: value.place,
        reason: .wrongOverride("there is no element \(index) in a list of \(nodes.count)"))
    case (.newElement, .sequence(var nodes)):
      nodes.append(try .made(by: path.dropFirst(), of: value))
      content = .sequence(nodes)
    case (_, .null):
      self = try .made(by: path, of: value)
    case (.key(let key), _):
      throw ConfigurationProblem(
        place: value.place, reason: .wrongOverride("'\(key)' is looked for in what is no group"))
    case (_, _):
      throw ConfigurationProblem(place: value.place, reason: .wrongOverride("it counts in what is no list"))
    }
  }

  /// What the path leads through where there was nothing before, with the value at its end.
  private static func made(
    by path: ArraySlice<ConfigurationOverride.Step>, of value: ConfigurationNode
  ) throws(ConfigurationProblem) -> ConfigurationNode {
    guard let step = path.first else { return value }
    var node = ConfigurationNode(content: .sequence([]), place: value.place)
    if case .key = step { node.content = .mapping([]) }
    try node.set(path, to: value)
    return node
  }
}
