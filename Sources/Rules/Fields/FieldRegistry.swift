/// The fields that the condition language knows.
public enum FieldRegistry {
  /// The lists of all prefixes: a new file of fields is named here once.
  private static let lists: [[Field]] = [
    evt, evtArguments, proc, procDetail, procExe, procFamily, namespaces, thread, user, fd, fs, fdlist,
    container, k8s, host, mount, cgroup,
  ]

  /// Every field, in the order of the help.
  public static let all: [Field] = lists.flatMap(\.self)

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The names of all fields.
  static var names: some Collection<String> { byName.keys }

  /// Bytes of the longest name before an argument that follows a point.
  private static let dottedLimit = all.filter(\.argument.isDotted).map(\.name.utf8.count).max() ?? 0

  /// The field of exactly this name, without argument.
  public static func field(named name: String) -> Field? { byName[name] }

  /// Whether a condition may name a field so, with or without the argument in brackets that it may want.
  public static func isName(_ name: String) -> Bool {
    if byName[name] != nil { return true }
    // Not by `resolve`, which looks for the nearest name of each that is none, and this is asked of many.
    guard let (field, argument) = dotted(name) else { return false }
    return (try? ResolvedField(field, argument: argument)) != nil
  }

  /// What a name with an argument in brackets, as in `proc.aname[2]`, stands for.
  static func resolve(spelling text: String) throws(FieldError) -> ResolvedField {
    guard text.hasSuffix("]"), let open = text.firstIndex(of: "[") else {
      return try resolve(text, argument: nil)
    }
    let argument = text[text.index(after: open)...].dropLast()
    return try resolve(String(text[..<open]), argument: String(argument))
  }

  /// What `name[argument]` or, where the field allows it, `name.argument` stands for.
  static func resolve(_ name: String, argument: String?) throws(FieldError) -> ResolvedField {
    if let field = byName[name] { return try ResolvedField(field, argument: argument) }
    if argument == nil, let (field, argument) = dotted(name) {
      return try ResolvedField(field, argument: argument)
    }
    throw .unknownField(name)
  }

  /// The field and the argument behind a point in a name such as `evt.arg.flags`.
  private static func dotted(_ name: String) -> (field: Field, argument: String)? {
    // A name may be as long as a condition, and each of its points is tried.
    var prefix = name.prefix(dottedLimit + 1)
    while let dot = prefix.lastIndex(of: ".") {
      prefix = prefix[..<dot]
      guard let field = byName[String(prefix)], field.argument.isDotted else { continue }
      return (field, String(name[name.index(after: dot)...]))
    }
    return nil
  }
}

/// A field with its argument checked: what conditions and outputs read.
struct ResolvedField {
  let field: Field
  let argument: Argument?
  /// The field's type, or that of the parameter which the argument names.
  let type: FieldType
  /// How live events give it; `nil` when they do not.
  let live: LiveReading?

  enum Argument: Hashable, Sendable {
    case index(Int)
    case key(String)
  }

  init(_ field: Field, argument text: String?) throws(FieldError) {
    self.field = field
    argument = try Self.argument(text, of: field)
    var type = field.type
    var live = field.live
    if case .key(let key) = argument {
      if !field.liveByKey.isEmpty { live = field.liveByKey[key] }
      switch field.name {
      case "evt.arg", "evt.rawarg":
        guard let parameterType = EventTypes.parameterTypes[key] else {
          throw .unknownParameter(key)
        }
        if field.name == "evt.rawarg" { type = parameterType }
      case "evt.type.is":
        guard EventTypes.isKnown(key) else {
          throw .unknownEventType(key)
        }
      default: break
      }
    }
    self.type = type
    self.live = live
  }

  /// Far above any number of ancestors, arguments or mounts.
  private static let indexLimit = 1 << 20

  private static func argument(_ text: String?, of field: Field) throws(FieldError) -> Argument? {
    guard let text else {
      guard field.argument.presence != .required else { throw .missingArgument(field.name) }
      return nil
    }
    guard field.argument.presence != .none else { throw .forbiddenArgument(field.name) }
    if field.argument.takesIndex, !text.isEmpty, text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
      let index = Int(text), index <= indexLimit
    {
      return .index(index)
    }
    guard field.argument.takesKey, !text.isEmpty else { throw .argumentIsNoIndex(field.name, text) }
    return .key(text)
  }
}

extension ResolvedField {
  /// How many values there may be, now that the argument may have chosen one.
  var multiplicity: Field.Multiplicity {
    switch (field.multiplicity, argument) {
    case (.any, .index?), (.any, .key?), (.list, .index?): .one
    default: field.multiplicity
    }
  }

  /// The name with the argument.
  var canonicalName: String { names[0] }

  /// The names under which a capture may hold the value, the canonical one first.
  var names: [String] {
    let text: String
    switch argument {
    case nil: return [field.name]
    case .index(let index): return ["\(field.name)[\(index)]"]
    case .key(let key): text = key
    }
    let bracketed = "\(field.name)[\(text)]"
    guard field.argument.isDotted else { return [bracketed] }
    let dotted = "\(field.name).\(text)"
    return field.name.hasPrefix("evt.") || field.name.hasPrefix("thread.")
      ? [dotted, bracketed] : [bracketed, dotted]
  }
}

extension FieldRegistry {
  /// The field whose name a misspelt one is most like; `nil` when it is like none.
  public static func nearest(to name: String) -> String? { suggestion(for: name, among: names) }
}

/// Why a name with its argument stands for no field.
enum FieldError: Error, Equatable {
  case unknownField(String)
  case unknownParameter(String)
  case unknownEventType(String)
  case missingArgument(String)
  case forbiddenArgument(String)
  case argumentIsNoIndex(String, String)
}

extension FieldError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownField(let name): "no field is called '\(name)'"
    case .unknownParameter(let name): "no event has a parameter '\(name)'"
    case .unknownEventType(let name): "no event type is called '\(name)'"
    case .missingArgument(let name): "'\(name)' needs an argument"
    case .forbiddenArgument(let name): "'\(name)' takes no argument"
    case .argumentIsNoIndex(let name, let text): "'\(name)' takes a number in brackets, not '\(text)'"
    }
  }

  /// What to write instead, where that is known; looked for anew each time.
  var cure: String? {
    switch self {
    case .unknownField(let name): Self.question(suggestion(for: name, among: FieldRegistry.names))
    case .unknownParameter(let name):
      Self.question(suggestion(for: name, among: EventTypes.parameterTypes.keys))
    case .unknownEventType(let name):
      Self.question(suggestion(for: name, among: EventTypes.parameters.keys))
    case .missingArgument(let name):
      FieldRegistry.field(named: name)?.argument.isDotted == true
        ? "write '\(name).NAME'" : "write '\(name)[…]'"
    case .forbiddenArgument(let name): "write '\(name)'"
    case .argumentIsNoIndex: nil
    }
  }

  private static func question(_ word: String?) -> String? { word.map { "did you mean '\($0)'?" } }
}
