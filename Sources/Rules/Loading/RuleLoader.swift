/// Reads rule files and puts their rules together.
public struct RuleLoader: Sendable {
  public var options: LoadingOptions

  public init(options: LoadingOptions = LoadingOptions()) { self.options = options }

  /// Reads all files in order, as if they were one, and resolves their rules.
  ///
  /// Nothing stops the pass: every fault of every file is in the result. Rules with a fault are left out of it, and
  /// nothing is blamed that only follows from a fault noted elsewhere.
  ///
  /// Any thread may call it; the work is done on a stack of its own.
  public func load(_ files: [RuleFile]) -> ResolvedRules { DeepStack.run { read(files) } }

  private func read(_ files: [RuleFile]) -> ResolvedRules {
    var reading = Reading(options)
    for file in files { reading.read(file) }
    var resolver = RuleResolver(reading.collection, sources: reading.sources)
    resolver.resolve()
    resolver.finish()
    return reading.result(resolver)
  }

  /// Reads a condition that stands in no rule, with the lists and macros of rule files.
  ///
  /// - Parameters:
  ///   - condition: Its text, under the name that messages are to have.
  ///   - files: Files whose lists and macros it may use. What is wrong with them is told as well.
  ///   - isSyntaxOnly: Whether macros may be unknown; they then stay in the tree as names.
  public func load(condition: RuleFile, beside files: [RuleFile] = [], isSyntaxOnly: Bool = false)
    -> ResolvedCondition
  {
    DeepStack.run { read(condition, beside: files, isSyntaxOnly: isSyntaxOnly) }
  }

  private func read(_ condition: RuleFile, beside files: [RuleFile], isSyntaxOnly: Bool) -> ResolvedCondition
  {
    var reading = Reading(options)
    for file in files { reading.read(file) }
    guard let (id, bytes) = reading.add(condition) else {
      return ResolvedCondition(condition: nil, rules: reading.result(nil))
    }
    var resolver = RuleResolver(reading.collection, sources: reading.sources)
    resolver.resolve()
    let resolved = resolver.resolve(condition: bytes, in: id, keepsMacros: isSyntaxOnly)
    resolver.finish()
    return ResolvedCondition(condition: resolved, rules: reading.result(resolver))
  }

  /// The rules, macros and lists that a file defines; those that it changes are not among them.
  public func names(in file: RuleFile) -> DefinedNames {
    DeepStack.run {
      var reading = Reading(options)
      reading.read(file)
      return DefinedNames(
        lists: Set(reading.collection.lists.names), macros: Set(reading.collection.macros.names),
        rules: Set(reading.collection.rules.names))
    }
  }

  /// What knows the lists of rule files, to read further conditions with.
  func resolver(of files: [RuleFile]) -> RuleResolver {
    var reading = Reading(options)
    for file in files { reading.read(file) }
    return RuleResolver(reading.collection, sources: reading.sources)
  }
}

/// The names that a rule file defines.
public struct DefinedNames: Sendable {
  let lists: Set<String>
  let macros: Set<String>
  let rules: Set<String>

  /// Whether a list, a macro or a rule of this name is defined.
  public func contains(_ kind: RuleItem.Kind, _ name: String) -> Bool {
    switch kind {
    case .list: lists.contains(name)
    case .macro: macros.contains(name)
    case .rule: rules.contains(name)
    default: false
    }
  }
}

/// A condition on its own, and all that was found on the way to it.
public struct ResolvedCondition: Sendable {
  /// The condition with lists and macros expanded; `nil` when there was an error in it.
  public var condition: Condition?
  /// The files beside it; its own faults are among their diagnostics and its text is the last of the files.
  public var rules: ResolvedRules
}

/// The files read so far.
private struct Reading {
  let options: LoadingOptions
  var sources = SourceMap()
  var diagnostics: [Diagnostic] = []
  var collection: RuleCollection
  var files: [TextID] = []

  init(_ options: LoadingOptions) {
    self.options = options
    collection = RuleCollection(options: options)
  }

  /// Gives a file its number; `nil`, and an error noted, when the caller could not read it.
  mutating func add(_ file: RuleFile) -> (id: TextID, bytes: [UInt8])? {
    switch file.content {
    case .bytes(let bytes):
      let id = sources.add(SourceFile(name: file.name, bytes: bytes))
      files.append(id)
      return (id, bytes)
    case .unreadable(let reason):
      let id = sources.add(SourceFile(name: file.name, bytes: []))
      files.append(id)
      diagnostics.append(Diagnostic(.fileRead, reason, at: SourceRange(text: id, lower: 0, upper: 0), in: []))
      collection.isCutShort = true
      return nil
    }
  }

  mutating func read(_ file: RuleFile) {
    guard let (id, bytes) = add(file) else { return }
    var reader = RuleFileReader(id, sources: sources, options: options)
    reader.read(bytes)
    sources = reader.sources
    diagnostics += reader.diagnostics
    if reader.isCutShort { collection.isCutShort = true }
    for definition in reader.definitions { collection.add(definition) }
  }

  func result(_ resolver: RuleResolver?) -> ResolvedRules {
    ResolvedRules(
      rules: resolver?.rules ?? [], faulty: resolver?.faulty ?? [],
      diagnostics: diagnostics + (resolver?.diagnostics ?? []), files: files,
      sources: resolver?.sources ?? sources)
  }
}
