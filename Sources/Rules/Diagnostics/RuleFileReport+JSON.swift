extension RuleFileReport {
  /// The reports as one JSON object in the shape of Falco's validation result, on one line.
  ///
  /// Lines and columns count from 1; `cure`, `coverage` and `coverage_summary` are ours.
  /// - Parameter coverage: what each rule is worth with some sources, when that was asked for.
  public static func json(_ reports: [RuleFileReport], coverage: [NamedCoverage]? = nil) -> String {
    var json = JSONText()
    json.object { json in
      json.key("falco_load_results")
      json.array(reports) { json, report in report.write(to: &json) }
      guard let coverage else { return }
      json.key("coverage")
      json.array(coverage) { json, rule in rule.write(to: &json) }
      json.key("coverage_summary")
      NamedCoverage.writeSummary(of: coverage, to: &json)
    }
    return json.text
  }

  private func write(to json: inout JSONText) {
    json.object { json in
      json.key("name")
      json.string(name)
      json.key("successful")
      json.bool(isSuccessful)
      json.key("errors")
      json.array(errors) { json, finding in finding.write(to: &json) }
      json.key("warnings")
      json.array(warnings) { json, finding in finding.write(to: &json) }
    }
  }
}

extension RuleFileReport.Finding {
  fileprivate func write(to json: inout JSONText) {
    json.object { json in
      json.key("code")
      json.string(code.rawValue)
      json.key("codedesc")
      json.string(code.summary)
      json.key("message")
      json.string(message)
      if let cure {
        json.key("cure")
        json.string(cure)
      }
      json.key("context")
      json.object { json in
        json.key("locations")
        json.array(path) { json, place in place.write(to: &json) }
        json.key("snippet")
        json.string(excerpt.map { $0.text + "\n" } ?? "")
      }
    }
  }
}

extension RuleFileReport.Place {
  fileprivate func write(to json: inout JSONText) {
    json.object { json in
      json.key("item_type")
      json.string(kind.rawValue)
      json.key("item_name")
      json.string(name)
      json.key("position")
      json.object { json in
        json.key("name")
        json.string(location.file)
        json.key("line")
        json.number(location.line)
        json.key("column")
        json.number(location.column)
        json.key("offset")
        json.number(location.offset)
      }
    }
  }
}
