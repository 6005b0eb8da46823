import Alerts
import Rules

extension Configuration {
  /// The defaults, changed by a file and then by arguments of `-o`.
  /// - Parameters:
  ///   - file: the configuration file; `nil` for none.
  ///   - overrides: each a KEY=VALUE, in order; they win over the file.
  /// - Throws: everything that is wrong with them.
  public init(file: String?, overrides: [String], trust: FileTrust) throws(ConfigurationError) {
    guard let file else {
      try self.init(reading: nil, overrides: overrides)
      return
    }
    let bytes: [UInt8]
    do throws(ConfigurationProblem) {
      bytes = try trust.read(file)
    } catch {
      throw ConfigurationError(problems: [error])
    }
    try self.init(reading: SourceFile(name: file, bytes: bytes), overrides: overrides)
  }

  /// As `init(file:overrides:trust:)`, of a file that was read.
  init(reading file: SourceFile?, overrides: [String]) throws(ConfigurationError) {
    self.init()
    var problems: [ConfigurationProblem] = []
    var root = ConfigurationNode(content: .mapping([]), place: "")
    if let file, let node = ConfigurationNode(document: file, problems: &problems) { root = node }
    for argument in overrides {
      do throws(ConfigurationProblem) {
        try root.apply(try ConfigurationOverride(parsing: argument))
      } catch {
        problems.append(error)
      }
    }
    assign(root, below: "", problems: &problems)
    problems += contradictions
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
  }

  /// Gives each entry of a group to its option, and looks into the groups within it.
  private mutating func assign(
    _ group: ConfigurationNode, below prefix: String, problems: inout [ConfigurationProblem]
  ) {
    guard case .mapping(let entries) = group.content else { return }
    for entry in entries {
      let key = prefix + entry.key
      if entry.key.contains(".") {
        problems.append(ConfigurationProblem(place: entry.place, reason: .dotInKey(key)))
      } else if let option = ConfigurationOption.all.first(where: { $0.key == key }) {
        guard !option.assign(entry.value, &self) else { continue }
        problems.append(
          ConfigurationProblem(
            place: entry.value.place, reason: .wrongValue(key: key, expected: option.form)))
      } else if ConfigurationOption.all.contains(where: { $0.key.hasPrefix(key + ".") }) {
        switch entry.value.content {
        case .mapping: assign(entry.value, below: key + ".", problems: &problems)
        case .null: break
        case .scalar, .sequence:
          problems.append(ConfigurationProblem(place: entry.value.place, reason: .groupHasValue(key)))
        }
      } else {
        let candidate = ConfigurationOption.suggestion(for: entry.key, below: prefix)
        problems.append(
          ConfigurationProblem(place: entry.place, reason: .unknownKey(key, didYouMean: candidate)))
      }
    }
  }

  /// Values that are of the right form and still cannot be meant.
  private var contradictions: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    func complain(_ key: String, _ why: String) {
      problems.append(ConfigurationProblem(place: key, reason: .contradiction(why)))
    }
    if file.isEnabled, file.options.path.isEmpty {
      complain("file_output", "it is enabled, but file_output.filename is not set")
    }
    if sinks.isEmpty {
      complain("stdout_output", "no output is enabled, so nobody would see an alert")
    }
    for fault in outputAdditions.entries.flatMap(\.faults) { complain("append_output", fault) }
    let ident = syslog.options.identity.utf8
    if !(1...32).contains(ident.count)
      || ident.contains(where: { $0 <= 0x20 || $0 > 0x7E || ":[]".utf8.contains($0) })
    {
      complain(
        "syslog_output.ident", "it must be 1 to 32 printable ASCII characters without blank, ':', '[' and ']'"
      )
    }
    return problems
  }
}

extension ConfigurationNode {
  /// The root of a configuration file; `nil` when it is empty or cannot be used.
  init?(document file: SourceFile, problems: inout [ConfigurationProblem]) {
    do throws(SyntaxError) {
      guard let root = try YAMLStream.document(parsing: file.bytes) else { return nil }
      self.init(root, in: file, problems: &problems)
    } catch {
      let place = file.location(at: error.range.lowerBound).description
      let cure = error.cure.map { "; \($0)" } ?? ""
      problems.append(ConfigurationProblem(place: place, reason: .notYAML(error.message + cure)))
      return nil
    }
    switch content {
    case .mapping: return
    case .null: return nil
    case .scalar, .sequence:
      problems.append(ConfigurationProblem(place: place, reason: .notAMapping))
      return nil
    }
  }
}

extension ConfigurationOption {
  /// The key or group that a misspelt one most likely stands for: of its own group, or with the group left out.
  static func suggestion(for name: String, below prefix: String) -> String? {
    let siblings = all.compactMap { option -> String? in
      guard option.key.hasPrefix(prefix) else { return nil }
      return option.key.dropFirst(prefix.count).split(separator: ".").first.map(String.init)
    }
    if let sibling = Rules.suggestion(for: name, among: Set(siblings).sorted()) { return prefix + sibling }
    return Rules.suggestion(for: prefix + name, among: all.map(\.key))
  }
}
