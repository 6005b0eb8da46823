import ArgumentParser
import Rules

struct FieldsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fields",
    abstract: "List the fields that conditions and outputs can name.",
    discussion: """
      With a pattern, only the fields whose names hold it; `*` in a pattern stands for any text, and then the whole \
      name must fit. The exit status is 1 when none does.
      """)

  @Argument(help: "A part of a name, or a pattern such as 'proc.a*'.")
  var pattern: String?

  @Option(help: "How to print the fields.")
  var format = Format.text

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json
  }

  func run() throws {
    let fields = FieldRegistry.all.filter { field in pattern.map { field.name.fits($0) } ?? true }
    var output = StandardOutput()
    switch format {
    case .text: try output.write(FieldListing.text(fields))
    case .markdown: try output.write(FieldListing.markdown(fields))
    case .json: try output.writeLine(FieldListing.json(fields))
    }
    try output.flush()
    if fields.isEmpty, let pattern {
      let near = FieldRegistry.nearest(to: pattern).map { "; did you mean '\($0)'?" } ?? ""
      ExitStatus.explain("no field's name has '\(SafeLine(pattern))'\(near)")
      throw Answer.no
    }
  }
}

extension String {
  /// Whether the pattern, or a text that holds it, is this name.
  fileprivate func fits(_ pattern: String) -> Bool {
    guard pattern.contains("*") else { return contains(pattern) }
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard hasPrefix(parts[0]) else { return false }
    var rest = dropFirst(parts[0].count)
    // Each part at the first place where it stands leaves the most for those after it.
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
