import Events
import FoundationEssentials
import Rules

/// The forms in which `windhover fields` prints the registry.
enum FieldListing {
  /// One field a line: name with argument, type, help.
  static func text(_ fields: [Field]) -> String {
    let width = fields.map(\.spelling.count).max() ?? 0
    return fields.map { field in
      let padding = String(repeating: " ", count: width - field.spelling.count)
      let type = field.typeName
      let typePadding = String(repeating: " ", count: max(0, 9 - type.count))
      return
        "\(field.spelling)\(padding)  \(type)\(typePadding)  \(field.help)\(field.isLive ? "" : " Captures only.")\n"
    }.joined()
  }

  /// A page with a table for each prefix, as docs/fields.md.
  static func markdown(_ fields: [Field]) -> String {
    var page = """
      # Fields

      What conditions and outputs can name. This page is printed by `windhover fields --format markdown`.

      A field with `[…]` takes an argument; in parentheses it need not have one. Sources are those of this version that can
      give a field a value. A field without one has values in captures alone (`windhover events --input`); rules that use
      it load, are checked and can be tested.

      Sources read no more than the loaded rules need. What a field needs of them, and what that costs for each process
      that runs a new program (CPU of one read, in a loop over one process):

      | need | what is read | cost |
      |---|---|---|
      \(Needs.readings.map { "| \($0.name) | \($0.place) | \($0.cost) |" }.joined(separator: "\n"))

      The name, the parent and the start time are always read, in 6 µs.

      """
    var prefix: Substring?
    for field in fields {
      if field.name.prefix(while: { $0 != "." }) != prefix {
        prefix = field.name.prefix { $0 != "." }
        page +=
          "\n## \(prefix ?? "")\n\n| field | type | sources | need | what it is |\n|---|---|---|---|---|\n"
      }
      let help = field.help.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
      page +=
        "| `\(field.spelling)` | \(field.typeName) | \(field.sources.map(\.name).joined(separator: ", ")) | "
        + "\(field.needs.names.joined(separator: ", ")) | \(help) |\n"
    }
    return page
  }

  /// An array with an object for each field, on one line.
  static func json(_ fields: [Field]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(fields.map(Entry.init)), as: UTF8.self)
  }

  /// A field as JSON has it.
  private struct Entry: Encodable {
    var name: String
    var type: String
    /// `one`, `list`, `any` or `ends`.
    var multiplicity: String
    /// `none`, `optional` or `required`.
    var argument: String
    var argumentIsIndex: Bool
    var argumentIsKey: Bool
    var help: String
    /// The sources that can give it a value.
    var sources: [String]
    /// What those must read for it.
    var needs: [String]
    /// The event types of live events that can give it a value.
    var eventTypes: [String]

    init(_ field: Field) {
      name = field.name
      type = field.type.rawValue
      multiplicity = field.multiplicity.rawValue
      argument = field.argument.presence.rawValue
      argumentIsIndex = field.argument.takesIndex
      argumentIsKey = field.argument.takesKey
      help = field.help
      sources = field.sources.map(\.name)
      needs = field.needs.names
      eventTypes = field.kinds.kinds.flatMap { $0.family.map(\.description) }
    }
  }
}

extension Field {
  /// The name with its argument: `proc.aname[index]`, `evt.arg.name`.
  fileprivate var spelling: String {
    let kinds = [argument.takesIndex ? "index" : nil, argument.takesKey ? "key" : nil].compactMap(\.self)
    let inside = kinds.joined(separator: "|")
    return switch argument.presence {
    case .none: name
    case .optional: "\(name)([\(inside)])"
    case .required: "\(name)[\(inside)]"
    }
  }

  fileprivate var typeName: String {
    multiplicity == .list ? "\(type.rawValue) list" : type.rawValue
  }

  /// Whether a live event can give it a value.
  fileprivate var isLive: Bool { !kinds.isEmpty }
}
