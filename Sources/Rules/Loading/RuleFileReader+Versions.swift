extension RuleFileReader {
  /// `required_engine_version`: a number from the days when the engine had one, or a version of three.
  mutating func readEngineVersion(_ node: YAMLNode, _ mapping: YAMLMapping) {
    let item = RuleItem(.requiredEngineVersion, at: range(node.range))
    checkKeys(mapping, known: ["required_engine_version"], in: [item])
    do throws(SyntaxError) {
      let text = try node.string()
      let wanted: SemanticVersion
      if let number = UInt32(text) {
        wanted = SemanticVersion(0, number, 0)
      } else if let version = SemanticVersion(text) {
        wanted = version
      } else {
        throw SyntaxError(
          "'\(text)' is no engine version", range: node.range, cure: "write a number, or three as in 0.57.0")
      }
      guard options.engineVersion.serves(wanted) else {
        let error = SyntaxError(
          "the file asks for rule engine \(wanted), this is \(options.engineVersion)", range: node.range)
        return report(.validate, error, in: [item])
      }
    } catch {
      report(.yamlValidate, error, in: [item])
    }
  }

  /// `required_plugin_versions`: there are no plugins, but the fields of some are served.
  mutating func readPluginVersions(_ node: YAMLNode, _ mapping: YAMLMapping) {
    let item = RuleItem(.requiredPluginVersions, at: range(node.range))
    checkKeys(mapping, known: ["required_plugin_versions"], in: [item])
    do throws(SyntaxError) {
      for element in try node.list() {
        let plugin = try element.mapping()
        let name = try readPlugin(plugin, element, in: [item])
        var names = [name]
        if let alternatives = plugin["alternatives"], !alternatives.isNull {
          for alternative in try alternatives.list() {
            names.append(try readPlugin(try alternative.mapping(), alternative, in: [item]))
          }
        }
        guard options.plugins.isDisjoint(with: names) else { continue }
        report(
          .missingPlugin,
          SyntaxError(
            "there is no plugin '\(name)'; rules that need its fields or events are refused or skipped",
            range: element.range), in: [item])
      }
    } catch {
      report(.yamlValidate, error, in: [item])
    }
  }

  private mutating func readPlugin(_ plugin: YAMLMapping, _ node: YAMLNode, in context: [RuleItem])
    throws(SyntaxError) -> String
  {
    checkKeys(plugin, known: ["name", "version", "alternatives"], in: context)
    for key in ["name", "version"] where plugin[key] == nil {
      throw SyntaxError("a required plugin has no '\(key)'", range: node.range)
    }
    let name = try plugin["name"]?.string() ?? ""
    if let version = plugin["version"], SemanticVersion(try version.string()) == nil {
      throw SyntaxError(
        "'\(try version.string())' is no plugin version", range: version.range,
        cure: "write three numbers, as in 0.4.0")
    }
    return name
  }
}
