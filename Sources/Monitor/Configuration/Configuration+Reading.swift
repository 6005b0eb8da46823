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
    assign(root, problems: &problems)
    problems += contradictions.map { key, why in
      ConfigurationProblem(place: key, reason: .contradiction(why))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
  }

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if sinks.isEmpty, control.path.isEmpty {
      found.append(("stdout_output", "no output and no control.socket: nobody would see an alert"))
    }
    found += outputAdditions.entries.flatMap(\.faults).map { ("append_output", $0) }
    for (index, file) in moreFiles.enumerated() where file.enabled != false && file.options.path.isEmpty {
      found.append(("file_outputs[\(index)]", "no filename is set"))
    }
    for (index, http) in moreHTTP.enumerated() where http.enabled != false && http.options.urls.isEmpty {
      found.append(("http_outputs[\(index)]", "no url is set"))
    }
    found += http.contradictions(below: "http_output")
    found += file.contradictions(below: "file_output") + syslog.contradictions(below: "syslog_output")
    found += journald.contradictions(below: "journald_output")
    found +=
      journal.contradictions + throttle.contradictions + cgroups.contradictions + control.contradictions
    return found + Self.repeated(outputs.map(\.name))
  }

  /// Two outputs with one name that somebody gave them: their places in the journal would be one.
  private static func repeated(_ names: [String]) -> [(key: String, why: String)] {
    Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted().map {
      ("outputs", "several outputs are called '\($0)'; give each a name of its own")
    }
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
