/// Reads rule files and puts their rules together.
public struct RuleLoader: Sendable {
  public var options: LoadingOptions

  public init(options: LoadingOptions = LoadingOptions()) { self.options = options }

  /// Reads all files in order, as if they were one, and resolves their rules.
  ///
  /// Nothing stops the pass: every fault of every file is in the result. Rules with a fault are left out of it, and
  /// nothing is blamed that only follows from a fault noted elsewhere.
  public func load(_ files: [RuleFile]) -> ResolvedRules {
    var sources = SourceMap()
    var diagnostics: [Diagnostic] = []
    var collection = RuleCollection(options: options)
    var names: [TextID] = []
    for file in files {
      let bytes: [UInt8]
      switch file.content {
      case .bytes(let content): bytes = content
      case .unreadable: bytes = []
      }
      let id = sources.add(SourceFile(name: file.name, bytes: bytes))
      names.append(id)
      if case .unreadable(let reason) = file.content {
        diagnostics.append(
          Diagnostic(.fileRead, reason, at: SourceRange(text: id, lower: 0, upper: 0), in: []))
        collection.isCutShort = true
        continue
      }
      var reader = RuleFileReader(id, sources: sources, options: options)
      reader.read(bytes)
      sources = reader.sources
      diagnostics += reader.diagnostics
      if reader.isCutShort { collection.isCutShort = true }
      for definition in reader.definitions { collection.add(definition) }
    }
    var resolver = RuleResolver(collection, sources: sources)
    resolver.resolve()
    return ResolvedRules(
      rules: resolver.rules, diagnostics: diagnostics + resolver.diagnostics, files: names,
      sources: resolver.sources)
  }
}
